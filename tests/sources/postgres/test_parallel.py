"""Postgres may use several cores for a large statement."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from punnet.demo.embedded import PostgresServer
from punnet.server.settings import Way
from tests.conftest import fresh_database
from tests.engines import Ways, both_ways

# Under these settings a plan for several cores costs nothing beforehand, so that a small table gets one, too.
TABLE = """
create table events (id int primary key, note text not null);
insert into events select i, md5(i::text) from generate_series(1, 20000) i;
vacuum analyze events;
alter database {database} set parallel_setup_cost = 0;
alter database {database} set parallel_tuple_cost = 0;
alter database {database} set min_parallel_table_scan_size = 0"""
LAUNCHED = "select parallel_workers_launched from pg_stat_database where datname = current_database()"
COUNTED = '{ events(where: {note: {like: "%abc%"}}) { totalCount } }'


@pytest.fixture
async def events(postgres: PostgresServer) -> AsyncIterator[Ways]:
    async with fresh_database(postgres) as url:
        db = await asyncpg.connect(url)
        database = await db.fetchval("select quote_ident(current_database())")
        for statement in TABLE.format(database=database).split(";"):
            await db.execute(statement)
        await db.close()
        async with both_ways(url) as ways:
            yield ways


async def launched(ways: Ways) -> int:
    """How many processes Postgres has started beside its own, to share in a statement."""
    pool = ways.source.pool
    await pool.run(lambda db: db.execute("select pg_stat_force_next_flush()"))
    return int(await pool.run(lambda db: db.fetchval(LAUNCHED)))


@pytest.mark.parametrize("way", [Way.COMPILED, Way.RESOLVERS])
async def test_a_large_statement_may_use_several_cores(events: Ways, way: Way) -> None:
    before = await launched(events)
    counted = await events.ask(way, COUNTED)
    assert counted.errors == []
    assert await launched(events) > before
