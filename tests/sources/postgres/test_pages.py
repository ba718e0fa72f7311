"""Pages of large tables: what they read depends on the page, not on the rows before it or beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from punnet.demo.embedded import PostgresServer
from tests.conftest import fresh_database
from tests.engines import Ways, both_ways
from tests.sources.postgres.explained import blocks_read, explained, nodes_of, statement_of

TABLES = """
create table events (
  id int primary key, at timestamptz not null, seen timestamptz, rank int not null, body text not null
);
create table tags (id int primary key, event_id int not null references events);
alter table events alter body set storage external;
insert into events
  select i, timestamptz '2024-01-01' + i * interval '1 min',
         case when i % 10 > 0 then timestamptz '2025-01-01' - i * interval '1 min' end,
         i * 7919 % 20011, case when i <= 2000 then repeat('x', 5000) else '' end
  from generate_series(1, 20000) i;
insert into tags select i, 1 + i % 20000 from generate_series(1, 40000) i;
create index on events (at);
create index on events (seen);
create index on tags (event_id);
analyze;
"""
SMALL = """
create table events (id int primary key, seen timestamptz, kind text);
insert into events
  select i, case when i % 3 > 0 then timestamptz '2024-01-01' + i * 7 % 5 * interval '1 day' end,
         case when i % 4 > 0 then 'kind ' || i % 5 end
  from generate_series(1, 40) i;
insert into events values (41, 'infinity', 'a'), (42, '-infinity', null), (43, '0044-03-15 BC', 'z');
create index on events (seen);
create index on events (kind);
"""
ORDERS = ("ASC", "DESC", "ASC_NULLS_FIRST", "ASC_NULLS_LAST", "DESC_NULLS_FIRST", "DESC_NULLS_LAST")


@pytest.fixture(scope="module")
async def events(postgres: PostgresServer) -> AsyncIterator[Ways]:
    async with fresh_database(postgres, TABLES) as url, both_ways(url) as ways:
        yield ways


@pytest.fixture(scope="module")
async def few_events(postgres: PostgresServer) -> AsyncIterator[Ways]:
    async with fresh_database(postgres, SMALL) as url, both_ways(url) as ways:
        yield ways


async def cursor_at(ways: Ways, arguments: str, offset: int) -> str:
    """The cursor of the row after so many in this order."""
    page = await ways.compiled(f"{{ events({arguments}, first: 1, offset: {offset}) {{ edges {{ cursor }} }} }}")
    cursor: str = page.data["events"]["edges"][0]["cursor"]
    return cursor


@pytest.mark.parametrize("offset", [9_000, 18_500])
@pytest.mark.parametrize(
    "arguments",
    ["orderBy: [{at: ASC}]", "orderBy: [{at: DESC}]", "orderBy: [{at: DESC}, {rank: ASC}]"]
    + [f"orderBy: [{{seen: {order}}}]" for order in ORDERS]
    + ["orderBy: [{seen: DESC}], where: {seen: {gt: \"2020-01-01T00:00:00Z\"}}"],
)  # fmt: skip
async def test_a_page_after_a_cursor_reads_about_what_a_first_page_does(
    events: Ways, arguments: str, offset: int
) -> None:
    offset = min(offset, 17_000) if "where" in arguments else offset
    cursor = await cursor_at(events, arguments, offset)
    first = await blocks_read(events, f"{{ events({arguments}, first: 10) {{ nodes {{ id }} }} }}")
    later = await blocks_read(events, f'{{ events({arguments}, first: 10, after: "{cursor}") {{ nodes {{ id }} }} }}')
    assert later <= 3 * first + 20


@pytest.mark.parametrize("column", ["seen", "kind"])
@pytest.mark.parametrize("order", ORDERS)
async def test_the_pages_of_an_order_are_the_whole(few_events: Ways, order: str, column: str) -> None:
    arguments = f"orderBy: [{{{column}: {order}}}]"
    whole = (await few_events.agreed(f"{{ events({arguments}) {{ nodes {{ id }} }} }}")).data["events"]["nodes"]
    assert [row async for row in rows_by_page(few_events, arguments)] == whole
    assert len(whole) == 43


async def rows_by_page(ways: Ways, arguments: str) -> AsyncIterator[dict[str, int]]:
    """The rows as pages of seven give them, each after the last one's cursor; both ways."""
    after = ""
    while True:
        fields = "nodes { id } pageInfo { hasNextPage endCursor }"
        page = (await ways.agreed(f"{{ events({arguments}, first: 7{after}) {{ {fields} }} }}")).data["events"]
        for row in page["nodes"]:
            yield row
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = f', after: "{page["pageInfo"]["endCursor"]}"'


