"""Waiting for what another process or thread does, for a bounded time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

# It is only ever waited that long for what does not come: a slow machine may take its time.
LONGEST_S = 120.0
POLL_S = 0.02


def wait_until(is_done: Callable[[], T | None], *, seconds: float = LONGEST_S) -> T:
    """Ask until the answer is true, and return it; fail if it never is."""
    deadline = time.monotonic() + seconds
    while not (answer := is_done()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:g} s")
        time.sleep(POLL_S)
    return answer


async def eventually(is_done: Callable[[], Awaitable[T | None]], *, seconds: float = LONGEST_S) -> T:
    """The same, while the event loop goes on."""
    async with asyncio.timeout(seconds):
        while not (answer := await is_done()):  # noqa: ASYNC110 - another process decides, and tells nobody
            await asyncio.sleep(POLL_S)
        return answer
