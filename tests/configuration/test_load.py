from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from punnet.configuration.configuration import Configuration
from punnet.configuration.joins import JoinConfiguration
from punnet.configuration.load import check, load_configuration
from punnet.configuration.problems import ConfigurationUnreadable, ConfigurationWrong
from punnet.configuration.sources import HttpConfiguration, OpenApiConfiguration, PostgresConfiguration
from tests.configuration.conftest import Load, Refuse
from tests.configuration.samples import ENVIRONMENT, FULL, SMALL

WRONG = sorted(Path(__file__).with_name("wrong").glob("*.toml"))


def test_a_file_becomes_values(load: Load, tmp_path: Path) -> None:
    configuration = load(FULL, **ENVIRONMENT)
    shop, stock, parcels = configuration.sources.values()
    assert configuration.server.port == 9999
    assert isinstance(shop, PostgresConfiguration)
    assert shop.url.get_secret_value() == "postgresql://shop:geheim@db/shop"
    assert isinstance(stock, OpenApiConfiguration)
    assert stock.headers["Authorization"].get_secret_value() == "Bearer geheim"
    assert isinstance(parcels, HttpConfiguration)
    assert parcels.types == {"Shipment": {"order_id": "Int!"}}
    assert [f"{join.on}.{join.field}" for join in configuration.joins] == [
        "Product.inventory", "Order.shipment", "Shipment.order",
    ]  # fmt: skip


def test_sources_keep_their_order_for_the_first_has_no_prefix(load: Load) -> None:
    configuration = load(FULL, **ENVIRONMENT)
    assert list(configuration.sources) == ["shop", "stock", "parcels"]
    assert configuration.prefixes == {"stock": ""}
    assert configuration.plain_namespaces == {"shop": "public"}


def test_a_document_and_certificates_lie_beside_the_file(load: Load, tmp_path: Path) -> None:
    configuration = load(FULL.replace('prefix = ""', 'ca_file = "certs/ca.pem"'), **ENVIRONMENT)
    stock = configuration.sources["stock"]
    assert isinstance(stock, OpenApiConfiguration)
    assert stock.url.get_secret_value() == str(tmp_path / "stock.json")
    assert stock.ca_file == tmp_path / "certs" / "ca.pem"


def test_a_document_may_be_a_url(load: Load) -> None:
    url = "https://stock.example/openapi.json?token=x"
    stock = load(FULL.replace("stock.json", url), **ENVIRONMENT).sources["stock"]
    assert isinstance(stock, OpenApiConfiguration)
    assert stock.url.get_secret_value() == url


def test_a_join_calls_an_operation_of_a_source(load: Load) -> None:
    join = load(FULL, **ENVIRONMENT).joins[0]
    assert (join.call, join.match, join.many) == ("stock.listInventory", {"sku": "sku"}, False)


@pytest.mark.parametrize(
    ("name", "served"),
    [("public.products", True), ("crm.people", True), ("public.migrations", False), ("audit.log", True)],
)
def test_relations_are_chosen_by_patterns(load: Load, name: str, served: bool) -> None:
    shop = load(FULL, **ENVIRONMENT).sources["shop"]
    assert isinstance(shop, PostgresConfiguration)
    assert shop.serves(*name.split(".")) is served


@pytest.mark.parametrize("path", WRONG, ids=lambda path: path.stem)
def test_everything_wrong_is_told_with_line_and_key(path: Path) -> None:
    expected = {
        f"{path}:{line}: {problem.strip()}"
        for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        for problem in text.split("#!")[1:]
    }
    with pytest.raises(ConfigurationWrong) as caught:
        load_configuration(path, {})
    assert set(map(str, caught.value.problems)) == expected


def test_an_error_prints_every_problem_below_its_code(load: Load, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationWrong) as caught:
        load("version = 1\nsources.a = { type = 'http', url = 'http://a', operations = {}, prefx = 'A' }")
    path = tmp_path / "punnet.toml"
    assert str(caught.value) == (
        "CONFIG-001: the configuration has 2 problems\n"
        f"  {path}:2: sources.a.operations: is empty\n"
        f"  {path}:2: sources.a.prefx: there is no such key: 'prefx'; did you mean 'prefix'?"
    )
    problem = caught.value.problems[1]
    assert (problem.file, problem.line, problem.key, problem.close) == (path, 2, "sources.a.prefx", "prefix")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("version = 1\n[sources", "2: this is no TOML: expected ']' at the end of a table declaration"),
        ("a = 1\na = 2", "2: this is no TOML: cannot overwrite a value"),
        ("a = [1,\n2\n", "2: this is no TOML: unclosed array"),
        ("a = " + "[" * 5000, "1: this is no TOML: lists or tables are nested too deeply"),
    ],
)
def test_toml_that_is_none_is_told_with_its_line(problems_of: Refuse, text: str, problem: str) -> None:
    [found] = problems_of(text)
    assert found == problem


def test_a_file_that_is_not_utf_8_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "punnet.toml"
    path.write_bytes(b"version = 1\n# caf\xe9")
    with pytest.raises(ConfigurationWrong, match="a problem") as caught:
        load_configuration(path, {})
    assert [(problem.line, problem.what) for problem in caught.value.problems] == [(2, "this is not UTF-8")]


def test_a_byte_order_mark_is_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "punnet.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SMALL.encode())
    assert list(load_configuration(path, {}).sources) == ["shop"]


def test_a_file_that_is_not_there_is_no_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationUnreadable) as caught:
        load_configuration(tmp_path / "punnet.toml", {})
    assert caught.value.what == f"cannot read {tmp_path / 'punnet.toml'}: no such file or directory"


VALUES = st.recursive(
    st.none() | st.text(max_size=5) | st.integers() | st.booleans() | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
KEYS = [
    "sources",
    "joins",
    "server",
    "version",
    "shop",
    "type",
    "types",
    "operations",
    "A",
    "parameters",
    "path",
    "url",
]
TREES = st.recursive(
    VALUES | st.sampled_from(["http", "postgres", "openapi", "http://h", "/a/{b}", "Int!", "[[A", 1]),
    lambda inner: st.dictionaries(st.sampled_from(KEYS), inner, max_size=4) | st.lists(inner, max_size=2),
    max_leaves=20,
)


@given(TREES)
@example({"version": 1, "sources": {"a": {"type": "http", "types": {"A": {"b": 3}}, "operations": {"c": []}}}})
@example({"version": 1, "sources": {"a": {"type": ["http"]}}, "joins": {"on": "A"}})
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_nothing_that_a_file_can_hold_is_more_than_a_problem(tree: object) -> None:
    outcome = check(tree, {})
    assert isinstance(outcome, Configuration) or outcome


def test_a_join_to_many_says_so(load: Load) -> None:
    [join] = load(SMALL + "[[joins]]\non = 'A'\nfield = 'b'\nmatch.id = 'id'\ncall = 'shop.orders'\nlist = true").joins
    assert join == JoinConfiguration(on="A", field="b", call="shop.orders", match={"id": "id"}, many=True)
