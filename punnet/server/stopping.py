"""A server that was told to stop: until when requests at work may go on."""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType

Handler = Callable[[int, FrameType | None], object]


class Stopping:
    """Whether the server was told to stop, and how much of its time is left."""

    def __init__(self, *, delay_s: float, timeout_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.delay_s = delay_s
        """How long requests are still taken, while `/readyz` says that none should come."""
        self.timeout_s = timeout_s
        """How long those at work then have."""
        self._clock = clock
        self._ends_at: float | None = None

    @property
    def has_begun(self) -> bool:
        """Whether the server was told."""
        return self._ends_at is not None

    def begin(self, *, at_once: bool = False) -> None:
        """The server is told to stop; what it is told later gives no more time, but can end the delay."""
        ends_at = self._clock() + self.timeout_s + (0 if at_once else self.delay_s)
        self._ends_at = ends_at if self._ends_at is None else min(self._ends_at, ends_at)

    def reset(self) -> None:
        """The server starts again."""
        self._ends_at = None

    def remaining_s(self) -> float:
        """How long what is at work may go on; all of its time where nobody said when the stop began."""
        return self.timeout_s if self._ends_at is None else max(0.0, self._ends_at - self._clock())


def hear_signals(stopping: Stopping, numbers: tuple[signal.Signals, ...] = (signal.SIGTERM, signal.SIGINT)) -> None:
    """Listen to what tells the server to stop, before the server does.

    SIGTERM comes from whatever runs the server, and the load balancer in front of it may need a moment: the server
    hears it after the delay. Whoever presses Ctrl-C, or asks a second time, does not want to wait.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()

    def heard_before(then: Handler) -> Handler:
        def handle(number: int, frame: FrameType | None) -> None:
            is_to_wait = number == signal.SIGTERM and stopping.delay_s > 0 and not stopping.has_begun
            stopping.begin(at_once=not is_to_wait)
            if is_to_wait:
                # From a signal's handler, a loop is only told anything as from another thread.
                loop.call_soon_threadsafe(loop.call_later, stopping.delay_s, then, number, None)
            else:
                then(number, frame)

        return handle

    for number in numbers:
        handler = signal.getsignal(number)
        if callable(handler):
            signal.signal(number, heard_before(handler))
