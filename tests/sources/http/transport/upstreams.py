"""Real HTTP servers on loopback that do what a test tells them, the worst included."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from tests.faults.waiting import LONGEST_S

Behaviour = Callable[["Exchange"], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A request, as it came over the wire."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(kw_only=True)
class Exchange:
    """One request and the connection that it came by."""

    seen: Seen
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    upstream: Upstream

    async def answer(self, body: bytes = b"{}", status: int = 200, /, **headers: str) -> None:
        lines = [f"HTTP/1.1 {status} X", f"content-length: {len(body)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        await self.write("\r\n".join((*lines, "", "")).encode("latin-1") + body)

    async def write(self, raw: bytes) -> None:
        self.writer.write(raw)
        await self.writer.drain()

    async def hang(self) -> None:
        """Say nothing more until the other side has gone."""
        self.upstream.hanging += 1
        self.upstream.changed.set()
        # Who goes without having read everything resets the connection.
        with suppress(OSError):
            while await self.reader.read(1000):
                pass
        self.upstream.gone += 1
        self.upstream.changed.set()
        self.close()

    def close(self) -> None:
        self.writer.close()

    def reset(self) -> None:
        self.writer.transport.abort()


@dataclass(kw_only=True)
class Upstream:
    """A server: its address, what it was asked, and who gave up."""

    url: str = ""
    seen: list[Seen] = field(default_factory=list)
    connections: int = 0
    hanging: int = 0
    gone: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def paths(self) -> list[str]:
        return [seen.path for seen in self.seen]

    async def until(self, condition: Callable[[Upstream], bool]) -> None:
        """Wait for something to happen at the server, for a bounded time."""
        async with asyncio.timeout(LONGEST_S):
            while not condition(self):
                self.changed.clear()
                await self.changed.wait()


@asynccontextmanager
async def upstream(behave: Behaviour, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[Upstream]:
    """Serve, each request by the behaviour given; a connection lives until it is closed."""
    running = Upstream()
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        running.connections += 1
        try:
            while not writer.is_closing():
                seen = await read_request(reader)
                running.seen.append(seen)
                running.changed.set()
                await behave(Exchange(seen=seen, reader=reader, writer=writer, upstream=running))
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            writer.close()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls, backlog=1000)
    port = server.sockets[0].getsockname()[1]
    running.url = f"{'https' if tls else 'http'}://127.0.0.1:{port}"
    try:
        yield running
    finally:
        server.close()
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with suppress(OSError):
            await server.wait_closed()


async def read_request(reader: asyncio.StreamReader) -> Seen:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _ = head[0].split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Seen(method=method, path=path, headers=headers, body=body)


async def fine(exchange: Exchange) -> None:
    """Answer with the path."""
    await exchange.answer(exchange.seen.path.encode())


async def hang(exchange: Exchange) -> None:
    await exchange.hang()


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """Behave differently each time; the last one goes on."""
    waiting = list(behaviours)

    async def behave(exchange: Exchange) -> None:
        await (waiting.pop(0) if len(waiting) > 1 else waiting[0])(exchange)

    return behave


def status(code: int, **headers: str) -> Behaviour:
    async def behave(exchange: Exchange) -> None:
        await exchange.answer(b"", code, **headers)

    return behave


def raw(answer: bytes) -> Behaviour:
    """Write these bytes, and close."""

    async def behave(exchange: Exchange) -> None:
        await exchange.write(answer)
        exchange.close()

    return behave
