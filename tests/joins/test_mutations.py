"""A mutation's fields follow each other: each sees what those before it have changed."""

from __future__ import annotations

import asyncio
import json

import pytest

from punnet.access.session import ANONYMOUS
from punnet.server.engine import GraphQLRequest
from punnet.server.settings import Way
from tests.faults.waiting import LONGEST_S
from tests.joins.depot import Depot, Json
from tests.joins.ways import JoinedWays
from tests.sources.http.transport.upstreams import Exchange

ORDER = 'placeOrder(body: { sku: "BER-0001" })'
TWICE = f"mutation {{ first: {ORDER} {{ ...Supplied }} second: {ORDER} {{ ...Supplied }} }}"
SUPPLIER = "{ getSupplier(id: 2) { name } }"
WAYS = pytest.mark.parametrize("way", [Way.AUTO, Way.RESOLVERS])


def twice(selection: str) -> str:
    """Two orders; below both are the same fields of one fragment."""
    return f"{TWICE} fragment Supplied on Item {{ supplier {selection} }}"


@pytest.fixture
def orders(depot: Depot) -> list[Json]:
    """The orders, after whose number suppliers are called."""
    placed: list[Json] = []

    def place(item: Json) -> Json:
        placed.append(item)
        return item

    depot.answers["/orders"] = place
    depot.answers["/suppliers/"] = lambda supplier: {**supplier, "name": f"after {len(placed)} orders"}
    return placed


@WAYS
@pytest.mark.usefixtures("orders")
async def test_a_field_asks_services_anew(ways: JoinedWays, way: Way) -> None:
    answer = await ways.ask(way, twice("{ name }"))
    assert answer.data == {
        "first": {"supplier": {"name": "after 1 orders"}},
        "second": {"supplier": {"name": "after 2 orders"}},
    }
    assert answer.errors == []


@WAYS
async def test_a_field_asks_databases_anew(ways: JoinedWays, way: Way) -> None:
    answer = await ways.ask(way, twice("{ products(first: 1) { nodes { sku } } }"))
    assert answer.errors == []
    assert answer.statements == 2


@WAYS
async def test_below_one_field_a_key_is_asked_once(ways: JoinedWays, way: Way) -> None:
    answer = await ways.ask(way, f"mutation {{ {ORDER} {{ supplier {{ name }} again: supplier {{ id }} }} }}")
    assert answer.errors == []
    assert [seen.path for seen in answer.calls] == ["/orders", "/suppliers/2"]


@WAYS
async def test_the_calls_of_all_fields_count_towards_one_limit(ways: JoinedWays, way: Way) -> None:
    answer = await ways.ask(way, twice("{ name }"), max_calls=3)
    assert [(each["path"], each["extensions"]["code"]) for each in answer.errors] == [
        (["second", "supplier"], "LIMIT_EXCEEDED")
    ]


@pytest.mark.usefixtures("orders")
async def test_what_another_operation_of_the_request_knows_is_asked_anew(ways: JoinedWays) -> None:
    async with ways.engine(Way.AUTO) as engine:
        calls = engine.begin(())
        before = await engine.answer(GraphQLRequest(SUPPLIER), ANONYMOUS, calls=calls)
        after = await engine.answer(GraphQLRequest(twice("{ name }")), ANONYMOUS, calls=calls)
    assert json.loads(before.body)["data"]["getSupplier"] == {"name": "after 0 orders"}
    assert json.loads(after.body)["data"]["first"]["supplier"] == {"name": "after 1 orders"}


async def test_a_call_that_began_before_a_change_does_not_answer_for_what_is_after_it(
    ways: JoinedWays, depot: Depot
) -> None:
    names, changed = iter(["before", "after"]), asyncio.Event()

    async def first_waits(exchange: Exchange) -> None:
        name = next(names)
        if name == "before":
            await changed.wait()
        await exchange.answer(json.dumps({"id": 2, "name": name}).encode(), content_type="application/json")

    depot.trouble["/suppliers/2"] = first_waits
    mutation = GraphQLRequest(f"mutation {{ {ORDER} {{ supplier {{ name }} }} }}")
    async with ways.engine(Way.AUTO) as engine, asyncio.timeout(LONGEST_S):
        reading = asyncio.create_task(engine.answer(GraphQLRequest(SUPPLIER), ANONYMOUS))
        await depot.upstream.until(lambda service: "/suppliers/2" in service.paths)
        after = await engine.answer(mutation, ANONYMOUS)
        changed.set()
        before = await reading
    assert json.loads(before.body)["data"] == {"getSupplier": {"name": "before"}}
    assert json.loads(after.body)["data"] == {"placeOrder": {"supplier": {"name": "after"}}}
