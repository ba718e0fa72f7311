from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punnet.catalog.contest import Collision
from punnet.catalog.field_names import FIELD_NAMES, FIELD_SUFFIX
from punnet.catalog.names import (
    ROOT_FIELDS,
    TYPE_NAMES,
    TYPE_SUFFIXES,
    Names,
    name_catalog,
)
from punnet.catalog.relations import Catalog, Relation, RelationId
from punnet.catalog.types import DataType
from tests.catalog.catalog_samples import (
    catalog_of,
    composite,
    enum,
    link,
    place,
    primary,
    relation_lists,
    table,
    typed,
    unique,
)
from tests.speed import cpu_time


def names_of(*relations: Relation) -> Names:
    return name_catalog(catalog_of(*relations))


class TestRelations:
    @pytest.mark.parametrize("raw", ["order_details", "order_detail", "OrderDetails", "Order Details"])
    def test_a_type_is_singular_and_a_collection_plural(self, raw: str) -> None:
        names = names_of(table(raw))
        assert names.type_name(place(raw)) == "OrderDetail"
        assert names.collection(place(raw)) == "orderDetails"

    def test_a_collection_whose_plural_is_its_singular_is_a_list(self) -> None:
        names = names_of(table("news"))
        assert (names.collection(place("news")), names.lookup(place("news"), "pkey")) == ("newsList", "news")

    def test_a_number_at_the_end_does_not_hide_the_plural(self) -> None:
        names = names_of(table("logs_2024"))
        assert names.type_name(place("logs_2024")) == "Log2024"
        assert names.collection(place("logs_2024")) == "logs2024"

    def test_namespaces_other_than_the_plain_one_are_prefixes(self) -> None:
        names = names_of(table("users", namespace="auth", keys=[primary("id"), unique("email")]))
        users = place("users", namespace="auth")
        assert names.type_name(users) == "AuthUser"
        assert names.collection(users) == "authUsers"
        assert names.lookup(users, "email_key") == "authUserByEmail"

    def test_the_plain_namespace_can_be_another(self) -> None:
        catalog = catalog_of(table("users", namespace="auth"), table("users"))
        names = name_catalog(catalog, plain_namespaces={"shop": "auth"})
        assert names.type_name(place("users", namespace="auth")) == "User"
        assert names.type_name(place("users")) == "PublicUser"

    def test_sources_after_the_first_bear_their_name(self) -> None:
        names = names_of(table("users"), table("users", source="crm"))
        assert names.type_name(place("users")) == "User"
        assert names.collection(place("users", source="crm")) == "crmUsers"

    def test_prefixes_can_be_chosen(self) -> None:
        catalog = catalog_of(table("users"), table("users", source="crm"))
        names = name_catalog(catalog, prefixes={"shop": "Shop", "crm": ""})
        assert names.type_name(place("users")) == "ShopUser"
        assert names.type_name(place("users", source="crm")) == "User"


class TestLookups:
    def test_the_primary_key_looks_up_by_the_singular(self) -> None:
        names = names_of(table("order_lines", "order_id", "line_no", keys=[primary("order_id", "line_no")]))
        assert names.lookup(place("order_lines"), "pkey") == "orderLine"

    def test_other_unique_keys_say_their_columns(self) -> None:
        keys = [primary("id"), unique("sku"), unique("row", "seat_no")]
        names = names_of(table("products", "sku", "row", "seat_no", keys=keys))
        assert names.lookup(place("products"), "sku_key") == "productBySku"
        assert names.lookup(place("products"), "row_seat_no_key") == "productByRowAndSeatNo"

    def test_a_key_that_stands_in_for_the_primary_one_looks_up_by_the_singular(self) -> None:
        names = names_of(table("products", "sku", keys=[unique("sku")]))
        assert names.lookup(place("products"), "sku_key") == "product"