@pytest.mark.parametrize("offset", [0, 3, 29, 40, 50])
@pytest.mark.parametrize("order", ORDERS)
async def test_an_offset_passes_over_rows_with_and_without_a_value(few_events: Ways, order: str, offset: int) -> None:
    arguments = f"orderBy: [{{seen: {order}}}]"
    whole = (await few_events.agreed(f"{{ events({arguments}) {{ nodes {{ id }} }} }}")).data["events"]["nodes"]
    page = await few_events.agreed(f"{{ events({arguments}, first: 8, offset: {offset}) {{ nodes {{ id }} }} }}")
    assert page.data["events"]["nodes"] == whole[offset : offset + 8]


async def test_rows_that_an_offset_passes_over_have_no_rows_below_read(events: Ways) -> None:
    node = await explained(events, "{ events(first: 3, offset: 5000) { nodes { id tags { nodes { id } } } } }")
    assert [each["Actual Loops"] for each in nodes_of(node) if each.get("Relation Name") == "tags"] == [3]


async def test_rows_that_are_sorted_out_of_the_page_have_no_large_values_fetched(events: Ways) -> None:
    small = await blocks_read(events, "{ events(orderBy: [{rank: ASC}], first: 3) { nodes { id } } }")
    large = await blocks_read(events, "{ events(orderBy: [{rank: ASC}], first: 3) { nodes { body } } }")
    assert large <= small + 30


async def test_how_many_rows_there_are_is_told_without_sorting_them(events: Ways) -> None:
    node = await explained(events, "{ events(orderBy: [{rank: ASC}], first: 3) { pageInfo { hasNextPage } } }")
    assert [each for each in nodes_of(node) if "Sort" in each["Node Type"]] == []
    assert min(each["Actual Rows"] for each in nodes_of(node) if each.get("Relation Name") == "events") == 4


async def test_the_rows_without_a_value_are_not_looked_for_before_they_are_needed(events: Ways) -> None:
    cursor = await cursor_at(events, "orderBy: [{seen: ASC}]", 9_000)
    query = f'{{ events(orderBy: [{{seen: ASC}}], first: 10, after: "{cursor}") {{ nodes {{ id }} }} }}'
    scans = [each for each in nodes_of(await explained(events, query)) if each.get("Relation Name") == "events"]
    assert sorted(each["Actual Loops"] for each in scans) == [0, 1]


PREFERENCES = {
    "no index": """set local enable_indexscan = off; set local enable_indexonlyscan = off;
        set local enable_bitmapscan = off""",
    "no sort": "set local enable_sort = off; set local enable_incremental_sort = off",
    "workers": "set local debug_parallel_query = on",
    "several cores": """set local parallel_setup_cost = 0; set local parallel_tuple_cost = 0;
        set local min_parallel_table_scan_size = 0; set local enable_indexscan = off;
        set local enable_bitmapscan = off""",
}


@pytest.mark.parametrize("settings", PREFERENCES.values(), ids=PREFERENCES)
@pytest.mark.parametrize("order", ORDERS)
async def test_a_page_in_parts_has_its_order_whatever_the_planner_prefers(
    events: Ways, order: str, settings: str
) -> None:
    query = f"{{ events(orderBy: [{{seen: {order}}}], offset: 17990, first: 20) {{ nodes {{ id seen }} }} }}"
    assert await answered(events, query, settings) == await answered(events, query, "select")


async def answered(ways: Ways, query: str, settings: str) -> bytes:
    """What the query's only root answers in a transaction with these settings."""
    statement = statement_of(ways, query)

    async def run(db: Any) -> bytes:
        async with db.transaction():
            await db.execute(settings)
            answer: bytes = await db.fetchval(statement.text, *statement.values({}, ()))
            return answer

    return await ways.source.pool.run(run)
