"""Joins, from configuration to fields: their names and types are checked here, when the schema is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from graphql import GraphQLField

from punnet.catalog.close_names import did_you_mean
from punnet.catalog.joins import Join, Reference
from punnet.catalog.names import Names
from punnet.catalog.relations import RelationId
from punnet.schema.errors import JoinWrong
from punnet.schema.federation.directives import add_directives
from punnet.schema.federation.stubs import StubType
from punnet.schema.joins.calls import call_field
from punnet.schema.joins.parents import Parent, parent_named
from punnet.schema.joins.references import fields_directive, reference_field
from punnet.schema.joins.rows import RowFields
from punnet.schema.joins.warnings import JoinWarning
from punnet.schema.problem import Problem
from punnet.schema.relations import RelationTypes
from punnet.schema.services import ServiceTypes


@dataclass(frozen=True, slots=True)
class Joiner:
    """Adds joined fields to the types that they stand on."""

    names: Names
    relations: Mapping[RelationId, RelationTypes]
    services: Mapping[str, ServiceTypes]
    stubs: Mapping[str, StubType] = field(default_factory=dict)
    """The types of other subgraphs."""

    def add(self, joins: Sequence[Join | Reference]) -> list[JoinWarning]:
        """Add the fields of all joins.

        Returns:
            What is worth a warning.

        Raises:
            JoinWrong: with everything that is wrong with any of them.
        """
        problems: list[str] = []
        warnings: list[JoinWarning] = []
        for join in joins:
            try:
                warnings += self._add(join)
            except Problem as problem:
                problems.append(f"{join}: {problem}")
        if problems:
            raise JoinWrong(problems)
        return warnings

    def _add(self, join: Join | Reference) -> list[JoinWarning]:
        relations, services = self.relations.values(), self.services.values()
        parent = parent_named(join.on, relations, services, self.stubs, self.names)
        if join.field in parent.field_names:
            raise Problem(f"'{join.on}' has a field '{join.field}' already")
        made, warnings = self._field(join, parent)
        required = [name for name in dict(join.match).values() if name in parent.external]
        parent.required.update(required)
        if required:
            add_directives(made, fields_directive("requires", dict.fromkeys(required)))
        parent.joined[join.field] = made
        return warnings

    def _field(self, join: Join | Reference, parent: Parent) -> tuple[GraphQLField, list[JoinWarning]]:
        if isinstance(join, Reference):
            return reference_field(join, parent, self._stub(join.entity)), []
        source, _, operation = join.call.partition(".")
        if source in self.services:
            return call_field(join, parent, self.services[source], operation)
        databases = {types.relation.id.source for types in self.relations.values()}
        if source not in databases:
            raise Problem(f"there is no source '{source}'{did_you_mean(source, [*self.services, *databases])}")
        return RowFields(self.names, self.relations.values()).field(join, parent, source, operation), []

    def _stub(self, name: str) -> StubType:
        if name not in self.stubs:
            raise Problem(f"there is no type '{name}' of another subgraph{did_you_mean(name, self.stubs)}")
        return self.stubs[name]
