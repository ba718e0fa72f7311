"""The client of services that are called by plain http. See docs/adr/0011-own-client-for-plain-http.md."""

from __future__ import annotations

import asyncio
import re
import socket
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import Any

from aiohappyeyeballs import start_connection

from punnet.configuration.headers import CONTROL, HEADER_NAME
from punnet.configuration.services import ServiceConfiguration
from punnet.errors import PunnetError
from punnet.sources.deadlines import Deadlines, fail_future
from punnet.sources.http.transport.errors import (
    ConnectFailed,
    ConnectionLost,
    HeaderRefused,
    ServiceClosed,
    ServiceTimeout,
)
from punnet.sources.http.transport.plain_connection import PlainConnection
from punnet.sources.http.transport.unpack import ACCEPTED, unpack
from punnet.sources.http.transport.values import IDEMPOTENT, Clock, Headers, HttpRequest, HttpResponse

_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
# As plain as URLs of services are: nothing that two readers could understand differently.
_URL = re.compile(r"http://((?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?)(/[!\"$-\[\]-~]*)?")
_IDLE_S = 90.0
# RFC 8305, section 8.
_NEXT_ADDRESS_AFTER_S = 0.25
# Below this, another thread costs more time than the unpacking.
_UNPACKED_HERE_BYTES = 10_000


@dataclass(slots=True, eq=False)
class _Host:
    """Where connections lead, and those that wait for work."""

    name: str
    port: int
    written: bytes
    """As the header `host` has it."""
    idle: deque[PlainConnection] = field(default_factory=deque)


