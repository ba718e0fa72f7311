"""Joins of relations whose names and types a configuration has chosen."""

from __future__ import annotations

import tomllib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from punnet.configuration.configuration import Configuration
from punnet.configuration.load import check
from punnet.server.runtime import Runtime
from tests.joins.conftest import Environment
from tests.joins.depot import Depot
from tests.joins.ways import JoinedWays

HERE = Path(__file__).parent
RELATIONS = {
    "public.orders": {"name": "PurchaseOrder", "columns": {"id": {"name": "number", "type": "ID"}}},
    "public.order_lines": {"columns": {"order_id": {"type": "ID"}}},
    "public.categories": {"columns": {"parent_id": {"type": "ID"}}},
    "public.products": {"columns": {"id": {"type": "ID"}, "category_id": {"type": "ID"}}},
}
JOINS = [
    {"on": "PurchaseOrder", "field": "shipment", "call": "parcels.shipment", "match": {"order_id": "number"}},
    {"on": "PurchaseOrder", "field": "sameShipment", "call": "parcels.shipment", "match": {"order_id": "id"}},
    {"on": "Shipment", "field": "order", "call": "shop.purchaseOrder", "match": {"number": "orderId"}},
    {"on": "Shipment", "field": "sameOrder", "call": "shop.purchaseOrder", "match": {"id": "orderId"}},
    {"on": "Category", "field": "mark", "call": "parcels.marks", "match": {"ids": "parentId"}},
    {
        "on": "OrderLine", "field": "spot", "call": "parcels.spots", "match": {"order": "orderId", "line": "lineNo"},
        "batch": {"parameter": "body.wanted", "key": {"order": "at.order", "line": "at.line"}},
    },
    {"on": "Product", "field": "thing", "call": "lab.thing", "match": {"id": "id"}},
    {"on": "Thing", "field": "products", "call": "shop.products", "match": {"id": "id"}, "list": True},
]  # fmt: skip


@pytest.fixture
async def overridden(environment: Environment, depot: Depot) -> AsyncIterator[JoinedWays]:
    document = tomllib.loads((HERE / "punnet.toml").read_text()) | {"joins": JOINS}
    document["sources"]["shop"]["relations"] = RELATIONS
    configuration = check(document, environment, directory=HERE)
    assert isinstance(configuration, Configuration), configuration
    runtime = Runtime(configuration)
    try:
        yield JoinedWays(runtime, (await runtime.build()).built, depot)
    finally:
        await runtime.stop()


async def test_a_join_stands_on_the_given_name_and_takes_columns_by_either_name(overridden: JoinedWays) -> None:
    answer = await overridden.agreed(
        "{ purchaseOrder(number: 4) { number shipment { orderId } sameShipment { orderId } } }"
    )
    assert answer.data == {"purchaseOrder": {"number": "4", "shipment": {"orderId": 4}, "sameShipment": {"orderId": 4}}}


async def test_a_service_leads_to_rows_by_an_id(overridden: JoinedWays) -> None:
    answer = await overridden.agreed("{ shipment(orderId: 4) { order { number } sameOrder { number } } }")
    assert answer.data == {"shipment": {"order": {"number": "4"}, "sameOrder": {"number": "4"}}}


async def test_ids_go_in_batches_and_find_their_items(overridden: JoinedWays) -> None:
    answer = await overridden.agreed("{ categories(first: 6) { nodes { parentId mark { id } } } }")
    nodes = answer.data["categories"]["nodes"]
    assert [node["mark"] and node["mark"]["id"] for node in nodes] == [node["parentId"] for node in nodes]
    assert {node["parentId"] for node in nodes} > {None}


async def test_ids_are_members_of_a_body(overridden: JoinedWays) -> None:
    answer = await overridden.agreed("{ orderLines(first: 3) { nodes { orderId lineNo spot { at { order line } } } } }")
    nodes = answer.data["orderLines"]["nodes"]
    assert [node["spot"]["at"] for node in nodes] == [
        {"order": int(node["orderId"]), "line": node["lineNo"]} for node in nodes
    ]


async def test_an_id_names_rows_of_another_database_and_is_named_by_them(overridden: JoinedWays) -> None:
    query = "{ products(first: 2) { nodes { id thing { id products { nodes { id } } } } } }"
    answer = await overridden.agreed(query)
    assert answer.data["products"]["nodes"] == [
        {"id": "1", "thing": {"id": 1, "products": {"nodes": [{"id": "1"}]}}},
        {"id": "2", "thing": {"id": 2, "products": {"nodes": [{"id": "2"}]}}},
    ]
