"""Connections that have prepared very much are replaced: a server never forgets what one has prepared."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from punnet.demo.embedded import PostgresServer
from punnet.sources.postgres.connections import MOST_PREPARED
from punnet.sources.postgres.pool import Pool, PoolSettings
from tests.conftest import fresh_database
from tests.faults.asking import fetch

PIDS = "select pid from pg_stat_activity where application_name = 'punnet' and datname = current_database()"


@pytest.fixture
async def pool(postgres: PostgresServer) -> AsyncIterator[tuple[Pool, str]]:
    async with fresh_database(postgres) as url:
        pool = Pool("default", url, PoolSettings(size=1))
        await pool.open()
        yield pool, url
        await pool.close()


def statement(number: int, length: int) -> str:
    return f"select {number}::int4 --".ljust(length, "x")


async def ask(pool: Pool, text: str) -> object:
    [[value]] = await pool.run(lambda db: db.records_of(text, ()))
    return value


async def test_a_connection_that_has_prepared_too_much_is_replaced(pool: tuple[Pool, str]) -> None:
    asked, url = pool
    texts = [statement(number, MOST_PREPARED // 2) for number in range(3)]
    assert [await ask(asked, text) for text in texts[:2]] == [0, 1]
    before = await fetch(url, PIDS)
    assert await ask(asked, texts[2]) == 2
    assert await fetch(url, PIDS) == []
    assert await ask(asked, texts[0]) == 0
    assert len(before) == 1
    assert len(set(before) | set(await fetch(url, PIDS))) == 2


async def test_a_statement_that_is_prepared_already_adds_nothing(pool: tuple[Pool, str]) -> None:
    asked, url = pool
    text = statement(1, MOST_PREPARED // 2)
    await ask(asked, text)
    before = await fetch(url, PIDS)
    assert [await ask(asked, text) for _ in range(4)] == [1] * 4
    assert await fetch(url, PIDS) == before
