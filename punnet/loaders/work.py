"""A call at work for whoever waits for it: shared, counted, and given up when nobody waits any more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from punnet.sources.services import Pending


class Work:
    """A call that was begun, and what came of it."""

    __slots__ = ("_outcome", "_pending", "_read", "_waiting", "is_given_up")

    def __init__(self, start: Callable[[], Pending], read: Callable[[object], object] | None = None) -> None:
        """Begin.

        Args:
            start: begins the call; what it raises is the outcome.
            read: what to make of the call's value.
        """
        self.is_given_up = False
        self._read = read
        self._waiting = 0
        self._outcome: object = None
        self._pending: Pending | None = None
        try:
            self._pending = start()
        except Exception as error:  # each field that asks for it says so
            self._outcome = error

    @property
    def outcome(self) -> object | Exception:
        """What came of it, once it has ended: a value, or the error that it failed with."""
        if self._pending is not None:
            self._outcome, self._pending = self._outcome_of(self._pending), None
        return self._outcome

    def wait(self) -> asyncio.Future[object] | None:
        """What to wait for, until `leave`; None where it has ended."""
        future = self._pending.future if self._pending is not None else None
        if future is None or future.done():
            return None
        self._waiting += 1
        return future

    def leave(self) -> None:
        """Wait no longer; the last one to leave cancels what is still under way."""
        self._waiting -= 1
        pending = self._pending
        if self._waiting or pending is None or pending.future is None or pending.future.done():
            return
        self.is_given_up = True
        pending.leave()

    def _outcome_of(self, pending: Pending) -> object | Exception:
        try:
            value = pending.value()
            return value if self._read is None else self._read(value)
        except Exception as error:  # as above
            return error


async def until_ended(works: Iterable[Work]) -> None:
    """Wait until all have ended; who is cancelled meanwhile hurts nobody who waits for the same."""
    waiting = [(work, future) for work in works if (future := work.wait()) is not None]
    if not waiting:
        return
    try:
        # Not awaited one by one: a caller that is cancelled would cancel them for all others.
        await asyncio.wait([future for _, future in waiting])
    finally:
        for work, _ in waiting:
            work.leave()
