"""What a configuration says about relations, as the catalog takes it."""

from __future__ import annotations

import pytest
from pydantic import SecretStr, ValidationError

from punnet.catalog.overrides import ColumnOverride, LinkEnd, RelationOverride, RelationshipOverride
from punnet.configuration.configuration import Configuration
from punnet.configuration.relations import ColumnConfiguration, RelationConfiguration
from punnet.configuration.relationships import RelationshipConfiguration, parse_end
from punnet.configuration.sources import PostgresConfiguration
from tests.configuration.conftest import Load

SAID = """
    version = 1

    [sources.shop]
    type = "postgres"
    url = "postgresql://h/d"
    [sources.shop.relations."public.po_header"]
    name = "PurchaseOrder"
    plural = "purchases"
    key = ["po_no"]
    columns.po_no = { name = "number", type = "ID" }
    columns.total.non_null = true
    queries = false

    [[relationships]]
    from = "reports.lines(order_no, line_no)"
    to = "public.order_lines(order_id, line_no)"
    name = "line"
    non_null = true
    reverse = "reports"
    list = true
"""
RELATION = RelationOverride(
    source="shop",
    relation="public.po_header",
    name="PurchaseOrder",
    plural="purchases",
    key=("po_no",),
    columns=(
        ColumnOverride(column="po_no", name="number", is_id=True),
        ColumnOverride(column="total", non_null=True),
    ),
    queries=False,
)
RELATIONSHIP = RelationshipOverride(
    source="shop",
    start=LinkEnd(relation="reports.lines", columns=("order_no", "line_no")),
    target=LinkEnd(relation="public.order_lines", columns=("order_id", "line_no")),
    name="line",
    non_null=True,
    reverse="reports",
    way_back="list",
)


def test_a_file_says_it(load: Load) -> None:
    overrides = load(SAID).overrides
    assert (list(overrides.relations), list(overrides.relationships)) == ([RELATION], [RELATIONSHIP])


def test_python_says_it() -> None:
    columns = {
        "po_no": ColumnConfiguration(name="number", type="ID"),
        "total": ColumnConfiguration(non_null=True),
    }
    relation = RelationConfiguration(
        name="PurchaseOrder", plural="purchases", key=("po_no",), columns=columns, queries=False
    )
    link = RelationshipConfiguration(
        start="reports.lines(order_no, line_no)",
        to="public.order_lines(order_id, line_no)",
        name="line",
        non_null=True,
        reverse="reports",
        list=True,
    )
    shop = PostgresConfiguration(url=SecretStr("postgresql://h/d"), relations={"public.po_header": relation})
    overrides = Configuration(version=1, sources={"shop": shop}, relationships=(link,)).overrides
    assert (list(overrides.relations), list(overrides.relationships)) == ([RELATION], [RELATIONSHIP])


def test_there_need_be_no_way_back() -> None:
    link = RelationshipConfiguration(start="public.a(b)", to="public.b(id)", reverse=False)
    assert (link.override("shop").reverse, link.override("shop").way_back) == (None, "none")


def test_nothing_is_said_by_itself(load: Load) -> None:
    overrides = load('version = 1\n[sources.shop]\ntype = "postgres"\nurl = "postgresql://h/d"').overrides
    assert (list(overrides.relations), list(overrides.relationships)) == ([], [])


@pytest.mark.parametrize(
    ("text", "relation", "columns"),
    [
        ("public.orders(id)", "public.orders", ("id",)),
        (" public.orders ( id ,no ) ", "public.orders", ("id", "no")),
        ("public.Order Details (old)(Order ID)", "public.Order Details (old)", ("Order ID",)),
        ("a.b.c(d)", "a.b.c", ("d",)),
    ],
)
def test_an_end_is_a_relation_with_columns(text: str, relation: str, columns: tuple[str, ...]) -> None:
    assert parse_end(text) == LinkEnd(relation=relation, columns=columns)


@pytest.mark.parametrize("text", ["", "orders(id)", "public.orders", "public.orders()", "public.orders(a,)", ".a(b)"])
def test_anything_else_is_none(text: str) -> None:
    with pytest.raises(ValidationError):
        RelationshipConfiguration(start=text, to="public.orders(id)")
