"""The types that joined fields stand on, and what of them a key can be made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graphql import GraphQLField, GraphQLScalarType

from punnet.catalog.close_names import did_you_mean
from punnet.catalog.endpoints import ListShape, NamedShape, ObjectShape, ScalarShape
from punnet.catalog.names import Names
from punnet.catalog.scalars import json_scalar
from punnet.schema.federation.stubs import StubType
from punnet.schema.problem import Problem
from punnet.schema.relations import RelationTypes
from punnet.schema.services import ServiceTypes


@dataclass(frozen=True, slots=True)
class Place:
    """A column or member that a part of a key is taken from."""

    raw: str
    scalar: str | None
    """None where it is an enum."""

    @property
    def kind(self) -> str:
        """What a message calls its type."""
        return self.scalar or "an enum"


@dataclass(frozen=True, slots=True)
class Parent:
    """A type that joins can stand on."""

    name: str
    places: Mapping[str, Place | None]
    """By field and by raw name; None for what cannot be part of a key."""
    field_names: frozenset[str]
    joined: dict[str, GraphQLField]
    external: frozenset[str] = frozenset()
    """The fields of another subgraph's type that gateways bring only where they are required."""
    required: set[str] = field(default_factory=set)
    """Those that joins require."""

    def place(self, name: str) -> Place:
        """Where a part of a key is taken from; raises Problem."""
        if name not in self.places:
            raise Problem(f"'{self.name}' has no field '{name}'{did_you_mean(name, self.places)}")
        place = self.places[name]
        if place is None:
            raise Problem(f"'{self.name}.{name}' is no single value: it cannot be part of a key")
        return place


def parent_named(
    name: str,
    relations: Iterable[RelationTypes],
    services: Iterable[ServiceTypes],
    stubs: Mapping[str, StubType],
    names: Names,
) -> Parent:
    """The type of that name; raises Problem where none is there."""
    if name in stubs:
        return _stub_parent(stubs[name])
    known = list(stubs)
    for types in relations:
        if types.name == name:
            return _relation_parent(types, names)
        known.append(types.name)
    for service in services:
        if (shape := service.shape_by_type.get(name)) is not None:
            return _object_parent(service, shape, name)
        known += service.shape_by_type
    raise Problem(f"there is no type '{name}'{did_you_mean(name, known)}")


def _relation_parent(types: RelationTypes, names: Names) -> Parent:
    relation = types.relation
    places: dict[str, Place | None] = {}
    for column in relation.columns:
        base = column.type.base()
        single = base.kind in ("base", "enum") and base.scalar != "JSON"
        place = Place(column.name, json_scalar(base) or None) if single else None
        places[names.column(relation.id, column.name)] = place
        places.setdefault(column.name, place)
    return Parent(types.name, places, types.field_names() | types.joined.keys(), types.joined)


def _stub_parent(stub: StubType) -> Parent:
    places: dict[str, Place | None] = {}
    for name, type_ in stub.leaves.items():
        scalar = type_.name if isinstance(type_, GraphQLScalarType) else None
        places[name] = Place(name, scalar) if type_ is not None and scalar != "JSON" else None
    return Parent(
        stub.name, places, frozenset(stub.fields) | stub.joined.keys(), stub.joined, stub.external, stub.required
    )


def _object_parent(service: ServiceTypes, shape: ObjectShape, type_name: str) -> Parent:
    names = service.names.members[shape.name]
    places: dict[str, Place | None] = {}
    for member in shape.properties:
        single = not isinstance(member.shape, ListShape | NamedShape)
        scalar = member.shape.scalar if isinstance(member.shape, ScalarShape) else None
        place = Place(member.name, scalar) if single and scalar != "JSON" else None
        places[names[member.name]] = place
        places.setdefault(member.name, place)
    joined = service.joined.setdefault(type_name, {})
    return Parent(type_name, places, frozenset(names.values()) | joined.keys(), joined)
