"""Names that are given by hand, and what derives from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from punnet.catalog.given import GivenNames
from punnet.catalog.names import Names, name_catalog
from punnet.catalog.relations import ForeignKey, Relation, RelationId
from tests.catalog.catalog_samples import catalog_of, enum, link, place, primary, table, typed, unique

ORDERS = place("po_header")
CUSTOMERS = place("customers")
TABLES = (
    table("customers"),
    table(
        "po_header", "cust_ref", "total",
        keys=[primary("id"), unique("cust_ref")], links=[link("customers", "cust_ref")],
    ),
)  # fmt: skip


Given = Mapping[RelationId, Mapping[str, str]]


def named(
    *relations: Relation,
    types: Mapping[RelationId, str] | None = None,
    collections: Mapping[RelationId, str] | None = None,
    columns: Given | None = None,
    to_one: Given | None = None,
    to_many: Given | None = None,
) -> Names:
    given = GivenNames(
        types=types or {},
        collections=collections or {},
        columns=columns or {},
        to_one=to_one or {},
        to_many=to_many or {},
    )
    return name_catalog(catalog_of(*(relations or TABLES)), given=given)


class TestTypes:
    def test_a_given_name_is_used_as_it_is(self) -> None:
        names = named(types={ORDERS: "PurchaseOrder"})
        assert names.type_name(ORDERS) == "PurchaseOrder"
        assert not names.clashes

    def test_fields_of_the_query_follow_the_type(self) -> None:
        names = named(types={ORDERS: "PurchaseOrder"})
        assert names.collection(ORDERS) == "purchaseOrders"
        assert names.lookup(ORDERS, "pkey") == "purchaseOrder"
        assert names.lookup(ORDERS, "cust_ref_key") == "purchaseOrderByCustRef"

    def test_relationships_follow_the_type(self) -> None:
        names = named(types={ORDERS: "PurchaseOrder", CUSTOMERS: "Client"})
        assert names.to_many(ORDERS, "cust_ref_fkey") == "purchaseOrdersByCustRef"
        assert names.to_one(ORDERS, "cust_ref_fkey") == "clientByCustRef"

    def test_columns_may_call_a_relation_by_its_given_name(self) -> None:
        orders = table("orders", "client_id", links=[link("customers", "client_id")])
        names = named(TABLES[0], orders, types={CUSTOMERS: "Client"})
        assert names.to_many(place("orders"), "client_id_fkey") == "orders"

    def test_columns_may_still_call_it_by_its_own_name(self) -> None:
        orders = table("orders", "customer_id", links=[link("customers", "customer_id")])
        names = named(TABLES[0], orders, types={CUSTOMERS: "Client"})
        assert names.to_many(place("orders"), "customer_id_fkey") == "orders"

    def test_a_plural_that_is_like_the_singular_is_a_list(self) -> None:
        names = named(types={ORDERS: "Sheep"})
        assert (names.collection(ORDERS), names.lookup(ORDERS, "pkey")) == ("sheepList", "sheep")

    def test_prefixes_do_not_matter(self) -> None:
        secret = place("users", namespace="auth")
        names = named(table("users", namespace="auth"), types={secret: "Login"})
        assert (names.type_name(secret), names.collection(secret)) == ("Login", "logins")

    def test_the_type_of_another_relation_is_a_clash(self) -> None:
        names = named(types={ORDERS: "Customer"})
        assert names.clashes == (
            "'public.po_header' cannot have the name 'Customer': 'Customer' is a type of 'public.customers'",
        )

    def test_the_same_name_given_twice_is_a_clash(self) -> None:
        assert len(named(types={ORDERS: "Thing", CUSTOMERS: "Thing"}).clashes) == 1

    def test_a_type_that_comes_with_another_is_a_clash(self) -> None:
        assert named(types={ORDERS: "CustomerWhere"}).clashes == (
            "'public.po_header' cannot have the name 'CustomerWhere': 'CustomerWhere' is a type of 'public.customers'",
        )

    def test_a_name_whose_own_types_are_another_name_is_a_clash(self) -> None:
        assert len(named(types={ORDERS: "PurchaseOrder", CUSTOMERS: "Purchase"}).clashes) == 1

    def test_an_enum_of_that_name_is_a_clash(self) -> None:
        tasks = table("tasks", typed("state", enum("phase", "new")))
        assert len(named(tasks, types={place("tasks"): "Phase"}).clashes) == 1

    @pytest.mark.parametrize(
        "name", ["Query", "Int", "Node", "IntFilter", "NullFilter", "IDFilter", "DecimalAggregate"]
    )
    def test_what_every_schema_can_have_is_a_clash(self, name: str) -> None:
        assert named(types={ORDERS: name}).clashes == (
            f"'public.po_header' cannot have the name '{name}': '{name}' is a type of every schema",
        )


class TestCollections:
    def test_a_given_plural_is_used_as_it_is(self) -> None:
        names = named(collections={ORDERS: "everyPurchase"})
        assert names.collection(ORDERS) == "everyPurchase"
        assert names.lookup(ORDERS, "pkey") == "poHeader"

    def test_to_many_fields_follow_it(self) -> None:
        orders = table("po_header", "customer_id", links=[link("customers", "customer_id")])
        names = named(TABLES[0], orders, collections={ORDERS: "purchases"})
        assert names.to_many(ORDERS, "customer_id_fkey") == "purchases"

    @pytest.mark.parametrize("name", ["customers", "customer", "poHeader", "node", "nodes"])
    def test_another_field_of_the_query_is_a_clash(self, name: str) -> None:
        [clash] = named(collections={ORDERS: name}).clashes
        assert clash.startswith(f"'public.po_header' cannot have the name '{name}': ")


class TestColumns:
    def given(self, **columns: str) -> Names:
        return named(columns={ORDERS: columns})

    def test_a_given_name_is_used_as_it_is(self) -> None:
        assert self.given(total="Sum_2").column(ORDERS, "total") == "Sum_2"

    def test_lookups_and_relationships_derive_from_it(self) -> None:
        names = self.given(cust_ref="customerId")
        assert names.lookup(ORDERS, "cust_ref_key") == "poHeaderByCustomerId"
        assert names.to_one(ORDERS, "cust_ref_fkey") == "customer"
        assert names.to_many(ORDERS, "cust_ref_fkey") == "poHeaders"

    def test_the_enum_of_columns_follows_it(self) -> None:
        assert self.given(cust_ref="customerId").column_value(ORDERS, "cust_ref") == "CUSTOMER_ID"

    def test_the_name_of_another_column_is_a_clash(self) -> None:
        assert self.given(cust_ref="total").clashes == (
            "'public.po_header cust_ref' cannot have the name 'total': 'total' has it",
        )

    def test_columns_can_change_their_names_for_each_other(self) -> None:
        names = self.given(cust_ref="total", total="custRef")
        assert (names.column(ORDERS, "total"), names.clashes) == ("custRef", ())

    @pytest.mark.parametrize("name", ["and", "nodeId", "search"])
    def test_what_means_something_is_a_clash(self, name: str) -> None:
        assert self.given(total=name).clashes == (
            f"'public.po_header total' cannot have the name '{name}': it means something in every schema",
        )

    def test_a_relationship_gives_way(self) -> None:
        names = self.given(cust_ref="customerId", total="customer")
        assert names.to_one(ORDERS, "cust_ref_fkey") == "customerByCustomerId"


class TestRelationships:
    def test_both_fields_have_the_given_names(self) -> None:
        names = named(to_one={ORDERS: {"cust_ref_fkey": "buyer"}}, to_many={ORDERS: {"cust_ref_fkey": "bought"}})
        assert names.to_one(ORDERS, "cust_ref_fkey") == "buyer"
        assert names.to_many(ORDERS, "cust_ref_fkey") == "bought"

    def test_another_relationship_gives_way(self) -> None:
        second = ForeignKey(name="second", columns=("total",), target=CUSTOMERS, target_columns=("id",))
        orders = replace(TABLES[1], foreign_keys=(*TABLES[1].foreign_keys, second))
        names = named(TABLES[0], orders, to_one={ORDERS: {"second": "customerByCustRef"}})
        assert names.to_one(ORDERS, "second") == "customerByCustRef"
        assert names.to_one(ORDERS, "cust_ref_fkey").startswith("customerByCustRef_")

    @pytest.mark.parametrize("name", ["total", "nodeId"])
    def test_a_column_does_not(self, name: str) -> None:
        [clash] = named(to_one={ORDERS: {"cust_ref_fkey": name}}).clashes
        assert f"cannot have the name '{name}'" in clash

    def test_what_comes_with_a_to_many_is_a_clash(self) -> None:
        names = named(to_many={ORDERS: {"cust_ref_fkey": "bought"}}, columns={CUSTOMERS: {"id": "boughtAggregate"}})
        assert names.clashes == (
            "'public.customers id' cannot have the name 'boughtAggregate': it comes with 'bought'",
        )

    def test_two_of_one_name_are_a_clash(self) -> None:
        child = table("visits", "customer_id", links=[link("customers", "customer_id")])
        visits: RelationId = child.id
        given = {ORDERS: {"cust_ref_fkey": "all"}, visits: {"customer_id_fkey": "all"}}
        assert len(named(*TABLES, child, to_many=given).clashes) == 1
