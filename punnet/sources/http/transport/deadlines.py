"""One timer for many who wait."""

from __future__ import annotations

import asyncio
from typing import Any

from punnet.sources.http.transport.values import Clock


class Deadlines:
    """Ends waiting whose time is over with a TimeoutError.

    Nearly all calls end long before their deadline, so a timer for each would be made and cancelled for nothing. Here
    one timer runs until the first deadline that was ever given; it looks for those that are over, and is set again
    for the first of the rest.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiting: dict[asyncio.Future[Any], float] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._fires_at = float("inf")

    def add(self, future: asyncio.Future[Any], deadline: float) -> None:
        """Watch a future until it is discarded."""
        self._waiting[future] = deadline
        if deadline < self._fires_at:
            self._arm(deadline)

    def discard(self, future: asyncio.Future[Any]) -> None:
        """Watch it no longer."""
        self._waiting.pop(future, None)

    def close(self) -> None:
        """Watch nothing any more."""
        self._waiting.clear()
        self._disarm()

    def _arm(self, deadline: float) -> None:
        self._disarm()
        self._fires_at = deadline
        self._timer = asyncio.get_running_loop().call_later(max(deadline - self._clock(), 0.0), self._look)

    def _disarm(self) -> None:
        self._fires_at = float("inf")
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        self._disarm()
        now = self._clock()
        for future in [future for future, deadline in self._waiting.items() if deadline <= now]:
            del self._waiting[future]
            if not future.done():
                future.set_exception(TimeoutError())
        if self._waiting:
            self._arm(min(self._waiting.values()))
