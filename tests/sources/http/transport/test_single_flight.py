from __future__ import annotations

import asyncio

import pytest

from punnet.sources.http.transport.single_flight import FlightsClosed, SingleFlight


class Work:
    """Work that ends when the test says so."""

    def __init__(self) -> None:
        self.started = 0
        self.cancelled = 0
        self.result: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def __call__(self) -> str:
        self.started += 1
        try:
            return await asyncio.shield(self.result)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise


async def settle() -> None:
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await asyncio.sleep(0)


async def test_the_same_key_at_the_same_time_is_done_once() -> None:
    flights: SingleFlight[str, str] = SingleFlight()
    work = Work()
    callers = [asyncio.create_task(flights.run("a", work)) for _ in range(5)]
    await settle()
    work.result.set_result("done")
    assert await asyncio.gather(*callers) == ["done"] * 5
    assert work.started == 1
    assert len(flights) == 0


async def test_after_it_has_ended_it_is_done_anew() -> None:
    flights: SingleFlight[str, str] = SingleFlight()
    work = Work()
    work.result.set_result("done")
    await flights.run("a", work)
    await flights.run("a", work)
    assert work.started == 2


async def test_another_key_is_other_work() -> None:
    flights: SingleFlight[str, str] = SingleFlight()
    work = Work()
    callers = [asyncio.create_task(flights.run(key, work)) for key in "ab"]
    await settle()
    work.result.set_result("done")
    await asyncio.gather(*callers)
    assert work.started == 2


async def test_a_cancelled_caller_does_not_cancel_the_others() -> None:
    flights: SingleFlight[str, str] = SingleFlight()
    work = Work()
    first, second = (asyncio.create_task(flights.run("a", work)) for _ in range(2))
    await settle()
    first.cancel()
    await settle()
    work.result.set_result("done")
    assert await second == "done"
    assert first.cancelled()
    assert work.cancelled == 0


async def test_when_the_last_caller_has_gone_the_work_is_cancelled() -> None:
    flights: SingleFlight[str, str] = SingleFlight()
    work = Work()
    callers = [asyncio.create_task(flights.run("a", work)) for _ in range(2)]
    await settle()
    [caller.cancel() for caller in callers]
    await settle()
    assert work.cancelled == 1
    assert len(flights) == 0


async def test_work_that_is_given_up_is_not_joined() -> None:
    flights: SingleFlight[str, str] = SingleFlight()
    first, second = Work(), Work()
    caller = asyncio.create_task(flights.run("a", first))
    await settle()
    caller.cancel()
    await asyncio.gather(caller, return_exceptions=True)
    second.result.set_result("fresh")
    assert await flights.run("a", second) == "fresh"


async def test_a_failure_reaches_all_callers() -> None:
    flights: SingleFlight[str, str] = SingleFlight()
    work = Work()
    callers = [asyncio.create_task(flights.run("a", work)) for _ in range(3)]
    await settle()
    work.result.set_exception(ValueError("no"))
    results = await asyncio.gather(*callers, return_exceptions=True)
    assert [type(result) for result in results] == [ValueError] * 3


async def test_a_caller_waits_no_longer_than_its_own_time() -> None:
    flights: SingleFlight[str, str] = SingleFlight()
    work = Work()
    patient = asyncio.create_task(flights.run("a", work))
    await settle()
    with pytest.raises(TimeoutError):
        await flights.run("a", work, timeout_s=0.01)
    work.result.set_result("done")
    assert await patient == "done"


async def test_who_joins_waits_without_a_task_of_its_own() -> None:
    flights: SingleFlight[str, str] = SingleFlight()
    work = Work()
    first, second = flights.join("a", work), flights.join("a", work)
    flights.leave(first)
    work.result.set_result("done")
    assert await second.task == "done"
    assert work.started == 1


async def test_who_flies_alone_is_not_joined_and_is_ended_with_the_rest() -> None:
    flights: SingleFlight[str, str] = SingleFlight()
    alone, other = Work(), Work()
    flight = flights.fly_alone(alone())
    other.result.set_result("other")
    assert await flights.run("a", other) == "other"
    await flights.close()
    assert (flight.task.cancelled(), alone.cancelled) == (True, 1)


async def test_closing_ends_the_work_and_tells_the_callers() -> None:
    flights: SingleFlight[str, str] = SingleFlight()
    work = Work()
    caller = asyncio.create_task(flights.run("a", work))
    await settle()
    await flights.close()
    with pytest.raises(FlightsClosed):
        await caller
    assert work.cancelled == 1
