"""Ends the work for a client that has gone."""

from __future__ import annotations

import asyncio
import time
from types import TracebackType

from starlette.requests import ClientDisconnect
from starlette.types import Receive

from punnet.sources.deadlines import Deadlines

# Looking for the end costs a task, and most answers are ready before.
LOOK_AFTER_S = 0.1


class WhileConnected:
    """Cancels what is awaited inside it once the client disconnects, and raises ClientDisconnect then.

    The body must have been read: what comes after it can only be the disconnect.
    """

    __slots__ = ("_cancelling", "_is_gone", "_looking", "_receive", "_slow", "_task")

    def __init__(self, receive: Receive, slow: Deadlines[WhileConnected]) -> None:
        self._receive = receive
        self._slow = slow
        self._looking: asyncio.Task[None] | None = None
        self._is_gone = False

    def __enter__(self) -> None:
        """Begin; an event loop's task must be running."""
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("no task is running that could be cancelled")
        self._task = task
        self._cancelling = task.cancelling()
        self._slow.add(self, time.monotonic() + LOOK_AFTER_S)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop looking; turn the cancellation that we asked for into ClientDisconnect, and no other."""
        self._slow.discard(self)
        if self._looking is not None:
            self._looking.cancel()
        if self._is_gone and self._task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
            raise ClientDisconnect from error

    def begin_to_look(self) -> None:
        """The answer takes long enough that its client may have gone."""
        self._looking = self._task.get_loop().create_task(self._look())

    async def _look(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._is_gone = True
        self._task.cancel()
