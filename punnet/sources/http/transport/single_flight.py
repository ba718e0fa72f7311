"""Identical calls at the same time are one call."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from functools import partial
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class FlightsClosed(Exception):
    """The work was cancelled by `close`, not by who waits for it."""


class Flight(Generic[V]):
    """Work that is under way, in a task of its own: those who wait come and go."""

    __slots__ = ("key", "task", "waiting")

    def __init__(self, key: Hashable, task: asyncio.Task[V]) -> None:
        self.key = key
        self.task = task
        self.waiting = 0


class SingleFlight(Generic[K, V]):
    """Runs the work of a key once for all who ask for it meanwhile.

    A caller that is cancelled leaves the others their answer; when the last one has gone, the work is cancelled.
    """

    def __init__(self) -> None:
        self._flights: dict[Hashable, Flight[V]] = {}
        self._alone: set[asyncio.Task[V]] = set()
        """Work that nobody may join: it is being given up, or was never to be shared."""

    def __len__(self) -> int:
        return len(self._flights)

    def join(self, key: K, start: Callable[[], Coroutine[Any, Any, V]]) -> Flight[V]:
        """Work of the key that is already under way, or what `start` starts. Who joined must `leave`.

        Args:
            key: two calls of equal keys may share one answer.
            start: makes the work; called only if there is none.
        """
        flight = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = self._begin(key, start())
        flight.waiting += 1
        return flight

    def fly_alone(self, work: Coroutine[Any, Any, V]) -> Flight[V]:
        """Start work that nobody else may join. Who started it must `leave`."""
        flight = self._begin(None, work)
        self._alone.add(flight.task)
        flight.waiting = 1
        return flight

    def leave(self, flight: Flight[V]) -> None:
        """Wait for it no longer; the last one to leave cancels it, if it is still under way."""
        flight.waiting -= 1
        if not flight.waiting and not flight.task.done():
            # Whoever asks from now on must not join work that is being given up.
            self._forget(flight)
            self._alone.add(flight.task)
            flight.task.cancel()

    async def run(self, key: K, start: Callable[[], Coroutine[Any, Any, V]], *, timeout_s: float | None = None) -> V:
        """Give what the work of the key gives.

        Args:
            key: as in `join`.
            start: as in `join`.
            timeout_s: how long this caller waits; None: as long as the work takes.

        Raises:
            TimeoutError: this caller's time is over; the work goes on for the others.
            FlightsClosed.
        """
        flight = self.join(key, start)
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
            self.leave(flight)

    async def close(self) -> None:
        """Cancel all work, and wait until it has ended."""
        tasks = (*self._alone, *(flight.task for flight in self._flights.values()))
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _begin(self, key: Hashable, work: Coroutine[Any, Any, V]) -> Flight[V]:
        flight = Flight(key, asyncio.get_running_loop().create_task(work))
        flight.task.add_done_callback(partial(self._landed, flight))
        return flight

    def _landed(self, flight: Flight[V], task: asyncio.Task[V]) -> None:
        self._forget(flight)
        self._alone.discard(task)
        if not task.cancelled():
            # Nobody may be left to hear of a failure; asyncio would complain of it.
            task.exception()

    def _forget(self, flight: Flight[V]) -> None:
        if self._flights.get(flight.key) is flight:
            del self._flights[flight.key]
