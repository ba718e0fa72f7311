"""Identical calls at the same time are one call."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class FlightsClosed(Exception):
    """The work was cancelled by `close`, not by who waits for it."""


class SingleFlight(Generic[K, V]):
    """Runs the work of a key once for all who ask for it meanwhile.

    A caller that is cancelled leaves the others their answer; when the last one has gone, the work is cancelled.
    """

    def __init__(self) -> None:
        self._flights: dict[K, _Flight[V]] = {}
        self._given_up: set[asyncio.Task[V]] = set()

    def __len__(self) -> int:
        return len(self._flights)

    async def run(self, key: K, start: Callable[[], Coroutine[Any, Any, V]], *, timeout_s: float | None = None) -> V:
        """Give what the work of the key gives: work that is already under way, or what `start` starts.

        Args:
            key: two calls of equal keys may share one answer.
            start: makes the work; called only if there is none.
            timeout_s: how long this caller waits; None: as long as the work takes.

        Raises:
            TimeoutError: this caller's time is over; the work goes on for the others.
            FlightsClosed.
        """
        flight = self._flights.get(key)
        if flight is None:
            flight = self._begin(key, start())
        flight.waiting += 1
        try:
            if timeout_s is None:
                return await asyncio.shield(flight.task)
            async with asyncio.timeout(timeout_s):
                return await asyncio.shield(flight.task)
        except asyncio.CancelledError:
            caller = asyncio.current_task()
            if flight.task.cancelled() and not (caller and caller.cancelling()):
                raise FlightsClosed from None
            raise
        finally:
            flight.waiting -= 1
            if not flight.waiting and not flight.task.done():
                # Whoever asks from now on must not join work that is being given up.
                self._forget(key, flight)
                self._given_up.add(flight.task)
                flight.task.cancel()

    async def close(self) -> None:
        """Cancel all work, and wait until it has ended."""
        tasks = (*self._given_up, *(flight.task for flight in self._flights.values()))
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _begin(self, key: K, work: Coroutine[Any, Any, V]) -> _Flight[V]:
        task = asyncio.create_task(work)
        flight = _Flight(task)
        self._flights[key] = flight
        task.add_done_callback(partial(self._landed, key, flight))
        return flight

    def _landed(self, key: K, flight: _Flight[V], task: asyncio.Task[V]) -> None:
        self._forget(key, flight)
        self._given_up.discard(task)
        if not task.cancelled():
            # Nobody may be left to hear of a failure; asyncio would complain of it.
            task.exception()

    def _forget(self, key: K, flight: _Flight[V]) -> None:
        if self._flights.get(key) is flight:
            del self._flights[key]


@dataclass(slots=True, eq=False)
class _Flight(Generic[V]):
    task: asyncio.Task[V]
    waiting: int = 0