class TestColumns:
    @pytest.mark.parametrize("raw", ["created_at", "CreatedAt", "Created At"])
    def test_columns_are_camel_case(self, raw: str) -> None:
        assert names_of(table("t", raw)).column(place("t"), raw) == "createdAt"

    @pytest.mark.parametrize(
        ("raw", "name"),
        [
            ("and", "and_"),
            ("NOT", "not_"),
            ("count", "count_"),
            ("node_id", "nodeId_"),
            ("search_rank", "searchRank_"),
            ("reviews_aggregate", "reviewsAggregate_"),
            ("aggregate", "aggregate"),
        ],
    )
    def test_words_with_a_meaning_of_their_own_get_an_underscore(self, raw: str, name: str) -> None:
        assert names_of(table("t", raw)).column(place("t"), raw) == name

    def test_columns_are_values_of_an_enum_too(self) -> None:
        names = names_of(table("t", "created_at", "and"))
        values = [names.column_value(place("t"), column) for column in ("created_at", "and")]
        assert values == ["CREATED_AT", "AND"]

    def test_the_snake_case_column_keeps_the_name(self) -> None:
        names = names_of(table("t", "CreatedAt", "created_at"))
        assert names.column(place("t"), "created_at") == "createdAt"
        assert names.column(place("t"), "CreatedAt") == "createdAt_06bf8b"

    def test_a_column_id_makes_way_for_a_global_id_of_that_name(self) -> None:
        names = name_catalog(catalog_of(table("t", "node_id")), node_id="id")
        assert (names.column(place("t"), "id"), names.column(place("t"), "node_id")) == ("rowId", "nodeId")

    def test_a_column_has_their_name_where_there_are_no_global_ids(self) -> None:
        names = name_catalog(catalog_of(table("t", "node_id")), node_id=None)
        assert (names.column(place("t"), "id"), names.column(place("t"), "node_id")) == ("id", "nodeId")


class TestToOne:
    @pytest.mark.parametrize("column", ["billing_address_id", "billingAddressId", "BillingAddressID"])
    def test_the_column_without_its_id(self, column: str) -> None:
        orders = table("orders", column, links=[link("addresses", column)])
        names = names_of(table("addresses"), orders)
        assert names.to_one(place("orders"), f"{column}_fkey") == "billingAddress"

    def test_a_column_without_id_says_the_target(self) -> None:
        names = names_of(table("users"), table("posts", "author", links=[link("users", "author")]))
        assert names.to_one(place("posts"), "author_fkey") == "userByAuthor"

    def test_several_columns_say_the_target(self) -> None:
        lines = link("order_lines", "order_id", "line_no", to=("order_id", "line_no"))
        names = names_of(table("order_lines"), table("parcels", "order_id", "line_no", links=[lines]))
        assert names.to_one(place("parcels"), "order_id_line_no_fkey") == "orderLineByOrderIdAndLineNo"

    def test_a_column_of_the_name_keeps_it(self) -> None:
        products = table("products", "category", "category_id", links=[link("categories", "category_id")])
        names = names_of(table("categories"), products)
        assert names.column(place("products"), "category") == "category"
        assert names.to_one(place("products"), "category_id_fkey") == "categoryByCategoryId"

    def test_of_two_targets_the_one_that_the_column_names_has_the_short_form(self) -> None:
        links = [link("accounts", "user_id", name="to_account"), link("users", "user_id", name="to_user")]
        names = names_of(table("accounts"), table("users"), table("posts", "user_id", links=links))
        assert names.to_one(place("posts"), "to_user") == "user"
        assert names.to_one(place("posts"), "to_account") == "accountByUserId"

    def test_a_target_outside_of_the_catalog_has_none(self) -> None:
        names = names_of(table("posts", "user_id", links=[link("users", "user_id")]))
        with pytest.raises(KeyError):
            names.to_one(place("posts"), "user_id_fkey")


