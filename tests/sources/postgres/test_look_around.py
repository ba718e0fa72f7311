"""What is found around the relations that a Postgres database offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from punnet.sources.postgres.look_around import look_around

if TYPE_CHECKING:
    from tests.sources.postgres.conftest import Db


async def hidden(db: Db) -> dict[str, str]:
    return {str(relation): relation.why for relation in (await look_around(db)).hidden}


async def test_the_database_the_role_and_the_namespaces_are_named(db: Db, reader: str) -> None:
    await db.execute(f"create schema shop; create schema shut; set role {reader}")
    around = await look_around(db)
    assert around.database == await db.fetchval("select current_database()")
    assert around.role == reader
    assert around.namespaces == ("public", "shop", "shut")


async def test_what_is_offered_is_not_hidden(db: Db) -> None:
    await db.execute("create table things (id int); create view all_things as select * from things")
    around = await look_around(db)
    assert (around.hidden, around.hidden_columns) == ((), {})


async def test_what_is_hidden_is_found_with_its_reason(db: Db, reader: str) -> None:
    await db.execute(f"""
        create schema shut; create table shut.things (id int); grant select on shut.things to {reader};
        create table kept (id int);
        create table orders (id int) partition by range (id);
        create table orders_low partition of orders for values from (0) to (10);
        grant select on orders, orders_low to {reader};
        create extension pg_stat_statements;
        set role {reader};
    """)
    assert await hidden(db) == {
        "public.kept": "grant",
        "public.orders_low": "partition",
        "public.pg_stat_statements": "extension",
        "public.pg_stat_statements_info": "extension",
        "shut.things": "namespace",
    }


async def test_columns_without_a_grant_are_counted(db: Db, reader: str) -> None:
    await db.execute(f"""
        create table staff (id int, name text, gone int, salary int, bonus int);
        alter table staff drop column gone;
        grant select (id, name) on staff to {reader};
        set role {reader};
    """)
    assert (await look_around(db)).hidden_columns == {"public.staff": 2}
