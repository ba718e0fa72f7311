"""What a hop needs of whatever answers it: to be a source by its name, asked for an operation with many keys."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from graphql import GraphQLInt

from punnet.access.session import EMPTY_SESSION
from punnet.catalog.endpoints import Endpoint, EndpointId, ListShape, ScalarShape
from punnet.catalog.key_places import KeyPlace
from punnet.execution.hops import marker
from punnet.execution.run import Run, ready
from punnet.loaders.calls import Calls
from punnet.loaders.failed import FailedReads
from punnet.planning.calls import BatchRule, CallHop, KeyedCall
from punnet.planning.plan import Plan

LENGTHS = KeyedCall(
    endpoint=Endpoint(
        id=EndpointId(source="own", name="lengths"),
        method="GET",
        path="",
        parameters=(),
        result=ListShape(element=ScalarShape(scalar="Int")),
    ),
    parameters=(KeyPlace(("words",)),),
    batch=BatchRule(members=(), max_keys=1000),
    is_list=False,
)


@dataclass(frozen=True, slots=True)
class Done:
    """A call that is answered as it is made."""

    answer: object
    future: asyncio.Future[object] | None = None

    def value(self) -> object:
        return self.answer

    def leave(self) -> None:
        pass


@dataclass(frozen=True, slots=True)
class PythonFunctions:
    """Functions in this process, by the names of operations: all keys in, an answer for each out."""

    functions: Mapping[str, Callable[[list[str]], list[object]]]
    asked: list[list[str]] = field(default_factory=list)

    def start(self, endpoint: Endpoint, arguments: Mapping[str, object]) -> Done:
        [keys] = arguments.values()
        assert isinstance(keys, list)
        self.asked.append(keys)
        return Done(self.functions[endpoint.id.name](keys))

    def apart(self) -> PythonFunctions:
        return self


def run_of(functions: PythonFunctions) -> Run:
    plan = Plan((), (CallHop(LENGTHS, GraphQLInt, None),))
    return Run(ready(plan, {}), {}, EMPTY_SESSION, Calls({"own": functions}), FailedReads())


async def test_a_function_in_this_process_fills_all_places_of_a_level_at_once() -> None:
    functions = PythonFunctions({"lengths": lambda words: [len(word) for word in words]})
    text = b"[%b,%b,%b]" % (marker(0, ["a"]), marker(0, ["plum"]), marker(0, ["a"]))
    assert await run_of(functions).fill(text) == b"[1,4,1]"
    assert functions.asked == [["a", "plum"]]


async def test_what_it_has_no_answer_for_is_null() -> None:
    functions = PythonFunctions({"lengths": lambda words: [None for _ in words]})
    assert await run_of(functions).fill(b'{"n":%b}' % marker(0, ["a"])) == b'{"n":null}'
