"""A database that cannot be opened: what is said of it, and what is not."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

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
        (
            "postgres:{password}@127.0.0.1:{port}/postgres?sslmode=require",
            "it takes no encrypted connections, or is no",
        ),
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


async def test_a_place_is_named_for_the_log_and_not_for_clients() -> None:
    with pytest.raises(SourceUnreachable) as unreachable:
        await opened("postgresql://postgres:swordfish@127.0.0.1:1/shop")
    assert unreachable.value.where == "database 'shop' at 127.0.0.1:1"
    assert "127.0.0.1" not in unreachable.value.what


@pytest.mark.parametrize("query", ["", "?sslmode=prefer"])
async def test_a_port_of_something_else_is_refused_as_such(query: str) -> None:
    async with listening(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        with pytest.raises(SourceRefused, match="what listens at its address is no Postgres server") as refused:
            await opened(f"postgresql://postgres:swordfish@127.0.0.1:{port}/shop{query}")
    assert "sslmode" not in str(refused.value)
    assert f"where: database 'shop' at 127.0.0.1:{port}" in str(refused.value)


@pytest.mark.parametrize("query", ["", "?sslmode=require", "?sslmode=disable"])
async def test_a_port_that_closes_connections_is_told_from_one_where_nothing_listens(query: str) -> None:
    async with listening(b"") as port:
        with pytest.raises(SourceUnreachable, match="closes the connection at once"):
            await opened(f"postgresql://postgres:swordfish@127.0.0.1:{port}/shop{query}")


@asynccontextmanager
async def listening(answer: bytes) -> AsyncIterator[int]:
    """The port of a server that answers whatever it is told so, and closes."""

    async def reply(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(8)
        writer.write(answer)
        writer.close()

    async with await asyncio.start_server(reply, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


async def opened(url: str) -> None:
    pool = Pool("default", url, PoolSettings())
    try:
        await pool.open()
    finally:
        await pool.close()


def assert_says_no_secret(error: PunnetError, postgres: PostgresServer) -> None:
    assert postgres.password not in str(error)
    assert "swordfish" not in str(error)
