"""Services as the tests make and call them."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from punnet.configuration.services import ServiceConfiguration
from punnet.sources.http.transport.budget import CallBudget
from punnet.sources.http.transport.headers import CallerHeaders
from punnet.sources.http.transport.service_client import ServiceClient
from punnet.sources.http.transport.values import HttpRequest, HttpResponse

TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@dataclass
class FakeClock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Sleeps:
    """Waits for nothing, and remembers for how long."""

    waited: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.waited.append(seconds)


@dataclass(kw_only=True)
class Asker:
    """A service, and a caller of it."""

    service: ServiceClient
    sleeps: Sleeps
    url: str

    async def get(self, path: str = "/", **options: Any) -> HttpResponse:
        return await self.send("GET", path, **options)

    async def send(
        self,
        method: str,
        path: str = "/",
        *,
        within_s: float = 30,
        headers: Mapping[str, str] | None = None,
        incoming: Mapping[str, str] | None = None,
        body: bytes | None = None,
        budget: CallBudget | None = None,
    ) -> HttpResponse:
        request = HttpRequest(method=method, url=self.url + path, headers=tuple((headers or {}).items()), body=body)
        return await self.service.send(
            request,
            caller=CallerHeaders.of((incoming or {}).items()),
            budget=budget or CallBudget(),
            deadline=time.monotonic() + within_s,
        )


@asynccontextmanager
async def asking(url: str, settings: ServiceConfiguration | None = None, **seams: Any) -> AsyncIterator[Asker]:
    """Make a service that sleeps for nothing between attempts."""
    sleeps = Sleeps()
    service = ServiceClient(
        "shop", settings or ServiceConfiguration(), **{"sleep": sleeps, "chance": lambda: 1.0, **seams}
    )
    try:
        yield Asker(service=service, sleeps=sleeps, url=url)
    finally:
        await service.close()
