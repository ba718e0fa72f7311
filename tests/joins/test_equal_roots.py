"""Roots that are asked twice and lead to other sources: both places are filled, by one call."""

from __future__ import annotations

import pytest

from tests.joins.depot import Depot
from tests.joins.ways import JoinedWays
from tests.sources.http.transport.upstreams import status

PAGE = "products(first: 3) { nodes { sku item { onHand supplier { name } } } }"


async def test_the_places_of_a_shared_root_are_filled_for_both(ways: JoinedWays) -> None:
    once = await ways.agreed(f"{{ a: {PAGE} }}")
    twice = await ways.agreed(f"{{ a: {PAGE} b: {PAGE} }}")
    assert twice.data == {"a": once.data["a"], "b": once.data["a"]}
    assert twice.statements == 1
    assert twice.targets == once.targets


async def test_a_call_that_only_reads_is_made_once(ways: JoinedWays) -> None:
    answer = await ways.agreed("{ a: getSupplier(id: 4) { name } b: getSupplier(id: 4) { name } }")
    assert answer.data["a"] == answer.data["b"]
    assert answer.targets == ["GET /suppliers/4"]


@pytest.mark.parametrize("path", ["/items", "/suppliers/"])
async def test_what_fails_in_a_shared_root_fails_in_both_places(ways: JoinedWays, depot: Depot, path: str) -> None:
    depot.trouble[path] = status(500)
    answer = await ways.agreed(f"{{ a: {PAGE} b: {PAGE} }}")
    assert answer.data["a"] == answer.data["b"]
    assert {error["path"][0] for error in answer.errors} == {"a", "b"}


async def test_a_shared_call_that_fails_fails_under_each_key(ways: JoinedWays, depot: Depot) -> None:
    depot.trouble["/suppliers/"] = status(500)
    answer = await ways.agreed("{ a: getSupplier(id: 4) { name } b: getSupplier(id: 4) { name } }")
    assert answer.data == {"a": None, "b": None}
    assert [error["path"] for error in answer.errors] == [["a"], ["b"]]
    assert len(answer.calls) == 1
