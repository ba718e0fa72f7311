"""Rows of many parents, where no index finds those of one: read by one scan, and answered as with an index."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from punnet.catalog.overrides import Overrides
from punnet.demo.embedded import PostgresServer
from punnet.schema.build import Choices
from tests.conftest import fresh_database
from tests.engines import Ways, both_ways
from tests.sources.postgres.explained import explained, nodes_of, statement_of
from tests.sources.postgres.linking import key, link

TABLES = """
create table authors (
  id int primary key, name text not null, pen_name text unique, country text not null, region int not null,
  unique (country, region)
);
create table books (
  id int primary key, author_id int references authors, pen_name text references authors (pen_name),
  country text, region int, title text not null, price numeric(8, 2) not null, r int not null, r_ text,
  foreign key (country, region) references authors (country, region)
);
create table chapters (id int primary key, book_id int not null references books, pages int not null);
insert into authors
  select i, 'author ' || i, case when i % 3 > 0 then 'pen ' || i end, 'c' || i % 4, i from generate_series(1, 40) i;
insert into books
  select i, case when i % 11 > 0 then 1 + i * 7 % 37 end, case when i % 2 = 0 and i * 5 % 40 % 3 > 0
         then 'pen ' || i * 5 % 40 end, case when i % 5 > 0 then 'c' || (1 + i % 40) % 4 end,
         case when i % 5 > 0 then 1 + i % 40 end, 'book ' || i, i * 13 % 50, i, 'x'
  from generate_series(1, 400) i;
