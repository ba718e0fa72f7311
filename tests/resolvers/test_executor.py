"""What is left of an operation that ends before its fields have ended: nothing."""

from __future__ import annotations

import asyncio
import gc
import warnings
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass, field

import pytest
from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLField,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    execute,
    parse,
)

from punnet.resolvers.executor import SourceTextExecutor

Info = GraphQLResolveInfo["Fields"]


@dataclass
class Fields:
    """What became of the fields of one operation."""

    begun: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)


async def wait(_parent: object, info: Info) -> int:
    """Wait for the gate."""
    fields, name = info.context, ".".join(map(str, info.path.as_list()))
    fields.begun.append(name)
    try:
        await fields.gate.wait()
        fields.ended.append(name)
    except asyncio.CancelledError:
        fields.cancelled.append(name)
        raise
    return 1


async def fail(_parent: object, _info: Info) -> int:
    raise GraphQLError("it fails")


async def fail_later(_parent: object, _info: Info) -> int:
    await asyncio.sleep(0)
    raise GraphQLError("it fails, a tick later")


def fail_at_once(_parent: object, _info: Info) -> int:
    raise GraphQLError("it fails at once")


def track(_parent: object, info: Info) -> int:
    """Give work away that is to be done beside the answer."""

    async def work() -> None:
        info.context.begun.append("tracked")
        info.context.ended.append("tracked")

    info.async_helpers.track([work()])
    return 1


def fail_in_future(_parent: object, _info: Info) -> Awaitable[int]:
    """Fail as a data loader does: by a future that somebody else completes."""
    future = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_later(0, future.set_exception, GraphQLError("it fails, and nobody reads it"))
    return future


async def one(_parent: object, _info: Info) -> object:
    return object()


async def many(_parent: object, _info: Info) -> list[object]:
    return [object(), object()]


def many_later(_parent: object, info: Info) -> list[Awaitable[object]]:
    return [one(None, info), one(None, info)]


INT = GraphQLNonNull(GraphQLInt)
THING: GraphQLObjectType = GraphQLObjectType(
    "Thing",
    lambda: {
        "wait": GraphQLField(INT, resolve=wait),
        "fail": GraphQLField(INT, resolve=fail),
        "failLater": GraphQLField(INT, resolve=fail_later),
        "failAtOnce": GraphQLField(INT, resolve=fail_at_once),
        "failInFuture": GraphQLField(GraphQLInt, resolve=fail_in_future),
        "track": GraphQLField(INT, resolve=track),
        "maybe": GraphQLField(THING, resolve=one),
        "atOnce": GraphQLField(GraphQLNonNull(THING), resolve=lambda *_: object()),
        "thing": GraphQLField(GraphQLNonNull(THING), resolve=one),
        "things": GraphQLField(GraphQLNonNull(GraphQLList(GraphQLNonNull(THING))), resolve=many),
        "thingsAtOnce": GraphQLField(
            GraphQLNonNull(GraphQLList(GraphQLNonNull(THING))), resolve=lambda *_: [object(), object()]
        ),
        "thingsLater": GraphQLField(GraphQLNonNull(GraphQLList(GraphQLNonNull(THING))), resolve=many_later),
    },
)
SCHEMA = GraphQLSchema(THING, mutation=GraphQLObjectType("Change", lambda: THING.fields))

DEEP = """
    wait
    thing { wait things { wait thing { wait things { wait } } thingsAtOnce { wait thing { wait } } } }
    atOnce { wait thing { wait } thingsAtOnce { wait thing { wait } } thingsLater { wait atOnce { wait } } }
    thingsLater { wait thing { wait } }
"""


async def run(document: str, fields: Fields) -> ExecutionResult:
    result = execute(SCHEMA, parse(document), context_value=fields, executor_class=SourceTextExecutor)
    assert not isinstance(result, ExecutionResult)
    return await result


def tasks() -> set[asyncio.Task[object]]:
    return asyncio.all_tasks()


