"""What a team says about relations, put into a catalog."""

from __future__ import annotations

from dataclasses import replace

from punnet.catalog.overrides import ColumnOverride, LinkEnd, Overrides, RelationOverride, RelationshipOverride
from punnet.catalog.overriding import Overridden, apply_overrides
from punnet.catalog.relations import Column, Key, Relation
from punnet.catalog.types import DataType
from tests.catalog.catalog_samples import INT, catalog_of, link, place, primary, table, unique

TEXT = DataType(namespace="pg_catalog", name="text", scalar="String")
JSON = DataType(namespace="pg_catalog", name="json", scalar="JSON")
DOMAIN = DataType(namespace="public", name="code", kind="domain", element=TEXT)

ORDERS = table("orders", "customer_id", links=[link("customers", "customer_id")])
CUSTOMERS = table("customers", Column(name="code", type=DOMAIN, nullable=True), keys=[primary("id"), unique("code")])
SALES = table(
    "sales",
    Column(name="customer", type=INT, nullable=True),
    Column(name="note", type=TEXT, nullable=True),
    Column(name="facts", type=JSON, nullable=True),
    keys=(),
)


def overridden(*said: RelationOverride | RelationshipOverride) -> Overridden:
    return apply_overrides(
        catalog_of(ORDERS, CUSTOMERS, SALES),
        Overrides(
            relations=[each for each in said if isinstance(each, RelationOverride)],
            relationships=[each for each in said if isinstance(each, RelationshipOverride)],
        ),
    )


def relation(outcome: Overridden, name: str) -> Relation:
    assert outcome.problems == ()
    return outcome.catalog.relation_by_id[place(name)]


def said(name: str, *columns: ColumnOverride, key: tuple[str, ...] = ()) -> RelationOverride:
    return RelationOverride(source="shop", relation=f"public.{name}", columns=columns, key=key)


def linked(start: str, target: str, *, here: str, there: str, name: str | None = None) -> RelationshipOverride:
    return RelationshipOverride(
        source="shop",
        start=LinkEnd(relation=f"public.{start}", columns=tuple(here.split())),
        target=LinkEnd(relation=f"public.{target}", columns=tuple(there.split())),
        name=name,
    )


class TestKeys:
    def test_it_is_the_primary_key_and_has_no_nulls(self) -> None:
        sales = relation(overridden(said("sales", key=("customer", "note"))), "sales")
        assert sales.primary_key == Key(name="key", columns=("customer", "note"), primary=True)
        column = sales.column_by_name["customer"]
        assert (column.nullable, column.on_trust) == (False, True)

    def test_a_unique_key_of_the_same_columns_becomes_the_primary_key(self) -> None:
        customers = relation(overridden(said("customers", key=("code",))), "customers")
        assert customers.keys == (
            Key(name="code_key", columns=("code",), primary=True),
            Key(name="pkey", columns=("id",), primary=False),
        )

    def test_the_word_of_the_database_is_not_doubted(self) -> None:
        customers = relation(overridden(said("customers", key=("id",))), "customers")
        assert not customers.column_by_name["id"].on_trust

    def test_what_cannot_be_compared_is_in_no_key(self) -> None:
        [problem] = overridden(said("sales", key=("facts",))).problems
        assert problem.endswith("key: 'facts' is json, which cannot be compared and so be in no key")


def test_a_relation_may_be_without_queries() -> None:
    outcome = overridden(RelationOverride(source="shop", relation="public.sales", queries=False))
    assert not relation(outcome, "sales").has_queries
    assert relation(outcome, "orders").has_queries


