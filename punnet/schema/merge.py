"""The generated types within a team's Strawberry schema. Every use of Strawberry's private names is here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from inspect import Parameter, signature
from typing import Any
from uuid import UUID
from warnings import catch_warnings, filterwarnings

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
from strawberry.federation.schema_directives import Key as FederationKey
from strawberry.printer.printer import PrintExtras, print_schema_directive
from strawberry.scalars import JSON
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.scalar import ScalarDefinition
from strawberry.utils.str_converters import to_snake_case

from punnet.catalog.directives import Directive, parse_directives
from punnet.catalog.key_fields import parse_key
from punnet.planning.entities import TYPENAME, OwnEntity
from punnet.schema.errors import NameTaken
from punnet.schema.federation.directives import add_directives, definitions_of, directives_of

_PYTHON_TYPES: dict[str, Any] = {
    "DateTime": datetime,
    "Date": date,
    "Decimal": Decimal,
    "UUID": UUID,
    "JSON": JSON,
}
"""The scalars that a team's code gets by writing Python's own types."""
PYTHON_SCALARS = tuple(_PYTHON_TYPES)


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
    schema = _own_schema(generated, query, mutation, extra_types)
    own = schema._schema
    own_types = _own_types(own, generated)
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


def _own_schema(
    generated: Generated, query: type | None, mutation: type | None, extra_types: Sequence[type]
) -> strawberry.Schema:
    """What Strawberry makes of a team's code, with the generated scalars for Python's types."""
    overrides: dict[object, Any] = {
        python_type: _scalar_definition(generated.scalars[name]) for name, python_type in _PYTHON_TYPES.items()
    }
    config = StrawberryConfig(scalar_map=overrides)
    with catch_warnings():
        # Its own class for subgraphs adds fields that are made here.
        filterwarnings("ignore", message="Federation directive found in schema")
        schema = strawberry.Schema(query=query or _NoQuery, mutation=mutation, types=extra_types, config=config)
    _copy_directives(schema)
    return schema


def _own_types(own: GraphQLSchema, generated: Generated) -> list[GraphQLNamedType]:
    """The team's types beside the roots, of which none may be called as a generated one is."""
    roots = (own.query_type, own.mutation_type, own.subscription_type)
    own_types = [type_ for type_ in own.type_map.values() if type_ not in roots and _is_own(type_, generated.scalars)]
    taken = {type_.name for type_ in generated.types}
    for type_ in own_types:
        if type_.name in taken:
            raise NameTaken(f"the type '{type_.name}'")
    return own_types


_DESCRIPTIONS = {"Query": "What can be asked.", "Mutation": "What can be changed."}


def _root(name: str, generated: Mapping[str, GraphQLField], own: GraphQLObjectType | None) -> GraphQLObjectType | None:
    """The root type that has the generated fields and the team's own ones; None where there is none of either.

    There is always a Query: those of a subgraph that is there for its entities come later.
    """
    own_fields = {} if own is None else own.fields
    for field in own_fields:
        if field in generated:
            raise NameTaken(f"the field '{name}.{field}'")
    fields = {**generated, **own_fields}
    if not fields and name != "Query":
        return None
    root = GraphQLObjectType(name, fields, description=_DESCRIPTIONS[name])
    add_directives(root, *(() if own is None else directives_of(own)))
    return root


def _copy_directives(schema: strawberry.Schema) -> None:
    """Keep the directives of a team's Strawberry types where those of the generated ones are."""
    own = schema._schema
    for definition, _ in definitions_of(own):
        strawberry_definition = definition.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
        for directive in getattr(strawberry_definition, "directives", None) or ():
            copied = parse_directives(print_schema_directive(directive, schema=schema, extras=PrintExtras()))
            add_directives(definition, *copied)
            add_directives(own, *_composing(directive, copied[0].name))


def _composing(directive: object, name: str) -> tuple[Directive, ...]:
    """What has gateways keep a directive, where Strawberry is told that they should."""
    options = getattr(getattr(directive, "__strawberry_directive__", None), "compose_options", None)
    if options is None:
        return ()
    # Where no URL is given, it is the one that Strawberry's own subgraphs give.
    url = options.import_url or f"https://directives.strawberry.rocks/{name}/v0.1"
    return parse_directives(f'@link(url: "{url}", import: ["@{name}"]) @composeDirective(name: "@{name}")')


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


@dataclass(frozen=True, slots=True)
class OwnEntities:
    """The types of a team's code that resolve references, as `strawberry.federation` marks them."""

    kinds: Mapping[str, OwnEntity]
    names: tuple[tuple[type, str], ...]
    """(the Python class, the type's name)."""

    def name_of(self, value: object) -> str | None:
        """The type's name of an object of one of them."""
        return next((name for class_, name in self.names if isinstance(value, class_)), None)


def entities_of(schema: strawberry.Schema) -> OwnEntities:
    """The entities among a team's types: those with keys and a `resolve_reference`."""
    kinds: dict[str, OwnEntity] = {}
    names: list[tuple[type, str]] = []
    for name, type_ in schema._schema.type_map.items():
        definition = type_.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
        if not isinstance(definition, StrawberryObjectDefinition) or definition.is_input:
            continue
        resolve = getattr(definition.origin, "resolve_reference", None)
        directives = definition.directives or ()
        keys = tuple(_top_fields(each.fields) for each in directives if isinstance(each, FederationKey))
        if resolve is not None and keys:
            kinds[name] = OwnEntity(name, keys, _reference_resolver(resolve))
            names.append((definition.origin, name))
    return OwnEntities(kinds, tuple(names))


def _top_fields(fields: str) -> tuple[str, ...]:
    return tuple(field.name for field in parse_key(str(fields)))


def _reference_resolver(resolve: Callable[..., object]) -> Callable[[Any, Mapping[str, object]], object]:
    """From `info` and a representation to what the team's `resolve_reference` gives for it."""
    parameters = signature(resolve).parameters
    takes_all = any(each.kind is Parameter.VAR_KEYWORD for each in parameters.values())

    def resolve_one(info: Any, representation: Mapping[str, object]) -> object:
        given = {
            name if name in parameters else to_snake_case(name): value
            for name, value in representation.items()
            if name != TYPENAME
        }
        taken = {name: value for name, value in given.items() if takes_all or name in parameters}
        return resolve(**taken | ({"info": info} if "info" in parameters else {}))

    return resolve_one


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
