"""CPU time of 20 small concurrent GETs on loopback, client by client, in interleaved rounds.

    python benchmarks/http_clients.py [--rounds 200] [--repeats 5]

Clients that are not installed are left out. The service runs in a process of its own; what is counted is the CPU of
this process with all its threads, so that work on a client's own threads is not forgotten. Each call is made by a task
of its own; `http_calls.py` measures a level of calls as operations make them.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from statistics import median
from typing import cast

import uvloop

CONCURRENT = 20
BODY = b'{"sku":"BER-0001","on_hand":140,"warehouse":"Rotterdam","restocked_on":"2026-01-20"}'
ANSWER = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (len(BODY), BODY)

Get = Callable[[str], Awaitable[bytes]]


class Answering(asyncio.Protocol):
    """Answers each request head with the same small body."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports do not derive from asyncio.Transport.
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, received: bytes) -> None:
        self.transport.write(ANSWER * received.count(b"\r\n\r\n"))


async def serve() -> None:
    server = await asyncio.get_running_loop().create_server(Answering, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


async def httpx2_client(stack: AsyncExitStack) -> Get:
    import httpx2

    client = await stack.enter_async_context(httpx2.AsyncClient())

    async def get(url: str) -> bytes:
        return (await client.get(url)).content

    return get


async def aiohttp_client(stack: AsyncExitStack) -> Get:
    import aiohttp

    client = await stack.enter_async_context(aiohttp.ClientSession())

    async def get(url: str) -> bytes:
        async with client.get(url) as response:
            return await response.read()

    return get


async def pyreqwest_client(stack: AsyncExitStack) -> Get:
    from pyreqwest.client import ClientBuilder

    client = await stack.enter_async_context(ClientBuilder().build())

    async def get(url: str) -> bytes:
        return bytes(await (await client.get(url).build().send()).bytes())

    return get


async def pyreqwest_streaming_client(stack: AsyncExitStack) -> Get:
    """As a limit of the answer's size needs it: the body is read piece by piece."""
    from pyreqwest.client import ClientBuilder

    client = await stack.enter_async_context(ClientBuilder().build())

    async def get(url: str) -> bytes:
        async with client.get(url).build_streamed() as response:
            pieces = []
            while (piece := await response.body_reader.read_chunk()) is not None:
                pieces.append(bytes(piece))
            return b"".join(pieces)

    return get


async def wreq_client(stack: AsyncExitStack) -> Get:
    import wreq

    client = await stack.enter_async_context(wreq.Client())

    async def get(url: str) -> bytes:
        response = await client.get(url)
        return bytes(await response.bytes())

    return get


async def wreq_streaming_client(stack: AsyncExitStack) -> Get:
    """As a limit of the answer's size needs it: the body is read piece by piece."""
    import wreq

    client = await stack.enter_async_context(wreq.Client())

    async def get(url: str) -> bytes:
        response = await client.get(url)
        async with response.stream() as pieces:
            return b"".join([bytes(piece) async for piece in pieces if isinstance(piece, memoryview)])

    return get


async def plain_client(stack: AsyncExitStack) -> Get:
    """Punnet's own, for plain http."""
    from punnet.configuration.services import ServiceConfiguration
    from punnet.sources.http.transport.plain_client import PlainTransport
    from punnet.sources.http.transport.values import HttpRequest

    client = PlainTransport("benchmark", ServiceConfiguration(), time.monotonic)
    stack.push_async_callback(client.close)

    async def get(url: str) -> bytes:
        return (await client.send(HttpRequest(method="GET", url=url), time.monotonic() + 30)).body

    return get


async def punnet_service(stack: AsyncExitStack) -> Get:
    """Punnet's own with all that is around it: headers, cache, budget, flights, retries, places, breaker, trace."""
    from punnet.configuration.services import ServiceConfiguration
    from punnet.sources.http.transport.budget import CallBudget
    from punnet.sources.http.transport.headers import CallerHeaders
    from punnet.sources.http.transport.service_client import ServiceClient
    from punnet.sources.http.transport.values import HttpRequest

    service = ServiceClient("benchmark", ServiceConfiguration(forward_headers=("authorization",)))
    stack.push_async_callback(service.close)
    caller = CallerHeaders.of([("authorization", "Bearer token"), ("accept", "*/*")])

    async def get(url: str) -> bytes:
        request = HttpRequest(method="GET", url=url)
        answer = await service.send(request, caller=caller, budget=CallBudget(), deadline=time.monotonic() + 30)
        return answer.body

    return get


CLIENTS: dict[str, tuple[str, Callable[[AsyncExitStack], Awaitable[Get]]]] = {
    "httpx2": ("httpx2", httpx2_client),
    "aiohttp": ("aiohttp", aiohttp_client),
    "pyreqwest": ("pyreqwest", pyreqwest_client),
    "pyreqwest, streamed": ("pyreqwest", pyreqwest_streaming_client),
    "wreq": ("wreq", wreq_client),
    "wreq, streamed": ("wreq", wreq_streaming_client),
    "Punnet's client": ("punnet", plain_client),
    "Punnet's service": ("punnet", punnet_service),
}


async def cpu_ms_of(get: Get, url: str, rounds: int) -> float:
    began = time.process_time()
    for _ in range(rounds):
        answers = await asyncio.gather(*(get(f"{url}/inventory/{key}") for key in range(CONCURRENT)))
        assert answers == [BODY] * CONCURRENT
    return (time.process_time() - began) * 1000 / rounds


async def measure(url: str, rounds: int, repeats: int) -> dict[str, list[float]]:
    async with AsyncExitStack() as stack:
        gets = {name: await make(stack) for name, (module, make) in CLIENTS.items() if importlib.util.find_spec(module)}
        for get in gets.values():
            await cpu_ms_of(get, url, 20)
        figures: dict[str, list[float]] = {name: [] for name in gets}
        for _ in range(repeats):
            for name, get in gets.items():
                figures[name].append(await cpu_ms_of(get, url, rounds))
        return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--serve", action="store_true")
    asked = parser.parse_args()
    if asked.serve:
        uvloop.run(serve())
        return
    service = subprocess.Popen([sys.executable, __file__, "--serve"], stdout=subprocess.PIPE, text=True)
    try:
        assert service.stdout is not None
        url = f"http://127.0.0.1:{int(service.stdout.readline())}"
        figures = uvloop.run(measure(url, asked.rounds, asked.repeats))
    finally:
        service.terminate()
        service.wait()
    print(f"CPU ms of {CONCURRENT} concurrent GETs: median (lowest to highest)")
    for name, seen in figures.items():
        print(f"{name:22}{median(seen):7.2f}  ({min(seen):.2f} to {max(seen):.2f})")


if __name__ == "__main__":
    main()
