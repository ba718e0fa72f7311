"""A database that cannot be opened: what is said of it, and what is not."""

from __future__ import annotations

import re

import pytest

from punnet.demo.embedded import PostgresServer
from punnet.errors import PunnetError
from punnet.sources.errors import SourceRefused, SourceUnreachable
from punnet.sources.postgres.pool import Pool, PoolSettings


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("postgres:swordfish@127.0.0.1:{port}/postgres", 'password authentication failed for user "postgres"'),
        ("nobody:{password}@127.0.0.1:{port}/postgres", 'password authentication failed for user "nobody"'),
        ("postgres:{password}@127.0.0.1:{port}/no_such", 'database "no_such" does not exist'),
        ("postgres:{password}@no-such-host.invalid/postgres", "its host name is not known"),
        ("postgres:{password}@127.0.0.1:{port}/postgres?sslmode=require", "it takes no encrypted connections"),
        ("postgres:{password}@127.0.0.1:{port}/postgres?no_such=1", 'unrecognized configuration parameter "no_such"'),
        ("postgres:{password}@127.0.0.1:{port}/postgres?sslmode=perhaps", "its URL cannot be understood"),
        ("postgres:sword@{password}:x@127.0.0.1:{port}/postgres", "its URL cannot be understood"),
        ("postgres:1234?{password}@127.0.0.1:{port}/postgres", "its URL cannot be understood"),
    ],
)
async def test_a_url_that_cannot_be_used_is_refused_with_the_reason(
    postgres: PostgresServer, words: str, problem: str
) -> None:
    url = "postgresql://" + words.format(port=postgres.port, password=postgres.password)
    with pytest.raises(SourceRefused, match=re.escape(problem)) as refused:
        await opened(url)
    assert_says_no_secret(refused.value, postgres)


@pytest.mark.parametrize("words", ["postgres:{password}@127.0.0.1:1/x", "postgres:{password}@localhost:1/x"])
async def test_a_database_that_is_down_is_another_matter(postgres: PostgresServer, words: str) -> None:
    with pytest.raises(SourceUnreachable, match="nothing listens at its address") as unreachable:
        await opened("postgresql://" + words.format(password=postgres.password))
    assert_says_no_secret(unreachable.value, postgres)


async def opened(url: str) -> None:
    pool = Pool("default", url, PoolSettings())
    try:
        await pool.open()
    finally:
        await pool.close()


def assert_says_no_secret(error: PunnetError, postgres: PostgresServer) -> None:
    assert postgres.password not in str(error)
    assert "swordfish" not in str(error)
