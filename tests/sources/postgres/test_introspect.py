"""What introspection finds in a Postgres database, and what it leaves out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import asyncpg
import pytest

from punnet.catalog.relations import Column, ForeignKey, Index, Key, Relation, RelationId, SourceCatalog
from punnet.catalog.types import Attribute, DataType
from punnet.sources.postgres.introspect import introspect
from tests.conftest import MakeDatabase

if TYPE_CHECKING:
    from asyncpg.connection import LoggedQuery

    from tests.sources.postgres.conftest import Db

INT4 = DataType(namespace="pg_catalog", name="int4", scalar="Int")
TEXT = DataType(namespace="pg_catalog", name="text", scalar="String")


@pytest.fixture
async def db_18(empty_database: MakeDatabase) -> AsyncIterator[Db]:
    """An empty database on Postgres 18."""
    connection = await asyncpg.connect(await empty_database())
    yield connection
    await connection.close()


def names(catalog: SourceCatalog) -> list[str]:
    return [str(relation.id) for relation in catalog.relations]


def place(name: str, namespace: str = "public") -> RelationId:
    return RelationId(source="default", namespace=namespace, name=name)


async def only_relation(db: Db) -> Relation:
    (relation,) = (await introspect(db)).relations
    return relation


async def relations_by_name(db: Db) -> dict[str, Relation]:
    return {relation.id.name: relation for relation in (await introspect(db)).relations}


async def column_types(db: Db) -> dict[str, DataType]:
    return {column.name: column.type for column in (await only_relation(db)).columns}


# Relations


async def test_an_empty_database_offers_no_relations(db: Db) -> None:
    assert (await introspect(db)).relations == ()


async def test_the_catalog_bears_its_name_and_the_servers_version(db: Db) -> None:
    catalog = await introspect(db, name="shop")
    server_version = await db.fetchval("show server_version")
    assert (catalog.name, catalog.kind, catalog.version) == ("shop", "postgres", server_version.split()[0])


async def test_every_kind_of_relation_is_found(db: Db) -> None:
    await db.execute("""
        create table a_table (id int);
        create unlogged table an_unlogged_table (id int);
        create table partitioned (id int) partition by list (id);
        create view a_view as select * from a_table;
        create materialized view materialized as select * from a_table with no data;
        create extension file_fdw;
        create server files foreign data wrapper file_fdw;
        create foreign table foreign_table (id int) server files options (filename '/dev/null');
        create sequence a_sequence;
        create type composite as (id int);
    """)
    kinds = {relation.id.name: relation.kind for relation in (await introspect(db)).relations}
    assert kinds == {
        "a_table": "table",
        "an_unlogged_table": "table",
        "partitioned": "partitioned table",
        "a_view": "view",
        "materialized": "materialized view",
        "foreign_table": "foreign table",
    }


async def test_relations_come_by_namespace_and_name(db: Db) -> None:
    await db.execute("""
        create schema b; create schema "A"; create schema é;
        create table b.two (id int); create table b."Two" (id int); create table b.one (id int);
        create table é.x (id int); create table "A".x (id int);
    """)
    assert names(await introspect(db)) == ["A.x", "b.Two", "b.one", "b.two", "é.x"]


async def test_only_the_named_namespaces_are_read(db: Db) -> None:
    await db.execute("create schema a create table x (id int); create schema b create table y (id int);")
    assert names(await introspect(db, namespaces=["b", "absent"])) == ["b.y"]
    assert names(await introspect(db, namespaces=[])) == []


async def test_the_systems_namespaces_are_left_out_even_when_named(db: Db) -> None:
    await db.execute("create temp table scratch (id int); create table big (story text);")
    toast_and_temporary = await db.fetchval("select array_agg(nspname::text) from pg_namespace")
    assert names(await introspect(db, namespaces=toast_and_temporary)) == ["public.big"]


async def test_what_belongs_to_an_extension_is_left_out(db: Db) -> None:
    await db.execute("""
        create extension pg_stat_statements;
        create schema machinery; create table machinery.wheel (id int);
        alter extension pg_stat_statements add schema machinery;
        create table ours (id int);
    """)
    assert names(await introspect(db)) == ["public.ours"]


async def test_a_partition_tree_is_one_relation(db: Db) -> None:
    await db.execute("""
        create table events (id int, at date, primary key (id, at)) partition by range (at);
        create table events_2030 partition of events for values from ('2030-01-01') to ('2031-01-01')
            partition by list (id);
        create table events_2030_one partition of events_2030 for values in (1);
        create table events_rest partition of events default;
    """)
    relation = await only_relation(db)
    assert (relation.id, relation.kind) == (place("events"), "partitioned table")
    assert relation.keys == (Key(name="events_pkey", columns=("id", "at"), primary=True),)


async def test_a_table_that_inherits_is_a_relation_of_its_own(db: Db) -> None:
    await db.execute("create table city (name text not null); create table capital (of text) inherits (city)")
    capital = (await relations_by_name(db))["capital"]
    assert capital.columns == (
        Column(name="name", type=TEXT, nullable=False),
        Column(name="of", type=TEXT, nullable=True),
    )


async def test_names_are_carried_as_they_are(db: Db) -> None:
    longest = "ü" * 31 + "x"
    await db.execute(f"""
        create schema "My ""Own"".Space 🍓";
        create table "My ""Own"".Space 🍓"."Order.Details; --" (
            "select" int primary key, "Mixed Case" int, "a ""b"" c" int,
            "{longest}" int, "🍓" int, " " int
        );
        create table "user" ("table" int references "My ""Own"".Space 🍓"."Order.Details; --");
    """)
    odd, user = (await introspect(db)).relations
    assert odd.id == place("Order.Details; --", 'My "Own".Space 🍓')
    assert list(odd.column_by_name) == ["select", "Mixed Case", 'a "b" c', longest, "🍓", " "]
    assert user.foreign_keys == (
        ForeignKey(name="user_table_fkey", columns=("table",), target=odd.id, target_columns=("select",)),
    )


async def test_a_table_without_columns_is_found(db: Db) -> None:
    await db.execute("create table bare ();")
    assert await only_relation(db) == Relation(id=place("bare"), kind="table", columns=(), row_estimate=None)


# Columns


async def test_columns_come_in_their_order_without_the_dropped_ones(db: Db) -> None:
    await db.execute("""
        create table t (
            z int, gone int, a int generated always as identity, m int generated always as (z + 1) stored
        );
        alter table t drop column gone, add column late text default 'x';
    """)
    assert (await only_relation(db)).columns == (
        Column(name="z", type=INT4, nullable=True),
        Column(name="a", type=INT4, nullable=False),
        Column(name="m", type=INT4, nullable=True),
        Column(name="late", type=TEXT, nullable=True),
    )


async def test_a_column_of_a_domain_that_rejects_null_is_not_nullable(db: Db) -> None:
    await db.execute("""
        create domain strict as int not null;
        create domain over_strict as strict check (value > 0);
        create domain lax as int;
        create table t (a strict, b over_strict, c lax, d lax not null, e strict[]);
    """)
    nullable = {column.name: column.nullable for column in (await only_relation(db)).columns}
    assert nullable == {"a": False, "b": False, "c": True, "d": False, "e": True}


async def test_every_column_of_a_view_is_nullable(db: Db) -> None:
    await db.execute("""
        create domain strict as int not null;
        create schema shown;
        create table t (id int primary key, s strict);
        create view shown.outer_join as select r.id, r.s from t as l left join t as r on r.id = l.id + 1;
        create materialized view shown.stored as select * from shown.outer_join;
    """)
    plain, stored = (await introspect(db, namespaces=["shown"])).relations
    assert [column.nullable for column in plain.columns + stored.columns] == [True] * 4


async def test_a_not_null_constraint_that_was_not_checked_leaves_the_column_nullable(db_18: Db) -> None:
    await db_18.execute("""
        create table t (checked int not null, unchecked int);
        alter table t add constraint later not null unchecked not valid;
    """)
    assert [column.nullable for column in (await only_relation(db_18)).columns] == [False, True]


# Types


async def test_built_in_types_bear_their_catalog_names(db: Db) -> None:
    await db.execute('create table t (a bigint, b varchar, c timestamptz, d "char", e char(3), f point, g int2vector)')
    types = await column_types(db)
    assert [type.name for type in types.values()] == [
        "int8",
        "varchar",
        "timestamptz",
        "char",
        "bpchar",
        "point",
        "int2vector",
    ]
    assert {(type.namespace, type.kind) for type in types.values()} == {("pg_catalog", "base")}


async def test_a_modifier_is_noted_on_what_it_narrows(db: Db) -> None:
    await db.execute("""
        create domain price as numeric(10, 2);
        create type parcel as (weight numeric(6, 3), label text);
        create table t (a numeric, b numeric(10, 2), c numeric(10, 2)[], d price, e parcel, f varchar(5));
    """)
    types = await column_types(db)
    wide = DataType(namespace="pg_catalog", name="numeric", scalar="Decimal")
    narrow = DataType(namespace="pg_catalog", name="numeric", has_modifier=True, scalar="Decimal")
    assert types["a"] == wide
    assert types["b"] == types["c"].element == types["d"].element == types["e"].attributes[0].type == narrow
    assert (types["c"].has_modifier, types["d"].has_modifier, types["f"].has_modifier) == (True, False, True)


async def test_an_enums_labels_come_in_its_order(db: Db) -> None:
    await db.execute("create type mood as enum ('sad', 'It''s, ok', '🍓');")
    await db.execute("alter type mood add value 'Angry' before 'sad';")
    await db.execute("comment on type mood is 'How it goes'; create table t (mood mood);")
    assert (await column_types(db))["mood"] == DataType(
        namespace="public",
        name="mood",
        kind="enum",
        labels=("Angry", "sad", "It's, ok", "🍓"),
        comment="How it goes",
    )


async def test_an_array_is_named_after_its_element(db: Db) -> None:
    # Postgres calls the array type "__mood" here: the name "_mood" is taken.
    await db.execute("""
        create schema other;
        create type other._mood as (id int);
        create type other.mood as enum ('sad');
        create table t (plain int[][], moods other.mood[], composites other._mood[]);
    """)
    mood = DataType(namespace="other", name="mood", kind="enum", labels=("sad",))
    types = await column_types(db)
    assert types["plain"] == DataType(namespace="pg_catalog", name="int4[]", kind="array", element=INT4)
    assert types["moods"] == DataType(namespace="other", name="mood[]", kind="array", element=mood)
    assert types["composites"].name == "_mood[]"


async def test_a_domain_hangs_over_its_base(db: Db) -> None:
    await db.execute("""
        create domain scores as int[];
        create domain "Top Scores" as scores check (array_length(value, 1) < 4);
        comment on domain "Top Scores" is 'At most three';
        create table t (top "Top Scores", lists scores[]);
    """)
    types = await column_types(db)
    array = DataType(namespace="pg_catalog", name="int4[]", kind="array", element=INT4)
    scores = DataType(namespace="public", name="scores", kind="domain", element=array)
    assert types["top"] == DataType(
        namespace="public", name="Top Scores", kind="domain", element=scores, comment="At most three"
    )
    assert types["top"].base() == array
    assert types["lists"] == DataType(namespace="public", name="scores[]", kind="array", element=scores)


async def test_ranges_and_multiranges_hang_over_their_subtypes(db: Db) -> None:
    await db.execute("""
        create domain metres as int;
        create type stretch as range (subtype = metres);
        create table t (a int4range, b stretch, c stretch_multirange, d stretch[]);
    """)
    metres = DataType(namespace="public", name="metres", kind="domain", element=INT4)
    stretch = DataType(namespace="public", name="stretch", kind="range", element=metres)
    multirange = DataType(namespace="public", name="stretch_multirange", kind="multirange", element=stretch)
    assert await column_types(db) == {
        "a": DataType(namespace="pg_catalog", name="int4range", kind="range", element=INT4),
        "b": stretch,
        "c": multirange,
        "d": DataType(namespace="public", name="stretch[]", kind="array", element=stretch),
    }


async def test_composites_hold_their_attributes_nested_and_in_order(db: Db) -> None:
    await db.execute("""
        create type inner_part as (tags text[], "Z" int, gone int);
        alter type inner_part drop attribute gone;
        create type outer_part as (parts inner_part[], "first" inner_part);
        create type unused as (id int);
        comment on type outer_part is 'All of it';
        create table t (whole outer_part);
    """)
    texts = DataType(namespace="pg_catalog", name="text[]", kind="array", element=TEXT)
    inner = DataType(
        namespace="public",
        name="inner_part",
        kind="composite",
        attributes=(Attribute(name="tags", type=texts), Attribute(name="Z", type=INT4)),
    )
    inners = DataType(namespace="public", name="inner_part[]", kind="array", element=inner)
    assert (await column_types(db))["whole"] == DataType(
        namespace="public",
        name="outer_part",
        kind="composite",
        attributes=(Attribute(name="parts", type=inners), Attribute(name="first", type=inner)),
        comment="All of it",
    )


async def test_a_tables_row_type_is_a_composite(db: Db) -> None:
    await db.execute("create table point_of_sale (id int); create table t (seen point_of_sale);")
    seen = (await relations_by_name(db))["t"].column_by_name["seen"].type
    assert (seen.kind, seen.attributes) == ("composite", (Attribute(name="id", type=INT4),))


async def test_types_of_extensions_stay_with_the_columns_that_use_them(db: Db) -> None:
    await db.execute("""
        create schema kit; create extension citext schema kit; create extension hstore schema kit;
        create table t (name kit.citext, bag kit.hstore[]);
    """)
    types = await column_types(db)
    assert types["name"] == DataType(namespace="kit", name="citext", scalar="String")
    assert types["bag"].element == DataType(namespace="kit", name="hstore")


async def test_equal_types_are_one_object(db: Db) -> None:
    await db.execute("""
        create type mood as enum ('sad');
        create table a (x mood, y mood[]); create table b (z mood);
    """)
    a, b = (await introspect(db)).relations
    assert a.columns[0].type is a.columns[1].type.element is b.columns[0].type


# Keys and indexes


async def test_the_primary_key_comes_first_and_the_others_by_name(db: Db) -> None:
    await db.execute("""
        create table t (
            a int, b int, c text,
            constraint zz primary key (b, a),
            constraint uu unique (c),
            constraint late unique (a) deferrable initially deferred
        );
        create unique index "Across" on t (c desc nulls last, a);
    """)
    assert (await only_relation(db)).keys == (
        Key(name="zz", columns=("b", "a"), primary=True),
        Key(name="Across", columns=("c", "a"), primary=False),
        Key(name="late", columns=("a",), primary=False),
        Key(name="uu", columns=("c",), primary=False),
    )


async def test_included_columns_are_no_part_of_a_key(db: Db) -> None:
    await db.execute("""
        create table t (id int, payload text, constraint k primary key (id) include (payload));
        create index i on t (payload) include (id);
    """)
    relation = await only_relation(db)
    assert relation.keys == (Key(name="k", columns=("id",), primary=True),)
    assert relation.indexes == (
        Index(name="i", columns=("payload",), unique=False),
        Index(name="k", columns=("id",), unique=True),
    )


async def test_unique_nulls_not_distinct_is_a_key(db: Db) -> None:
    await db.execute("create table t (code int, constraint k unique nulls not distinct (code));")
    assert (await only_relation(db)).keys == (Key(name="k", columns=("code",), primary=False),)


async def test_partial_and_expression_indexes_are_neither_keys_nor_indexes(db: Db) -> None:
    await db.execute("""
        create table t (id int, name text);
        create unique index partial on t (id) where id > 0;
        create unique index expression on t (lower(name));
        create unique index mixed on t (id, lower(name));
    """)
    relation = await only_relation(db)
    assert (relation.keys, relation.indexes) == ((), ())


async def test_an_index_that_failed_to_build_is_left_out(db: Db) -> None:
    await db.execute("create table t (id int); insert into t values (1), (1);")
    with pytest.raises(asyncpg.UniqueViolationError):
        await db.execute("create unique index concurrently broken on t (id)")
    relation = await only_relation(db)
    assert (relation.keys, relation.indexes) == ((), ())


async def test_a_partitioned_index_counts_once_every_partition_has_it(db: Db) -> None:
    await db.execute("""
        create table t (id int, other int) partition by list (id);
        create table t_1 partition of t for values in (1);
        create unique index complete on t (id);
        create unique index incomplete on only t (id, other);
    """)
    assert (await only_relation(db)).keys == (Key(name="complete", columns=("id",), primary=False),)


async def test_only_indexes_that_give_an_order_are_listed(db: Db) -> None:
    await db.execute("""
        create table t (id int, tags text[]);
        create index by_tree on t (id, tags); create index by_hash on t using hash (id);
        create index by_tags on t using gin (tags); create index by_block on t using brin (id);
    """)
    assert (await only_relation(db)).indexes == (Index(name="by_tree", columns=("id", "tags"), unique=False),)


async def test_a_materialized_view_has_its_unique_indexes_as_keys(db: Db) -> None:
    await db.execute("create materialized view m as select 1 as id; create unique index m_id on m (id);")
    assert (await only_relation(db)).keys == (Key(name="m_id", columns=("id",), primary=False),)


# Foreign keys


async def test_several_foreign_keys_between_two_tables_come_by_name(db: Db) -> None:
    await db.execute("""
        create table users (id int primary key, email text unique);
        create table posts (
            reviewer text constraint z references users (email),
            author int constraint a references users,
            editor int constraint m references users
        );
    """)
    assert (await relations_by_name(db))["posts"].foreign_keys == (
        ForeignKey(name="a", columns=("author",), target=place("users"), target_columns=("id",)),
        ForeignKey(name="m", columns=("editor",), target=place("users"), target_columns=("id",)),
        ForeignKey(name="z", columns=("reviewer",), target=place("users"), target_columns=("email",)),
    )


async def test_a_composite_foreign_key_pairs_its_columns_as_declared(db: Db) -> None:
    await db.execute("""
        create table t (
            id int, shop int, parent_id int, parent_shop int,
            primary key (shop, id),
            constraint parent foreign key (parent_id, parent_shop) references t (id, shop)
        );
    """)
    assert (await only_relation(db)).foreign_keys == (
        ForeignKey(
            name="parent",
            columns=("parent_id", "parent_shop"),
            target=place("t"),
            target_columns=("id", "shop"),
        ),
    )


async def test_foreign_keys_cross_namespaces_unless_the_target_is_not_read(db: Db) -> None:
    await db.execute("""
        create schema a; create schema b;
        create table b.t (id int primary key);
        create table a.t (id int constraint link references b.t);
    """)
    link = ForeignKey(name="link", columns=("id",), target=place("t", "b"), target_columns=("id",))
    both = await introspect(db)
    alone = await introspect(db, namespaces=["a"])
    assert [relation.foreign_keys for relation in both.relations] == [(link,), ()]
    assert [relation.foreign_keys for relation in alone.relations] == [()]


async def test_foreign_keys_of_partitioned_tables_count_once(db: Db) -> None:
    await db.execute("""
        create table target (id int primary key) partition by list (id);
        create table target_1 partition of target for values in (1);
        create table target_2 partition of target for values in (2);
        create table parted (id int constraint up references target) partition by list (id);
        create table parted_1 partition of parted for values in (1);
        create table plain (
            id int constraint up references target, bypass int constraint bypass references target_1
        );
    """)
    relations = await relations_by_name(db)
    up = ForeignKey(name="up", columns=("id",), target=place("target"), target_columns=("id",))
    assert relations["parted"].foreign_keys == relations["plain"].foreign_keys == (up,)


async def test_a_foreign_key_that_was_not_checked_counts(db: Db) -> None:
    await db.execute("""
        create table t (id int primary key, parent int);
        alter table t add constraint up foreign key (parent) references t not valid;
    """)
    assert [link.name for link in (await only_relation(db)).foreign_keys] == ["up"]


async def test_a_temporal_foreign_key_is_left_out(db_18: Db) -> None:
    await db_18.execute("""
        create extension btree_gist;
        create table rates (
            id int, during daterange, constraint k primary key (id, during without overlaps)
        );
        create table bookings (
            rate int, during daterange,
            foreign key (rate, period during) references rates (id, period during)
        );
    """)
    relations = await relations_by_name(db_18)
    assert relations["rates"].keys == (Key(name="k", columns=("id", "during"), primary=True),)
    assert relations["bookings"].foreign_keys == ()


# Comments and estimates


async def test_comments_on_every_kind_of_relation_and_column_are_read(db: Db) -> None:
    await db.execute("""
        create table t (id int);
        create view v as select 1 as id;
        create materialized view m as select 1 as id;
        create table p (id int) partition by list (id);
        comment on table t is E'A table,\\n"quoted" 🍓'; comment on column t.id is 'its id';
        comment on view v is 'A view'; comment on column v.id is 'shown';
        comment on materialized view m is 'Stored'; comment on column m.id is 'stored id';
        comment on table p is 'Parted'; comment on column p.id is 'part';
        create index i on t (id); comment on index i is 'not the table';
    """)
    comments = {
        relation.id.name: (relation.comment, relation.columns[0].comment)
        for relation in (await introspect(db)).relations
    }
    assert comments == {
        "t": ('A table,\n"quoted" 🍓', "its id"),
        "v": ("A view", "shown"),
        "m": ("Stored", "stored id"),
        "p": ("Parted", "part"),
    }


async def test_row_estimates_are_the_planners(db: Db) -> None:
    await db.execute("""
        create table counted as select * from generate_series(1, 300) as id;
        create table never_counted (id int);
        create table known_empty (id int);
        create view shown as select * from counted;
        create materialized view stored as select * from counted;
    """)
    await db.execute("analyze counted, stored")
    await db.execute("vacuum known_empty")
    relations = await relations_by_name(db)
    assert {name: relation.row_estimate for name, relation in relations.items()} == {
        "counted": 300,
        "never_counted": None,
        "known_empty": 0,
        "shown": None,
        "stored": 300,
    }


async def test_a_partitioned_tables_estimate_is_the_sum_of_its_leaves(db: Db) -> None:
    await db.execute("""
        create table t (id int) partition by range (id);
        create table t_low partition of t for values from (0) to (100);
        create table t_high partition of t for values from (100) to (200) partition by range (id);
        create table t_high_low partition of t_high for values from (100) to (150);
        create table t_high_high partition of t_high for values from (150) to (200);
        insert into t select * from generate_series(0, 149);
    """)
    assert (await only_relation(db)).row_estimate is None
    await db.execute("analyze t_low, t_high_low")
    assert (await only_relation(db)).row_estimate == 150


async def test_a_parents_estimate_counts_the_tables_that_inherit_from_it(db: Db) -> None:
    await db.execute("""
        create table parent (id int); create table child () inherits (parent);
        insert into parent values (1); insert into child values (2), (3);
        analyze parent, child;
    """)
    relations = await relations_by_name(db)
    assert (relations["parent"].row_estimate, relations["child"].row_estimate) == (3, 2)


# Privileges


async def test_a_relation_needs_select_and_usage_of_its_namespace(db: Db, reader: str) -> None:
    await db.execute(f"""
        create schema shut; create schema open; grant usage on schema open to {reader};
        create table open.granted (id int); create table shut.granted (id int);
        create table open.kept (id int); create table open.written (id int);
        create view open.view_of_kept as select * from open.kept;
        grant select on open.granted, shut.granted, open.view_of_kept to {reader};
        grant insert, update, delete on open.written to {reader};
        set role {reader};
    """)
    assert names(await introspect(db)) == ["open.granted", "open.view_of_kept"]


async def test_privileges_of_granted_roles_and_of_everyone_count(db: Db, reader: str) -> None:
    await db.execute(f"""
        create table for_all (id int); create table for_few (id int); create table for_none (id int);
        grant select on for_all to public; grant select on for_few to pg_monitor;
        grant pg_monitor to {reader};
        set role {reader};
    """)
    assert names(await introspect(db)) == ["public.for_all", "public.for_few"]


async def test_columns_without_a_grant_take_their_keys_and_links_along(db: Db, reader: str) -> None:
    await db.execute(f"""
        create table users (id int primary key, email text unique, secret int unique);
        create table notes (
            id int primary key,
            author int constraint author references users,
            hidden_author int constraint hidden_author references users,
            secret int constraint secret references users (secret)
        );
        create index by_both on notes (author, hidden_author);
        grant select (id, email) on users to {reader};
        grant select (id, author, secret) on notes to {reader};
        set role {reader};
    """)
    notes, users = (await introspect(db)).relations
    assert list(users.column_by_name) == ["id", "email"]
    assert [key.name for key in users.keys] == ["users_pkey", "users_email_key"]
    assert [index.name for index in users.indexes] == ["users_email_key", "users_pkey"]
    assert list(notes.column_by_name) == ["id", "author", "secret"]
    assert notes.foreign_keys == (
        ForeignKey(name="author", columns=("author",), target=place("users"), target_columns=("id",)),
    )
    assert [index.name for index in notes.indexes] == ["notes_pkey"]


async def test_a_foreign_key_to_a_hidden_relation_is_left_out(db: Db, reader: str) -> None:
    await db.execute(f"""
        create table hidden (id int primary key);
        create table shown (id int references hidden);
        grant select on shown to {reader};
        set role {reader};
    """)
    assert (await only_relation(db)).foreign_keys == ()


# The connection


async def test_the_number_of_statements_does_not_depend_on_the_database(db: Db) -> None:
    few = await statements_of_introspecting(db)
    await db.execute("""
        create type mood as enum ('sad'); create type part as (moods mood[], span int4range);
        create table root (id int primary key);
        do $$ begin
            for n in 1..60 loop
                execute format('create table t%s (id int primary key references root, p part, m mood)', n);
            end loop;
        end $$;
    """)
    many = await statements_of_introspecting(db)
    assert len(few) == len(many) == 7
    assert (many[0], many[-1]) == ("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;", "COMMIT;")


async def statements_of_introspecting(db: Db) -> list[str]:
    logged: list[str] = []

    def log(query: LoggedQuery) -> None:
        logged.append(query.query)

    with db.query_logger(log):
        await introspect(db)
        # The driver reports a statement in the loop's next turn.
        await asyncio.sleep(0)
    return logged


async def test_the_search_path_is_neither_used_nor_changed(db: Db) -> None:
    await db.execute("""
        create table t (id int primary key);
        create schema decoy;
        create table decoy.pg_class (oid oid); create table decoy.pg_type (oid oid);
        create domain decoy.text as int; create domain decoy.oid as int;
        create function decoy.unnest(pg_catalog.oid[]) returns setof pg_catalog.oid
            language sql as 'select 0::pg_catalog.oid where false';
        set search_path = decoy, pg_catalog;
    """)
    catalog = await introspect(db, namespaces=["public"])
    assert catalog.relations[0].columns == (Column(name="id", type=INT4, nullable=False),)
    assert await db.fetchval("show search_path") == "decoy, pg_catalog"


async def test_the_connection_is_left_out_of_any_transaction(db: Db) -> None:
    await introspect(db)
    assert not db.is_in_transaction()
    assert await db.fetchval("show transaction_read_only") == "off"


async def test_two_readings_of_one_database_are_equal(db: Db) -> None:
    await db.execute("create type mood as enum ('sad'); create table t (id int primary key, mood mood[]);")
    assert await introspect(db) == await introspect(db)
