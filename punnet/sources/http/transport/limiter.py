"""At most so many calls at the same time, and at most so many that wait."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress

from punnet.sources.deadlines import Deadlines, fail_future
from punnet.sources.http.transport.errors import QueueFull, ServiceTimeout
from punnet.sources.http.transport.values import Clock


class Limiter:
    """Places at a service, given out in the order they were asked for."""

    def __init__(self, source: str, *, places: int, queue: int, clock: Clock) -> None:
        self._source = source
        self._free = places
        self._queue = queue
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._deadlines: Deadlines[asyncio.Future[None]] = Deadlines(clock, fail_future)

    async def acquire(self, deadline: float) -> None:
        """Take a place, at once or as soon as there is one.

        Raises:
            QueueFull: too many wait already.
            ServiceTimeout: there was none before the deadline.
        """
        if self._free:
            self._free -= 1
            return
        if len(self._waiting) >= self._queue:
            raise QueueFull(self._source, waiting=len(self._waiting))
        await self._wait(deadline)

    def release(self) -> None:
        """Give a place back: to who has waited longest, if anyone waits."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1

    async def _wait(self, deadline: float) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        self._deadlines.add(turn, deadline)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                # The place came in the same moment as the end of the waiting: it must not be lost.
                self.release()
            else:
                self._leave(turn)
            raise
        except TimeoutError:
            self._leave(turn)
            raise ServiceTimeout(self._source, why="no place became free in time") from None
        finally:
            self._deadlines.discard(turn)

    def _leave(self, turn: asyncio.Future[None]) -> None:
        # `release` may have passed over it and dropped it already.
        with suppress(ValueError):
            self._waiting.remove(turn)
