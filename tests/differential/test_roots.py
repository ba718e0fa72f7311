"""Roots that are asked twice, and roots that find nothing: answered alike both ways, by plans in fewer statements."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import reduce
from operator import getitem
from typing import Any

import pytest

from punnet.demo.embedded import PostgresServer
from punnet.sources.errors import SourceFailed
from tests.conftest import fresh_database
from tests.differential.operations import as_id
from tests.engines import Ways, both_ways

STRUCTURE = """
    create table people (id int primary key, ratio float8);
    create table alarms (id int primary key, person_id int not null references people, at timetz not null);
    insert into people values (1, 0.5), (2, 'NaN');
    insert into alarms values (1, 1, '12:30+02'), (2, 1, '10:30Z');
"""


@pytest.fixture(scope="module")
async def clocks(postgres: PostgresServer) -> AsyncIterator[Ways]:
    async with fresh_database(postgres, STRUCTURE) as url, both_ways(url) as ways:
        yield ways


# -- asked twice ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "statements"),
    [
        ("{ a: products(first: 2) { nodes { id } } b: products(first: 2) { nodes { id } } }", 1),
        ("{ a: product(id: 1) { sku } products(first: 1) { totalCount } b: product(id: 1) { sku } }", 2),
        ("query($n: Int! = 2) { a: reviews(first: $n) { totalCount } b: reviews(first: $n) { totalCount } }", 1),
        ("{ a: product(id: 1) { sku } b: product(id: 2) { sku } }", 2),
        ("{ a: product(id: 1) { sku } b: product(id: 1) { sku name } }", 2),
        ("{ a: product(id: 1) { sku } b: product(id: 1) { s: sku } }", 2),
        ("{ a: product(id: 1) { sku } a: product(id: 1) { name } b: product(id: 1) { sku name } }", 1),
        ("{ a: product(id: 1) { ...F } b: product(id: 1) { sku } } fragment F on Product { sku }", 1),
    ],
)
async def test_what_is_asked_twice_is_one_statement(shop: Ways, query: str, statements: int) -> None:
    answer = await shop.agreed(query)
    assert answer.errors == []
    assert answer.statements == statements


async def test_each_alias_of_a_failed_root_has_an_error_of_its_own(shop: Ways, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    async def answer(prepared: object, *_: object) -> bytes:
        asked.append(prepared)
        raise SourceFailed("default", why="away")

    monkeypatch.setattr(shop.source, "answer", answer)
    monkeypatch.setattr(shop.source, "rows", answer)
    query = "{\n a: product(id: 1) { sku }\n b: product(id: 1) { sku }\n}"
    compiled = await shop.compiled(query)
    assert len(asked) == 1
    assert compiled.same_as(await shop.resolved(query))
    assert compiled.data == {"a": None, "b": None}
    assert [(each["path"], each["locations"][0]["line"]) for each in compiled.errors] == [(["a"], 2), (["b"], 3)]


async def test_each_alias_has_the_error_of_its_own_field(clocks: Ways) -> None:
    answer = await clocks.agreed("{ a: people { nodes { ratio } } b: people { nodes { ratio } } }")
    assert answer.codes == {"VALUE_NOT_REPRESENTABLE"}
    assert [each["path"][0] for each in answer.errors] == ["a", "b"]


async def test_ids_are_asked_for_each_field_since_it_says_what_it_wants_of_every_type(shop: Ways) -> None:
    query = "query($id: ID!) { a: node(nodeId: $id) { __typename } b: node(nodeId: $id) { nodeId } }"
    answer = await shop.agreed(query, {"id": as_id(["Product", "1"])})
    assert [list(answer.data[alias]) for alias in ("a", "b")] == [["__typename"], ["nodeId"]]


MOMENTS = """
    a: alarms(where: {at: {eq: "12:30:00+02:00"}}) { nodes { id } }
    b: alarms(where: {at: {eq: "10:30:00Z"}}) { nodes { id } }
"""


@pytest.mark.parametrize(
    ("query", "path"), [(f"{{ {MOMENTS} }}", []), (f"{{ person(id: 1) {{ {MOMENTS} }} }}", ["person"])]
)
async def test_moments_that_python_takes_for_one_are_two_questions(clocks: Ways, query: str, path: list[str]) -> None:
    answer = await clocks.agreed(query)
    found = reduce(getitem, path, answer.data)
    assert found == {"a": {"nodes": [{"id": 1}]}, "b": {"nodes": [{"id": 2}]}}


# -- finds nothing -------------------------------------------------------------------------------

ALL = "nodes { id } edges { cursor } totalCount __typename"
FACTS = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor __typename }"


@pytest.mark.parametrize("where", ["{or: []}", "{id: {in: []}}", "{not: {}}", "{and: [{id: {gt: 1}}, {or: []}]}"])
@pytest.mark.parametrize("page", ["", ", first: 2", ", first: 0, offset: 0", ", offset: 3"])
async def test_a_filter_that_is_plainly_false_asks_nothing(shop: Ways, where: str, page: str) -> None:
    answer = await shop.agreed(f"{{ products(where: {where}{page}) {{ {ALL} {FACTS} }} }}")
    assert answer.errors == []
    assert answer.statements == 0


async def test_resolvers_do_not_ask_either_on_any_level(shop: Ways) -> None:
    page = f"(where: {{or: []}}) {{ {ALL} {FACTS} }}"
    assert (await shop.resolved(f"{{ products{page} }}")).statements == 0
    assert (await shop.resolved(f"{{ customers(first: 2) {{ nodes {{ orders{page} }} }} }}")).statements == 1


async def test_a_filter_in_a_variable_is_plainly_false_by_its_shape(shop: Ways) -> None:
    query = f"query($where: ProductWhere, $n: Int) {{ products(where: $where, first: $n) {{ {ALL} {FACTS} }} }}"
    assert (await shop.agreed(query, {"where": {"or": []}, "n": 3})).statements == 0
    assert (await shop.agreed(query, {"where": {"or": [{}]}, "n": 3})).statements == 1


@pytest.mark.parametrize("selection", [ALL, FACTS, "totalCount", "pageInfo { hasPreviousPage }"])
@pytest.mark.parametrize("page", [{"first": -1}, {"offset": -1}, {"offset": 2}, {"after": "x"}, {"after": None}])
async def test_pages_of_nothing_are_as_right_or_wrong_as_others(
    shop: Ways, page: dict[str, Any], selection: str
) -> None:
    head = "query($first: Int, $offset: Int, $after: String)"
    arguments = "where: {or: []}, first: $first, offset: $offset, after: $after"
    await shop.agreed(f"{head} {{ products({arguments}) {{ {selection} }} }}", page)


async def test_one_of_nothing_does_not_hinder_the_others(shop: Ways) -> None:
    query = "{ a: products(where: {or: []}) { totalCount } b: product(id: 1) { id } __typename }"
    answer = await shop.agreed(query)
    assert answer.data == {"a": {"totalCount": 0}, "b": {"id": 1}, "__typename": "Query"}
    assert answer.statements == 1
