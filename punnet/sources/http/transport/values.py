"""What is sent to a service and what comes back, as values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

Headers = tuple[tuple[str, str], ...]
"""Names in lower case, each at most once where they are sent."""

Clock = Callable[[], float]
"""Seconds since some moment, never going back: `time.monotonic`."""

IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"})
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


# Both are made for each call, and so not frozen: that would cost more than a microsecond each.
@dataclass(slots=True, kw_only=True)
class HttpRequest:
    """A call of a service. Its `repr` shows neither the URL nor headers nor the body: all of them can hold secrets."""

    method: str
    """In capitals."""
    url: str = field(repr=False)
    """Absolute, with every part percent-encoded."""
    headers: Headers = field(default=(), repr=False)
    body: bytes | None = field(default=None, repr=False)
    addresses: tuple[str, ...] = field(default=(), repr=False)
    """Where to connect instead of asking DNS: addresses that were checked. Empty: ask DNS."""


@dataclass(slots=True, kw_only=True)
class HttpResponse:
    """A service's answer, read to its end."""

    status: int
    headers: Headers = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)

    def header(self, name: str) -> str | None:
        """Give the first value of a header, by its name in lower case."""
        for each, value in self.headers:
            if each == name:
                return value
        return None


class Transport(Protocol):
    """An HTTP client, as narrow as Punnet needs it: one request, one answer, no redirects, no cookies, no retries."""

    async def send(self, request: HttpRequest, deadline: float) -> HttpResponse:
        """Send a request and read the answer.

        Args:
            request: what to send, as it is.
            deadline: when to give up, by the clock that the transport was made with.

        A cancelled call closes its connection (or resets its HTTP/2 stream) at once.

        Raises:
            ConnectFailed, ConnectionLost, AnswerMalformed, AnswerTooLarge, ServiceTimeout, ServiceClosed,
            ServiceMisconfigured.
        """
        ...

    async def close(self) -> None:
        """Close the connections; calls at work fail."""
        ...
