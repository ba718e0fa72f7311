"""The databases on which both ways are compared, each with its engines."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from punnet.demo.embedded import PostgresServer
from tests.conftest import fresh_database
from tests.engines import Ways, both_ways
from tests.nasty.database import load_nasty


@pytest.fixture(scope="session")
async def shop(shop_url: str) -> AsyncIterator[Ways]:
    async with both_ways(shop_url) as ways:
        yield ways


@pytest.fixture(scope="session", params=["postgres", "postgres_15"])
async def nasty(request: pytest.FixtureRequest) -> AsyncIterator[Ways]:
    """Everything that is likely to go wrong, on each version."""
    async with nasty_ways(request.getfixturevalue(request.param)) as ways:
        yield ways


@asynccontextmanager
async def nasty_ways(server: PostgresServer) -> AsyncIterator[Ways]:
    async with fresh_database(server) as url:
        await load_nasty(url)
        async with both_ways(url) as ways:
            yield ways
