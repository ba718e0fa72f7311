"""Joins made by hand, each of which is right as it stands, and the schema that joins and entities make."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from punnet.configuration.configuration import Configuration
from punnet.configuration.load import check
from punnet.schema.build import BuiltSchema, build_schema
from punnet.schema.errors import JoinWrong
from punnet.server.sources import Sources
from tests.joins.ways import JoinedWays

HERE = Path(__file__).parent
ENVIRONMENT = {"SHOP_URL": "postgresql://h/shop", "LAB_URL": "postgresql://h/lab", "DEPOT_URL": "http://h"}

ITEM = {"on": "Product", "field": "x", "call": "depot.listItems", "match": {"sku": "sku"}}
SUPPLIER = {"on": "Item", "field": "x", "call": "depot.getSupplier", "match": {"id": "supplierId"}}
SPOT = {
    "on": "OrderLine", "field": "x", "call": "parcels.spots", "match": {"order": "orderId", "line": "lineNo"},
    "batch": {"parameter": "body.wanted", "key": {"order": "at.order", "line": "at.line"}},
}  # fmt: skip
ORDER = {"on": "Shipment", "field": "x", "call": "shop.order", "match": {"id": "orderId"}}
PRODUCTS = {"on": "Supplier", "field": "x", "call": "shop.products", "match": {"categoryId": "id"}, "list": True}
WEIGH = {
    "on": "Product",
    "field": "x",
    "call": "parcels.weigh",
    "match": {"body.skus": "sku"},
    "batch": {"order": True},
}
BOOK: dict[str, Any] = {
    "on": "Product",
    "field": "x",
    "call": "parcels.book",
    "match": {"body.customer": "id", "body.visit.town": "name", "body.visit.reason": "sku"},
}
DROP = {"on": "Category", "field": "x", "call": "parcels.dropMarks", "match": {"ids": "id"}, "batch": {"key": "id"}}


def schema_with(ways: JoinedWays, *joins: dict[str, Any]) -> BuiltSchema:
    """The schema of these joins alone."""
    return schema_of(ways, "punnet.toml", joins=list(joins))


def problem(ways: JoinedWays, *joins: dict[str, Any]) -> str:
    """What is wrong with these joins."""
    with pytest.raises(JoinWrong) as caught:
        schema_with(ways, *joins)
    return caught.value.what


def schema_of(ways: JoinedWays, name: str, **sections: Any) -> BuiltSchema:
    """The schema of a configuration of this folder, with these sections instead of its own."""
    document = tomllib.loads((HERE / name).read_text()) | sections
    configuration = check(document, ENVIRONMENT, directory=HERE)
    assert isinstance(configuration, Configuration), configuration
    return build_schema(ways.catalog, choices=Sources(configuration).choices())
