"""Joins that cannot be: each is told by its name, what is wrong with it, and the closest name that there is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from graphql import GraphQLObjectType

from punnet.schema.build import BuiltSchema
from tests.joins.made_joins import BOOK, DROP, ITEM, ORDER, PRODUCTS, SPOT, SUPPLIER, WEIGH, problem, schema_with
from tests.joins.ways import JoinedWays


def fields(schema: BuiltSchema, type_name: str) -> Sequence[str]:
    type_ = schema.graphql.type_map[type_name]
    assert isinstance(type_, GraphQLObjectType)
    return list(type_.fields)


@pytest.mark.parametrize("join", [ITEM, SUPPLIER, SPOT, ORDER, PRODUCTS, WEIGH])
def test_joins_that_are_right(built: JoinedWays, join: dict[str, Any]) -> None:
    assert "x" in fields(schema_with(built, join), join["on"])


@pytest.mark.parametrize(
    ("join", "what"),
    [
        (ITEM | {"on": "Prodct"}, "Prodct.x: there is no type 'Prodct'; did you mean 'Product'?"),
        (ITEM | {"on": "Origin"}, "Origin.x: there is no type 'Origin'"),
        (ITEM | {"field": "name"}, "Product.name: 'Product' has a field 'name' already"),
        (ITEM | {"field": "nodeId"}, "Product.nodeId: 'Product' has a field 'nodeId' already"),
        (ITEM | {"field": "category"}, "Product.category: 'Product' has a field 'category' already"),
        (SUPPLIER | {"field": "onHand"}, "Item.onHand: 'Item' has a field 'onHand' already"),
        (
            ITEM | {"call": "depot.listItmes"},
            "Product.x: the source 'depot' has no operation 'listItmes'; did you mean 'listItems'?",
        ),
        (
            ITEM | {"match": {"skus": "sku"}},
            "Product.x: 'depot.listItems' has no parameter 'skus'; did you mean 'sku'?",
        ),
        (ITEM | {"match": {"sku": "skus"}}, "Product.x: 'Product' has no field 'skus'; did you mean 'sku'?"),
        (ITEM | {"match": {"sku": "tags"}}, "Product.x: 'Product.tags' is no single value: it cannot be part of a key"),
        (
            ITEM | {"match": {"sku": "attributes"}},
            "Product.x: 'Product.attributes' is no single value: it cannot be part of a key",
        ),
        (
            SUPPLIER | {"match": {"id": "bins"}},
            "Item.x: 'Item.bins' is no single value: it cannot be part of a key",
        ),
        (
            SUPPLIER | {"match": {"id": "sku"}},
            "Item.x: 'sku' is String, and 'id' of 'depot.getSupplier' is Int",
        ),
        (
            SUPPLIER | {"on": "Product", "match": {"id": "createdAt"}},
            "Product.x: 'createdAt' is DateTime, and 'id' of 'depot.getSupplier' is Int",
        ),
        (
            SUPPLIER | {"on": "Product", "match": {"id": "status"}},
            "Product.x: 'status' is an enum, and 'id' of 'depot.getSupplier' is Int",
        ),
        (
            SPOT | {"batch": {"parameter": "body.wanted", "key": {"order": "at.ordr", "line": "at.line"}}},
            "OrderLine.x: the items that 'parcels.spots' gives have no 'at.ordr'; did you mean 'order'?",
        ),
        (
            SPOT | {"batch": {"parameter": "body.wnted", "key": {"order": "at.order", "line": "at.line"}}},
            "OrderLine.x: 'body' of 'parcels.spots' has no member 'wnted'; did you mean 'wanted'?",
        ),
        (
            SPOT | {"batch": {"parameter": "bodi.wanted", "key": {"order": "at.order", "line": "at.line"}}},
            "OrderLine.x: 'parcels.spots' has no parameter 'bodi.wanted[].order'; did you mean 'body'?",
        ),
        (
            SPOT | {"batch": None, "match": {"body.wanted[].parts[].order": "orderId"}},
            "OrderLine.x: 'body.wanted[]' of 'parcels.spots' has no member 'parts[]'",
        ),
        (
            SUPPLIER | {"match": {"id[].part": "supplierId"}},
            "Item.x: 'id' of 'depot.getSupplier' takes no list of objects",
        ),
        (
            WEIGH | {"match": {"body.sku": "sku"}},
            "Product.x: 'body' of 'parcels.weigh' has no member 'sku'; did you mean 'skus'?",
        ),
        (
            {"on": "Product", "field": "x", "call": "depot.search", "match": {"limit": "id"}},
            "Product.x: 'depot.search' gives a list for each key: say 'list = true', or declare how it answers a batch",
        ),
        (
            SUPPLIER | {"list": True},
            "Item.x: 'depot.getSupplier' gives no list for a key: say 'list = false'",
        ),
        (
            WEIGH | {"list": True},
            "Product.x: 'parcels.weigh' gives no list for a key: say 'list = false'",
        ),
        (
            SUPPLIER | {"batch": {"key": "id"}},
            "Item.x: 'depot.getSupplier' takes one value for id: it cannot be batched",
        ),
        (
            {"on": "Product", "field": "x", "call": "depot.listQuotes", "match": {"skus": "sku"}},
            "Product.x: the items that 'depot.listQuotes' gives have no 'skus': "
            "say by 'batch = { key = \"...\" }' which member holds the key",
        ),
        (
            ITEM | {"call": "depot.search", "match": {"season": "sku"}, "batch": {"key": "sku"}},
            "Product.x: 'depot.search' takes one value for season: it cannot be batched",
        ),
        (
            {"on": "Product", "field": "x", "call": "depot.placeOrder", "match": {"body": "sku"}},
            "Product.x: 'sku' is String, and 'body' of 'depot.placeOrder' is Wish",
        ),
        (
            SPOT
            | {"call": "parcels.mixed", "match": {"orders": "orderId", "body.wanted[].line": "lineNo"}, "batch": None},
            "OrderLine.x: keys go as one list of objects, or as a list for each parameter: 'match' mixes them",
        ),
        (
            SPOT
            | {"call": "parcels.mixed", "match": {"note": "orderId", "body.wanted[].line": "lineNo"}, "batch": None},
            "OrderLine.x: keys go as one list of objects, or as a list for each parameter: 'match' mixes them",
        ),
        (
            SPOT | {"call": "parcels.mixed", "match": {"groups[].skus": "lineNo"}, "batch": None},
            "OrderLine.x: 'groups[].skus' of 'parcels.mixed' is a list, and each object of a batch bears one value",
        ),
        (ORDER | {"call": "shop.ordr"}, "Shipment.x: the source 'shop' has no 'ordr'; did you mean 'order'?"),
        (ORDER | {"list": True}, "Shipment.x: 'shop.order' gives one row: say 'list = false'"),
        (PRODUCTS | {"list": False}, "Supplier.x: 'shop.products' gives many rows: say 'list = true'"),
        (
            ORDER | {"match": {"ids": "orderId"}},
            "Shipment.x: 'public.orders' has no column 'ids'; did you mean 'id'?",
        ),
        (
            ORDER | {"match": {"customerId": "orderId"}},
            "Shipment.x: 'match' names no key of 'public.orders': more than one row can have these values",
        ),
        (
            PRODUCTS | {"on": "Thing", "match": {"categoryId": "flag"}},
            "Thing.x: 'flag' is Boolean, and the column 'category_id' is Int",
        ),
        (
            PRODUCTS | {"on": "Thing", "match": {"categoryId": "kind"}},
            "Thing.x: 'kind' is an enum, and the column 'category_id' is Int",
        ),
        (
            PRODUCTS | {"on": "Thing", "match": {"tags": "text"}},
            "Thing.x: 'text' is String, and the column 'tags' is text[]",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong(built: JoinedWays, join: dict[str, Any], what: str) -> None:
    assert problem(built, join) == what


def test_a_required_parameter_that_is_not_given(built: JoinedWays) -> None:
    wrong = {"on": "Product", "field": "x", "call": "parcels.between", "match": {"a": "id"}}
    assert problem(built, wrong) == "Product.x: 'parcels.between' requires 'b.c', which 'match' does not give"
    right = wrong | {"match": {"a": "id", "b.c": "categoryId"}}
    assert "x" in fields(schema_with(built, right), "Product")


@pytest.mark.parametrize(
    ("match", "lacking"),
    [
        ({"body.customer": "id"}, "'body.visit'"),
        ({"body.note": "name"}, "'body.customer' and 'body.visit'"),
        ({"body.customer": "id", "body.visit.town": "name"}, "'body.visit.reason'"),
        ({"body.visit.reason": "sku", "body.visit.town": "name"}, "'body.customer'"),
    ],
)
def test_required_members_of_a_body_that_are_not_given(built: JoinedWays, match: dict[str, str], lacking: str) -> None:
    what = f"Product.x: 'parcels.book' requires {lacking}, which 'match' does not give"
    assert problem(built, BOOK | {"match": match}) == what


def test_a_body_whose_required_members_are_given(built: JoinedWays) -> None:
    assert "x" in fields(schema_with(built, BOOK), "Product")


def test_required_members_of_the_objects_in_a_list_that_are_not_given(built: JoinedWays) -> None:
    wrong = SPOT | {"match": {"order": "orderId"}, "batch": {"parameter": "body.wanted", "key": {"order": "at.order"}}}
    assert problem(built, wrong) == (
        "OrderLine.x: 'parcels.spots' requires 'body.wanted[].line', which 'match' does not give"
    )


def test_everything_that_is_wrong_is_told_at_once(built: JoinedWays) -> None:
    what = problem(built, ITEM | {"on": "Prodct"}, SUPPLIER | {"field": "sku"})
    assert what.startswith("2 joins are wrong:\n  - Prodct.x: ")
    assert "\n  - Item.sku: " in what


def test_a_field_without_a_batch_form_is_told_with_what_it_costs(built: JoinedWays) -> None:
    [warning] = schema_with(built, SUPPLIER, ITEM, ORDER).warnings
    assert str(warning) == (
        "Item.x: 'depot.getSupplier' takes one key a call: 100 rows make up to 100 calls.\n"
        "  fix: if the service can answer for many keys, call that operation, or declare its batch form"
    )


@pytest.mark.parametrize(("join", "method"), [(BOOK, "POST"), (DROP, "DELETE")])
def test_a_query_that_may_change_things_is_told(built: JoinedWays, join: dict[str, Any], method: str) -> None:
    warning = schema_with(built, join).warnings[0]
    assert str(warning) == (
        f"{join['on']}.x: '{join['call']}' is a {method}: queries that ask for it will send that.\n"
        "  fix: if it changes anything, call an operation that only reads; if it reads, this is as it should be"
    )


@pytest.mark.parametrize("join", [WEIGH, SPOT])
def test_a_post_that_answers_for_many_keys_is_taken_for_one_that_reads(built: JoinedWays, join: dict[str, Any]) -> None:
    assert schema_with(built, join).warnings == ()
