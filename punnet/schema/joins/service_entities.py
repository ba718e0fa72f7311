"""Objects of services that other subgraphs ask for: by which keys, and by which calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graphql import GraphQLObjectType, GraphQLOutputType

from punnet.catalog.close_names import did_you_mean
from punnet.catalog.endpoints import NamedShape
from punnet.catalog.entities import ServiceEntity
from punnet.catalog.names import Names
from punnet.planning.calls import KeyedCall
from punnet.planning.entities import CalledEntity, CalledKey
from punnet.planning.given_values import value_parser
from punnet.schema.federation.directives import add_directives
from punnet.schema.federation.keys import key_directive
from punnet.schema.federation.required import required_fields
from punnet.schema.joins.keyed_calls import keyed_call
from punnet.schema.joins.parents import parent_named
from punnet.schema.problem import Problem
from punnet.schema.services import ServiceTypes


@dataclass(frozen=True, slots=True)
class AskedKey:
    """A key of a service's object, and the call that takes it."""

    entity: ServiceEntity
    fields: tuple[str, ...]
    """In the order of the call's parameters."""
    call: KeyedCall


def asked_keys(
    entities: Sequence[ServiceEntity], services: Mapping[str, ServiceTypes], names: Names
) -> tuple[dict[str, list[AskedKey]], list[str]]:
    """The keys of each type, in their order.

    Returns:
        The keys by type, and what is wrong with any of them.
    """
    keys: dict[str, list[AskedKey]] = {}
    problems: list[str] = []
    for entity in entities:
        try:
            keys.setdefault(entity.type, []).append(_asked_key(entity, services, names))
        except Problem as problem:
            problems.append(f"{entity}: {problem}")
    return keys, problems


def _asked_key(entity: ServiceEntity, services: Mapping[str, ServiceTypes], names: Names) -> AskedKey:
    source, _, operation = entity.call.partition(".")
    if source not in services:
        raise Problem(f"there is no service '{source}'{did_you_mean(source, services)}")
    service = services[source]
    parent = parent_named(entity.type, (), services.values(), {}, names)
    keyed = keyed_call(service, operation, parent, entity.match, batch=entity.batch, is_list=False)
    shape = service.shape_by_type.get(entity.type)
    if shape is None or keyed.shape != NamedShape(name=shape.name):
        raise Problem(f"'{keyed.call.endpoint.id}' gives no '{entity.type}' for a key")
    return AskedKey(entity, tuple(value for _, value in entity.match), keyed.call)


def add_service_keys(types: Mapping[str, GraphQLObjectType], keys: Mapping[str, Sequence[AskedKey]]) -> None:
    """Put a `@key` on the type of each object for each key by which it can be asked for."""
    for name, asked in keys.items():
        add_directives(types[name], *(key_directive(each.entity.key) for each in asked))


def called_entity(name: str, type_: GraphQLObjectType, keys: Sequence[AskedKey]) -> CalledEntity:
    """How representations of a service's object are answered."""

    def type_of(field: str) -> GraphQLOutputType:
        type_of_field: GraphQLOutputType = type_.fields[field].type
        return type_of_field

    return CalledEntity(
        name,
        tuple(
            CalledKey(tuple((field, value_parser(type_of(field))) for field in key.fields), key.call) for key in keys
        ),
        required_fields(type_),
    )
