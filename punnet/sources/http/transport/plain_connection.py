"""A connection to a service that is spoken to in HTTP/1.1 without TLS: one call at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

from httptools import HttpParserError, HttpResponseParser

from punnet.errors import PunnetError
from punnet.sources.http.transport.errors import AnswerMalformed, AnswerTooLarge, ConnectionLost
from punnet.sources.http.transport.values import Headers, HttpResponse

# What may come without a byte of the body among it: heads, interim answers, chunk sizes, trailers. Who sends more than
# that says nothing, and would be kept in memory while it does.
_MAX_QUIET_BYTES = 400_000
_MAX_HEADERS = 100
_SWITCHING_PROTOCOLS = 101
_WITHOUT_BODY = (204, 304)


class PlainConnection(asyncio.Protocol):
    """Sends a request as bytes, and reads the answer to it.

    It is idle, or at work for one call. After each call it gives itself back by `on_free` if another may follow, and
    at its end it says so by `on_lost`.
    """

    _status: int
    _headers: list[tuple[bytes, bytes]]
    _decoded: Headers
    _pieces: list[bytes]
    _body_bytes: int
    _quiet_bytes: int
    _reads_to_end: bool
    _is_whole: bool
    _is_spoilt: bool
    _keeps_alive: bool

    def __init__(
        self,
        source: str,
        max_bytes: int,
        on_free: Callable[[PlainConnection], None],
        on_lost: Callable[[PlainConnection], None],
    ) -> None:
        self._source = source
        self._max_bytes = max_bytes
        self._on_free = on_free
        self._on_lost = on_lost
        self._parser = HttpResponseParser(self)
        self._answer: asyncio.Future[HttpResponse] | None = None
        self._transport: asyncio.Transport | None = None
        self.has_heard = False
        """Whether a byte came back since the request was sent."""
        self.idle_since = 0.0
        self._begin()

    @property
    def is_open(self) -> bool:
        """Whether a request can be sent."""
        return self._transport is not None and not self._transport.is_closing()

    def ask(self, request: bytes) -> asyncio.Future[HttpResponse]:
        """Send a request; the future is the answer to it, or a ConnectionLost, AnswerMalformed or AnswerTooLarge.

        Who does not wait for its end must `give_up`: nothing else may be asked while the answer is under way.
        """
        self._answer = answer = asyncio.get_running_loop().create_future()
        self.has_heard = False
        if self._transport is None:
            self._fail(self._lost())
        else:
            self._transport.write(request)
        return answer

    def give_up(self, answer: asyncio.Future[HttpResponse]) -> None:
        """Close, if the answer is still under way: when it came in the same moment, another call may be at work."""
        if self._answer is answer:
            self.abort()

    def abort(self, error: PunnetError | None = None) -> None:
        """Close at once; a call at work fails with the error, or is left to whoever gives it up."""
        if error is not None:
            self._fail(error)
        self._answer = None
        if self._transport is not None:
            self._transport.abort()

    # -- the transport's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the transport; uvloop's do not derive from asyncio.Transport."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, received: bytes) -> None:
        """Read a piece of the answer."""
        if self._answer is None:
            # Nothing was asked: whatever it is, it must not become the answer to the next call.
            self.abort()
            return
        self.has_heard = True
        self._quiet_bytes += len(received)
        try:
            self._parser.feed_data(received)
        except HttpParserError:
            # Behind a whole answer it is only the connection that is spoilt.
            self._is_spoilt = True
            if not self._is_whole:
                self._fail(self._malformed())
        if self._is_whole:
            self._finish()
        elif self._quiet_bytes > _MAX_QUIET_BYTES:
            self._fail(self._malformed())

    def eof_received(self) -> None:
        """End what has no other end than this; asyncio closes the connection then."""
        if self._reads_to_end and self._answer is not None:
            self._is_spoilt = True
            self._finish()

    def connection_lost(self, _error: Exception | None) -> None:
        """Fail the call at work."""
        self._transport = None
        self._fail(self._lost())
        self._on_lost(self)

    # -- the parser's side

    def on_message_begin(self) -> None:
        """Take note of an answer that nobody asked for."""
        if self._is_whole:
            self._is_spoilt = True

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header; what is sent behind the body is passed over."""
        if not self._status:
            self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        """Read what the head says of the body."""
        status = self._parser.get_status_code()
        if len(self._headers) > _MAX_HEADERS or status == _SWITCHING_PROTOCOLS:
            self._fail(self._malformed())
        elif status < 200:
            self._headers = []
        elif not self._is_whole:
            self._status = status
            self._read_framing()

    def on_body(self, piece: bytes) -> None:
        """Keep a piece of the body, unless it is that of an answer that nobody asked for."""
        if self._is_whole:
            return
        self._quiet_bytes = 0
        self._body_bytes += len(piece)
        if self._body_bytes > self._max_bytes:
            self._fail(AnswerTooLarge(self._source, max_bytes=self._max_bytes))
        else:
            self._pieces.append(piece)

    def on_message_complete(self) -> None:
        """Take note of the end, unless it was that of an interim answer."""
        if self._status and not self._is_whole:
            self._is_whole = True
            self._keeps_alive = self._parser.should_keep_alive()

    # -- what is read

    def _begin(self) -> None:
        self._status = 0
        self._decoded = ()
        self._headers = []
        self._pieces = []
        self._body_bytes = 0
        self._quiet_bytes = 0
        self._reads_to_end = False
        self._is_whole = False
        self._is_spoilt = False
        self._keeps_alive = False

    def _read_framing(self) -> None:
        self._decoded = tuple([(str(name, "latin-1").lower(), str(value, "latin-1")) for name, value in self._headers])
        self._reads_to_end = self._status not in _WITHOUT_BODY
        for name, value in self._decoded:
            if name == "content-length":
                self._reads_to_end = False
                # The parser has seen to it that it is a number.
                if int(value) > self._max_bytes and self._status not in _WITHOUT_BODY:
                    self._fail(AnswerTooLarge(self._source, max_bytes=self._max_bytes))
            elif name == "transfer-encoding":
                self._reads_to_end = not value.lower().endswith("chunked")

    def _finish(self) -> None:
        answer, transport = self._answer, self._transport
        if answer is None or transport is None:
            return
        response = HttpResponse(status=self._status, headers=self._decoded, body=b"".join(self._pieces))
        # An answer that came before the request had gone out whole: the rest of it must not precede the next one.
        is_sent = not transport.get_write_buffer_size()
        if self._keeps_alive and not self._is_spoilt and is_sent and not transport.is_closing():
            self._answer = None
            self._begin()
            self._on_free(self)
        else:
            self.abort()
        if not answer.done():
            answer.set_result(response)

    def _fail(self, error: PunnetError) -> None:
        answer, self._answer = self._answer, None
        if answer is not None and not answer.done():
            answer.set_exception(error)
        if self._transport is not None:
            self._transport.abort()

    def _lost(self) -> ConnectionLost:
        return ConnectionLost(self._source, why="it closed the connection before it had answered whole")

    def _malformed(self) -> AnswerMalformed:
        return AnswerMalformed(self._source, why="what it answered is not well-formed HTTP")