class TestToMany:
    @pytest.mark.parametrize(
        ("parent", "column", "key"),
        [
            ("products", "product_id", "id"),
            ("products", "ProductId", "id"),
            ("products", "products_id", "id"),
            ("order_items", "order_item_id", "id"),
            ("products", "isbn", "isbn"),
            ("products", "id", "id"),
        ],
    )
    def test_the_childs_plural_where_the_column_names_the_parent_or_its_key(
        self, parent: str, column: str, key: str
    ) -> None:
        reviews = table("reviews", column, links=[link(parent, column, to=(key,))])
        names = names_of(table(parent, key), reviews)
        assert names.to_many(place("reviews"), f"{column}_fkey") == "reviews"

    @pytest.mark.parametrize(
        ("column", "name"),
        [("billing_address_id", "ordersByBillingAddress"), ("ship_to", "ordersByShipTo")],
    )
    def test_else_always_the_column_too(self, column: str, name: str) -> None:
        names = names_of(table("addresses"), table("orders", column, links=[link("addresses", column)]))
        assert names.to_many(place("orders"), f"{column}_fkey") == name

    def test_several_columns_that_bear_the_keys_names_need_no_mention(self) -> None:
        to_line = link("order_lines", "order_id", "line_no", to=("order_id", "line_no"))
        names = names_of(table("order_lines"), table("parcels", links=[to_line]))
        assert names.to_many(place("parcels"), "order_id_line_no_fkey") == "parcels"

    def test_several_other_columns_are_all_named(self) -> None:
        to_line = link("order_lines", "first_order", "first_line", to=("order_id", "line_no"))
        names = names_of(table("order_lines"), table("parcels", links=[to_line]))
        assert names.to_many(place("parcels"), "first_order_first_line_fkey") == "parcelsByFirstOrderAndFirstLine"

    def test_a_relation_that_points_at_itself(self) -> None:
        names = names_of(table("categories", "parent_id", links=[link("categories", "parent_id")]))
        assert names.to_one(place("categories"), "parent_id_fkey") == "parent"
        assert names.to_many(place("categories"), "parent_id_fkey") == "categoriesByParent"

    def test_a_child_of_another_namespace_says_it(self) -> None:
        old = table("reviews", "product_id", links=[link("products", "product_id")], namespace="archive")
        names = names_of(table("products"), old)
        assert names.to_many(place("reviews", namespace="archive"), "product_id_fkey") == "archiveReviews"

    def test_a_column_of_the_name_keeps_it(self) -> None:
        reviews = table("reviews", "product_id", links=[link("products", "product_id")])
        names = names_of(table("products", "reviews"), reviews)
        assert names.column(place("products"), "reviews") == "reviews"
        assert names.to_many(place("reviews"), "product_id_fkey") == "reviewsByProduct"


class TestTypes:
    def test_enums_and_their_values(self) -> None:
        status = enum("order_status", "new", "in-progress", "2xl", "", "§", "true")
        names = names_of(table("t", typed("status", status)))
        values = [names.enum_value("public", "order_status", label) for label in status.labels]
        assert names.enum_type("public", "order_status") == "OrderStatus"
        assert values == ["NEW", "IN_PROGRESS", "_2XL", "_", "U00A7", "TRUE"]

    def test_labels_that_differ_in_spelling_stay_apart(self) -> None:
        names = names_of(table("t", typed("status", enum("status", "IN PROGRESS", "in_progress"))))
        assert names.enum_value("public", "status", "in_progress") == "IN_PROGRESS"
        assert re.fullmatch("IN_PROGRESS_[0-9A-F]{6}", names.enum_value("public", "status", "IN PROGRESS"))

    def test_composites_and_their_fields(self) -> None:
        names = names_of(table("t", typed("a", composite("postal_address", "post_code", namespace="geo"))))
        assert names.composite_type("geo", "postal_address") == "GeoPostalAddress"
        assert names.composite_field("geo", "postal_address", "post_code") == "postCode"

    def test_types_within_types_are_named(self) -> None:
        array = DataType(namespace="public", name="mood[]", kind="array", element=enum("mood", "ok"))
        domain = DataType(namespace="public", name="moods", kind="domain", element=array)
        assert names_of(table("t", typed("moods", domain))).enum_type("public", "mood") == "Mood"

    def test_base_types_that_share_no_scalar_have_one_of_their_name(self) -> None:
        tsvector = DataType(namespace="pg_catalog", name="tsvector", scalar="Tsvector")
        names = names_of(table("t", typed("text", tsvector)))
        assert names.scalar_type("pg_catalog", "tsvector") == "Tsvector"
        with pytest.raises(KeyError):
            names.scalar_type("pg_catalog", "int4")

    def test_a_relation_keeps_its_name_before_an_enum(self) -> None:
        names = names_of(table("order_statuses", typed("status", enum("order_status", "new"))))
        assert names.type_name(place("order_statuses")) == "OrderStatus"
        assert re.fullmatch("OrderStatus_[0-9a-f]{6}", names.enum_type("public", "order_status"))

    def test_the_types_of_another_source_are_asked_with_it(self) -> None:
        crm = table("t", typed("status", enum("status", "new")), source="crm")
        names = names_of(table("t", typed("status", enum("status", "NEW"))), crm)
        assert names.enum_type("public", "status") == "Status"
        assert names.enum_type("public", "status", source="crm") == "CrmStatus"
        assert names.enum_value("public", "status", "new", source="crm") == "NEW"


