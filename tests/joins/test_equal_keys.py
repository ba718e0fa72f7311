"""Keys that are other JSON are other keys, though Python takes them for equal."""

from __future__ import annotations

import pytest

from tests.joins.depot import Depot
from tests.joins.ways import JoinedWays
from tests.sources.http.transport.upstreams import status

SUPPLIERS = '{ listItems(sku: ["a", "b"]) { sku supplier { name } } }'


@pytest.mark.parametrize("other", [True, 1.0], ids=["true", "1.0"])
@pytest.mark.parametrize("is_first", [True, False], ids=["first", "last"])
async def test_each_has_its_own_answer(ways: JoinedWays, depot: Depot, other: object, is_first: bool) -> None:
    keys = {"a": other, "b": 1} if is_first else {"b": 1, "a": other}
    items = [{"sku": sku, "on-hand": 1, "bins": [], "supplier-id": key} for sku, key in keys.items()]
    depot.answers["/items"] = lambda _: items
    depot.trouble["/suppliers/(true|1.0)"] = status(404)
    answer = await ways.agreed(SUPPLIERS)
    assert sorted(answer.data["listItems"], key=lambda item: str(item["sku"])) == [
        {"sku": "a", "supplier": None},
        {"sku": "b", "supplier": {"name": "Supplier 1"}},
    ]
    assert len(depot.calls("/suppliers/")) == 2
