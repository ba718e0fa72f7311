from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextvars import ContextVar
from typing import Any

import pytest

from punnet.loaders.loader import BatchCancelled, Loader, WrongBatch

Value = str | None | Exception

WHERE = ContextVar("WHERE", default="nowhere")


class Recorder:
    """A batch function that writes down what it was asked, and waits for `gate` if it has one."""

    def __init__(self, value_of: Callable[[int], Value], gate: asyncio.Event | None = None) -> None:
        self.batches: list[list[int]] = []
        self.ended = 0
        self.began = asyncio.Event()
        self._value_of = value_of
        self._gate = gate

    async def __call__(self, keys: list[int]) -> Sequence[Value]:
        self.batches.append(keys)
        self.began.set()
        try:
            if self._gate is not None:
                await self._gate.wait()
        finally:
            self.ended += 1
        return [self._value_of(key) for key in keys]


def user(key: int) -> str:
    return f"user {key}"


def users(gate: asyncio.Event | None = None, *, max_batch_size: int | None = None) -> tuple[Loader[int, Any], Recorder]:
    recorder = Recorder(user, gate)
    return Loader(recorder, max_batch_size=max_batch_size), recorder


def loader_of(values: Mapping[int, Value], gate: asyncio.Event | None = None) -> Loader[int, Any]:
    return Loader(Recorder(values.__getitem__, gate))


def fail(error: Exception) -> Callable[[list[int]], Awaitable[Sequence[str]]]:
    async def batch(_keys: list[int]) -> Sequence[str]:
        raise error

    return batch


@pytest.fixture
async def complaints() -> AsyncIterator[list[dict[str, Any]]]:
    """What the event loop was told of errors that nobody took."""
    told: list[dict[str, Any]] = []
    loop = asyncio.get_running_loop()
    before = loop.get_exception_handler()
    loop.set_exception_handler(lambda _loop, context: told.append(context))
    yield told
    loop.set_exception_handler(before)


# -- batching ------------------------------------------------------------------------------------


async def test_keys_asked_in_one_tick_make_one_batch() -> None:
    loader, asked = users()
    assert await loader.load_many([2, 1]) == ["user 2", "user 1"]
    assert asked.batches == [[2, 1]]


async def test_keys_asked_one_after_the_other_make_a_batch_each() -> None:
    loader, asked = users()
    await loader.load(1)
    await loader.load(2)
    assert asked.batches == [[1], [2]]


async def test_values_come_in_the_order_of_the_keys() -> None:
    loader, _ = users()
    assert await loader.load_many([3, 1, 2]) == ["user 3", "user 1", "user 2"]


async def test_a_key_asked_twice_is_in_the_batch_once() -> None:
    loader, asked = users()
    assert await loader.load_many([1, 2, 1]) == ["user 1", "user 2", "user 1"]
    assert asked.batches == [[1, 2]]


async def test_a_key_asked_again_later_is_not_loaded_again() -> None:
    loader, asked = users()
    await loader.load(1)
    assert await loader.load(1) == "user 1"
    assert asked.batches == [[1]]


async def test_a_key_asked_while_its_batch_runs_waits_for_that_batch() -> None:
    gate = asyncio.Event()
    loader, asked = users(gate)
    first = asyncio.create_task(loader.load(1))
    await asked.began.wait()
    second = asyncio.create_task(loader.load(1))
    gate.set()
    assert [await first, await second] == ["user 1", "user 1"]
    assert asked.batches == [[1]]


async def test_a_missing_key_is_none_and_hurts_no_other() -> None:
    loader = loader_of({1: "user 1", 2: None})
    assert await loader.load_many([2, 1]) == [None, "user 1"]


async def test_no_keys_make_no_batch() -> None:
    loader, asked = users()
    assert await loader.load_many([]) == []
    assert asked.batches == []


