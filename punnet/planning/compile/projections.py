"""What the selection takes of objects that are not rows: a service gives them, or a request."""

from __future__ import annotations

from collections.abc import Callable

from graphql import GraphQLObjectType, GraphQLOutputType, GraphQLUnionType, get_named_type

from punnet.planning.calls import HopFrom, Member, OwnTypename, Projection
from punnet.planning.meaning import JoinedCall, JoinedRows, MemberField, ReferenceTo, meaning_of
from punnet.planning.plannable import count_object, fields_below, no_meaning
from punnet.planning.selection import Selected, Selection

HopNumber = Callable[[Selected], int]
"""From a field that leads to another source to the number of its hop in the plan."""


def projection_of(
    selection: Selection, selected: Selected, type_: GraphQLOutputType, hop: HopNumber
) -> Projection | None:
    """What is taken of objects of this type; None for a leaf."""
    match get_named_type(type_):
        case GraphQLObjectType() as named:
            return object_projection(selection, selected, named, hop)
        case GraphQLUnionType(types=types):
            return Projection(tuple((each.name, _members(selection, selected, each, hop)) for each in types))
        case _:
            return None


def object_projection(
    selection: Selection, selected: Selected, object_type: GraphQLObjectType, hop: HopNumber
) -> Projection:
    """What is taken of objects that are all of one type."""
    return Projection(((object_type.name, _members(selection, selected, object_type, hop)),))


def _members(
    selection: Selection, selected: Selected, object_type: GraphQLObjectType, hop: HopNumber
) -> tuple[tuple[str, Member | OwnTypename | HopFrom], ...]:
    count_object(selection)
    return tuple(
        (below.key, _member(selection, below, object_type, hop))
        for below in fields_below(selection, selected, object_type)
    )


def _member(
    selection: Selection, selected: Selected, object_type: GraphQLObjectType, hop: HopNumber
) -> Member | OwnTypename | HopFrom:
    if selected.definition is None:
        return OwnTypename()
    match meaning_of(selected.definition):
        case MemberField(name):
            type_ = selected.definition.type
            return Member(name, type_, projection_of(selection, selected, type_, hop))
        case JoinedCall() | JoinedRows() | ReferenceTo() as joined:
            return HopFrom(hop(selected), joined.key)
        case _:
            raise no_meaning(selected, object_type)
