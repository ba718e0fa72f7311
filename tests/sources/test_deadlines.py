"""Time limits that share one timer."""

from __future__ import annotations

import asyncio
import time

import pytest

from punnet.sources.deadlines import Deadlines, TimeLimit


def deadlines() -> Deadlines[TimeLimit]:
    return Deadlines(time.monotonic, TimeLimit.end)


async def limited(shared: Deadlines[TimeLimit], limit_s: float, event: asyncio.Event) -> str:
    with TimeLimit(shared, time.monotonic() + limit_s):
        await event.wait()
    return "in time"


async def test_what_takes_too_long_is_ended_by_a_timeout() -> None:
    with pytest.raises(TimeoutError):
        await limited(deadlines(), 0, asyncio.Event())


async def test_what_is_in_time_is_left_alone() -> None:
    event = asyncio.Event()
    event.set()
    assert await limited(deadlines(), 0, event) == "in time"


async def test_each_has_its_own_time() -> None:
    shared, event = deadlines(), asyncio.Event()
    long, short = (asyncio.create_task(limited(shared, limit_s, event)) for limit_s in (60, 0))
    with pytest.raises(TimeoutError):
        await short
    event.set()
    assert await long == "in time"


async def test_a_cancellation_from_outside_stays_one() -> None:
    task = asyncio.create_task(limited(deadlines(), 60, asyncio.Event()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_cancellation_from_outside_stays_one_when_the_time_is_over_too() -> None:
    async def run() -> None:
        with TimeLimit(shared, time.monotonic() + 60):
            await asyncio.Event().wait()

    shared: Deadlines[TimeLimit] = deadlines()
    task = asyncio.create_task(run())
    await asyncio.sleep(0)
    [scope] = shared._waiting
    scope.end()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_within_another_limit_the_shorter_one_ends_it() -> None:
    shared = deadlines()

    async def run() -> str:
        with TimeLimit(shared, time.monotonic() + 60):
            with pytest.raises(TimeoutError):
                await limited(shared, 0, asyncio.Event())
            return "went on"

    assert await run() == "went on"
