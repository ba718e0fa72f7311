"""The database is too slow, or somebody does not wait for it."""

from __future__ import annotations

import asyncio
import os
import signal

import httpx2
import pytest

from punnet import Settings, Way
from tests.cli.command import running
from tests.conftest import MakeDatabase
from tests.faults.asking import SLEEPING, cancel_all, execute, fetch, is_asked
from tests.faults.own_postgres import OwnPostgres
from tests.faults.waiting import LONGEST_S, eventually
from tests.server.serving import ask, codes, serving

ONE_THING = {"things": {"nodes": [{"id": 1}]}}
THINGS = "{ things { nodes { id } } }"
SLOW_THINGS = "{ slowThings { nodes { id } } }"
MANY_WAITS = (
    "{ things { nodes { id } totalCount } slowThings { nodes { id } totalCount } other: things { nodes { id } } }"
)
BOTH = "{ slowThings { nodes { id } } things { nodes { id } } }"


@pytest.fixture
async def slow_database(empty_database: MakeDatabase) -> str:
    """A database with a table, and a view that takes an hour to read."""
    url = await empty_database()
    await execute(
        url,
        "create table things (id int primary key); insert into things values (1);"
        "create view slow_things as select things.id from things, pg_sleep(3600)",
    )
    return url


async def test_a_statement_that_takes_too_long_fails_its_own_field(slow_database: str) -> None:
    async with serving(Settings(database_url=slow_database, statement_timeout_s=2)) as client:
        answer = await ask(client, BOTH)
        assert answer["data"] == {"slowThings": None, **ONE_THING}
        assert codes(answer) == ["SOURCE_TIMEOUT"]
        assert answer["errors"][0]["path"] == ["slowThings"]
        assert answer["errors"][0]["message"] == "The source 'default' did not answer in time."
        await eventually(lambda: is_idle(slow_database))


async def test_without_a_free_connection_a_request_waits_no_longer_than_it_may(slow_database: str) -> None:
    settings = Settings(database_url=slow_database, pool_size=1, acquire_timeout_s=0.2)
    async with serving(settings) as client:
        slow = asyncio.create_task(ask(client, SLOW_THINGS))
        await eventually(lambda: is_asked(slow_database))
        busy = await ask(client, THINGS)
        assert busy["data"] == {"things": None}
        assert codes(busy) == ["SOURCE_TIMEOUT"]
        await cancel_all(slow_database)
        await slow
        assert await ask(client, THINGS) == {"data": ONE_THING}


async def test_requests_share_a_small_pool(slow_database: str) -> None:
    async with serving(Settings(database_url=slow_database, pool_size=2)) as client:
        answers = await asyncio.gather(*(ask(client, THINGS) for _ in range(50)))
    assert answers == [{"data": ONE_THING}] * 50


async def test_a_database_that_takes_no_more_connections_fails_what_needs_one(slow_database: str) -> None:
    await execute(
        slow_database,
        "create role limited login password 'swordfish' connection limit 1;"
        "grant select on things, slow_things to limited",
    )
    try:
        url = slow_database.replace(slow_database.split("@")[0], "postgresql://limited:swordfish")
        async with serving(Settings(database_url=url)) as client:
            slow = asyncio.create_task(ask(client, SLOW_THINGS))
            await eventually(lambda: is_asked(slow_database))
            assert codes(await ask(client, THINGS)) == ["SOURCE_FAILED"]
            await cancel_all(slow_database)
            await slow
            assert await ask(client, THINGS) == {"data": ONE_THING}
    finally:
        await execute(slow_database, "drop owned by limited; drop role limited")


@pytest.mark.parametrize("way", ["compiled", "resolvers"])
async def test_a_client_that_leaves_takes_its_statement_with_it(slow_database: str, way: str) -> None:
    with running("serve", slow_database, "--port", "0", PUNNET_WAY=way, PUNNET_STATEMENT_TIMEOUT_S="3600") as command:
        url = await asyncio.to_thread(lambda: command.url)
        async with httpx2.AsyncClient(timeout=LONGEST_S) as client:
            leaving = asyncio.create_task(client.post(url, json={"query": SLOW_THINGS}))
            await eventually(lambda: is_asked(slow_database))
            leaving.cancel()
            await eventually(lambda: is_idle(slow_database))
            answer = await client.post(url, json={"query": THINGS})
        assert answer.json() == {"data": ONE_THING}
        assert "error" not in command.output


@pytest.mark.parametrize("way", [Way.COMPILED, Way.RESOLVERS])
async def test_two_hundred_clients_that_leave_at_once_leave_no_work_behind(slow_database: str, way: Way) -> None:
    settings = Settings(database_url=slow_database, way=way, pool_size=4, statement_timeout_s=3600)
    async with serving(settings) as client:
        await ask(client, THINGS)
        others = asyncio.all_tasks()
        clients = [asyncio.create_task(ask(client, MANY_WAITS)) for _ in range(200)]
        await eventually(lambda: are_asked(slow_database, 4))
        [leaving.cancel() for leaving in clients]
        await asyncio.wait(clients)
        await eventually(lambda: is_idle(slow_database))
        await eventually(lambda: no_tasks_but(others))
        # Each of the connections is there again, and answers.
        answers = await asyncio.gather(*(ask(client, THINGS) for _ in range(8)))
    assert answers == [{"data": ONE_THING}] * 8


@pytest.mark.judge
async def test_a_frozen_database_is_given_up(own_postgres: OwnPostgres) -> None:
    async with serving(Settings(database_url=own_postgres.url, statement_timeout_s=5)) as client:
        slow = asyncio.create_task(ask(client, SLOW_THINGS))
        [backend] = await eventually(lambda: fetch(own_postgres.url, SLEEPING))
        os.kill(backend, signal.SIGSTOP)
        try:
            assert codes(await asyncio.wait_for(slow, LONGEST_S)) == ["SOURCE_TIMEOUT"]
            assert await ask(client, THINGS) == {"data": ONE_THING}
        finally:
            os.kill(backend, signal.SIGCONT)


async def is_idle(url: str) -> bool:
    return not await is_asked(url)


async def are_asked(url: str, number: int) -> bool:
    """Whether so many of Punnet's statements sleep."""
    return len(await fetch(url, SLEEPING)) == number


async def no_tasks_but(others: set[asyncio.Task[object]]) -> bool:
    return not (asyncio.all_tasks() - others)