class TestColumns:
    def test_an_id_is_one_below_its_domain(self) -> None:
        customers = relation(overridden(said("customers", ColumnOverride(column="code", is_id=True))), "customers")
        assert customers.column_by_name["code"].type.base().scalar == "ID"
        assert customers.column_by_name["code"].type.name == "code"

    def test_what_is_no_number_uuid_or_text_is_no_id(self) -> None:
        [problem] = overridden(said("sales", ColumnOverride(column="facts", is_id=True))).problems
        assert problem.endswith("'facts' is json: only whole numbers, uuid and text can be an ID")

    def test_everything_unknown_is_told_at_once_with_what_is_close(self) -> None:
        outcome = overridden(
            said("sales", ColumnOverride(column="notes", name="x"), key=("custome", "note")),
            said("order", ColumnOverride(column="id", name="x")),
            RelationOverride(source="shp", relation="public.orders"),
        )
        assert outcome.problems == (
            '[sources.shop.relations."public.sales"] columns: '
            "'public.sales' has no column 'notes'; did you mean 'note'?",
            '[sources.shop.relations."public.sales"] key: '
            "'public.sales' has no column 'custome'; did you mean 'customer'?",
            '[sources.shop.relations."public.order"]: '
            "'shop' has no relation 'public.order'; did you mean 'public.orders'?",
            "[sources.shp.relations.\"public.orders\"]: there is no database 'shp'; did you mean 'shop'?",
        )


class TestRelationships:
    def test_it_is_a_foreign_key_from_now_on(self) -> None:
        outcome = overridden(linked("sales", "customers", here="customer", there="id", name="buyer"))
        [foreign_key] = relation(outcome, "sales").foreign_keys
        assert (foreign_key.columns, foreign_key.target, foreign_key.target_columns) == (
            ("customer",), place("customers"), ("id",),
        )  # fmt: skip
        assert outcome.given.to_one == {place("sales"): {foreign_key.name: "buyer"}}

    def test_one_that_is_there_gets_the_name(self) -> None:
        outcome = overridden(linked("orders", "customers", here="customer_id", there="id", name="buyer"))
        assert relation(outcome, "orders").foreign_keys == ORDERS.foreign_keys
        assert outcome.given.to_one == {place("orders"): {"customer_id_fkey": "buyer"}}

    def test_what_is_said_of_both_sides_stands_on_it(self) -> None:
        there = linked("orders", "customers", here="customer_id", there="id")
        outcome = overridden(replace(there, non_null=True, way_back="list"))
        assert relation(outcome, "orders").foreign_keys == (
            replace(ORDERS.foreign_keys[0], always=True, way_back="list"),
        )

    def test_it_may_lead_to_a_key_that_is_said(self) -> None:
        link_to_view = linked("orders", "sales", here="customer_id", there="customer")
        outcome = overridden(link_to_view, said("sales", key=("customer",)))
        assert len(relation(outcome, "orders").foreign_keys) == 2

    def test_it_leads_to_nothing_else_than_a_key(self) -> None:
        [problem] = overridden(linked("orders", "sales", here="customer_id", there="customer")).problems
        assert problem == (
            "[[relationships]] from public.orders(customer_id) to public.sales(customer): "
            "public.sales(customer) is no key, so that several rows could be meant; "
            "if it tells rows apart, say so by 'key' of 'public.sales'"
        )

    def test_columns_that_cannot_be_equal_are_no_link(self) -> None:
        [problem] = overridden(linked("orders", "customers", here="customer_id", there="code")).problems
        assert problem.endswith("'customer_id' is int4, and 'code' is code")

    def test_both_sides_have_as_many_columns(self) -> None:
        [problem] = overridden(linked("orders", "customers", here="id customer_id", there="id")).problems
        assert problem.endswith("there have to be as many columns on both sides")

    def test_a_link_is_said_once(self) -> None:
        twice = linked("sales", "customers", here="customer", there="id")
        [problem] = overridden(twice, twice).problems
        assert problem.endswith("a relationship before it links the same columns")

    def test_unknown_columns_are_told_with_what_is_close(self) -> None:
        [problem] = overridden(linked("orders", "customers", here="custmer_id", there="id")).problems
        assert problem.endswith("'public.orders' has no column 'custmer_id'; did you mean 'customer_id'?")


def test_rows_are_found_by_declared_keys_and_by_both_ends_of_relationships() -> None:
    overrides = Overrides(
        relations=[said("sales", key=("customer", "note")), said("orders")],
        relationships=[linked("sales", "customers", here="customer", there="id")],
    )
    assert overrides.linked_columns("shop") == {
        "public.sales": {("customer", "note"), ("customer",)},
        "public.customers": {("id",)},
    }
    assert overrides.linked_columns("another") == {}
