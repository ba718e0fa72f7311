"""The tables of the documentation say what the code says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

import pytest
import typer.main
from pydantic.fields import FieldInfo
from typer.core import TyperGroup

from punnet.catalog.scalars import SCALARS
from punnet.cli.main import app as command_line
from punnet.configuration.services import ServiceConfiguration
from punnet.errors import ClientCode
from punnet.schema.scalars import scalar_type
from punnet.schema.shared import filter_type
from punnet.server.settings import Settings, Way
from punnet.sources.postgres.values import scalar_of
from tests.docs.pages import ROOT, code_words, table

API = ROOT / "docs/the-api.md"
CONFIGURATION = ROOT / "docs/configuration.md"
SERVICES = ROOT / "docs/http-services.md"
TROUBLE = {
    "connect_timeout_s", "total_timeout_s", "concurrency", "queue", "attempts", "backoff_base_s", "backoff_cap_s",
    "breaker_failures", "breaker_window_s", "breaker_open_s", "max_calls", "max_response_bytes",
}  # fmt: skip
FIGURES: dict[str, Callable[[Any], str]] = {
    "connect_timeout_s": "{} s".format,
    "total_timeout_s": "{} s".format,
    "concurrency": "{:,} are".format,
    "queue": "{:,} wait".format,
    "breaker_failures": "{} failures".format,
    "breaker_window_s": "within {} s".format,
    "breaker_open_s": "for {} s".format,
    "max_calls": "{:,}".format,
    "max_response_bytes": lambda default: f"{default // 1_000_000} MB",
}
"""How the page says a default."""
POSTGRES_TYPES = [(name, row[1]) for row in table(API, "Postgres") for name in code_words(row[0])]
# Other names of what the table has, and what an extension adds.
NOT_IN_TABLE = {"citext"}


def row_of(name: str, field: FieldInfo) -> list[str]:
    return [f"`{name}`", f"`PUNNET_{name.upper()}`", default_of(field), field.description or ""]


def default_of(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    if field.default is None:
        return "none"
    return f"`{in_environment(field.default)}`"


def in_environment(value: Any) -> str:
    if isinstance(value, StrEnum):
        return value.value
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_every_setting_has_its_row() -> None:
    assert table(CONFIGURATION, "Setting") == [row_of(name, field) for name, field in Settings.model_fields.items()]


def commands() -> Mapping[str, Any]:
    group = typer.main.get_command(command_line)
    assert isinstance(group, TyperGroup)
    return group.commands


def test_every_option_of_serve_has_its_row() -> None:
    serve = commands()["serve"]
    options = {parameter.opts[0]: parameter.help for parameter in serve.params if parameter.opts[0].startswith("--")}
    assert {code_words(row[0])[0]: row[2] for row in table(CONFIGURATION, "Option")} == options


def test_every_command_has_its_row() -> None:
    named = {code_words(row[0])[0].removeprefix("punnet ") for row in table(CONFIGURATION, "Command")}
    assert named == set(commands())


def test_the_keys_against_trouble_are_those_of_services_with_their_defaults() -> None:
    shown = [(key, row[1]) for row in table(SERVICES, "What happens") for key in code_words(row[2])]
    fields = ServiceConfiguration.model_fields
    assert [key for key, _ in shown if key not in fields] == []
    assert {key for key in fields if key in TROUBLE} == {key for key, _ in shown}
    assert [key for key, text in shown if key in FIGURES and FIGURES[key](fields[key].default) not in text] == []


def test_every_way_has_its_row() -> None:
    rows = table(ROOT / "docs/how-it-answers.md", "`PUNNET_WAY`")
    assert sorted(code_words(row[0])[0] for row in rows) == sorted(way.value for way in Way)


def test_every_code_that_a_client_sees_has_its_row() -> None:
    codes = [code for row in table(API, "`code`") for code in code_words(row[0])]
    assert sorted(codes) == sorted(code.value for code in ClientCode)


@pytest.mark.parametrize(("name", "scalar"), POSTGRES_TYPES)
def test_a_type_has_the_scalar_shown(name: str, scalar: str) -> None:
    assert f"`{scalar_of('pg_catalog', name)}`" == scalar


def test_every_scalar_is_in_the_table() -> None:
    assert {scalar.strip("`") for _, scalar in POSTGRES_TYPES} == set(SCALARS)


def operators_of(scalar: str) -> list[str]:
    family = SCALARS[scalar].family
    return list(filter_type("Any", family, scalar_type(scalar)).fields)


def test_every_scalar_has_the_operators_shown() -> None:
    rows = {row[0]: code_words(row[1]) for row in table(API, "Columns of type")}
    named = {scalar: operators for cell, operators in rows.items() for scalar in code_words(cell) if "all" not in cell}
    [rest] = [operators for cell, operators in rows.items() if cell.startswith("all other")]
    assert {scalar: named.get(scalar, rest) for scalar in SCALARS} == {
        scalar: operators_of(scalar) for scalar in SCALARS
    }


def test_enums_have_the_operators_shown() -> None:
    [shown] = [code_words(row[1]) for row in table(API, "Columns of type") if row[0].startswith("enums")]
    assert shown == list(filter_type("Any", "equality", scalar_type("String")).fields)
