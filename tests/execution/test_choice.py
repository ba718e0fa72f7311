"""Choices: reads that are made when a request names their types."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from punnet.access.condition import Variable
from punnet.access.session import EMPTY_SESSION, Session
from punnet.execution.choice import ReadyChoice
from punnet.execution.project import NotProjectable
from punnet.execution.ready_reads import ReadyReads
from punnet.execution.run import ready
from punnet.loaders.calls import Calls
from punnet.loaders.failed import FailedReads
from punnet.planning.choice import Choice
from punnet.planning.ids import GlobalIds
from punnet.planning.read import Read
from tests.differential.operations import as_id
from tests.engines import Ways, both_ways
from tests.planning.made_plans import KEYED_THINGS, row
from tests.planning.plans import plan_of

TYPES = [f"Thing{number}" for number in range(10)]
IDS = GlobalIds(tuple((name, KEYED_THINGS) for name in TYPES))
SKIPPED = "query ($id: ID!, $off: Boolean = true) { node(nodeId: $id) { nodeId @skip(if: $off) } }"
SKIPPED_IN_NODES = SKIPPED.replace("node(nodeId: $id)", "nodes(nodeIds: [$id])")


@pytest.fixture(scope="session")
async def shop(shop_url: str) -> AsyncIterator[Ways]:
    async with both_ways(shop_url) as ways:
        yield ways


@pytest.mark.parametrize("query", [SKIPPED, SKIPPED_IN_NODES])
async def test_a_null_in_a_directive_is_the_resolvers_to_locate_in_a_choice_too(shop: Ways, query: str) -> None:
    answer = await shop.agreed(query, {"id": as_id(["Product", "1"]), "off": None})
    [error] = answer.errors
    assert "'$off' provided to non-null type" in error["message"]
    assert error["locations"] == [{"line": 1, "column": query.index("$off)") + 1}]


async def test_a_choice_answers_for_types_that_no_fragment_names(shop: Ways) -> None:
    ids = ["WyJQcm9kdWN0IiwiMSJd", "WyJDYXRlZ29yeSIsIjEiXQ", "WyJQcm9kdWN0IiwiMiJd"]
    answer = await shop.agreed("query ($ids: [ID!]!) { nodes(nodeIds: $ids) { ... on Node { nodeId } } }", {"ids": ids})
    assert answer.data == {"nodes": [{"nodeId": each} for each in ids]}


def test_a_plan_weighs_what_its_fields_do_after_fragments_are_spread(shop: Ways) -> None:
    sources = {shop.source.name: shop.source}
    plan = plan_of(shop, "{ product(id: 1) { id name } }", {})
    small, large = ready(plan, sources), ready(replace(plan, fields=100 * plan.fields), sources)
    assert large.weight == 100 * small.weight > 0


async def test_what_is_nested_too_deeply_to_be_rendered_is_the_resolvers() -> None:
    with pytest.raises(NotProjectable):
        await ask(choice_of(Rendering(length=0), ReadyReads()), "Thing1")


# -- what is kept --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Text:
    """A statement that nobody runs."""

    text: str


@dataclass(slots=True)
class Rendering:
    """A source that has no rows, and remembers what it was to render."""

    name: str = "main"
    length: int = 100
    """Of its statements; 0: they cannot be rendered."""
    rendered: list[Read] = field(default_factory=list)

    def prepare(self, read: Read) -> Text:
        if self.length == 0:
            raise RecursionError
        self.rendered.append(read)
        return Text("x" * self.length)

    async def answers(
        self, _prepared: Text, keys: Sequence[Any], _variables: Mapping[str, Any], _session: Session
    ) -> list[bytes | None]:
        return [None for _ in keys]


def choice_of(source: Any, kept: ReadyReads) -> ReadyChoice:
    choice = Choice((), IDS, Variable(("ids",)), is_list=True, read_of_other=lambda _name: row())
    return ReadyChoice(choice, {"main": source}, kept)


async def ask(choice: ReadyChoice, *types: str) -> None:
    ids = [as_id([name, "1"]) for name in types]
    await choice.answer({"ids": ids}, EMPTY_SESSION, Calls({}), FailedReads())


async def test_a_read_is_rendered_once_as_long_as_it_is_kept() -> None:
    source = Rendering()
    choice = choice_of(source, ReadyReads())
    await ask(choice, "Thing1")
    await ask(choice, "Thing1", "Thing2")
    assert len(source.rendered) == 2


async def test_whatever_requests_name_there_is_room_for_so_many_characters_of_all_choices() -> None:
    source, kept = Rendering(length=100), ReadyReads(max_characters=1_200)
    first, second = choice_of(source, kept), choice_of(source, kept)
    await ask(first, *TYPES)
    await ask(second, *TYPES)
    assert len(source.rendered) == 20
    assert len(kept) == 12
    # Of the first choice the two last ones are left.
    await ask(first, *TYPES[8:])
    assert len(source.rendered) == 20
    await ask(first, TYPES[0])
    assert len(source.rendered) == 21


async def test_a_statement_that_would_drive_out_too_many_others_is_not_kept() -> None:
    source, kept = Rendering(length=241), ReadyReads(max_characters=1_200)
    await ask(choice_of(source, kept), "Thing1")
    assert len(source.rendered) == 1
    assert len(kept) == 0