async def ticks(number: int) -> None:
    for _ in range(number):
        await asyncio.sleep(0)


@pytest.fixture
def never_awaited() -> Iterator[list[warnings.WarningMessage]]:
    """What Python says of coroutines that were dropped, until now."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        yield told


@pytest.mark.parametrize(("kind", "after"), [*(("query", after) for after in range(9)), ("mutation", 4)])
async def test_whenever_an_operation_is_cancelled_its_fields_end_and_no_coroutine_is_dropped(
    kind: str, after: int, never_awaited: list[warnings.WarningMessage]
) -> None:
    others = tasks()
    fields = Fields()
    running = asyncio.create_task(run(f"{kind} {{ {DEEP} }}", fields))
    await ticks(after)
    running.cancel()
    await asyncio.wait([running])
    await ticks(8)
    del running
    gc.collect()
    assert tasks() == others
    assert sorted(fields.cancelled) == sorted(fields.begun)
    assert [str(warning.message) for warning in never_awaited] == []


async def test_an_error_that_nulls_an_object_ends_its_other_fields_before_the_answer() -> None:
    others = tasks()
    fields = Fields()
    result = await run("{ maybe { wait thing { wait } things { wait } failLater } }", fields)
    assert result.data == {"maybe": None}
    assert tasks() == others
    assert fields.cancelled == fields.begun != []


@pytest.mark.parametrize(
    "selected",
    [
        "wait failAtOnce",
        "thing { wait } failAtOnce",
        "atOnce { wait thing { wait } } failAtOnce",
        "thingsAtOnce { wait thing { wait } failAtOnce }",
        "thingsLater { wait failAtOnce }",
        "wait atOnce { wait atOnce { wait failAtOnce } }",
    ],
)
async def test_fields_that_had_not_begun_when_their_object_was_nulled_never_begin(
    selected: str, never_awaited: list[warnings.WarningMessage]
) -> None:
    others = tasks()
    fields = Fields()
    result = await run(f"{{ maybe {{ {selected} }} }}", fields)
    assert result.data == {"maybe": None}
    assert result.errors is not None
    assert [error.message for error in result.errors] == ["it fails at once"]
    await ticks(2)
    gc.collect()
    assert tasks() == others
    assert fields.begun == []
    assert [str(warning.message) for warning in never_awaited] == []


async def test_an_error_of_all_that_is_known_at_once_drops_no_coroutine(
    never_awaited: list[warnings.WarningMessage],
) -> None:
    result = execute(
        SCHEMA,
        parse("{ wait thing { wait } atOnce { wait } failAtOnce }"),
        context_value=Fields(),
        executor_class=SourceTextExecutor,
    )
    assert isinstance(result, ExecutionResult)
    assert result.data is None
    await ticks(2)
    gc.collect()
    assert [str(warning.message) for warning in never_awaited] == []


async def test_an_error_of_one_object_leaves_the_others_their_fields() -> None:
    fields = Fields()
    fields.gate.set()
    result = await run("{ bad: maybe { wait failAtOnce } maybe { wait thing { wait } } }", fields)
    assert result.data == {"bad": None, "maybe": {"wait": 1, "thing": {"wait": 1}}}
    assert fields.ended == ["maybe.wait", "maybe.thing.wait"]


async def test_what_a_resolver_gives_away_to_be_done_beside_the_answer_is_done() -> None:
    fields = Fields()
    result = await run("{ maybe { track thing { failAtOnce } } }", fields)
    await ticks(2)
    assert result.data == {"maybe": None}
    assert fields.ended == ["tracked"]


async def test_an_error_of_a_future_that_no_field_waits_for_any_more_is_no_concern_of_the_event_loop() -> None:
    told: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: told.append(context["message"]))
    result = await run("{ maybe { failInFuture thing { failInFuture } failAtOnce } }", Fields())
    assert result.data == {"maybe": None}
    del result
    await ticks(4)
    gc.collect()
    assert told == []
