#!/usr/bin/env python3
"""A TCP relay that makes a server seem far away: delay.py PORT TARGET_PORT MILLISECONDS."""

import asyncio
import sys

import uvloop


class Side(asyncio.Protocol):
    """One end of a relayed connection: what it hears the other end says, half a round trip later."""

    def __init__(self, delay_s, other=None):
        self.delay_s, self.other, self.early = delay_s, other, []

    def connection_made(self, transport):
        self.transport = transport
        transport.get_extra_info("socket").setsockopt(6, 1, 1)  # TCP_NODELAY

    def data_received(self, data):
        asyncio.get_running_loop().call_later(self.delay_s, self.pass_on, data)

    def pass_on(self, data):
        if self.other is None:
            self.early.append(data)
        elif not self.other.transport.is_closing():
            self.other.transport.write(data)

    def join(self, other):
        self.other = other
        for data in self.early:
            self.pass_on(data)

    def connection_lost(self, _error):
        if self.other is not None:
            asyncio.get_running_loop().call_later(self.delay_s, self.other.transport.close)


class Entrance(Side):
    def __init__(self, delay_s, target):
        super().__init__(delay_s)
        self.target = target

    def connection_made(self, transport):
        super().connection_made(transport)
        self.connecting = asyncio.ensure_future(self.connect())

    async def connect(self):
        make = asyncio.get_running_loop().create_connection
        _, far = await make(lambda: Side(self.delay_s, self), "127.0.0.1", self.target)
        self.join(far)


async def main(port, target, milliseconds):
    delay_s = milliseconds / 2000
    server = await asyncio.get_running_loop().create_server(lambda: Entrance(delay_s, target), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