class TestCollisions:
    def test_the_snake_case_relation_keeps_the_name_and_the_other_is_reported(self) -> None:
        names = names_of(table("OrderDetails", keys=[]), table("order_details", keys=[]))
        other = names.type_name(place("OrderDetails"))
        assert names.type_name(place("order_details")) == "OrderDetail"
        assert names.collisions == (
            Collision(
                place="query fields",
                wanted="orderDetails",
                given=(
                    ("public.OrderDetails", names.collection(place("OrderDetails"))),
                    ("public.order_details", "orderDetails"),
                ),
            ),
            Collision(
                place="types",
                wanted="OrderDetail",
                given=(("public.OrderDetails", other), ("public.order_details", "OrderDetail")),
            ),
        )

    def test_of_two_snake_case_relations_the_shorter_keeps_the_name(self) -> None:
        names = names_of(table("categories"), table("category"))
        assert names.type_name(place("category")) == "Category"
        assert re.fullmatch("Category_[0-9a-f]{6}", names.type_name(place("categories")))

    def test_the_suffix_comes_from_the_raw_name_alone(self) -> None:
        beside_one = names_of(table("OrderDetails"), table("order_details"))
        beside_many = names_of(table("order_detail"), table("Order Details"), table("OrderDetails"), table("x"))
        assert beside_one.type_name(place("OrderDetails")) == beside_many.type_name(place("OrderDetails"))

    @pytest.mark.parametrize(
        ("raw", "name"),
        [
            ("purchase_orders", "PurchaseOrder_"),
            ("orders", "Order"),
            ("wish_lists", "WishList_"),
            ("nodes", "Node_"),
            ("dates", "Date_"),
            ("int_ranges", "IntRange_"),
            ("price_ranges", "PriceRange"),
            ("borders", "Border"),
        ],
    )
    def test_a_type_that_the_schema_could_make_gets_an_underscore(self, raw: str, name: str) -> None:
        assert names_of(table(raw)).type_name(place(raw)) == name

    def test_the_fields_of_query_stay_free(self) -> None:
        names = names_of(table("nodes"))
        assert names.collection(place("nodes")) == "nodes_"
        assert names.lookup(place("nodes"), "pkey") == "node_"

    def test_a_collection_keeps_its_name_before_a_lookup(self) -> None:
        names = names_of(table("news"), table("news_list"))
        assert names.collection(place("news")) == "newsList"
        assert re.fullmatch("newsList_[0-9a-f]{6}", names.lookup(place("news_list"), "pkey"))


VALID = re.compile(r"(?!__)[_A-Za-z][_0-9A-Za-z]*", re.ASCII)


def fields_of(names: Names, relation: RelationId, catalog: Catalog) -> Iterator[str]:
    own = names.relations[relation]
    yield from chain(own.columns.values(), own.to_one.values())
    for child in catalog.relation_by_id.values():
        links = [key.name for key in child.foreign_keys if key.target == relation]
        yield from (names.to_many(child.id, name) for name in links)


