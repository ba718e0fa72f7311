from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from pydantic.fields import FieldInfo

from punnet.catalog.endpoints import ParameterPlace
from punnet.configuration.configuration import Configuration
from punnet.configuration.entities import EntityConfiguration
from punnet.configuration.identity import IdentityConfiguration
from punnet.configuration.joins import JoinConfiguration
from punnet.configuration.keys import keys_of
from punnet.configuration.operations import (
    STYLES,
    BatchConfiguration,
    DocumentOperationConfiguration,
    OperationConfiguration,
    ParameterConfiguration,
)
from punnet.configuration.relations import ColumnConfiguration, RelationConfiguration
from punnet.configuration.relationships import RelationshipConfiguration
from punnet.configuration.schema import SchemaConfiguration, SchemaFieldConfiguration, SchemaTypeConfiguration
from punnet.configuration.section import Section
from punnet.configuration.server import ServerConfiguration
from punnet.configuration.services import OAuth2Configuration, ServiceConfiguration
from punnet.configuration.sources import (
    HttpConfiguration,
    OpenApiConfiguration,
    OperationFilter,
    PostgresConfiguration,
)
from tests.configuration.conftest import Load
from tests.configuration.fragments import completed

PAGE = Path(__file__).parents[2] / "docs/punnet-toml.md"
TEXT = PAGE.read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```toml\n(.*?)^```$", TEXT, flags=re.DOTALL | re.MULTILINE)
SOURCE_TYPES = ("postgres", "openapi", "http")
SECTIONS: dict[str, type[Section]] = {
    "The file": Configuration,
    "`[schema]`": SchemaConfiguration,
    "`[schema.types.NAME]`": SchemaTypeConfiguration,
    "`[schema.types.NAME.fields.FIELD]`": SchemaFieldConfiguration,
    "`[server]`": ServerConfiguration,
    "`[server.identity]`": IdentityConfiguration,
    "`[sources.NAME]`, a Postgres database": PostgresConfiguration,
    '`[sources.NAME.relations."NAMESPACE.TABLE"]`': RelationConfiguration,
    "`columns.COLUMN`": ColumnConfiguration,
    "`[[relationships]]`": RelationshipConfiguration,
    "`[sources.NAME]`, any HTTP service": ServiceConfiguration,
    "`[sources.NAME.oauth2]`": OAuth2Configuration,
    "`[sources.NAME]`, an OpenAPI document": OpenApiConfiguration,
    "`include` and `exclude`": OperationFilter,
    "`[sources.NAME.operations.ID]`": DocumentOperationConfiguration,
    "`[sources.NAME]`, by hand": HttpConfiguration,
    "`[sources.NAME.operations.OPERATION]`": OperationConfiguration,
    "`parameters`": ParameterConfiguration,
    "`[[joins]]`": JoinConfiguration,
    "`batch`": BatchConfiguration,
    "`[[entities]]`": EntityConfiguration,
}


def rows(heading: str) -> list[str]:
    """The rows of the table below a heading."""
    _, _, behind = TEXT.partition(f"# {heading}\n")
    below = re.split(r"^#", behind, flags=re.MULTILINE)[0]
    return re.findall(r"^\| `.*\|$", below, flags=re.MULTILINE)


def rows_of(section: type[Section]) -> list[str]:
    """The rows that a section has to have; what all services have in common stands in one place."""
    is_service = issubclass(section, ServiceConfiguration) and section is not ServiceConfiguration
    shared = keys_of(ServiceConfiguration) if is_service else ()
    fields = zip(keys_of(section), section.model_fields.values(), strict=True)
    return [
        f"| `{key}` | {default_of(key, field)} | {field.description} |" for key, field in fields if key not in shared
    ]


def default_of(key: str, field: FieldInfo) -> str:
    if field.is_required() or (key == "type" and field.default in SOURCE_TYPES):
        return "required"
    return "" if field.default_factory is not None or field.default in (None, ()) else f"`{in_toml(field.default)}`"


def in_toml(value: object) -> str:
    # JSON writes texts, numbers, switches and lists as TOML does.
    return json.dumps(value)


@pytest.mark.parametrize("heading", SECTIONS)
def test_every_key_has_its_row(heading: str) -> None:
    assert rows(heading) == rows_of(SECTIONS[heading])


@pytest.mark.parametrize("place", STYLES)
def test_every_place_has_its_styles(place: ParameterPlace) -> None:
    assert f"| {place} | {', '.join(f'`{style}`' for style in STYLES[place])} |" in TEXT


def test_every_section_has_its_table() -> None:
    sections = {section for section in below(Section) if section.__module__.startswith("punnet.")}
    assert sections == set(SECTIONS.values())


def below(section: type[Section]) -> set[type[Section]]:
    return {each for child in section.__subclasses__() for each in (child, *below(child))}


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_loads(example: str, load: Load) -> None:
    variables = dict.fromkeys(re.findall(r"\$\{(\w+)\}", example), "1")
    assert load(completed(example), **(variables | {"DATABASE_URL": "postgresql://h/d"})).sources


def test_the_page_has_examples() -> None:
    assert len(EXAMPLES) > 8
