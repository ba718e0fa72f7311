from __future__ import annotations

from pathlib import Path

from graphql import build_schema

from tests.cli.command import TRACEBACK, run, without_progress


def test_it_prints_a_schema_that_others_can_read(shop_url: str) -> None:
    ended = run("sdl", shop_url)
    assert ended.returncode == 0
    schema = build_schema(ended.stdout)
    assert schema.query_type is not None
    assert {"products", "product", "node", "nodes"} <= set(schema.query_type.fields)
    assert without_progress(ended.stderr) == ""


def test_it_prints_a_subgraph_for_registries_whatever_the_configuration_says(shop_url: str) -> None:
    ended = run("sdl", shop_url, "--federation")
    assert ended.returncode == 0
    assert ended.stdout.startswith('extend schema\n  @link(url: "https://specs.apollo.dev/federation/v2.')
    assert 'type Product implements Node @key(fields: "id") @key(fields: "sku") {' in ended.stdout
    assert "_entities" not in ended.stdout


def test_without_an_argument_it_is_of_the_configuration_there(shop_url: str, tmp_path: Path) -> None:
    (tmp_path / "punnet.toml").write_text(f'version = 1\n[sources.shop]\ntype = "postgres"\nurl = "{shop_url}"\n')
    assert run("sdl", directory=str(tmp_path)).stdout == run("sdl", shop_url).stdout


def test_without_an_argument_and_a_configuration_it_says_what_to_give(tmp_path: Path) -> None:
    ended = run("sdl", directory=str(tmp_path))
    assert ended.returncode == 1
    assert "cannot read punnet.toml" in ended.stderr
    assert "or the URL of a database" in ended.stderr


def test_it_writes_the_schema_to_a_file(shop_url: str, tmp_path: Path) -> None:
    path = tmp_path / "schema.graphql"
    ended = run("sdl", shop_url, "--output", str(path))
    assert ended.returncode == 0
    assert ended.stdout == ""
    assert "type Query {" in path.read_text()


def test_a_file_that_cannot_be_written_is_said(shop_url: str, tmp_path: Path) -> None:
    ended = run("sdl", shop_url, "--output", str(tmp_path))
    assert ended.returncode == 1
    assert f"cannot write '{tmp_path}': Is a directory" in ended.stderr
    assert TRACEBACK not in ended.stderr


def test_a_database_that_is_down_is_said() -> None:
    ended = run("sdl", "postgresql://nobody:swordfish@127.0.0.1:1/nothing")
    assert ended.returncode == 1
    assert "nothing listens at its address" in ended.stderr
    assert TRACEBACK not in ended.stderr
    assert "swordfish" not in ended.stderr
