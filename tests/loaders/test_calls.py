from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from punnet.catalog.endpoints import Endpoint, EndpointId, ListShape, ScalarShape
from punnet.catalog.key_places import KeyPlace
from punnet.loaders.align import align_items, key_text
from punnet.loaders.calls import Calls
from punnet.planning.calls import BatchRule, KeyedCall
from punnet.sources.errors import SourceFailed

Asked = tuple[str, Mapping[str, object]]


class FakePending:
    def __init__(self, future: asyncio.Task[object]) -> None:
        self.future = future

    def value(self) -> object:
        return self.future.result()

    def leave(self) -> None:
        self.future.cancel()


class FakeService:
    """Answers what it is told to, and writes down what it was asked; waits for `gate` if it has one."""

    def __init__(self, answer: Callable[[Mapping[str, object]], object], gate: asyncio.Event | None = None) -> None:
        self.asked: list[Mapping[str, object]] = []
        self.ended = 0
        self.began = asyncio.Event()
        self._answer = answer
        self._gate = gate

    def start(self, endpoint: Endpoint, arguments: Mapping[str, object]) -> FakePending:
        return FakePending(asyncio.create_task(self._ask(arguments)))

    def apart(self) -> FakeService:
        return self

    async def _ask(self, arguments: Mapping[str, object]) -> object:
        self.asked.append(arguments)
        self.began.set()
        try:
            if self._gate is not None:
                await self._gate.wait()
        finally:
            self.ended += 1
        return self._answer(arguments)


def endpoint(method: str = "GET") -> Endpoint:
    return Endpoint(
        id=EndpointId(source="stock", name="list"),
        method=method,
        path="/",
        parameters=(),
        result=ListShape(element=ScalarShape(scalar="JSON")),
    )


def single(name: str = "id") -> KeyedCall:
    return KeyedCall(endpoint=endpoint(), parameters=(KeyPlace((name,)),), batch=None, is_list=False)


def batched(*names: str, members: tuple[str, ...] = ("id",), max_keys: int = 100, is_list: bool = False) -> KeyedCall:
    rule = BatchRule(members=members, max_keys=max_keys)
    places = tuple(KeyPlace.parse(name, ()) for name in names or ("ids",))
    return KeyedCall(endpoint=endpoint(), parameters=places, batch=rule, is_list=is_list)


def items(arguments: Mapping[str, object]) -> object:
    [keys] = arguments.values()
    assert isinstance(keys, list)
    return [{"id": key} for key in keys]


def stock(
    answer: Callable[[Mapping[str, object]], object] = items, gate: asyncio.Event | None = None
) -> tuple[Calls, FakeService]:
    service = FakeService(answer, gate)
    return Calls({"stock": service}), service


def failing(error: Exception) -> Callable[[Mapping[str, object]], object]:
    def answer(_arguments: Mapping[str, object]) -> object:
        raise error

    return answer


def keys(*values: object) -> list[tuple[object, ...]]:
    return [(value,) for value in values]


# -- batching ------------------------------------------------------------------------------------


async def test_all_keys_make_one_call() -> None:
    calls, service = stock()
    assert await calls.load_many(batched(), keys(2, 1)) == [{"id": 2}, {"id": 1}]
    assert service.asked == [{"ids": [2, 1]}]


async def test_no_keys_make_no_call() -> None:
    calls, service = stock()
    assert await calls.load_many(batched(), []) == []
    assert service.asked == []


async def test_a_key_that_occurs_twice_is_asked_once() -> None:
    calls, service = stock()
    assert await calls.load_many(batched(), keys(1, 2, 1)) == [{"id": 1}, {"id": 2}, {"id": 1}]
    assert service.asked == [{"ids": [1, 2]}]


async def test_a_key_that_is_known_is_not_asked_again() -> None:
    calls, service = stock()
    await calls.load_many(batched(), keys(1))
    assert await calls.load_many(batched(), keys(2, 1)) == [{"id": 2}, {"id": 1}]
    assert service.asked == [{"ids": [1]}, {"ids": [2]}]


