"""Prepared statements on data where one value is rare and another is in half of the rows.

After some runs Postgres may go over to a plan made for no value in particular. What a run then reads is compared with
what it reads under a plan made for its own values.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from punnet.demo.embedded import PostgresServer
from punnet.sources.postgres.sql import Statement
from tests.conftest import fresh_database
from tests.engines import Ways, both_ways
from tests.sources.postgres.explained import statement_of

TABLE = """
create table events (id int primary key, kind text not null, at timestamptz not null, note text not null);
insert into events
  select i, case when i = 20000 then 'rare' when i % 2 = 0 then 'common' else 'kind ' || i % 500 end,
         timestamptz '2024-01-01' + i * interval '1 min', repeat('x', 60)
  from generate_series(1, 20000) i;
-- A sample of all rows, so that every run of the tests estimates the same.
alter table events alter kind set statistics 1000, alter at set statistics 1000;
create index on events (kind);
create index on events (at);
vacuum analyze events"""
BY_KEY = "query($v: String!, $n: Int!) { events(where: {kind: {eq: $v}}, first: $n) { nodes { id note } } }"
BY_TIME = BY_KEY.replace("first: $n", "orderBy: [{at: DESC}], first: $n")
COUNTED = "query($v: String!) { events(where: {kind: {eq: $v}}) { totalCount } }"
RANGE = "query($v: DateTime!, $n: Int!) { events(where: {at: {gte: $v}}, first: $n) { nodes { id note } } }"


def _first_ten(query: str) -> str:
    return query.replace(", $n: Int!", "").replace("first: $n", "first: 10")


KINDS = ("'rare'", "'common'")
TIMES = ("'2024-01-14T21:00:00Z'", "'2020-01-01T00:00:00Z'")
CASES = [
    pytest.param(query, before, asked, id=f"{name}: {asked} after {before}")
    for name, query, values in (
        ("by key", BY_KEY, KINDS),
        ("by time", BY_TIME, KINDS),
        ("counted", COUNTED, KINDS),
        ("range", RANGE, TIMES),
        ("first ten by key", _first_ten(BY_KEY), KINDS),
        ("first ten by time", _first_ten(BY_TIME), KINDS),
        ("first ten in a range", _first_ten(RANGE), TIMES),
    )
    for before in values
    for asked in values
]


@pytest.fixture(scope="module")
async def events(postgres: PostgresServer) -> AsyncIterator[Ways]:
    async with fresh_database(postgres) as url:
        db = await asyncpg.connect(url)
        for statement in TABLE.split(";"):
            await db.execute(statement)
        await db.close()
        async with both_ways(url) as ways:
            yield ways


@pytest.mark.parametrize(("query", "before", "asked"), CASES)
async def test_a_statement_that_has_run_ten_times_reads_about_what_a_new_one_does(
    events: Ways, query: str, before: str, asked: str
) -> None:
    value = "2024-01-01T00:00:00Z" if "DateTime" in query else "rare"
    prepared = statement_of(events, query, {"v": value, "n": 10})
    fresh = await events.source.pool.run(lambda db: blocks_read(db, prepared, asked, [], "force_custom_plan"))
    used = await events.source.pool.run(lambda db: blocks_read(db, prepared, asked, [before] * 10, "auto"))
    assert used <= 2 * fresh + 10


async def test_a_plan_for_no_value_in_particular_would_read_many_times_as_much(events: Ways) -> None:
    prepared = statement_of(events, BY_KEY, {"v": "rare", "n": 10})
    fresh = await events.source.pool.run(lambda db: blocks_read(db, prepared, "'rare'", [], "force_custom_plan"))
    generic = await events.source.pool.run(lambda db: blocks_read(db, prepared, "'rare'", [], "force_generic_plan"))
    assert generic > 20 * fresh


async def blocks_read(db: Any, prepared: Statement, asked: str, before: list[str], mode: str) -> int:
    """How many blocks a run reads, after runs with other values."""
    await db.execute(f"set plan_cache_mode = {mode}")
    await db.execute(f"prepare tried as {prepared.text}")
    for value in before:
        await db.fetch(f"execute tried({arguments(prepared, value)})")
    [[explained]] = await db.fetch(
        f"explain (analyze, buffers, format json, timing off) execute tried({arguments(prepared, asked)})"
    )
    await db.execute("deallocate tried; reset plan_cache_mode")
    plan = json.loads(explained)[0]["Plan"]
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


def arguments(prepared: Statement, value: str) -> str:
    return ", ".join("10" if slot.cast == "int8" else value for slot in prepared.slots)
