"""How joins, entities and relationships fit each other and the sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from punnet.configuration.calls import (
    Calling,
    operation_of,
    source_of,
    unknown_operations,
    unknown_sources,
    unmatched_keys,
)
from punnet.configuration.entities import EntityConfiguration, repeated_stubs
from punnet.configuration.joins import JoinConfiguration, repeated_fields, unknown_entities
from punnet.configuration.operations import BatchConfiguration
from punnet.configuration.problems import Finding
from punnet.configuration.relationships import RelationshipConfiguration, unknown_databases

Batches = Mapping[str, Mapping[str, BatchConfiguration | None]]
"""By service and operation, how its answers come in batches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """All of a configuration that links, or what is valid of it, by its place in the file."""

    joins: Mapping[int, JoinConfiguration]
    entities: Mapping[int, EntityConfiguration]
    relationships: Mapping[int, RelationshipConfiguration]
    stubs: Sequence[str]
    """The names of entities that no call answers."""
    databases: Sequence[str]
    services: Sequence[str]
    operations: Mapping[str, Sequence[str]]
    """Of services that are declared by hand, what can be called."""
    batches: Batches

    def findings(self) -> Iterator[Finding]:
        """Find what does not fit."""
        yield from unknown_sources("joins", self.joins, (*self.databases, *self.services))
        yield from unknown_sources("entities", self.entities, self.services)
        yield from unknown_operations("joins", self.joins, self.operations)
        yield from unknown_operations("entities", self.entities, self.operations)
        yield from repeated_fields(self.joins)
        yield from repeated_stubs(self.entities)
        yield from unknown_entities(self.joins, self.stubs)
        yield from unknown_databases(self.relationships, self.databases, self.services)
        yield from self._wrong_batches("joins", self.joins)
        yield from self._wrong_batches("entities", self.entities)

    def _wrong_batches(self, table: str, callers: Mapping[int, Calling]) -> Iterator[Finding]:
        for i, caller in callers.items():
            source = source_of(caller)
            if source in self.databases and caller.batch is not None:
                yield Finding(location=(table, i, "batch"), what="is for services: rows come in batches anyway")
            elif source in self.services and (batch := batch_of(caller, self.batches)) is not None:
                yield from unmatched_keys(table, i, caller, batch)


def batch_of(caller: Calling, batches: Batches) -> BatchConfiguration | None:
    """How the answers of a call come in batches: as its caller says, else as the operation does."""
    return caller.batch or batches.get(source_of(caller), {}).get(operation_of(caller))
