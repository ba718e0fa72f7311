"""Views below other rows: read at once for all parents where no index below the view finds those of one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from punnet.catalog.overrides import Overrides
from punnet.catalog.saved import load_catalog, save_catalog
from punnet.configuration.configuration import Configuration
from punnet.configuration.load import check
from punnet.demo.embedded import PostgresServer
from punnet.schema.build import Choices
from punnet.server.settings import Way
from punnet.server.sources import Sources
from punnet.sources.postgres.pool import PoolSettings
from punnet.sources.postgres.source import PostgresSource
from tests.conftest import MakeDatabase, fresh_database
from tests.engines import Ways, both_ways
from tests.sources.postgres.explained import explained, nodes_of, statement_of
from tests.sources.postgres.linking import key, link

TABLES = """
create table products (id int primary key, title text not null, maker text not null);
create table makers (name text not null, country text not null);
create table notes (id int primary key, product_id int not null, stars int not null, body text not null);
create view note_totals as select product_id, count(*) as notes, max(stars) as stars from notes group by product_id;
create view good_notes with (security_barrier) as select id, product_id, stars, body from notes where stars > 1;
insert into products select i, 'product ' || i, 'maker ' || i % 700 from generate_series(1, 60) i;
insert into makers select 'maker ' || i, 'country ' || i % 9 from generate_series(1, 600) i;
insert into notes select i, 1 + i * 7 % 1999, i % 5, 'note ' || i from generate_series(1, 20000) i;
"""
INDEX = "create index on notes (product_id); create index on makers (name);"
TOTALS = "{ products { nodes { id total { productId notes stars } } } }"
LISTS = "{ products { nodes { id goodNotes(first: 2, orderBy: [{stars: DESC}]) { totalCount nodes { id body } } } } }"
MAKERS = "{ products(first: 20) { nodes { id madeBy { country } } } }"
QUERIES = {
    "single rows": TOTALS,
    "single rows below single rows": "{ goodNotes(first: 30) { nodes { id product { total { notes } } } } }",
    "lists": LISTS,
    "lists below single rows": "{ goodNotes(first: 9) { nodes { product { goodNotes(first: 1) { nodes { id } } } } } }",
    "a filter": """{ products(where: {id: {gt: 50}}) { nodes { total { notes }
        goodNotes(where: {stars: {eq: 4}}, first: 1) { nodes { id } pageInfo { hasNextPage } } } } }""",
    "one parent": "{ product(id: 3) { total { notes } goodNotes(first: 1) { nodes { id } } } }",
    "rows of a table by a key that is declared": MAKERS,
}


OVERRIDES = Overrides(
    relations=[key("note_totals", "product_id"), key("good_notes", "id"), key("makers", "name")],
    relationships=[
        link("products.id", "note_totals.product_id", "total"),
        link("good_notes.product_id", "products.id", "product", "goodNotes"),
        link("products.maker", "makers.name", "madeBy"),
    ],
)
CHOICES = Choices(overrides=OVERRIDES)
LINKED = OVERRIDES.linked_columns("default")


@pytest.fixture(scope="module")
async def scanned(postgres: PostgresServer) -> AsyncIterator[Ways]:
    async with fresh_database(postgres, f"{TABLES} analyze;") as url, both_ways(url, choices=CHOICES) as ways:
        yield ways


@pytest.fixture(scope="module")
async def indexed(postgres: PostgresServer) -> AsyncIterator[Ways]:
    async with fresh_database(postgres, f"{TABLES} {INDEX} analyze;") as url, both_ways(url, choices=CHOICES) as ways:
        yield ways


async def scanned_by(url: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    """By which of the linked columns the rows of each relation are scanned for."""
    source = PostgresSource("default", url, PoolSettings(size=1))
    await source.open()
    try:
        found = await source.introspect(None, LINKED)
        await source.pool.check()
    finally:
        await source.close()
    return {relation.id.name: relation.scanned_by for relation in found.relations}


NOTHING_SCANNED: dict[str, tuple[tuple[str, ...], ...]] = {
    "good_notes": (),
    "makers": (),
    "note_totals": (),
    "notes": (),
    "products": (),
}
FOUND = {"note_totals": (("product_id",),), "good_notes": (("product_id",),)}


# What is known of a view


@pytest.mark.parametrize("server", ["postgres", "postgres_15"])
async def test_postgres_tells_by_which_columns_no_index_below_a_view_leads(
    request: pytest.FixtureRequest, server: str
) -> None:
    async with fresh_database(request.getfixturevalue(server), f"{TABLES} analyze;") as url:
        without = await scanned_by(url)
    async with fresh_database(request.getfixturevalue(server), f"{TABLES} {INDEX} analyze;") as url:
        assert await scanned_by(url) == NOTHING_SCANNED
    assert without == {**NOTHING_SCANNED, **FOUND}


async def test_of_views_that_nothing_leads_to_nothing_is_asked(empty_database: MakeDatabase) -> None:
    url = await empty_database()
    source = PostgresSource("default", url, PoolSettings(size=1))
    await source.open()
    db = await asyncpg.connect(url)
    await db.execute(TABLES)
    await db.close()
    await source.introspect(None)
    of_catalog = source.pool.statements
    await source.introspect(None, {"public.notes": {("product_id",)}, "public.good_notes": {("gone",)}})
    assert source.pool.statements == 2 * of_catalog
    await source.close()


async def test_the_relationships_of_a_configuration_are_asked_about(postgres: PostgresServer, tmp_path: Path) -> None:
    async with fresh_database(postgres, f"{TABLES} analyze;") as url:
        shop = {"type": "postgres", "url": url}
        said = {"from": "public.good_notes(product_id)", "to": "public.products(id)"}
        configuration = check({"version": 1, "sources": {"shop": shop}, "relationships": [said]}, {})
        assert isinstance(configuration, Configuration), configuration
        sources = Sources(configuration)
        await sources.open()
        catalog = await sources.read_catalog()
        await sources.close()
    save_catalog(catalog, tmp_path / "catalog.json")
    relations = load_catalog(tmp_path / "catalog.json").sources[0].relations
    assert {each.id.name: each.scanned_by for each in relations} == {
        **NOTHING_SCANNED,
        "good_notes": (("product_id",),),
    }


async def test_a_view_that_cannot_be_planned_for_is_read_as_if_nothing_were_known(
    empty_database: MakeDatabase,
) -> None:
    url = await empty_database()
    db = await asyncpg.connect(url)
    await db.execute(f"""
        {TABLES} analyze;
        create function fails() returns int immutable language plpgsql as 'begin raise exception $$no$$; end';
        create or replace view good_notes as select id, product_id, stars, body from notes where stars > fails();
    """)
    await db.close()
    assert await scanned_by(url) == {**NOTHING_SCANNED, "note_totals": (("product_id",),)}


async def test_of_a_view_of_another_servers_rows_nothing_is_known(empty_database: MakeDatabase) -> None:
    url = await empty_database()
    db = await asyncpg.connect(url)
    await db.execute(f"""
        {TABLES} analyze;
        create extension postgres_fdw;
        create server far foreign data wrapper postgres_fdw;
        create user mapping for current_user server far;
        create foreign table far_notes (id int, product_id int, stars int, body text) server far;
        create or replace view note_totals as select product_id, count(*) as notes, max(stars) as stars
          from far_notes group by product_id;
    """)
    await db.close()
    assert await scanned_by(url) == {**NOTHING_SCANNED, "good_notes": (("product_id",),), "far_notes": ()}


async def test_a_domain_over_an_enum_is_asked_about_as_the_enum(empty_database: MakeDatabase) -> None:
    url = await empty_database()
    db = await asyncpg.connect(url)
    await db.execute(f"""
        {TABLES}
        create type size as enum ('s', 'm', 'l');
        create domain any_size as size;
        drop view good_notes;
        create view good_notes as select id, 'm'::any_size as product_id, stars, body from notes where id > 0;
        analyze;
    """)
    await db.close()
    assert await scanned_by(url) == {**NOTHING_SCANNED, **FOUND}


async def test_a_locked_table_below_a_view_does_not_keep_the_catalog_waiting(empty_database: MakeDatabase) -> None:
    url = await empty_database()
    db = await asyncpg.connect(url)
    await db.execute(f"{TABLES} analyze")
    await db.execute("begin; lock table notes in access exclusive mode")
    assert await scanned_by(url) == NOTHING_SCANNED
    await db.close()


# What becomes of it


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
async def test_both_ways_answer_without_an_index_as_with_one(scanned: Ways, indexed: Ways, query: str) -> None:
    answer = await scanned.agreed(query)
    assert (answer.statements, answer.errors) == (1, [])
    assert answer.body == (await indexed.agreed(query)).body


@pytest.mark.parametrize(
    ("query", "table", "times"),
    [
        pytest.param(TOTALS, "notes", [1], id="single rows"),
        # Another for the total.
        pytest.param(LISTS, "notes", [1, 1], id="lists"),
        pytest.param(MAKERS, "makers", [1], id="a table by a key that is declared"),
    ],
)
async def test_what_no_index_finds_is_read_at_once_for_all_parents(
    scanned: Ways, query: str, table: str, times: list[int]
) -> None:
    nodes = nodes_of(await explained(scanned, query))
    assert [node["Actual Loops"] for node in nodes if node.get("Relation Name") == table] == times


@pytest.mark.parametrize("query", [TOTALS, LISTS, MAKERS])
async def test_each_parent_finds_its_rows_where_an_index_leads_to_them(
    scanned: Ways, indexed: Ways, query: str
) -> None:
    assert "as materialized" in statement_of(scanned, query).text
    assert "as materialized" not in statement_of(indexed, query).text


async def test_a_declared_key_that_several_rows_have_is_the_same_error_as_with_an_index(
    postgres: PostgresServer,
) -> None:
    twice = f"{TABLES} insert into makers values ('maker 3', 'another');"
    async with fresh_database(postgres, f"{twice} analyze;") as url, both_ways(url, choices=CHOICES) as ways:
        answer = await ways.agreed(MAKERS)
        resolved = await ways.ask(Way.RESOLVERS, MAKERS)
    assert answer.codes == {"VALUE_NOT_REPRESENTABLE"}
    assert [error["path"] for error in answer.errors] == [["products", "nodes", 2, "madeBy"]]
    assert answer.same_as(resolved)
