"""A server that is told to stop while it works."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx2
import pytest

from tests.cli.command import Command, get, running
from tests.conftest import MakeDatabase
from tests.faults.asking import SLEEPING, cancel_all, execute, fetch, is_asked
from tests.faults.waiting import LONGEST_S, eventually, wait_until

SLOW_THINGS = "{ slowThings { nodes { id } } }"
THINGS = "{ things { nodes { id } } }"
GATE = """
    select pid from pg_stat_activity
    where application_name = 'punnet' and datname = current_database() and wait_event = 'advisory'
"""


@pytest.fixture
async def slow_database(empty_database: MakeDatabase) -> str:
    """A database with a table, a view that takes an hour to read, and one that waits for a lock."""
    url = await empty_database()
    await execute(
        url,
        "create table things (id int primary key); insert into things values (1);"
        "create view slow_things as select things.id from things, pg_sleep(3600);"
        "create view gated_things as select things.id from things, pg_advisory_lock_shared(1)",
    )
    return url


@contextmanager
def serving(url: str, *arguments: str, **variables: str) -> Iterator[Command]:
    settings = {"PUNNET_STATEMENT_TIMEOUT_S": "3600", **variables}
    with running("serve", url, "--port", "0", *arguments, **settings) as command:
        wait_until(lambda: command.readiness().status_code == 200)
        yield command


@asynccontextmanager
async def asking(command: Command, query: str = SLOW_THINGS) -> AsyncIterator[asyncio.Task[httpx2.Response]]:
    """Ask while the block lasts, and longer."""
    async with httpx2.AsyncClient(timeout=LONGEST_S) as client:
        yield asyncio.create_task(client.post(command.url, json={"query": query}))


def log_of(command: Command) -> list[dict[str, Any]]:
    """What the log holds after what was said at the start, all of it in its own form."""
    _, _, log = command.output.partition("Stop with Ctrl-C.\n")
    return [json.loads(line) for line in log.splitlines()]


async def ended(command: Command) -> int:
    return await asyncio.to_thread(command.process.wait, LONGEST_S)


@pytest.mark.parametrize("way", ["compiled", "resolvers"])
@pytest.mark.parametrize("workers", ["1", "2"])
async def test_what_takes_longer_than_the_grace_time_is_cut_off_with_an_answer_and_a_line_in_the_log(
    slow_database: str, workers: str, way: str
) -> None:
    settings = {"PUNNET_STOP_TIMEOUT_S": "0.3", "PUNNET_WAY": way}
    with serving(slow_database, "--workers", workers, **settings) as command:
        async with asking(command) as asked:
            await eventually(lambda: is_asked(slow_database))
            command.process.send_signal(signal.SIGTERM)
            answer = await asked
        assert await ended(command) == 0
        assert answer.status_code == 503
        [error] = answer.json()["errors"]
        assert error["message"] == "The server is stopping; this was cut off."
        assert error["extensions"]["code"] == "OVERLOADED"
        [line] = [line for line in log_of(command) if line["event"] == "request cut off by the stop"]
        assert line["request_id"] == error["extensions"]["requestId"]
        assert "Traceback" not in command.output
    assert await fetch(slow_database, SLEEPING) == []


@pytest.mark.parametrize("workers", ["1", "2"])
async def test_what_ends_within_the_grace_time_is_answered_while_nobody_can_connect_any_more(
    slow_database: str, workers: str
) -> None:
    with serving(slow_database, "--workers", workers, PUNNET_STOP_TIMEOUT_S="60") as command:
        async with asking(command, "{ slowThings { nodes { id } } things { nodes { id } } }") as asked:
            await eventually(lambda: is_asked(slow_database))
            command.process.send_signal(signal.SIGTERM)
            await asyncio.to_thread(wait_until, lambda: is_refused(command))
            assert not asked.done()
            await cancel_all(slow_database)
            answer = await asked
        assert await ended(command) == 0
        assert answer.json()["data"] == {"slowThings": None, "things": {"nodes": [{"id": 1}]}}


async def test_after_sigterm_it_can_go_on_for_a_while_and_says_that_it_is_not_ready(slow_database: str) -> None:
    with serving(slow_database, PUNNET_STOP_DELAY_S="3600") as command:
        command.process.send_signal(signal.SIGTERM)
        await asyncio.to_thread(wait_until, lambda: command.readiness().status_code == 503)
        assert command.readiness().json() == {"status": "stopping", "reason": "told to stop"}
        assert command.ask(THINGS) == {"data": {"things": {"nodes": [{"id": 1}]}}}
        assert httpx2.post(command.url, json={"query": THINGS}).headers["connection"] == "close"
        assert command.end(signal.SIGTERM) == 0


@pytest.mark.parametrize("workers", ["1", "2"])
async def test_ctrl_c_stops_it_without_that_while(slow_database: str, workers: str) -> None:
    with serving(slow_database, "--workers", workers, PUNNET_STOP_DELAY_S="3600") as command:
        assert command.end(signal.SIGINT) == 0


async def test_workers_are_told_to_stop_a_second_time_too(slow_database: str) -> None:
    with serving(slow_database, "--workers", "2", PUNNET_STOP_DELAY_S="3600") as command:
        command.process.send_signal(signal.SIGTERM)
        await asyncio.to_thread(wait_until, lambda: command.readiness().status_code == 503)
        assert command.end(signal.SIGTERM) == 0


@pytest.mark.parametrize("workers", ["1", "2"])
async def test_a_second_ctrl_c_waits_for_nothing(slow_database: str, workers: str) -> None:
    with serving(slow_database, "--workers", workers, PUNNET_STOP_TIMEOUT_S="3600") as command:
        async with asking(command) as asked:
            await eventually(lambda: is_asked(slow_database))
            command.process.send_signal(signal.SIGINT)
            await asyncio.to_thread(wait_until, lambda: is_refused(command))
            assert command.end(signal.SIGINT) == 0
            answer = await cut_off(asked)
            assert answer is None or answer.status_code == 503


async def cut_off(asked: asyncio.Task[httpx2.Response]) -> httpx2.Response | None:
    """The answer; None where the process ended first."""
    try:
        return await asked
    except httpx2.TransportError:
        return None


def is_refused(command: Command) -> bool:
    try:
        get(command.url.replace("/graphql", "/healthz"))
    except httpx2.TransportError as error:
        # Who was let in just before the end is cut off.
        return isinstance(error, httpx2.ConnectError)
    return False
