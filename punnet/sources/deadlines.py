"""One timer for many who wait."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from types import TracebackType
from typing import Any, ClassVar, Generic, TypeVar

W = TypeVar("W", bound=Hashable)

Clock = Callable[[], float]


class Deadlines(Generic[W]):
    """Ends the waiting of those whose time is over.

    Nearly all waits end long before their deadline, so a timer for each would be made and cancelled for nothing. Here
    one timer runs until the first deadline that was ever given; it looks for those that are over, and is set again
    for the first of the rest.
    """

    def __init__(self, clock: Clock, end: Callable[[W], None]) -> None:
        self._clock = clock
        self._end = end
        self._waiting: dict[W, float] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._fires_at = float("inf")

    def add(self, waiting: W, deadline: float) -> None:
        """Watch it until it is discarded."""
        self._waiting[waiting] = deadline
        # An app can be started again on another loop, where the old one's timer never fires.
        if deadline < self._fires_at or self._loop is not asyncio.get_running_loop():
            self._arm(deadline)

    def discard(self, waiting: W) -> None:
        """Watch it no longer."""
        self._waiting.pop(waiting, None)

    def close(self) -> None:
        """Watch nothing any more."""
        self._waiting.clear()
        self._disarm()

    def _arm(self, deadline: float) -> None:
        self._disarm()
        self._fires_at = deadline
        self._loop = asyncio.get_running_loop()
        self._timer = self._loop.call_later(max(deadline - self._clock(), 0.0), self._look)

    def _disarm(self) -> None:
        self._fires_at = float("inf")
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        self._disarm()
        now = self._clock()
        for waiting in [waiting for waiting, deadline in self._waiting.items() if deadline <= now]:
            del self._waiting[waiting]
            self._end(waiting)
        if self._waiting:
            self._arm(min(self._waiting.values()))


def fail_future(future: asyncio.Future[Any]) -> None:
    """End a future's waiting with a TimeoutError."""
    if not future.done():
        future.set_exception(TimeoutError())


class CancelScope:
    """Cancels what is awaited inside it once it is told to end, and raises its own error then."""

    __slots__ = ("_cancelling", "_has_ended", "_task")

    error: ClassVar[type[Exception]]

    def __enter__(self) -> None:
        """Begin; an event loop's task must be running."""
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("no task is running that could be cancelled")
        self._task = task
        self._cancelling = task.cancelling()
        self._has_ended = False
        self._begin()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Turn the cancellation that we asked for into the scope's error, and no other."""
        self._leave()
        if self._has_ended and self._task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
            raise self.error from error

    def end(self) -> None:
        """Cancel what is awaited."""
        self._has_ended = True
        self._task.cancel()

    def _begin(self) -> None:
        raise NotImplementedError

    def _leave(self) -> None:
        raise NotImplementedError


class TimeLimit(CancelScope):
    """Raises TimeoutError once its time is over: `asyncio.timeout` on a timer that many share."""

    __slots__ = ("_deadline", "_deadlines")

    error = TimeoutError

    def __init__(self, deadlines: Deadlines[TimeLimit], deadline: float) -> None:
        self._deadlines = deadlines
        self._deadline = deadline

    def _begin(self) -> None:
        self._deadlines.add(self, self._deadline)

    def _leave(self) -> None:
        self._deadlines.discard(self)
