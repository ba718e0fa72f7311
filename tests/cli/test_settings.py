from __future__ import annotations

from pathlib import Path

import pytest

from punnet.cli.settings import make_deployment, make_settings
from punnet.server.errors import SettingsWrong
from punnet.server.settings import Settings


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://user:secret@host/name",
        "postgres://user@host:5432/name",
        "postgresql:///name?host=/tmp",
        "postgresql://user:p%40ss@[::1]:5432/name?sslmode=require",
        "postgresql://",
    ],
)
def test_the_url_of_a_postgres_database_is_taken(url: str) -> None:
    assert make_settings(url, None).database_url == url


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("postgresql://user:sword:fish@@host:port/x", "this is no URL of a Postgres database"),
        ("postgresql://user:sword@swordfish:x@host/x", "this is no URL of a Postgres database"),
        ("postgresql://user:sword@swordfish@host/x", "this is no URL of a Postgres database"),
        ("postgresql://user:1234?swordfish@host/x", "this is no URL of a Postgres database"),
        ("postgresql://user:swordfish@host:99999/x", "this is no URL of a Postgres database"),
        ("postgresql://user:swordfish@[::1/x", "this is no URL of a Postgres database"),
        ("postgres:swordfish@host/x", "this is no URL of a Postgres database"),
        ("swordfish", "this is no URL of a Postgres database"),
        ("", "this is no URL of a Postgres database"),
        ("mysql://user:swordfish@host/x", "'mysql' is no scheme of a Postgres URL"),
        ("postgresql+asyncpg://user:swordfish@host/x", "'postgresql+asyncpg' is no scheme of a Postgres URL"),
    ],
)
def test_anything_else_is_refused_and_not_repeated(url: str, problem: str) -> None:
    with pytest.raises(SettingsWrong, match=problem.replace("+", r"\+")) as refused:
        make_settings(url, None)
    assert "postgresql://user:password@host:5432/database" in str(refused.value)
    assert "swordfish" not in str(refused.value)


WRONG = [
    ("way", "back", "wants 'auto', 'compiled' or 'resolvers'"),
    ("namespaces", "", "is empty"),
    ("namespaces", " , ", "is empty"),
    ("namespaces", "[public]", "wants names with commas between them, or a list in JSON"),
    ("namespaces", "[1]", "wants text"),
    ("path", "graphql", "wants the path of a URL such as '/graphql'"),
    ("path", "/a b", "wants the path of a URL such as '/graphql'"),
    ("path", "", "wants the path of a URL such as '/graphql'"),
    ("graphiql", "perhaps", "wants true or false"),
    ("pool_size", "many", "wants a whole number"),
    ("pool_size", "2.5", "wants a whole number"),
    ("pool_size", "0", "wants 1 or more"),
    ("pool_size", "1001", "wants 1000 or less"),
    ("connect_timeout_s", "soon", "wants a number"),
    ("connect_timeout_s", "inf", "wants a finite number"),
    ("acquire_timeout_s", "0", "wants more than 0"),
    ("statement_timeout_s", "30s", "wants a number"),
    ("retry_interval_s", "nan", "wants a finite number"),
    ("document_cache_size", "none", "wants a whole number"),
    ("plan_cache_size", "-1", "wants 1 or more"),
    ("max_body_bytes", "1MB", "wants a whole number"),
    ("max_operations", "0", "wants 1 or more"),
    ("stop_timeout_s", "0", "wants more than 0"),
    ("stop_delay_s", "-1", "wants 0 or more"),
]
"""Settings, values that they cannot have, and what is said."""


@pytest.mark.parametrize(("setting", "value", "problem"), WRONG)
def test_a_variable_that_cannot_be_is_named_with_what_it_wants(
    monkeypatch: pytest.MonkeyPatch, setting: str, value: str, problem: str
) -> None:
    name = f"PUNNET_{setting.upper()}"
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsWrong) as refused:
        make_deployment("postgresql://user:swordfish@host/x", None)
    assert str(refused.value) == f"SERVER-002: {name} {problem}\n  fix: correct or unset the variable"


def test_every_setting_that_can_be_wrong_was_tried() -> None:
    # A command's argument is its URL, and any text names a file.
    assert set(Settings.model_fields) - {"database_url", "catalog_file"} == {setting for setting, _, _ in WRONG}


def test_all_variables_that_cannot_be_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUNNET_WAY", "back")
    monkeypatch.setenv("PUNNET_POOL_SIZE", "many")
    with pytest.raises(SettingsWrong, match=r"PUNNET_WAY wants .*; PUNNET_POOL_SIZE wants a whole number"):
        make_settings("postgresql://user:swordfish@host/x", None)


def test_a_variable_that_cannot_be_is_named_beside_a_configuration(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PUNNET_WAY", "back")
    path = tmp_path / "punnet.toml"
    path.write_text('version = 1\nsources.shop = { type = "postgres", url = "postgresql://host/x" }\n')
    with pytest.raises(SettingsWrong, match="PUNNET_WAY wants 'auto', 'compiled' or 'resolvers'"):
        make_deployment(str(path), None)


@pytest.mark.parametrize("value", ["shop,other", "shop, other,", '["shop", "other"]'])
def test_namespaces_in_a_variable_are_a_list_of_names(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PUNNET_NAMESPACES", value)
    assert make_settings("postgresql://host/x", None).namespaces == ["shop", "other"]


def test_the_settings_show_no_password() -> None:
    assert "swordfish" not in repr(make_settings("postgresql://user:swordfish@host/x", None))


def test_namespaces_are_passed_on() -> None:
    assert make_settings("postgresql://host/x", ["shop", "other"]).namespaces == ["shop", "other"]
