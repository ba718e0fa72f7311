"""Servers and databases that the tests share: started once, real, and gone with the test run."""

from __future__ import annotations

import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import settings

from punnet.demo.embedded import EmbeddedPostgres, PostgresServer
from punnet.demo.shop import load_shop
from punnet.demo.upstream import running_upstream
from tests.faults.asking import execute

BINARIES_15 = Path("/usr/lib/postgresql/15/bin")
DATABASE_NUMBERS = count(1)

# The same examples in every run, however long one takes on a busy machine; `make fuzz` looks for others.
settings.load_profile("ci")

# A name server that does not answer must not take longer than what waits for it: some hosts here are not to be found.
os.environ.setdefault("RES_OPTIONS", "timeout:1 attempts:1")


class MakeDatabase(Protocol):
    """Creates an empty database on the newest server, or on the one given, and returns its URL."""

    async def __call__(self, server: PostgresServer | None = None) -> str: ...


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """PostgreSQL 18, from the wheel."""
    with tempfile.TemporaryDirectory() as directory, EmbeddedPostgres(Path(directory)) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_15() -> Iterator[PostgresServer]:
    """PostgreSQL 15, from the system's packages; a laptop may do without, CI may not."""
    if not (BINARIES_15 / "postgres").exists():
        miss_postgres_15(in_ci=bool(os.environ.get("CI")))
    with (
        tempfile.TemporaryDirectory() as directory,
        EmbeddedPostgres(Path(directory), binaries=BINARIES_15) as server,
    ):
        yield server


def miss_postgres_15(*, in_ci: bool) -> None:
    message = f"PostgreSQL 15 is not in {BINARIES_15}: install it with 'apt-get install postgresql-15'"
    if in_ci:
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture
def server_directory() -> Iterator[Path]:
    """A directory for a server of the test's own; root's server could not enter pytest's tmp_path."""
    with tempfile.TemporaryDirectory() as directory:
        yield Path(directory)


@pytest.fixture(scope="session")
async def shop_url(postgres: PostgresServer) -> AsyncIterator[str]:
    """The sample shop on PostgreSQL 18. Shared: read only."""
    async with fresh_database(postgres) as url:
        await load_shop(url)
        yield url


@pytest.fixture(scope="session")
async def shop_url_15(postgres_15: PostgresServer) -> AsyncIterator[str]:
    """The sample shop on PostgreSQL 15. Shared: read only."""
    async with fresh_database(postgres_15) as url:
        await load_shop(url)
        yield url


@pytest.fixture
async def empty_database(postgres: PostgresServer) -> AsyncIterator[MakeDatabase]:
    """Makes empty databases, which are dropped after the test."""
    async with AsyncExitStack() as stack:

        async def make(server: PostgresServer | None = None) -> str:
            return await stack.enter_async_context(fresh_database(server or postgres))

        yield make


@asynccontextmanager
async def fresh_database(server: PostgresServer, statements: str = "") -> AsyncIterator[str]:
    """The URL of a new database that these statements made, which is dropped at the end."""
    name = f"test_{next(DATABASE_NUMBERS)}"
    await execute(server.url(), f"create database {name}")
    try:
        if statements:
            await execute(server.url(name), statements)
        yield server.url(name)
    finally:
        await execute(server.url(), f"drop database {name} with (force)")


@pytest.fixture(scope="session")
def upstream_url() -> Iterator[str]:
    """The sample upstream service, in a thread of the test run."""
    with running_upstream() as url:
        yield url
