"""How the parts of a document fit together, where not all of them are valid.

Pydantic looks at a whole only when each part is valid. This looks at the parts that are, so that somebody who
corrects a file hears of everything at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from punnet.configuration.entities import EntityConfiguration
from punnet.configuration.joins import JoinConfiguration
from punnet.configuration.links import Links
from punnet.configuration.operations import BatchConfiguration, OperationConfiguration, TypeText
from punnet.configuration.problems import Finding
from punnet.configuration.relationships import RelationshipConfiguration
from punnet.configuration.sources import service_findings

K = TypeVar("K")
V = TypeVar("V")

_TYPE_TEXT: TypeAdapter[str] = TypeAdapter(TypeText)
_OPERATION = TypeAdapter(OperationConfiguration)
_BATCH = TypeAdapter(BatchConfiguration)
_JOIN = TypeAdapter(JoinConfiguration)
_ENTITY = TypeAdapter(EntityConfiguration)
_RELATIONSHIP = TypeAdapter(RelationshipConfiguration)


def partial_findings(document: object) -> Iterator[Finding]:
    """Find what the valid parts of a document do not agree in."""
    sources = _table(_table(document).get("sources"))
    services = {name: _table(source) for name, source in sources.items() if _table(source).get("type") == "http"}
    for name, service in services.items():
        types = {
            each: _valid(_table(members).items(), _TYPE_TEXT) for each, members in _table(service.get("types")).items()
        }
        operations = _valid(_table(service.get("operations")).items(), _OPERATION)
        for finding in service_findings(types, operations):
            yield replace(finding, location=("sources", name, *finding.location))
    yield from _links(document, sources, services).findings()


def _links(document: object, sources: Mapping[str, Any], services: Mapping[str, Mapping[str, Any]]) -> Links:
    # What has no type, or none that there is, may be meant as a database.
    databases = tuple(name for name, each in sources.items() if _table(each).get("type") not in ("openapi", "http"))
    # Also of an entity that is not valid itself, the name is there.
    named = (_table(each).get("type") for each in _list(_table(document).get("entities")) if "call" not in _table(each))
    return Links(
        joins=_valid(enumerate(_list(_table(document).get("joins"))), _JOIN),
        entities=_valid(enumerate(_list(_table(document).get("entities"))), _ENTITY),
        relationships=_valid(enumerate(_list(_table(document).get("relationships"))), _RELATIONSHIP),
        stubs=[name for name in named if isinstance(name, str)],
        databases=databases,
        services=tuple(name for name in sources if name not in databases),
        operations={name: tuple(_table(service.get("operations"))) for name, service in services.items()},
        batches={
            name: _batches(_table(_table(source).get("operations")))
            for name, source in sources.items()
            if name not in databases
        },
    )


def _batches(operations: Mapping[str, Any]) -> Mapping[str, BatchConfiguration]:
    given = ((name, _table(each).get("batch")) for name, each in operations.items())
    return _valid([(name, batch) for name, batch in given if batch is not None], _BATCH)


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()


def _valid(values: Iterable[tuple[K, object]], adapter: TypeAdapter[V]) -> dict[K, V]:
    found = {}
    for key, value in values:
        try:
            found[key] = adapter.validate_python(value, by_alias=True, by_name=False)
        except ValidationError:
            continue
    return found
