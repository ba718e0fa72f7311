"""Catalogs to name and to save: small ones by hand, awkward ones by chance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hypothesis import strategies as st

from punnet.catalog.relations import (
    Catalog,
    Column,
    ForeignKey,
    Index,
    Key,
    Relation,
    RelationId,
    SourceCatalog,
)
from punnet.catalog.types import Attribute, DataType

INT = DataType(namespace="pg_catalog", name="int4", scalar="Int")


def place(name: str, *, namespace: str = "public", source: str = "shop") -> RelationId:
    return RelationId(source=source, namespace=namespace, name=name)


def primary(*columns: str) -> Key:
    return Key(name="pkey", columns=columns, primary=True)


def unique(*columns: str) -> Key:
    return Key(name="_".join((*columns, "key")), columns=columns, primary=False)


def link(target: str, *columns: str, to: tuple[str, ...] = ("id",), name: str | None = None) -> ForeignKey:
    """A foreign key to a relation of the namespace `public`."""
    return ForeignKey(
        name=name or "_".join((*columns, "fkey")), columns=columns, target=place(target), target_columns=to
    )


def table(
    name: str,
    *columns: str | Column,
    keys: Iterable[Key] | None = None,
    links: Iterable[ForeignKey] = (),
    namespace: str = "public",
    source: str = "shop",
) -> Relation:
    """A table with a primary key `id`, where `keys` says nothing else."""
    named = [Column(name=c, type=INT, nullable=False) if isinstance(c, str) else c for c in ("id", *columns)]
    return Relation(
        id=place(name, namespace=namespace, source=source),
        kind="table",
        columns=tuple(named),
        keys=(primary("id"),) if keys is None else tuple(keys),
        foreign_keys=tuple(links),
    )


def typed(name: str, data_type: DataType) -> Column:
    return Column(name=name, type=data_type, nullable=True)


def enum(name: str, *labels: str, namespace: str = "public") -> DataType:
    return DataType(namespace=namespace, name=name, kind="enum", labels=labels)


def composite(name: str, *attributes: str, namespace: str = "public") -> DataType:
    parts = tuple(Attribute(name=attribute, type=INT) for attribute in attributes)
    return DataType(namespace=namespace, name=name, kind="composite", attributes=parts)


def catalog_of(*relations: Relation) -> Catalog:
    """Two sources, `shop` before `crm`, with the relations that say so."""
    return Catalog(
        sources=tuple(
            SourceCatalog(
                name=source,
                kind="postgres",
                version="18.0",
                relations=tuple(relation for relation in relations if relation.id.source == source),
            )
            for source in ("shop", "crm")
        )
    )


AWKWARD = [
    *("order_detail", "order_details", "OrderDetails", "Order Details", "order__details", "ORDER_DETAILS"),
    *("news", "news_list", "News", "person", "people", "status", "statuses", "data", "datum", "sheep"),
    *("product", "products", "product_by_sku", "product_connection", "product_order", "order", "orders"),
    *("wishes", "wish_lists", "wish_lists_where", "list", "lists", "list_where", "group", "group_orders"),
    *(
        "node",
        "nodes",
        "query",
        "queries",
        "int",
        "int_filter",
        "int_ranges",
        "big_int",
        "page_info",
        "strings",
    ),
    *(
        "id",
        "ID",
        "node_id",
        "nodeId",
        "row_id",
        "category",
        "category_id",
        "categoryId",
        "author",
        "author_id",
    ),
    *("and", "AND", "not", "some", "count", "search", "search_rank", "products_aggregate", "aggregate"),
    *(
        "",
        "_",
        "__",
        "__typename",
        "1",
        "2xl",
        "2XL",
        "line_1_2",
        "line_12",
        "line1_2",
        "§",
        "!",
        "true",
        "null",
    ),
    *("größe", "grosse", "产品", "a b", "a-b", "a_b", "aB", "A+", "A-", "auth_users", "users", "in-progress"),
]
AWKWARD_LABELS = (
    "new",
    "NEW",
    "in-progress",
    "in_progress",
    "",
    "_",
    "§",
    "2xl",
    "2XL",
    "true",
    "null",
    "A+",
    "A",
)
raw_names = st.sampled_from(AWKWARD) | st.text(
    alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12
)


@st.composite
def data_types(draw: st.DrawFn) -> DataType:
    kind = draw(st.sampled_from(["int", "int", "enum", "composite", "array", "base"]))
    namespace = draw(st.sampled_from(["public", "auth"]))
    # One pool a kind: a source has one type of a name.
    if kind == "enum":
        name = draw(st.sampled_from(["order_status", "OrderStatus", "news", "statuses", "sort_order", "Product"]))
        return enum(name, *AWKWARD_LABELS, namespace=namespace)
    if kind == "composite":
        name = draw(st.sampled_from(["address", "order_detail", "Sheep", "people"]))
        return composite(name, "street", "Street", "and", "", namespace=namespace)
    if kind == "base":
        return DataType(namespace=namespace, name=draw(st.sampled_from(["hstore", "point", "data", "Status"])))
    if kind == "array":
        return DataType(
            namespace="public",
            name="order_status[]",
            kind="array",
            element=enum("order_status", *AWKWARD_LABELS),
        )
    return INT


@st.composite
def relations(draw: st.DrawFn, places: Sequence[RelationId], own: RelationId) -> Relation:
    names = draw(st.lists(raw_names, min_size=1, max_size=6, unique=True))
    some_columns = st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True).map(tuple)
    keys = draw(st.lists(some_columns, max_size=3))
    foreign_keys = draw(st.lists(st.tuples(some_columns, st.sampled_from(places), some_columns), max_size=4))
    return Relation(
        id=own,
        kind="table",
        columns=tuple(Column(name=n, type=draw(data_types()), nullable=draw(st.booleans())) for n in names),
        keys=tuple(Key(name=f"key{i}", columns=key, primary=not i) for i, key in enumerate(keys)),
        foreign_keys=tuple(
            ForeignKey(name=f"fkey{i}", columns=columns, target=target, target_columns=target_columns)
            for i, (columns, target, target_columns) in enumerate(foreign_keys)
        ),
        indexes=tuple(Index(name="index", columns=key, unique=False) for key in keys),
        comment=draw(st.none() | st.text(max_size=5)),
        row_estimate=draw(st.none() | st.integers(min_value=0, max_value=2**40)),
        scanned_by=tuple(draw(st.lists(some_columns, max_size=2))),
    )


relation_lists = st.lists(
    st.builds(
        RelationId,
        source=st.sampled_from(["shop", "shop", "crm"]),
        namespace=st.sampled_from(["public", "public", "auth"]),
        name=raw_names,
    ),
    min_size=1,
    max_size=8,
    unique=True,
).flatmap(lambda places: st.tuples(*(relations(places, own) for own in places)))
