"""The directives that stand on a definition of the schema, kept in its extensions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLEnumValue,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
)

from punnet.catalog.directives import Directive

Member: TypeAlias = GraphQLField | GraphQLInputField | GraphQLEnumValue
"""A field of a type, or a value of an enum."""
Definition: TypeAlias = GraphQLSchema | GraphQLNamedType | Member | GraphQLArgument
"""What a directive can stand on."""

_KEY = "directives"


@dataclass(frozen=True, slots=True)
class Placed:
    """A directive, with where it stands."""

    directive: Directive
    place: str
    """By GraphQL's name: `FIELD_DEFINITION`."""
    path: tuple[str, ...]
    """The names of type, field and argument; none for the schema itself."""

    def __str__(self) -> str:
        return f"'{'.'.join(self.path)}'" if self.path else "the schema"


def directives_of(definition: Definition) -> tuple[Directive, ...]:
    """The directives of a definition, in the order they were added."""
    directives: tuple[Directive, ...] = definition.extensions.get(_KEY, ())
    return directives


def add_directives(definition: Definition, *directives: Directive) -> None:
    """Put directives on a definition, behind those that it has; one that it has already is not repeated."""
    has = directives_of(definition)
    new = dict.fromkeys(each for each in directives if each not in has)
    set_directives(definition, (*has, *new))


def set_directives(definition: Definition, directives: tuple[Directive, ...]) -> None:
    """Let these be the directives of a definition, in place of those that it has."""
    # In a new mapping: definitions of graphql-core may share the one they were given.
    definition.extensions = {**definition.extensions, _KEY: directives}


def members_of(type_: GraphQLNamedType) -> Mapping[str, Member]:
    """The fields of a type, or the values of an enum; none where it has neither."""
    members: Mapping[str, Member] = {}
    if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
        members = type_.fields
    elif isinstance(type_, GraphQLEnumType):
        members = type_.values
    return members


def place_of(definition: Definition) -> str:
    """Where a directive on this definition stands, by GraphQL's name."""
    return next((place for kind, place in _PLACES if isinstance(definition, kind)), "SCALAR")


_PLACES: tuple[tuple[type, str], ...] = (
    (GraphQLSchema, "SCHEMA"),
    (GraphQLObjectType, "OBJECT"),
    (GraphQLField, "FIELD_DEFINITION"),
    (GraphQLArgument, "ARGUMENT_DEFINITION"),
    (GraphQLInterfaceType, "INTERFACE"),
    (GraphQLUnionType, "UNION"),
    (GraphQLEnumType, "ENUM"),
    (GraphQLEnumValue, "ENUM_VALUE"),
    (GraphQLInputObjectType, "INPUT_OBJECT"),
    (GraphQLInputField, "INPUT_FIELD_DEFINITION"),
)


def definitions_of(schema: GraphQLSchema) -> Iterator[tuple[Definition, tuple[str, ...]]]:
    """Every definition of a schema on which directives can stand, with its path."""
    yield schema, ()
    for type_ in schema.type_map.values():
        yield type_, (type_.name,)
        for name, member in members_of(type_).items():
            yield member, (type_.name, name)
            if isinstance(member, GraphQLField):
                for argument_name, argument in member.args.items():
                    yield argument, (type_.name, name, argument_name)


def placed_directives(schema: GraphQLSchema) -> Iterator[Placed]:
    """Every directive that stands anywhere in a schema."""
    for definition, path in definitions_of(schema):
        for directive in directives_of(definition):
            yield Placed(directive, place_of(definition), path)