async def test_keys_asked_in_one_tick_by_several_go_in_one_call() -> None:
    calls, service = stock()
    asked = [calls.load_many(batched(), keys(1, 2)), calls.load_many(batched(), keys(2, 3))]
    assert await asyncio.gather(*asked) == [[{"id": 1}, {"id": 2}], [{"id": 2}, {"id": 3}]]
    assert service.asked == [{"ids": [1, 2, 3]}]


async def test_a_key_asked_while_its_call_is_at_work_waits_for_it() -> None:
    gate = asyncio.Event()
    calls, service = stock(gate=gate)
    first = asyncio.create_task(calls.load_many(batched(), keys(1)))
    await service.began.wait()
    second = asyncio.create_task(calls.load_many(batched(), keys(1)))
    await asyncio.sleep(0)
    gate.set()
    assert [await first, await second] == [[{"id": 1}]] * 2
    assert service.asked == [{"ids": [1]}]


async def test_a_call_has_no_more_keys_than_allowed() -> None:
    calls, service = stock()
    await calls.load_many(batched(max_keys=2), keys(1, 2, 3, 4, 5))
    assert service.asked == [{"ids": [1, 2]}, {"ids": [3, 4]}, {"ids": [5]}]


async def test_without_a_batch_form_each_key_makes_a_call() -> None:
    calls, service = stock(lambda arguments: arguments)
    assert await calls.load_many(single(), keys(1, 2, 1)) == [{"id": 1}, {"id": 2}, {"id": 1}]
    assert service.asked == [{"id": 1}, {"id": 2}]


async def test_different_calls_share_nothing() -> None:
    calls, service = stock()
    await calls.load_many(batched("a"), keys(1))
    await calls.load_many(batched("b"), keys(1))
    assert service.asked == [{"a": [1]}, {"b": [1]}]


async def test_two_requests_share_nothing() -> None:
    (first, first_service), (second, second_service) = stock(), stock()
    await asyncio.gather(first.load_many(batched(), keys(1)), second.load_many(batched(), keys(1)))
    assert (first_service.asked, second_service.asked) == ([{"ids": [1]}], [{"ids": [1]}])


async def test_several_parts_go_as_a_list_each() -> None:
    calls, service = stock(lambda _: [])
    await calls.load_many(batched("a", "b", members=("a", "b")), [(1, "x"), (2, "y")])
    assert service.asked == [{"a": [1, 2], "b": ["x", "y"]}]


async def test_several_parts_go_as_a_list_of_objects() -> None:
    calls, service = stock(lambda _: [])
    await calls.load_many(batched("body.wanted[].a", "body.wanted[].b", members=("a", "b")), [(1, "x"), (2, "y")])
    assert service.asked == [{"body": {"wanted": [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]}}]


async def test_resolvers_load_from_what_is_known() -> None:
    calls, service = stock()
    await calls.load_many(batched(), keys(1, 2))
    assert await calls.loader(batched()).load((2,)) == {"id": 2}
    assert len(service.asked) == 1


# -- keys that Python takes for equal ----------------------------------------------------------------

EQUAL = pytest.mark.parametrize("pair", [(1, True), (True, 1), (1, 1.0), (1.0, 1), (0, False), (0.0, -0.0)], ids=str)


def answer_each(arguments: Mapping[str, object]) -> object:
    [value] = arguments.values()
    return [{"id": key, "text": str(key)} for key in value] if isinstance(value, list) else {"text": str(value)}


@EQUAL
@pytest.mark.parametrize("call", [batched(), single()], ids=["batch", "single"])
async def test_keys_that_are_other_json_are_asked_each(call: KeyedCall, pair: tuple[object, object]) -> None:
    calls, _ = stock(answer_each)
    answers: list[Any] = await calls.load_many(call, keys(*pair))
    assert [answer["text"] for answer in answers] == [str(key) for key in pair]


@EQUAL
async def test_what_is_known_of_one_is_not_known_of_the_other(pair: tuple[object, object]) -> None:
    calls, service = stock(answer_each)
    for key in keys(*pair):
        await calls.load_many(batched(), [key])
    assert len(service.asked) == 2


