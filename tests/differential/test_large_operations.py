"""Operations that are too large, or too deep, for one part of the way."""

from __future__ import annotations

from typing import Any

import pytest

from punnet import Settings, Way
from tests.engines import Ways
from tests.faults.asking import fetch
from tests.server.serving import ask, codes, serving

PIDS = "select pid from pg_stat_activity where application_name = 'punnet' and datname = current_database() order by 1"


def doubling(levels: int) -> str:
    """Fragments that ask for two objects in each object."""
    fragments = [
        f"fragment F{level} on Category {{ a: parent {{ ...F{level + 1} }} b: parent {{ ...F{level + 1} }} }}"
        for level in range(levels)
    ]
    return " ".join(["{ category(id: 1) { ...F0 } }", *fragments, f"fragment F{levels} on Category {{ id }}"])


def nested(levels: int) -> str:
    inside = "id"
    for _ in range(levels):
        inside = f"category {{ products(first: 1) {{ nodes {{ {inside} }} }} }}"
    return f"{{ product(id: 1) {{ {inside} }} }}"


async def test_what_fragments_double_too_often_is_answered_by_resolvers(shop: Ways) -> None:
    assert (await shop.agreed(doubling(6))).errors == []
    assert (await shop.compiled(doubling(20))).has_no_plan
    assert (await shop.resolved(doubling(10))).errors == []


async def test_what_fragments_multiply_into_too_many_fields_is_answered_by_resolvers(shop: Ways) -> None:
    names = " ".join(f"n{number}: name" for number in range(100))
    few, many = (doubling(levels).replace("{ id }", f"{{ {names} }}") for levels in (5, 7))
    assert (await shop.agreed(few)).errors == []
    assert (await shop.compiled(many)).has_no_plan
    assert (await shop.resolved(many)).errors == []


async def test_answers_about_the_schema_are_kept_with_the_weight_of_what_was_asked(shop: Ways) -> None:
    for number in range(80):
        name = str(number).ljust(1_000_000, "x")
        answer = await shop.compiled("query ($name: String!) { __type(name: $name) { name } }", {"name": name})
        assert answer.data == {"__type": None}
    assert len(shop.engines[Way.COMPILED]._documents._introspected) < 64


@pytest.mark.parametrize("way", [Way.AUTO, Way.RESOLVERS])
async def test_an_answer_that_is_nested_too_deeply_is_the_clients_error(shop_url: str, way: Way) -> None:
    async with serving(Settings(database_url=shop_url, way=way)) as client:
        assert "errors" not in await ask(client, nested(20))
        answer = await client.post("/graphql", json={"query": nested(66)})
    assert answer.status_code == 400
    assert codes(answer.json()) == ["BAD_USER_INPUT"]
    assert answer.json()["errors"][0]["message"] == "The request is nested too deeply."


@pytest.mark.parametrize("way", [Way.AUTO, Way.RESOLVERS])
async def test_too_many_values_are_the_clients_error_and_cost_no_connection(shop_url: str, way: Way) -> None:
    query = "query($w: [ProductWhere!]) { products(where: {or: $w}, first: 1) { nodes { id } } }"
    many: list[dict[str, Any]] = [{"id": {"eq": number}} for number in range(32_768)]
    async with serving(Settings(database_url=shop_url, way=way, pool_size=1)) as client:
        await ask(client, "{ products(first: 1) { nodes { id } } }")
        before = await fetch(shop_url, PIDS)
        answer = await ask(client, query, {"w": many})
        assert await fetch(shop_url, PIDS) == before
    assert codes(answer) == ["BAD_USER_INPUT"]
    assert "32767 values" in answer["errors"][0]["message"]
