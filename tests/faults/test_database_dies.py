"""The database goes away while it is asked, and comes back."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest
from structlog.testing import capture_logs

from punnet import Settings, Way
from punnet.sources.errors import StatementFailed
from punnet.sources.postgres.source import PostgresSource
from tests.conftest import MakeDatabase
from tests.faults.asking import execute, is_asked, terminate_all
from tests.faults.own_postgres import OwnPostgres
from tests.faults.waiting import LONGEST_S, eventually
from tests.server.serving import ask, codes, serving

ONE_THING = {"data": {"things": {"nodes": [{"id": 1}]}}}
THINGS = "{ things { nodes { id } } }"
SLOW_THINGS = "{ slowThings { nodes { id } } }"


@pytest.mark.parametrize("way", [Way.COMPILED, Way.RESOLVERS])
async def test_a_database_that_dies_during_a_query_fails_its_field_and_serves_again_when_it_is_back(
    own_postgres: OwnPostgres, way: Way
) -> None:
    async with serving(Settings(database_url=own_postgres.url, way=way)) as client:
        assert await ask(client, THINGS) == ONE_THING
        with capture_logs() as logs:
            asked = asyncio.create_task(ask(client, SLOW_THINGS))
            await eventually(lambda: is_asked(own_postgres.url))
            await asyncio.to_thread(own_postgres.kill)
            answer = await asyncio.wait_for(asked, LONGEST_S)
        assert answer["data"] == {"slowThings": None}
        assert codes(answer) == ["SOURCE_FAILED"]
        assert answer["errors"][0]["message"] == "The source 'default' failed."
        assert answer["errors"][0]["path"] == ["slowThings"]
        assert [entry["log_level"] for entry in logs] == ["warning"]
        await asyncio.to_thread(own_postgres.start)
        assert await eventually(lambda: answered(client, THINGS)) == ONE_THING


@pytest.mark.parametrize("way", [Way.COMPILED, Way.RESOLVERS])
async def test_what_needs_no_database_is_answered_while_it_is_away(own_postgres: OwnPostgres, way: Way) -> None:
    async with serving(Settings(database_url=own_postgres.url, way=way)) as client:
        await asyncio.to_thread(own_postgres.kill)
        nothing = await ask(client, "{ things(where: {or: []}) { nodes { id } totalCount } __typename }")
        assert nothing == {"data": {"things": {"nodes": [], "totalCount": 0}, "__typename": "Query"}}


async def test_readiness_follows_the_database(own_postgres: OwnPostgres) -> None:
    async with serving(Settings(database_url=own_postgres.url)) as client:
        await asyncio.to_thread(own_postgres.kill)
        down = await client.get("/readyz")
        assert (down.status_code, down.json()["reason"]) == (503, "the database does not answer")
        assert codes(await ask(client, THINGS)) == ["SOURCE_FAILED"]
        await asyncio.to_thread(own_postgres.start)
        assert (await client.get("/readyz")).json() == {"status": "ready"}


async def test_a_restart_between_two_requests_is_not_noticed(own_postgres: OwnPostgres) -> None:
    async with serving(Settings(database_url=own_postgres.url)) as client:
        await asyncio.gather(*(ask(client, THINGS) for _ in range(5)))
        await asyncio.to_thread(own_postgres.stop)
        await asyncio.to_thread(own_postgres.start)
        assert await asyncio.gather(*(ask(client, THINGS) for _ in range(5))) == [ONE_THING] * 5


async def test_terminated_connections_are_not_noticed(empty_database: MakeDatabase) -> None:
    url = await empty_database()
    await execute(url, "create table things (id int primary key); insert into things values (1)")
    async with serving(Settings(database_url=url)) as client:
        await asyncio.gather(*(ask(client, THINGS) for _ in range(5)))
        await terminate_all(url)
        assert await asyncio.gather(*(ask(client, THINGS) for _ in range(5))) == [ONE_THING] * 5


async def test_terminated_connections_leave_their_places_in_the_pool(empty_database: MakeDatabase) -> None:
    url = await empty_database()
    await execute(url, "create table things (id int primary key); insert into things values (1)")
    async with serving(Settings(database_url=url, pool_size=1)) as client:
        answers = [await answer_after_termination(client, url) for _ in range(4)]
    assert answers == [ONE_THING] * 4


async def test_a_connection_that_is_terminated_during_a_query_is_not_noticed(empty_database: MakeDatabase) -> None:
    url = await empty_database()
    await execute(url, "create table pace as select 3600 as seconds")
    await execute(url, "create view things as select 1 as id from pace, pg_sleep(pace.seconds)")
    async with serving(Settings(database_url=url)) as client:
        asked = asyncio.create_task(ask(client, THINGS))
        await eventually(lambda: is_asked(url))
        await execute(url, "update pace set seconds = 0")
        await terminate_all(url)
        assert await asked == ONE_THING


async def test_a_relation_that_is_gone_fails_its_own_field(empty_database: MakeDatabase) -> None:
    url = await empty_database()
    await execute(url, "create table things (id int primary key); insert into things values (1)")
    await execute(url, "create table others (id int primary key)")
    async with serving(Settings(database_url=url)) as client:
        await execute(url, "drop table others")
        answer = await ask(client, "{ others { nodes { id } } things { nodes { id } } }")
    assert answer["data"] == {"others": None, **ONE_THING["data"]}
    assert codes(answer) == ["SOURCE_FAILED"]
    assert "relation" not in str(answer)


async def test_a_column_that_is_gone_fails_the_fields_that_need_it(empty_database: MakeDatabase) -> None:
    url = await empty_database()
    await execute(url, "create table things (id int primary key, name text); insert into things values (1, 'one')")
    async with serving(Settings(database_url=url)) as client:
        await execute(url, "alter table things drop column name")
        answer = await ask(client, "{ broken: things { nodes { name } } things { nodes { id } } }")
    assert answer["data"] == {"broken": None, **ONE_THING["data"]}
    assert codes(answer) == ["SOURCE_FAILED"]


@pytest.mark.parametrize(
    ("statement", "state"),
    [("select gone from pg_class", "42703"), ("select from gone", "42P01"), ("select gone()", "42883")],
)
async def test_a_statement_that_needs_what_is_gone_says_to_restart(shop_url: str, statement: str, state: str) -> None:
    source = PostgresSource("shop", shop_url)
    await source.open()
    with pytest.raises(StatementFailed) as failed:
        await source.pool.run(lambda db: db.fetch(statement))
    await source.close()
    assert failed.value.where.startswith(state)
    assert "Punnet knows the database as it was at the start" in failed.value.fix
    assert "restart it" in failed.value.fix


async def answer_after_termination(client: httpx2.AsyncClient, url: str) -> Any:
    await terminate_all(url)
    # The client's side of the connection learns of it a moment later, and only then thinks that it is closed.
    await asyncio.sleep(0.05)
    return await ask(client, THINGS)


async def answered(client: httpx2.AsyncClient, query: str) -> Any:
    """The answer, once it is one without errors."""
    answer = await ask(client, query)
    return None if "errors" in answer else answer
