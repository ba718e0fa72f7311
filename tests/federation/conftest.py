from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from punnet.configuration.configuration import Configuration
from punnet.configuration.load import load_configuration
from punnet.demo.embedded import PostgresServer
from punnet.server.app import make_app
from punnet.server.runtime import Runtime
from punnet.server.settings import Deployment, Way
from tests.conftest import fresh_database
from tests.federation.loopback import Served, served
from tests.federation.loyalty import loyalty_app

HERE = Path(__file__).parent
LENDING_SQL = (HERE / "lending.sql").read_text()
DEMO = Path(__file__).parents[2] / "punnet" / "demo" / "punnet.toml"


@pytest.fixture(scope="session")
async def lending_url(postgres: PostgresServer) -> AsyncIterator[str]:
    """The second team's database."""
    async with fresh_database(postgres, LENDING_SQL) as url:
        yield url


@pytest.fixture(scope="session")
def demo(shop_url: str, upstream_url: str) -> Configuration:
    """What `punnet demo` serves, as a subgraph."""
    found = load_configuration(DEMO, {"SHOP_URL": shop_url, "WAREHOUSE_URL": upstream_url})
    return found.model_copy(
        update={"graphql_schema": found.graphql_schema.model_copy(update={"federation": True})},
    )


@pytest.fixture(scope="session", params=[Way.COMPILED, Way.RESOLVERS])
def way(request: pytest.FixtureRequest) -> Way:
    """How Punnet answers."""
    found: Way = request.param
    return found


@pytest.fixture(scope="session")
def running_shop(demo: Configuration, way: Way) -> Iterator[Served]:
    """The sample shop as a subgraph."""
    with served(make_app(Runtime(Deployment(configuration=demo, way=way)))) as shop:
        yield shop


@pytest.fixture(scope="session")
def running_lending(lending_url: str, way: Way) -> Iterator[Served]:
    """The second Punnet, over another database."""
    configuration = load_configuration(HERE / "lending.toml", {"LENDING_URL": lending_url})
    with served(make_app(Runtime(Deployment(configuration=configuration, way=way)))) as running:
        yield running


@pytest.fixture(scope="session")
def running_loyalty() -> Iterator[Served]:
    """The subgraph that is not Punnet."""
    with served(loyalty_app()) as running:
        yield running