async def test_a_batch_has_no_more_keys_than_allowed() -> None:
    loader, asked = users(max_batch_size=2)
    assert await loader.load_many([1, 2, 3, 4, 5]) == [user(key) for key in (1, 2, 3, 4, 5)]
    assert asked.batches == [[1, 2], [3, 4], [5]]


async def test_ten_thousand_keys_are_one_batch() -> None:
    loader, asked = users()
    keys = list(range(10_000))
    assert await loader.load_many(keys) == [user(key) for key in keys]
    assert asked.batches == [keys]


async def test_two_loaders_share_nothing() -> None:
    first, first_asked = users()
    second, second_asked = users()
    await asyncio.gather(first.load(1), second.load(1))
    assert (first_asked.batches, second_asked.batches) == ([[1]], [[1]])


# -- failing -------------------------------------------------------------------------------------


async def test_a_batch_that_fails_fails_each_of_its_keys() -> None:
    loader: Loader[int, str] = Loader(fail(LookupError("the source is down")))
    answers = await asyncio.gather(loader.load(1), loader.load(2), return_exceptions=True)
    assert [repr(answer) for answer in answers] == ["LookupError('the source is down')"] * 2


async def test_a_key_of_a_failed_batch_can_be_asked_again() -> None:
    batches: list[list[int]] = []

    async def batch(keys: list[int]) -> Sequence[str]:
        batches.append(keys)
        return [{2: "second time"}[len(batches)]]

    loader: Loader[int, str] = Loader(batch)
    with pytest.raises(KeyError):
        await loader.load(1)
    assert await loader.load(1) == "second time"


async def test_a_batch_that_fails_for_a_key_fails_that_one_alone() -> None:
    loader = loader_of({1: "user 1", 2: LookupError("no such user")})
    answers = await asyncio.gather(loader.load(1), loader.load(2), return_exceptions=True)
    assert [repr(answer) for answer in answers] == ["'user 1'", "LookupError('no such user')"]


async def test_load_many_raises_the_first_error() -> None:
    loader = loader_of({1: "user 1", 2: LookupError("no such user")})
    with pytest.raises(LookupError, match="no such user"):
        await loader.load_many([1, 2])


@pytest.mark.parametrize("values", [[], ["one", "too many"]])
async def test_a_batch_of_the_wrong_length_says_so(values: list[str]) -> None:
    async def batch(_keys: list[int]) -> Sequence[str]:
        return values

    with pytest.raises(WrongBatch, match=f"{len(values)} values for 1 keys"):
        await Loader(batch).load(1)


# -- cancelling ----------------------------------------------------------------------------------


async def test_a_cancelled_caller_takes_no_other_caller_of_the_key_with_it() -> None:
    gate = asyncio.Event()
    loader, asked = users(gate)
    leaving, staying = asyncio.create_task(loader.load(1)), asyncio.create_task(loader.load(1))
    await asked.began.wait()
    leaving.cancel()
    gate.set()
    assert await staying == "user 1"
    assert leaving.cancelled()


async def test_a_cancelled_caller_takes_no_other_key_of_the_batch_with_it() -> None:
    gate = asyncio.Event()
    loader, asked = users(gate)
    leaving, staying = asyncio.create_task(loader.load(1)), asyncio.create_task(loader.load(2))
    await asked.began.wait()
    leaving.cancel()
    gate.set()
    assert await staying == "user 2"


async def test_a_key_whose_only_caller_was_cancelled_can_be_asked_again() -> None:
    gate = asyncio.Event()
    loader, asked = users(gate)
    leaving = asyncio.create_task(loader.load(1))
    await asked.began.wait()
    leaving.cancel()
    await asyncio.wait([leaving])
    gate.set()
    assert await loader.load(1) == "user 1"
    assert asked.batches == [[1], [1]]


async def test_a_batch_that_nobody_waits_for_is_cancelled() -> None:
    loader, asked = users(asyncio.Event())
    leaving = asyncio.create_task(loader.load_many([1, 2]))
    await asked.began.wait()
    leaving.cancel()
    await asyncio.wait([leaving])
    await asyncio.sleep(0)
    assert asked.ended == 1