@EQUAL
async def test_resolvers_load_each_of_them(pair: tuple[object, object]) -> None:
    calls, service = stock(answer_each)
    answers: list[Any] = await calls.loader(batched()).load_many(keys(*pair))
    assert [answer["text"] for answer in answers] == [str(key) for key in pair]
    assert len(service.asked) == 1


async def test_a_number_that_occurs_twice_is_asked_once_whatever_is_beside_it() -> None:
    calls, service = stock()
    await calls.load_many(batched(), keys(1.5, "a", 1.5))
    await calls.load_many(batched(), keys("a", 1.5))
    assert service.asked == [{"ids": [1.5, "a"]}]


# -- failing -------------------------------------------------------------------------------------


async def test_a_key_that_fails_has_its_error_and_hurts_no_other() -> None:
    def answer(arguments: Mapping[str, object]) -> object:
        if arguments["id"] == 2:
            raise SourceFailed("stock", why="status 500")
        return arguments

    calls, _ = stock(answer)
    first, second, third = await calls.load_many(single(), keys(1, 2, 3))
    assert (first, third) == ({"id": 1}, {"id": 3})
    assert isinstance(second, SourceFailed)


async def test_a_batch_that_fails_fails_its_keys_alone() -> None:
    def answer(arguments: Mapping[str, object]) -> object:
        if arguments["ids"] == [1, 2]:
            raise SourceFailed("stock", why="status 500")
        return items(arguments)

    calls, _ = stock(answer)
    answers = await calls.load_many(batched(max_keys=2), keys(1, 2, 3))
    assert [type(answer) for answer in answers] == [SourceFailed, SourceFailed, dict]


async def test_a_key_that_failed_is_not_asked_again() -> None:
    calls, service = stock(failing(SourceFailed("stock", why="status 500")))
    await calls.load_many(single(), keys(1))
    await calls.load_many(single(), keys(1))
    assert len(service.asked) == 1


# -- cancelling ----------------------------------------------------------------------------------


