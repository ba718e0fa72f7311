from __future__ import annotations

import pytest

from punnet.cli.settings import make_settings
from punnet.server.errors import SettingsWrong


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


@pytest.mark.parametrize(
    ("name", "value"), [("PUNNET_POOL_SIZE", "many"), ("PUNNET_NAMESPACES", "public"), ("PUNNET_WAY", "back")]
)
def test_a_variable_that_cannot_be_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsWrong, match=f"PUNNET_|{name.removeprefix('PUNNET_').lower()}"):
        make_settings("postgresql://user:swordfish@host/x", None)


def test_the_settings_show_no_password() -> None:
    assert "swordfish" not in repr(make_settings("postgresql://user:swordfish@host/x", None))


def test_namespaces_are_passed_on() -> None:
    assert make_settings("postgresql://host/x", ["shop", "other"]).namespaces == ["shop", "other"]
