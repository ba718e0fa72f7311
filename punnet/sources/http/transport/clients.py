"""Which client makes a call: our own for plain http, wreq for everything else."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from punnet.configuration.services import ServiceConfiguration
from punnet.sources.http.transport.client import WreqTransport
from punnet.sources.http.transport.plain_client import PlainTransport
from punnet.sources.http.transport.values import Clock, HttpRequest, HttpResponse


class Clients:
    """Both clients of one service, as one transport."""

    def __init__(self, source: str, settings: ServiceConfiguration, clock: Clock) -> None:
        """Make both; nothing is connected yet.

        Raises:
            ServiceMisconfigured.
        """
        self._plain = PlainTransport(source, settings, clock)
        self._other = WreqTransport(source, settings, clock)

    def send(self, request: HttpRequest, deadline: float) -> Coroutine[Any, Any, HttpResponse]:
        """Send a request and read the answer, as the protocol says."""
        client = self._plain if PlainTransport.takes(request) else self._other
        return client.send(request, deadline)

    async def close(self) -> None:
        """Close all connections; calls at work fail."""
        await self._plain.close()
        await self._other.close()