async def test_a_caller_that_is_cancelled_takes_no_other_with_it() -> None:
    gate = asyncio.Event()
    calls, service = stock(gate=gate)
    staying = asyncio.create_task(calls.load_many(batched(), keys(1)))
    await service.began.wait()
    leaving = asyncio.create_task(calls.load_many(batched(), keys(1)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.wait([leaving])
    gate.set()
    assert await staying == [{"id": 1}]


async def test_the_first_caller_can_leave_the_call_to_others() -> None:
    gate = asyncio.Event()
    calls, service = stock(gate=gate)
    leaving = asyncio.create_task(calls.load_many(batched(), keys(1)))
    await service.began.wait()
    staying = asyncio.create_task(calls.load_many(batched(), keys(1)))
    await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.wait([leaving])
    gate.set()
    assert await staying == [{"id": 1}]
    assert len(service.asked) == 1


async def test_calls_of_a_caller_that_is_cancelled_are_cancelled() -> None:
    calls, service = stock(gate=asyncio.Event())
    leaving = asyncio.create_task(calls.load_many(batched(max_keys=1), keys(1, 2)))
    await service.began.wait()
    leaving.cancel()
    await asyncio.wait([leaving])
    assert service.ended == 2


async def test_a_key_whose_call_was_cancelled_can_be_asked_again() -> None:
    gate = asyncio.Event()
    calls, service = stock(gate=gate)
    leaving = asyncio.create_task(calls.load_many(batched(), keys(1)))
    await service.began.wait()
    leaving.cancel()
    await asyncio.wait([leaving])
    gate.set()
    assert await calls.load_many(batched(), keys(1)) == [{"id": 1}]
    assert len(service.asked) == 2


async def test_a_key_whose_caller_was_cancelled_before_it_was_asked_can_be_asked_again() -> None:
    calls, service = stock()
    leaving = asyncio.create_task(calls.load_many(batched(), keys(1)))
    await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.wait([leaving])
    assert await calls.load_many(batched(), keys(1)) == [{"id": 1}]
    assert service.asked == [{"ids": [1]}]


# -- calls that the operation itself asks for ------------------------------------------------------


async def test_a_root_call_is_made_once() -> None:
    calls, service = stock(lambda arguments: arguments)
    asked = [calls.root(endpoint(), {"a": [1]}), calls.root(endpoint(), {"a": (1,)}), calls.root(endpoint(), {"a": 2})]
    assert len(await asyncio.gather(*asked)) == 3
    await calls.root(endpoint(), {"a": [1]})
    assert service.asked == [{"a": [1]}, {"a": 2}]


async def test_a_root_call_that_failed_fails_everybody_who_asks() -> None:
    calls, service = stock(failing(SourceFailed("stock", why="status 500")))
    asked = [calls.root(endpoint(), {}), calls.root(endpoint(), {})]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(answer) for answer in answers] == [SourceFailed, SourceFailed]
    assert len(service.asked) == 1


async def test_a_root_call_that_changes_something_is_made_each_time() -> None:
    calls, service = stock(lambda arguments: arguments)
    await calls.root(endpoint("POST"), {})
    await calls.root(endpoint("POST"), {})
    assert len(service.asked) == 2


# -- which item is whose -----------------------------------------------------------------------------


def aligned(result: object, *wanted: object, members: Sequence[str] = ("id",), is_list: bool = False) -> list[object]:
    return align_items(keys(*wanted), result, tuple(members), is_list=is_list, source="stock")


def test_items_take_the_order_of_the_keys() -> None:
    assert aligned([{"id": 1}, {"id": 2}], 2, 1) == [{"id": 2}, {"id": 1}]


def test_a_missing_item_is_none() -> None:
    assert aligned([{"id": 1}], 2, 1) == [None, {"id": 1}]


def test_items_that_nobody_asked_for_are_passed_over() -> None:
    assert aligned([{"id": 3}, {"id": 1}, {"no": 1}, None, "x"], 1) == [{"id": 1}]


def test_of_two_items_with_one_key_the_first_is_taken() -> None:
    assert aligned([{"id": 1, "n": 1}, {"id": 1, "n": 2}], 1) == [{"id": 1, "n": 1}]


def test_a_key_has_all_its_items_in_their_order() -> None:
    found = [{"id": 1, "n": 1}, {"id": 2, "n": 2}, {"id": 1, "n": 3}]
    assert aligned(found, 3, 1, is_list=True) == [[], [{"id": 1, "n": 1}, {"id": 1, "n": 3}]]


def test_numbers_and_texts_are_the_same_key() -> None:
    assert aligned([{"id": "1"}, {"id": 2}], 1, "2") == [{"id": "1"}, {"id": 2}]


def test_a_member_with_a_dot_in_its_name_comes_before_a_path() -> None:
    assert aligned([{"a.b": 1, "a": {"b": 2}}], 1, 2, members=["a.b"]) == [{"a.b": 1, "a": {"b": 2}}, None]


def test_a_path_leads_through_objects() -> None:
    assert aligned([{"a": {"b": 1}}, {"a": 5}, {"a": None}], 1, members=["a.b"]) == [{"a": {"b": 1}}]


def test_order_tells_where_no_member_does() -> None:
    assert aligned([5, None], 1, 2, members=[]) == [5, None]


@pytest.mark.parametrize("result", [[], [1, 2, 3]])
def test_order_tells_nothing_where_the_numbers_differ(result: object) -> None:
    with pytest.raises(SourceFailed):
        aligned(result, 1, 2, members=[])


@pytest.mark.parametrize("result", [{}, "x", 5, True])
def test_what_is_no_list_fails(result: object) -> None:
    with pytest.raises(SourceFailed):
        aligned(result, 1)


def test_nothing_is_nothing_for_every_key() -> None:
    assert aligned(None, 1, 2) == [None, None]
    assert aligned(None, 1, 2, is_list=True) == [[], []]


@pytest.mark.parametrize(("value", "text"), [(True, "true"), (False, "false"), (1, "1"), ("a", "a"), (1.5, "1.5")])
def test_a_key_is_a_text(value: object, text: str) -> None:
    assert key_text(value) == text