insert into chapters select i, 1 + i * 17 % 390, i * 31 % 23 from generate_series(1, 1500) i;
"""
# With an index, Postgres knows how many rows there are, and few are not worth one scan for all.
MORE_BOOKS = "insert into books select i, null, null, null, null, 'more', 1, i, 'x' from generate_series(401, 1000) i;"
INDEXES = """
create index on books (author_id);
create index on books (pen_name);
create index on books (country, region);
create index on chapters (book_id);
"""

TOTAL_ABOVE = """{ books(where: {price: {lt: "9"}}, first: 5) { totalCount nodes { id chapters(first: 1) {
    totalCount nodes { pages } } } } }"""
QUERIES = {
    "whole lists": "{ authors { nodes { id books { nodes { id r title } } } } }",
    "pages": "{ authors(first: 9, offset: 3) { nodes { books(orderBy: [{price: DESC}], first: 2) { nodes { r } } } } }",
    "later pages": "{ authors { nodes { books(orderBy: [{r: DESC}], first: 2, offset: 3) { nodes { r } } } } }",
    "only past an offset": "{ authors { nodes { books(offset: 8) { nodes { title price } } } } }",
    "no page": "{ authors { nodes { books(first: 0) { totalCount nodes { id } pageInfo { hasNextPage } } } } }",
    "totals": "{ authors { nodes { id books { totalCount } } } }",
    "totals beside pages": "{ authors { nodes { books(first: 1, offset: 50) { totalCount nodes { id } } } } }",
    "filters": '{ authors { nodes { books(where: {title: {endsWith: "7"}}, first: 3) { totalCount nodes { id } } } } }',
    "edges and page info": """{ authors { nodes { books(first: 4, offset: 1) {
        edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } } }""",
    "only a next page": "{ authors { nodes { books(first: 8) { __typename pageInfo { hasNextPage } } } } }",
    "scans below scans": """{ authors(first: 20) { nodes { id books(first: 4) { nodes { id chapters(first: 2) {
        totalCount nodes { id pages } } } } } } }""",
    "parents above": "{ authors { nodes { books(first: 3) { nodes { id author { name country } } } } } }",
    "two keys": "{ authors { nodes { booksByCountryAndRegion(first: 3) { totalCount nodes { id } } } } }",
    "null keys": """{ authors { nodes { booksByPenName(first: 2) {
        totalCount pageInfo { hasNextPage } nodes { r } } } } }""",
    "null keys and totals": "{ authors { nodes { id booksByPenName { totalCount } } } }",
    "null keys and no rows": """{ authors { nodes { id booksByPenName(first: 2) {
        __typename pageInfo { __typename hasPreviousPage } } } } }""",
    "the same twice": "{ authors { nodes { a: books(first: 1) { nodes { id } } b: books { totalCount } } } }",
    "a total above": TOTAL_ABOVE,
    "one parent": "{ author(id: 5) { books(first: 2) { nodes { id chapters(first: 1) { nodes { id } } } } } }",
    "a list below a single row": "{ books(first: 5) { nodes { author { books(first: 2) { nodes { id } } } } } }",
    "a list below single rows": """{ chapters(first: 40) { nodes { id book { title author {
        books(first: 2) { totalCount nodes { chapters(first: 1) { nodes { id } } } } } } } } }""",
}  # fmt: skip


@pytest.fixture(scope="module")
async def scanned(postgres: PostgresServer) -> AsyncIterator[Ways]:
    async with fresh_database(postgres, TABLES) as url, both_ways(url) as ways:
        yield ways


@pytest.fixture(scope="module")
async def indexed(postgres: PostgresServer) -> AsyncIterator[Ways]:
    async with fresh_database(postgres, TABLES + INDEXES) as url, both_ways(url) as ways:
        yield ways


@pytest.fixture(scope="module")
async def analyzed(postgres: PostgresServer) -> AsyncIterator[Ways]:
    """Without indexes, and with statistics."""
    async with fresh_database(postgres, f"{TABLES} analyze;") as url, both_ways(url) as ways:
        yield ways


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
async def test_both_ways_answer_without_an_index_as_with_one(scanned: Ways, indexed: Ways, query: str) -> None:
    answer = await scanned.agreed(query)
    assert (answer.statements, answer.errors) == (1, [])
    assert answer.body == (await indexed.agreed(query)).body


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(QUERIES["pages"], id="one level"),
        pytest.param(QUERIES["scans below scans"], id="two levels"),
        pytest.param(QUERIES["a list below a single row"], id="below a single row"),
        pytest.param(QUERIES["a list below single rows"], id="below single rows"),
    ],
)
async def test_each_relation_is_scanned_once(scanned: Ways, query: str) -> None:
    assert set((await scans_of(scanned, query)).values()) == {1}


async def test_a_parent_finds_its_rows_by_an_index_where_there_is_one(scanned: Ways, indexed: Ways) -> None:
    assert "partition by" not in statement_of(indexed, QUERIES["pages"]).text
    assert "partition by" in statement_of(scanned, QUERIES["pages"]).text


async def test_of_a_key_of_two_columns_an_index_has_to_begin_with_both(postgres: PostgresServer) -> None:
    begun = f"{TABLES} {MORE_BOOKS} create index on books (country, title);"
    async with fresh_database(postgres, begun) as url, both_ways(url) as ways:
        assert "partition by" in statement_of(ways, QUERIES["two keys"]).text
    covered = begun.replace("(country, title)", "(region, country, title)")
    async with fresh_database(postgres, covered) as url, both_ways(url) as ways:
        assert "partition by" not in statement_of(ways, QUERIES["two keys"]).text


async def test_a_row_that_a_part_of_its_key_finds_is_joined_with_its_parent(postgres: PostgresServer) -> None:
    tables = """
        create table goods (id int primary key, shop int not null);
        create table sales (id int primary key, shop int not null, good int not null);
        insert into goods select i, i % 9 from generate_series(1, 1000) i;
        insert into sales select i, i % 9, i from generate_series(1, 20) i;
        analyze"""
    declared = Overrides(
        relations=[key("goods", "shop", "id")],
        relationships=[link("sales.shop,good", "goods.shop,id", "soldGood", "sales")],
    )
    choices = Choices(overrides=declared)
    async with fresh_database(postgres, tables) as url, both_ways(url, choices=choices) as ways:
        query = "{ sales { nodes { id soldGood { id shop } } } }"
        answer = await ways.agreed(query)
        assert (answer.errors, answer.statements) == ([], 1)
        assert "materialized" not in statement_of(ways, query).text


async def test_rows_that_are_kept_for_their_total_can_be_parents(analyzed: Ways, indexed: Ways) -> None:
    text = statement_of(analyzed, TOTAL_ABOVE).text
    assert text.startswith("with scan as materialized (")
    assert "partition by" in text
    assert (await analyzed.agreed(TOTAL_ABOVE)).body == (await indexed.agreed(TOTAL_ABOVE)).body


async def scans_of(ways: Ways, query: str) -> dict[str, int]:
    """How often the statement of the query's only root scans each relation that has no index for it."""
    return {
        node["Relation Name"]: node["Actual Loops"]
        for node in nodes_of(await explained(ways, query))
        if node["Node Type"] == "Seq Scan"
    }
