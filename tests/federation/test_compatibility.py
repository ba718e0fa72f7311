"""Apollo's subgraph compatibility suite, on a schema that is generated from a database and a punnet.toml alone.

The tests, their data and the subgraphs "users" and "inventory" are the suite's; its router is replaced by Apollo's
gateway, which runs everywhere.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import pytest

from punnet.configuration.load import load_configuration
from punnet.demo.embedded import PostgresServer
from punnet.server.app import make_app
from punnet.server.runtime import Runtime
from punnet.server.settings import Deployment, Way
from tests.conftest import fresh_database
from tests.federation.loopback import Served, ask, served
from tests.federation.node import COMPOSERS, NOWHERE, Subgraph, compose, gateway, run_node, running_node

pytestmark = pytest.mark.judge

HERE = Path(__file__).parent
PRODUCTS_SQL = (HERE / "compatibility" / "products.sql").read_text()
SUBGRAPHS = HERE / "node_modules/@apollo/federation-subgraph-compatibility-tests/dist/subgraphs"

OTHERS = ("users", "inventory")

CHECKS = (
    "introspection",
    "@key single",
    "@key multiple",
    "@key composite",
    "repeatable @key",
    "@requires",
    "@provides",
    "ftv1",
    "@link",
    "@shareable",
    "@tag",
    "@override",
    "@inaccessible",
    "@composeDirective",
    "@interfaceObject",
)


@pytest.fixture(scope="module")
async def products_url(postgres: PostgresServer) -> AsyncIterator[str]:
    async with fresh_database(postgres, PRODUCTS_SQL) as url:
        yield url


@pytest.fixture(scope="module", params=[Way.AUTO, Way.RESOLVERS])
def products(request: pytest.FixtureRequest, products_url: str) -> Iterator[Served]:
    """Punnet, as the suite's subgraph "products"."""
    environment = {"PRODUCTS_DATABASE_URL": products_url}
    configuration = load_configuration(HERE / "compatibility" / "punnet.toml", environment)
    with served(make_app(Runtime(Deployment(configuration=configuration, way=request.param)))) as running:
        yield running


@pytest.fixture(scope="module")
def router_url(products: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A gateway before it and the suite's other subgraphs."""
    directory = tmp_path_factory.mktemp("suite")
    with ExitStack() as stack:
        urls = {name: stack.enter_context(suite_subgraph(name, directory)) for name in OTHERS}
        composed = compose("apollo", subgraphs(products=products.url, **urls, sdl=products.sdl))
        assert composed.supergraph is not None, composed.errors
        yield stack.enter_context(gateway("apollo", composed.supergraph, directory))


def suite_subgraph(name: str, directory: Path) -> AbstractContextManager[str]:
    script = str(SUBGRAPHS / name / "index.js")
    return running_node("--require", "./compatibility/loopback.cjs", script, output=directory / f"{name}.txt")


def subgraphs(sdl: str, **urls: str) -> list[Subgraph]:
    """All that are composed: "products" with this SDL, the others with the suite's."""
    sdls = {"products": sdl, **{name: (SUBGRAPHS / name / f"{name}.graphql").read_text() for name in OTHERS}}
    return [Subgraph(name=name, url=urls.get(name, NOWHERE), sdl=each) for name, each in sdls.items()]


@pytest.fixture(scope="module")
def failures(products: Served, router_url: str) -> Mapping[str, list[str]]:
    """By check of the suite, what failed."""
    ran = run_node(
        "compatibility/run.cjs",
        environment={"PRODUCTS_URL": products.url, "ROUTER_URL": router_url, "NODE_ENV": "test"},
    )
    assert ran.returncode == 0, ran.stderr
    found: Mapping[str, list[str]] = json.loads(ran.stdout)
    return found


def test_these_are_all_checks_that_the_suite_has(failures: Mapping[str, list[str]]) -> None:
    assert sorted(failures) == sorted(CHECKS)


@pytest.mark.parametrize("check", CHECKS)
def test_a_check_of_the_suite_passes(failures: Mapping[str, list[str]], check: str) -> None:
    assert failures[check] == [], "\n".join(failures[check])


@pytest.mark.parametrize("composer", COMPOSERS)
def test_every_composer_takes_it_with_the_other_subgraphs(products: Served, composer: str) -> None:
    assert compose(composer, subgraphs(products.sdl)).errors == []


def test_what_is_computed_takes_what_other_subgraphs_say(router_url: str) -> None:
    query = '{ product(id: "apollo-federation") { createdBy { averageProductsCreatedPerYear } } }'
    answer = ask(router_url, query)
    assert answer == {"data": {"product": {"createdBy": {"averageProductsCreatedPerYear": 133}}}}


def test_another_subgraph_gets_the_parts_of_a_value_that_it_requires(router_url: str) -> None:
    query = '{ product(id: "apollo-federation") { delivery(zip: "94111") { fastestDelivery } } }'
    assert ask(router_url, query) == {"data": {"product": {"delivery": {"fastestDelivery": "5/1/2019"}}}}
