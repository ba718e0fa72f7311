from __future__ import annotations

import asyncio
import time

import pytest

from punnet.errors import ClientCode
from punnet.sources.http.transport.errors import QueueFull, ServiceTimeout
from punnet.sources.http.transport.limiter import Limiter
from tests.faults.waiting import LONGEST_S


def limiter(places: int = 1, queue: int = 2) -> Limiter:
    return Limiter("shop", places=places, queue=queue, clock=time.monotonic)


def later(seconds: float = 5) -> float:
    return time.monotonic() + seconds


async def test_places_go_to_those_who_wait_in_their_order() -> None:
    places, order = limiter(), []

    async def take(name: str) -> None:
        await places.acquire(later())
        order.append(name)
        places.release()

    await places.acquire(later())
    first, second = asyncio.create_task(take("first")), asyncio.create_task(take("second"))
    await asyncio.sleep(0)
    places.release()
    await asyncio.gather(first, second)
    assert order == ["first", "second"]


async def test_who_finds_the_queue_full_fails_at_once() -> None:
    places = limiter(queue=1)
    await places.acquire(later())
    waiting = asyncio.create_task(places.acquire(later()))
    await asyncio.sleep(0)
    with pytest.raises(QueueFull, match="asked too much") as caught:
        await places.acquire(later())
    assert caught.value.client_code is ClientCode.OVERLOADED
    places.release()
    await asyncio.wait_for(waiting, LONGEST_S)


async def test_nobody_waits_beyond_the_deadline() -> None:
    places = limiter()
    await places.acquire(later())
    with pytest.raises(ServiceTimeout):
        await places.acquire(later(0.01))
    places.release()
    await places.acquire(later(0))


async def test_who_is_cancelled_while_waiting_takes_no_place() -> None:
    places = limiter(queue=1)
    await places.acquire(later())
    waiting = asyncio.create_task(places.acquire(later()))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    other = asyncio.create_task(places.acquire(later()))
    await asyncio.sleep(0)
    places.release()
    await asyncio.wait_for(other, LONGEST_S)


async def test_a_place_given_to_one_who_is_cancelled_in_that_moment_is_not_lost() -> None:
    places = limiter()
    await places.acquire(later())
    waiting = asyncio.create_task(places.acquire(later()))
    await asyncio.sleep(0)
    places.release()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    await asyncio.wait_for(places.acquire(later()), 0.1)


async def test_a_place_passes_over_one_who_was_cancelled_just_before() -> None:
    places = limiter()
    await places.acquire(later())
    waiting = asyncio.create_task(places.acquire(later()))
    await asyncio.sleep(0)
    waiting.cancel()
    places.release()
    await asyncio.gather(waiting, return_exceptions=True)
    await asyncio.wait_for(places.acquire(later()), 0.1)
