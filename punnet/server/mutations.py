"""Mutations at work, which go on to their end when nobody waits for it any more."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import structlog

T = TypeVar("T")

_log = structlog.get_logger("punnet")

_TO_CLEAR_UP_S = 1.0


class Mutations:
    """What has begun to change things ends, also when its client has gone."""

    def __init__(self) -> None:
        # An event loop alone would not keep a task that nobody waits for.
        self._left: dict[asyncio.Task[Any], str] = {}

    async def to_its_end(self, mutation: Coroutine[Any, Any, T], request_id: str) -> T:
        """What comes of it; who is cancelled leaves it to go on."""
        task = asyncio.ensure_future(mutation)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if not task.done():
                self._left[task] = request_id
                task.add_done_callback(self._forget)
            raise

    async def end(self, within_s: float) -> None:
        """Wait for those that were left; one that takes longer is cut off."""
        if not self._left:
            return
        await asyncio.wait(self._left, timeout=within_s)
        for task, request_id in self._left.items():
            _log.warning("mutation cut off by the stop: what it has done is not known", request_id=request_id)
            task.cancel()
        if self._left:
            await asyncio.wait(self._left, timeout=_TO_CLEAR_UP_S)

    def _forget(self, task: asyncio.Task[Any]) -> None:
        self._left.pop(task, None)
