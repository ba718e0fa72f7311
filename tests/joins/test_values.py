"""A field whose value lies in what is joined: a member of a service's answer, a column of a row."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import GraphQLObjectType

from tests.joins.depot import Depot
from tests.joins.made_joins import ITEM, ORDER, PRODUCTS, SUPPLIER, problem
from tests.joins.ways import JoinedWays


def type_of(ways: JoinedWays, type_name: str, field: str) -> str:
    type_ = ways.schema.type_map[type_name]
    assert isinstance(type_, GraphQLObjectType)
    return str(type_.fields[field].type)


@pytest.mark.parametrize(
    ("field", "type_"),
    [
        ("Product.onHand", "Int"),
        ("Product.itemSeason", "Season"),
        ("Product.bins", "[Bin!]"),
        ("Product.anything", "JSON"),
        ("Product.noteTexts", "[String!]"),
        ("Product.thingKind", "ThingKind"),
        ("Shipment.orderedAt", "DateTime"),
        ("Supplier.skus", "[String!]"),
        ("Good.tags", "[String]"),
    ],
)
def test_it_has_the_type_of_the_member_or_column_and_can_be_null(built: JoinedWays, field: str, type_: str) -> None:
    type_name, _, name = field.partition(".")
    assert type_of(built, type_name, name) == type_


async def test_a_member_is_taken_out_of_each_answer(ways: JoinedWays) -> None:
    answer = await ways.agreed("{ products(first: 3) { nodes { onHand itemSeason item { onHand season } } } }")
    rows = answer.data["products"]["nodes"]
    assert [{"onHand": row["onHand"], "season": row["itemSeason"]} for row in rows] == [row["item"] for row in rows]
    assert len(answer.calls) == 1


async def test_dots_lead_inside(ways: JoinedWays) -> None:
    answer = await ways.agreed("{ product(id: 1) { sku quotedSku anything } }")
    assert answer.data["product"] == {"sku": "BER-0001", "quotedSku": "BER-0001", "anything": [1886, None, "x"]}


async def test_a_list_has_the_member_of_each_item(ways: JoinedWays) -> None:
    answer = await ways.agreed("{ products(first: 9) { nodes { noteTexts notes { text } } } }")
    rows = answer.data["products"]["nodes"]
    assert [row["noteTexts"] for row in rows] == [[note["text"] for note in row["notes"]] for row in rows]
    assert max(len(row["noteTexts"]) for row in rows) == 2


async def test_what_is_taken_can_be_objects_that_lead_on(ways: JoinedWays) -> None:
    answer = await ways.agreed("{ products(first: 5) { nodes { bins { code next { code } } } } }")
    assert {"bins": [{"code": "B0", "next": None}, {"code": "B1", "next": {"code": "N"}}]} in answer.data["products"][
        "nodes"
    ]


async def test_a_column_is_taken_out_of_the_row(ways: JoinedWays) -> None:
    answer = await ways.agreed("{ products(first: 5) { nodes { thingKind thingRatio thing { kind ratio } } } }")
    rows = answer.data["products"]["nodes"]
    assert [row["thingKind"] for row in rows] == ["VERY_ODD", "PLAIN", None, "PLAIN", None]
    assert [row["thingRatio"] for row in rows] == [row["thing"] and row["thing"]["ratio"] for row in rows]


async def test_columns_of_many_rows_come_as_a_list_that_takes_a_page(ways: JoinedWays) -> None:
    answer = await ways.agreed(
        """query ($where: ProductWhere) { getSupplier(id: 15) {
          skus(first: 2, orderBy: {sku: DESC}) all: skus(where: $where) attributes(first: 1, offset: 1)
          products { nodes { sku attributes } }
        } }""",
        {"where": {"sku": {"startsWith": "BER"}}},
    )
    supplier = answer.data["getSupplier"]
    rows = supplier["products"]["nodes"]
    skus = [row["sku"] for row in rows]
    assert supplier["skus"] == sorted(skus, reverse=True)[:2]
    assert supplier["all"] == [sku for sku in skus if sku.startswith("BER")]
    assert supplier["attributes"] == [rows[1]["attributes"]]


async def test_it_is_null_where_nothing_is_joined(ways: JoinedWays) -> None:
    answer = await ways.agreed("{ product(id: 5) { thingKind } getSupplier(id: 15) { parentId goodSkus } }")
    assert answer.data == {"product": {"thingKind": None}, "getSupplier": {"parentId": 7, "goodSkus": []}}


async def test_the_values_of_one_call_are_asked_once(ways: JoinedWays) -> None:
    answer = await ways.agreed("{ products(first: 20) { nodes { onHand itemSeason bins { code } item { sku } } } }")
    assert (answer.statements, len(answer.calls)) == (1, 1)


@pytest.mark.parametrize("json", [{"sku": "BER-0001", "on-hand": "many"}, {"sku": "BER-0001", "on-hand": [1]}])
async def test_what_its_type_cannot_carry_is_an_error_of_the_field(
    ways: JoinedWays, depot: Depot, json: dict[str, Any]
) -> None:
    depot.answers["/items"] = lambda _: [json]
    answer = await ways.agreed("{ product(id: 1) { name onHand } }")
    assert answer.data["product"]["onHand"] is None
    assert answer.codes == {"VALUE_NOT_REPRESENTABLE"}


async def test_something_else_than_an_object_is_an_error_of_the_field(ways: JoinedWays, depot: Depot) -> None:
    depot.answers["/notes"] = lambda _: [{"sku": "BER-0001", "text": 7}, {"sku": "BER-0001", "text": {}}]
    depot.answers["/suppliers/15/goods"] = lambda _: ["no object"]
    answer = await ways.agreed("{ product(id: 1) { noteTexts } getSupplier(id: 15) { goodSkus } }")
    assert answer.data == {"product": {"noteTexts": None}, "getSupplier": {"goodSkus": None}}
    assert answer.codes == {"VALUE_NOT_REPRESENTABLE"}


@pytest.mark.parametrize(
    ("join", "what"),
    [
        (ITEM | {"value": "onHnd"}, "Product.x: what 'depot.listItems' gives has no 'onHnd'; did you mean 'onHand'?"),
        (ITEM | {"value": "sku.length"}, "Product.x: what 'depot.listItems' gives has no 'length'"),
        (
            ITEM | {"value": "bins.code"},
            "Product.x: 'value' leads through a list: 'code' would be of each of its items",
        ),
        (SUPPLIER | {"value": ""}, "Item.x: what 'depot.getSupplier' gives has no ''"),
        (ORDER | {"value": "plcedAt"}, "Shipment.x: 'public.orders' has no column 'plcedAt'; did you mean 'placedAt'?"),
        (PRODUCTS | {"value": "tags.first"}, "Supplier.x: 'public.products' has no column 'tags.first'"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_value(built: JoinedWays, join: dict[str, Any], what: str) -> None:
    assert problem(built, join) == what