def scopes(names: Names, catalog: Catalog) -> Iterator[list[str]]:
    """The names of each place that must not hold one twice, derived and built-in ones among them."""
    types = [*(relation.type for relation in names.relations.values()), *names.types.values()]
    shared = [f"{scalar}{suffix}" for scalar in ("Int", "Decimal") for suffix in ("Filter", "Aggregate")]
    yield [*types, *(f"{name}{suffix}" for name in types for suffix in TYPE_SUFFIXES), *TYPE_NAMES, *shared]
    roots = ([relation.collection, *relation.lookups.values()] for relation in names.relations.values())
    yield [*chain.from_iterable(roots), *ROOT_FIELDS]
    for relation in names.relations:
        fields = list(fields_of(names, relation, catalog))
        yield [*fields, *(f"{name}{FIELD_SUFFIX}" for name in fields), *FIELD_NAMES, "nodeId"]
    yield from (list(relation.column_values.values()) for relation in names.relations.values())
    yield from (list(parts.values()) for parts in names.parts.values())


def flat(names: Names) -> dict[tuple[object, ...], str]:
    """Every name by what bears it."""
    found: dict[tuple[object, ...], str] = {("type", key): name for key, name in names.types.items()}
    for key, parts in names.parts.items():
        found |= {("part", key, raw): name for raw, name in parts.items()}
    for place_, own in names.relations.items():
        found |= {("type", place_): own.type, ("collection", place_): own.collection}
        for kind in ("lookups", "columns", "column_values", "to_one", "to_many"):
            found |= {(kind, place_, raw): name for raw, name in getattr(own, kind).items()}
    return found


def duplicates(names: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    return [name for name in names if name in seen or seen.add(name)]  # type: ignore[func-returns-value]


class TestAnyCatalog:
    @given(relations=relation_lists)
    def test_every_name_is_valid(self, relations: tuple[Relation, ...]) -> None:
        names = names_of(*relations)
        assert [name for name in flat(names).values() if not VALID.fullmatch(name)] == []

    @given(relations=relation_lists)
    def test_no_enum_value_is_a_literal_of_the_language(self, relations: tuple[Relation, ...]) -> None:
        names = names_of(*relations)
        enums = [*names.parts.values(), *(relation.column_values for relation in names.relations.values())]
        values = chain.from_iterable(parts.values() for parts in enums)
        assert {"true", "false", "null"}.isdisjoint(values)

    @given(relations=relation_lists)
    def test_every_name_is_unique_in_its_place(self, relations: tuple[Relation, ...]) -> None:
        catalog = catalog_of(*relations)
        assert [duplicates(scope) for scope in scopes(name_catalog(catalog), catalog) if duplicates(scope)] == []

    @given(relations=relation_lists, data=st.data())
    def test_names_do_not_depend_on_the_order(self, relations: tuple[Relation, ...], data: st.DataObject) -> None:
        first, second = names_of(*relations), names_of(*data.draw(st.permutations(relations)))
        assert flat(first) == flat(second)
        assert first.collisions == second.collisions

    @given(relations=relation_lists)
    def test_a_new_relation_takes_only_names_that_it_wants_itself(self, relations: tuple[Relation, ...]) -> None:
        *old, new = relations
        before = flat(names_of(*old))
        names = names_of(*old, new)
        after = flat(names)
        contested = {collision.wanted for collision in names.collisions}
        assert {name for key, name in before.items() if after[key] != name} <= contested


def test_a_thousand_tables_are_named_in_well_under_half_a_second() -> None:
    relations = [
        table(
            f"customer_orders_x{i}",
            *(f"some_column_{i}_x{j}" for j in range(12)),
            "first_id",
            "second_id",
            keys=[primary("id"), unique("first_id", "second_id")],
            links=[
                link(f"customer_orders_x{(i * 7) % 1000}", "first_id"),
                link("customer_orders_x0", "second_id"),
            ],
        )
        for i in range(1000)
    ]
    catalog = catalog_of(*relations)
    with cpu_time() as taken:
        name_catalog(catalog)
    assert taken.seconds < 0.5
