"""Ends the work for a client that has gone."""

from __future__ import annotations

import asyncio
import time

from starlette.requests import ClientDisconnect
from starlette.types import Receive

from punnet.sources.deadlines import CancelScope, Deadlines

# Looking for the end costs a task, and most answers are ready before.
LOOK_AFTER_S = 0.1


class WhileConnected(CancelScope):
    """Raises ClientDisconnect once the client disconnects.

    The body must have been read: what comes after it can only be the disconnect.
    """

    __slots__ = ("_looking", "_receive", "_slow")

    error = ClientDisconnect

    def __init__(self, receive: Receive, slow: Deadlines[WhileConnected]) -> None:
        self._receive = receive
        self._slow = slow
        self._looking: asyncio.Task[None] | None = None

    def begin_to_look(self) -> None:
        """The answer takes long enough that its client may have gone."""
        self._looking = self._task.get_loop().create_task(self._look())

    def _begin(self) -> None:
        self._slow.add(self, time.monotonic() + LOOK_AFTER_S)

    def _leave(self) -> None:
        self._slow.discard(self)
        if self._looking is not None:
            self._looking.cancel()

    async def _look(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.end()
