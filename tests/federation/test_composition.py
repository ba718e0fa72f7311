"""What Punnet says of itself as a subgraph, composed with others by every composer that people use."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from punnet.schema.build import Choices, build_schema
from punnet.schema.federation.sdl import print_subgraph
from tests.faults.waiting import LONGEST_S
from tests.federation.conftest import DEMO, HERE
from tests.federation.loyalty import loyalty_schema
from tests.federation.node import COMPOSERS, Composed, Subgraph, compose
from tests.schema.full_size import big_catalog

TABLES = 100

pytestmark = pytest.mark.judge


@pytest.fixture(params=COMPOSERS)
def composer(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def shop(shop_url: str, upstream_url: str) -> Subgraph:
    """The sample shop with its service, as a registry would get it."""
    return Subgraph(name="shop", sdl=printed_sdl(DEMO, SHOP_URL=shop_url, WAREHOUSE_URL=upstream_url))


@pytest.fixture(scope="session")
def lending_too(lending_url: str) -> Subgraph:
    """The second Punnet, over another database and with a prefix."""
    return Subgraph(name="lending", sdl=printed_sdl(HERE / "lending.toml", LENDING_URL=lending_url))


@pytest.fixture(scope="session")
def loyalty() -> Subgraph:
    """The subgraph that is written by hand."""
    return Subgraph(name="loyalty", sdl=loyalty_schema().as_str())


@pytest.fixture(scope="session")
def many_tables() -> Subgraph:
    """A database of a hundred tables, with columns of every kind of type."""
    built = build_schema(big_catalog(TABLES), choices=Choices(federation=True))
    return Subgraph(name="many", sdl=print_subgraph(built.graphql))


def printed_sdl(path: Path, **environment: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-m", "punnet", "sdl", "--federation", str(path)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def assert_composed(composed: Composed) -> None:
    assert composed.errors == []
    assert composed.supergraph


def test_punnet_alone_is_a_supergraph(composer: str, shop: Subgraph) -> None:
    assert_composed(compose(composer, [shop]))


def test_two_punnets_go_together(composer: str, shop: Subgraph, lending_too: Subgraph) -> None:
    assert_composed(compose(composer, [shop, lending_too]))


def test_punnet_goes_with_a_subgraph_that_is_written_by_hand(composer: str, shop: Subgraph, loyalty: Subgraph) -> None:
    assert_composed(compose(composer, [shop, loyalty]))


def test_all_go_together_in_any_order(composer: str, shop: Subgraph, lending_too: Subgraph, loyalty: Subgraph) -> None:
    assert_composed(compose(composer, [loyalty, lending_too, shop]))


def test_a_large_database_is_composed(composer: str, many_tables: Subgraph, lending_too: Subgraph) -> None:
    assert_composed(compose(composer, [many_tables, lending_too]))


def test_a_composer_does_tell_of_a_key_that_has_another_type(composer: str, shop: Subgraph, loyalty: Subgraph) -> None:
    wrong = Subgraph(name="loyalty", sdl=loyalty.sdl.replace("  sku: String!", "  sku: Int!"))
    assert "sku" in "".join(compose(composer, [shop, wrong]).errors)
