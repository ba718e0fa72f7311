from __future__ import annotations

import asyncio

import pytest

from punnet.loaders.together import both


class Slow:
    """Work that waits until it is told, and takes a moment to end when it is cancelled."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.began = asyncio.Event()
        self.has_ended = False

    async def __call__(self) -> str:
        self.began.set()
        try:
            await self.gate.wait()
        finally:
            await asyncio.sleep(0)
            self.has_ended = True
        return "slow"


async def fail_after(other: Slow) -> int:
    await other.began.wait()
    raise LookupError("the source is down")


async def test_both_values_come_in_their_order() -> None:
    slow, at_once = Slow(), asyncio.sleep(0, 1)
    slow.gate.set()
    assert await both(slow(), at_once) == ("slow", 1)


async def test_where_one_fails_the_other_has_ended_when_the_error_is_raised() -> None:
    slow = Slow()
    with pytest.raises(LookupError):
        await both(slow(), fail_after(slow))
    assert slow.has_ended


async def test_both_have_ended_when_their_caller_has_been_cancelled() -> None:
    one, other = Slow(), Slow()
    leaving = asyncio.create_task(both(one(), other()))
    await other.began.wait()
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    assert (one.has_ended, other.has_ended) == (True, True)
