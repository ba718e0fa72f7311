from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import pytest

from punnet.demo.embedded import PostgresServer
from tests.conftest import fresh_database
from tests.joins.depot import Depot, running_depot
from tests.joins.ways import JoinedWays, joined_ways

Environment = Mapping[str, str]

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
async def running() -> AsyncIterator[Depot]:
    async with running_depot() as depot:
        yield depot


@pytest.fixture
def depot(running: Depot) -> Iterator[Depot]:
    """The services, well and not asked yet."""
    running.reset()
    yield running
    running.reset()


@pytest.fixture(scope="session")
async def lab_url(postgres: PostgresServer) -> AsyncIterator[str]:
    """A database whose one table has columns of many types."""
    async with fresh_database(postgres, (HERE / "lab.sql").read_text()) as url:
        yield url


@pytest.fixture(scope="session")
def environment(shop_url: str, lab_url: str, running: Depot) -> Environment:
    """Where the sources of the configurations are."""
    return {"SHOP_URL": shop_url, "LAB_URL": lab_url, "DEPOT_URL": running.upstream.url}


@pytest.fixture(scope="session")
async def built(environment: Environment, running: Depot) -> AsyncIterator[JoinedWays]:
    async with joined_ways(HERE / "punnet.toml", environment, running) as ways:
        yield ways


@pytest.fixture
def ways(built: JoinedWays, depot: Depot) -> JoinedWays:
    """Both ways, over services that are well."""
    return built


@pytest.fixture(scope="session")
async def built_subgraph(environment: Environment, running: Depot) -> AsyncIterator[JoinedWays]:
    async with joined_ways(HERE / "federated.toml", environment, running) as ways:
        yield ways


@pytest.fixture
def subgraph(built_subgraph: JoinedWays, depot: Depot) -> JoinedWays:
    """Both ways of a subgraph, over services that are well."""
    return built_subgraph