async def test_keys_whose_callers_left_in_the_tick_in_which_they_asked_make_no_batch() -> None:
    loader, asked = users()
    leaving = asyncio.create_task(loader.load_many([1, 2]))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.wait([leaving])
    assert await loader.load(1) == "user 1"
    assert asked.batches == [[1]]


async def test_a_batch_that_is_cancelled_from_within_leaves_nobody_waiting() -> None:
    async def batch(_keys: list[int]) -> Sequence[str]:
        raise asyncio.CancelledError

    loader: Loader[int, str] = Loader(batch)
    answers = await asyncio.gather(loader.load(1), loader.load(2), return_exceptions=True)
    assert [type(answer) for answer in answers] == [BatchCancelled, BatchCancelled]


async def test_a_key_whose_batch_was_cancelled_can_be_asked_again() -> None:
    batches: list[list[int]] = []

    async def batch(keys: list[int]) -> Sequence[str]:
        batches.append(keys)
        await {1: cancelled, 2: at_once}[len(batches)]()
        return ["user 1"]

    async def cancelled() -> None:
        raise asyncio.CancelledError

    async def at_once() -> None:
        return

    loader: Loader[int, str] = Loader(batch)
    with pytest.raises(BatchCancelled):
        await loader.load(1)
    assert await loader.load(1) == "user 1"


async def test_an_error_that_nobody_takes_is_reported(complaints: list[dict[str, Any]]) -> None:
    nobody_s = asyncio.get_running_loop().create_future()
    nobody_s.set_exception(LookupError("no such user"))
    del nobody_s
    gc.collect()
    assert [type(told["exception"]) for told in complaints] == [LookupError]


async def test_errors_that_cancelled_callers_would_have_got_are_not_reported(complaints: list[dict[str, Any]]) -> None:
    gate = asyncio.Event()
    loader = loader_of({1: "user 1", 2: LookupError("no such user")}, gate)
    staying, leaving = asyncio.create_task(loader.load(1)), asyncio.create_task(loader.load(2))
    await asyncio.sleep(0)
    leaving.cancel()
    gate.set()
    await staying
    del leaving, loader
    gc.collect()
    assert complaints == []


async def test_errors_of_an_abandoned_batch_are_not_reported(complaints: list[dict[str, Any]]) -> None:
    loader, asked = users(asyncio.Event())
    leaving = asyncio.create_task(loader.load(1))
    await asked.began.wait()
    leaving.cancel()
    await asyncio.wait([leaving])
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    del leaving, loader
    gc.collect()
    assert complaints == []


async def test_the_errors_after_the_first_of_load_many_are_not_reported(complaints: list[dict[str, Any]]) -> None:
    loader: Loader[int, str] = Loader(fail(LookupError("the source is down")))
    with pytest.raises(LookupError):
        await loader.load_many([1, 2, 3])
    del loader
    gc.collect()
    assert complaints == []


# -- context -------------------------------------------------------------------------------------


async def test_a_batch_runs_in_the_context_in_which_the_loader_was_made() -> None:
    seen: list[str] = []

    async def batch(keys: list[int]) -> Sequence[str]:
        seen.append(WHERE.get())
        return [user(key) for key in keys]

    async def ask(key: int) -> str:
        WHERE.set(f"caller {key}")
        return await loader.load(key)

    WHERE.set("request")
    loader: Loader[int, str] = Loader(batch)
    await asyncio.gather(ask(1), ask(2))
    assert seen == ["request"]


async def test_what_a_batch_sets_in_its_context_stays_there() -> None:
    seen: list[str] = []

    async def batch(keys: list[int]) -> Sequence[str]:
        seen.append(WHERE.get())
        WHERE.set("batch")
        return [user(key) for key in keys]

    WHERE.set("request")
    loader: Loader[int, str] = Loader(batch)
    await loader.load(1)
    await loader.load(2)
    assert seen == ["request", "request"]
    assert WHERE.get() == "request"
