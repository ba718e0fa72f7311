"""Types that other subgraphs share with this one, made from what a configuration says of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from graphql import GraphQLNamedType, GraphQLObjectType, GraphQLSchema

from punnet.catalog.entities import Entity, ServiceEntity, Stub
from punnet.catalog.names import Names
from punnet.planning.entities import CalledEntity, GivenEntity
from punnet.schema.errors import EntitiesWrong
from punnet.schema.federation.stubs import StubType, stub_types
from punnet.schema.joins.service_entities import AskedKey, add_service_keys, asked_keys, called_entity
from punnet.schema.joins.warnings import JoinWarning, warnings_of
from punnet.schema.problem import Problem
from punnet.schema.services import ServiceTypes
from punnet.schema.values import ValueTypes


@dataclass(frozen=True, slots=True)
class SharedTypes:
    """Types of other subgraphs, and those of services that they ask for."""

    stubs: Mapping[str, StubType]
    asked: Mapping[str, Sequence[AskedKey]]
    """By the type of a service's object, the keys by which it can be asked for."""

    @property
    def linked(self) -> list[GraphQLNamedType]:
        """The types of other subgraphs."""
        return [stub.type for stub in self.stubs.values()]

    @property
    def warnings(self) -> list[JoinWarning]:
        """What is worth a warning of the calls by their keys."""
        keys = (key for asked in self.asked.values() for key in asked)
        return [warning for key in keys for warning in warnings_of(key.entity, key.call)]

    def check_keys(self) -> None:
        """See whether the keys can be keys, now that all types have their fields.

        Raises:
            EntitiesWrong: with everything that is wrong with any of them.
        """
        problems = list(self._key_problems())
        if problems:
            raise EntitiesWrong(problems)

    def _key_problems(self) -> Iterator[str]:
        for stub in self.stubs.values():
            try:
                stub.check()
            except Problem as problem:
                yield f"{stub.declared}: {problem}"

    def add_keys(self, schema: GraphQLSchema) -> None:
        """Put the keys on their types."""
        for stub in self.stubs.values():
            stub.add_key()
        add_service_keys(dict(_objects(schema, self.asked)), self.asked)

    def kinds(self, schema: GraphQLSchema) -> dict[str, GivenEntity | CalledEntity]:
        """How representations of each type are answered, where one has a key that can be asked by."""
        given = {name: stub.entity() for name, stub in self.stubs.items()}
        called = {name: called_entity(name, type_, self.asked[name]) for name, type_ in _objects(schema, self.asked)}
        return given | called


def _objects(schema: GraphQLSchema, names: Iterable[str]) -> Iterator[tuple[str, GraphQLObjectType]]:
    for name in names:
        type_ = schema.type_map.get(name)
        if isinstance(type_, GraphQLObjectType):
            yield name, type_


def shared_types(
    entities: Sequence[Entity],
    *,
    values: ValueTypes,
    names: Names,
    services: Mapping[str, ServiceTypes],
    taken: Iterable[str],
) -> SharedTypes:
    """Make the types that other subgraphs share.

    Args:
        entities: what the configuration says.
        values: the scalars.
        names: of relations and their columns.
        services: whose objects other subgraphs can ask for.
        taken: the names of types that are generated here.

    Raises:
        EntitiesWrong: with everything that is wrong with any of them.
    """
    stubs, wrong_stubs = stub_types([each for each in entities if isinstance(each, Stub)], values, taken)
    asked, wrong_keys = asked_keys([each for each in entities if isinstance(each, ServiceEntity)], services, names)
    if wrong_stubs or wrong_keys:
        raise EntitiesWrong([*wrong_stubs, *wrong_keys])
    return SharedTypes(stubs, asked)
