"""The generated types within a team's Strawberry schema. Every use of Strawberry's private names is here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import strawberry
from graphql import (
    GraphQLBoolean,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLType,
    introspection_types,
    is_introspection_type,
    is_specified_scalar_type,
)
from strawberry.scalars import JSON
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.scalar import ScalarDefinition

from punnet.schema.errors import NameTaken

_PYTHON_TYPES: dict[str, Any] = {
    "DateTime": datetime,
    "Date": date,
    "Decimal": Decimal,
    "UUID": UUID,
    "JSON": JSON,
}
"""The scalars that a team's code gets by writing Python's own types."""


@strawberry.type(name="Query")
class _NoQuery:
    """What a schema without code of a team begins with."""

    placeholder: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """The generated part of a schema."""

    queries: Mapping[str, GraphQLField]
    mutations: Mapping[str, GraphQLField]
    types: Sequence[GraphQLNamedType]
    """Those that no field may lead to."""
    scalars: Mapping[str, GraphQLScalarType]
    """By name, those that Strawberry would otherwise make once more."""


def merge(
    generated: Generated,
    *,
    query: type | None = None,
    mutation: type | None = None,
    extra_types: Sequence[type] = (),
) -> strawberry.Schema:
    """One schema that holds a team's Strawberry types and the generated ones.

    Args:
        generated: the generated part.
        query: the team's own Strawberry Query, if there is one.
        mutation: the team's own Mutation.
        extra_types: Strawberry types that no field leads to.

    Raises:
        NameTaken: the team's code and the generated part use one name for two things.
    """
    overrides: dict[object, Any] = {
        python_type: _scalar_definition(generated.scalars[name]) for name, python_type in _PYTHON_TYPES.items()
    }
    config = StrawberryConfig(scalar_map=overrides)
    schema = strawberry.Schema(query=query or _NoQuery, mutation=mutation, types=extra_types, config=config)
    own = schema._schema
    roots = (own.query_type, own.mutation_type, own.subscription_type)
    own_types = [type_ for type_ in own.type_map.values() if type_ not in roots and _is_own(type_, generated.scalars)]
    taken = {type_.name for type_ in generated.types}
    for type_ in own_types:
        if type_.name in taken:
            raise NameTaken(f"the type '{type_.name}'")
    merged = GraphQLSchema(
        query=_root("Query", generated.queries, own.query_type if query is not None else None),
        mutation=_root("Mutation", generated.mutations, own.mutation_type),
        subscription=own.subscription_type,
        types=[*generated.types, *own_types],
        directives=own.directives,
        extensions=own.extensions,
        # The generated part is valid by construction and the own part has been validated by Strawberry:
        # validating ten thousand types once more would cost a second of every start.
        assume_valid=True,
    )
    # Strawberry's resolvers find their way back by this attribute, which graphql-core's class does not declare.
    merged._strawberry_schema = schema  # type: ignore[attr-defined]
    _introspect_one_of()
    schema._schema = merged
    return schema


_DESCRIPTIONS = {"Query": "What can be asked.", "Mutation": "What can be changed."}


def _root(name: str, generated: Mapping[str, GraphQLField], own: GraphQLObjectType | None) -> GraphQLObjectType | None:
    """The root type that has the generated fields and the team's own ones; None where there is none of either."""
    own_fields = {} if own is None else own.fields
    for field in own_fields:
        if field in generated:
            raise NameTaken(f"the field '{name}.{field}'")
    fields = {**generated, **own_fields}
    return GraphQLObjectType(name, fields, description=_DESCRIPTIONS[name]) if fields else None


def _introspect_one_of() -> None:
    """Tell of all input objects whether they are `@oneOf`; Strawberry's patch knows only its own."""

    def resolve(type_: GraphQLType, _info: object) -> bool | None:
        if not isinstance(type_, GraphQLInputObjectType):
            return None
        definition = type_.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
        return type_.is_one_of or bool(getattr(definition, "is_one_of", False))

    type_of_types = introspection_types["__Type"]
    if isinstance(type_of_types, GraphQLObjectType):
        type_of_types.fields["isOneOf"] = GraphQLField(GraphQLBoolean, resolve=resolve)


def graphql_schema(schema: strawberry.Schema) -> GraphQLSchema:
    """The graphql-core schema inside of a Strawberry one."""
    return schema._schema


def _is_own(type_: GraphQLNamedType, scalars: Mapping[str, GraphQLScalarType]) -> bool:
    return not (is_introspection_type(type_) or is_specified_scalar_type(type_) or type_.name in scalars)


def _scalar_definition(type_: GraphQLScalarType) -> ScalarDefinition:
    return ScalarDefinition(
        name=type_.name,
        description=type_.description,
        specified_by_url=type_.specified_by_url,
        serialize=type_.coerce_output_value,
        parse_value=type_.coerce_input_value,
        parse_literal=None,
        implementation=type_,
    )
