"""Arrays of operations: one request, one answer each."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import httpx2
import pytest

from punnet import Settings
from tests.server.serving import codes, serving

ONE = {"query": "{ products(first: 1) { nodes { id } } }"}
NAMED = {
    "query": "query One { __typename } query Two { categories(first: 1) { nodes { id } } }",
    "operationName": "Two",
}


@pytest.fixture
async def one_at_a_time(shop_url: str) -> AsyncIterator[httpx2.AsyncClient]:
    async with serving(Settings(database_url=shop_url, max_operations=1)) as client:
        yield client


async def test_each_operation_of_an_array_has_its_answer_in_its_place(shop: httpx2.AsyncClient) -> None:
    answer = await shop.post("/graphql", json=[ONE, NAMED, {"query": "{ __typename }"}])
    assert answer.status_code == 200
    assert answer.json() == [
        {"data": {"products": {"nodes": [{"id": 1}]}}},
        {"data": {"categories": {"nodes": [{"id": 1}]}}},
        {"data": {"__typename": "Query"}},
    ]


async def test_one_that_is_refused_leaves_the_others_alone(shop: httpx2.AsyncClient) -> None:
    answer = await shop.post("/graphql", json=[{"query": "{ nothing }"}, ONE, {"query": "{"}])
    first, second, third = answer.json()
    assert codes(first) == ["GRAPHQL_VALIDATION_FAILED"]
    assert second == {"data": {"products": {"nodes": [{"id": 1}]}}}
    assert codes(third) == ["GRAPHQL_PARSE_FAILED"]


async def test_their_errors_tell_which_of_them_it_was(shop: httpx2.AsyncClient) -> None:
    answer = await shop.post("/graphql", json=[ONE, {"query": "{ nothing }"}])
    assert answer.json()[1]["errors"][0]["extensions"]["requestId"].endswith(".2")


async def test_an_array_within_an_array_is_no_operation(shop: httpx2.AsyncClient) -> None:
    answer = await shop.post("/graphql", json=[ONE, [ONE]])
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["message"] == "Operation 2 must be a JSON object with 'query'."


@pytest.mark.parametrize("count", [0, 11])
async def test_an_array_holds_one_to_ten_operations(shop: httpx2.AsyncClient, count: int) -> None:
    answer = await shop.post(
        "/graphql", content=json.dumps([ONE] * count), headers={"content-type": "application/json"}
    )
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["message"] == f"An array must hold 1 to 10 operations; this one holds {count}."


async def test_arrays_can_be_as_good_as_forbidden(one_at_a_time: httpx2.AsyncClient) -> None:
    assert (await one_at_a_time.post("/graphql", json=[ONE])).status_code == 200
    assert (await one_at_a_time.post("/graphql", json=[ONE, ONE])).status_code == 400
