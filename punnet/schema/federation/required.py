"""What joined fields of an entity require of other subgraphs: a representation brings it."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import GraphQLField, GraphQLObjectType

from punnet.planning.entities import RequiredField
from punnet.planning.given_values import value_parser
from punnet.planning.meaning import ColumnField, JoinedCall, JoinedRows, MemberField, ReferenceTo, meaning_of
from punnet.schema.federation.directives import directives_of
from punnet.schema.federation.keys import key_fields


def required_fields(type_: GraphQLObjectType) -> tuple[RequiredField, ...]:
    """The columns or members that a `@requires` of a joined field names, each once."""
    found = {each.name: each for field in type_.fields.values() for each in _required_by(field, type_)}
    return tuple(found.values())


def _required_by(field: GraphQLField, type_: GraphQLObjectType) -> Iterator[RequiredField]:
    if not isinstance(meaning_of(field), JoinedCall | JoinedRows | ReferenceTo):
        return
    for directive in directives_of(field):
        for named in key_fields(directive) if directive.name == "requires" else ():
            required = type_.fields.get(named.name)
            match None if required is None else meaning_of(required):
                case ColumnField(column) if required is not None:
                    yield RequiredField(named.name, column.name, value_parser(required.type))
                case MemberField(member) if required is not None:
                    yield RequiredField(named.name, member, value_parser(required.type))