class PlainTransport:
    """A pool of connections to one service, by HTTP/1.1 without TLS."""

    def __init__(self, source: str, settings: ServiceConfiguration, clock: Clock) -> None:
        """Nothing is connected yet."""
        self._source = source
        self._max_bytes = settings.max_response_bytes
        self._connect_timeout_s = settings.connect_timeout_s
        self._clock = clock
        self._deadlines: Deadlines[asyncio.Future[Any]] = Deadlines(clock, fail_future)
        self._hosts: dict[str, _Host] = {}
        self._open: set[PlainConnection] = set()
        self._connecting: set[asyncio.Timeout] = set()
        self._sweeping: asyncio.TimerHandle | None = None
        self._is_closed = False

    @property
    def connections(self) -> int:
        """How many are open."""
        return len(self._open)

    @staticmethod
    def takes(request: HttpRequest) -> bool:
        """Whether a request is of the plain kind that this client is for."""
        return request.method in _METHODS and not request.addresses and _URL.fullmatch(request.url) is not None

    async def send(self, request: HttpRequest, deadline: float) -> HttpResponse:
        """Send a request that it `takes` and read the answer, as the protocol says."""
        if self._is_closed:
            raise ServiceClosed(self._source)
        if deadline <= self._clock():
            raise ServiceTimeout(self._source, why="the time was over before it was asked")
        host, written = self._written(request)
        kept = self._kept(host)
        try:
            response = await self._exchange(kept or await self._connect(host, deadline), written, deadline)
        except ConnectionLost:
            if kept is None or kept.has_heard or request.method not in IDEMPOTENT:
                raise
            # It was closed while it was idle, and the news had not come yet: no fault of the service.
            response = await self._exchange(await self._connect(host, deadline), written, deadline)
        coding = response.header("content-encoding")
        return response if coding is None else await self._unpacked(response, coding)

    async def close(self) -> None:
        """Close the connections; calls at work fail."""
        self._is_closed = True
        if self._sweeping is not None:
            self._sweeping.cancel()
        for scope in tuple(self._connecting):
            scope.reschedule(0.0)
        for connection in tuple(self._open):
            connection.abort(ServiceClosed(self._source))
        self._deadlines.close()

    async def _exchange(self, connection: PlainConnection, written: bytes, deadline: float) -> HttpResponse:
        answer = connection.ask(written)
        self._deadlines.add(answer, deadline)
        try:
            return await answer
        except TimeoutError:
            connection.give_up(answer)
            raise ServiceTimeout(self._source, why="it had not answered whole at the deadline") from None
        except asyncio.CancelledError:
            connection.give_up(answer)
            raise
        finally:
            self._deadlines.discard(answer)

    async def _unpacked(self, response: HttpResponse, coding: str) -> HttpResponse:
        work = partial(unpack, self._source, response.body, coding, self._max_bytes)
        body = work() if len(response.body) <= _UNPACKED_HERE_BYTES else await asyncio.to_thread(work)
        # They tell of the body as it was sent.
        told = tuple(header for header in response.headers if header[0] not in ("content-encoding", "content-length"))
        return replace(response, headers=told, body=body)

    # -- what is sent

    def _written(self, request: HttpRequest) -> tuple[_Host, bytes]:
        parts = _URL.fullmatch(request.url)
        if parts is None:
            raise ValueError("no plain request")
        host = self._hosts.get(parts[1]) or self._host(parts[1])
        head = self._head(request.headers)
        target = (parts[2] or "/").encode("ascii")
        if request.body is None and request.method == "GET":
            return host, b"GET %b HTTP/1.1\r\nhost: %b\r\n%b\r\n" % (target, host.written, head)
        body = request.body or b""
        start = b"%b %b HTTP/1.1\r\nhost: %b\r\n" % (request.method.encode("ascii"), target, host.written)
        return host, b"%b%bcontent-length: %d\r\n\r\n%b" % (start, head, len(body), body)

    def _head(self, headers: Headers) -> bytes:
        try:
            return _head_of(headers)
        except UnsendableHeader as error:
            raise HeaderRefused(self._source, name=error.name) from None

    def _host(self, written: str) -> _Host:
        name, _, port = written.rpartition(":") if not written.endswith("]") else (written, "", "")
        if not name:
            name, port = written, ""
        host = _Host(name.strip("[]"), int(port or 80), written.encode("ascii"))
        self._hosts[written] = host
        return host

    # -- connections

    def _kept(self, host: _Host) -> PlainConnection | None:
        """The connection that was used last, for it is the least likely to be closed."""
        while host.idle:
            connection = host.idle.pop()
            if connection.is_open:
                return connection
        return None

    async def _connect(self, host: _Host, deadline: float) -> PlainConnection:
        with self._named_trouble(deadline):
            async with asyncio.timeout(min(self._connect_timeout_s, deadline - self._clock())) as scope:
                self._connecting.add(scope)
                try:
                    return await self._connected(host)
                finally:
                    self._connecting.discard(scope)

    async def _connected(self, host: _Host) -> PlainConnection:
        loop = asyncio.get_running_loop()
        addresses = await loop.getaddrinfo(host.name, host.port, type=socket.SOCK_STREAM)
        connected = await start_connection(addresses, happy_eyeballs_delay=_NEXT_ADDRESS_AFTER_S, loop=loop)
        connection = PlainConnection(
            self._source, self._max_bytes, on_free=partial(self._put_back, host), on_lost=partial(self._drop, host)
        )
        try:
            await loop.create_connection(lambda: connection, sock=connected)
        except BaseException:
            connected.close()
            raise
        self._open.add(connection)
        return connection

    @contextmanager
    def _named_trouble(self, deadline: float) -> Iterator[None]:
        # Without the causes: their texts can hold the host's name.
        try:
            yield
        except TimeoutError:
            raise self._late(deadline) from None
        except socket.gaierror:
            raise ConnectFailed(self._source, why="its name has no address") from None
        except ConnectionRefusedError:
            raise ConnectFailed(self._source, why="it refused the connection") from None
        except (OSError, OverflowError, RuntimeError, UnicodeError):
            raise ConnectFailed(self._source, why="no connection could be made") from None

    def _late(self, deadline: float) -> PunnetError:
        if self._is_closed:
            return ServiceClosed(self._source)
        if self._clock() >= deadline:
            return ServiceTimeout(self._source, why="it had not answered whole at the deadline")
        return ConnectFailed(self._source, why="no connection was made within connect_timeout_s")

    def _put_back(self, host: _Host, connection: PlainConnection) -> None:
        loop = asyncio.get_running_loop()
        connection.idle_since = loop.time()
        host.idle.append(connection)
        if self._sweeping is None:
            self._sweeping = loop.call_later(_IDLE_S, self._sweep)

    def _drop(self, host: _Host, connection: PlainConnection) -> None:
        self._open.discard(connection)
        with suppress(ValueError):
            host.idle.remove(connection)

    def _sweep(self) -> None:
        """Close what has been idle for long: otherwise only the service would."""
        loop = asyncio.get_running_loop()
        oldest = loop.time() - _IDLE_S
        for host in self._hosts.values():
            while host.idle and host.idle[0].idle_since <= oldest:
                host.idle.popleft().abort()
        self._sweeping = loop.call_later(_IDLE_S, self._sweep) if self._open else None


class UnsendableHeader(Exception):
    """A header that would not be one, or would be more than one."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


# The calls of an operation have the same headers.
@lru_cache(maxsize=256)
def _head_of(headers: Headers) -> bytes:
    return b"".join([_header_line(*header) for header in (*headers, ("accept-encoding", ACCEPTED))])


# Operations differ in their trace, and in what is passed on for their users.
@lru_cache(maxsize=256)
def _header_line(name: str, value: str) -> bytes:
    if not HEADER_NAME.fullmatch(name) or CONTROL.search(value):
        raise UnsendableHeader(name)
    try:
        return f"{name}: {value}\r\n".encode()
    except UnicodeEncodeError:
        raise UnsendableHeader(name) from None
