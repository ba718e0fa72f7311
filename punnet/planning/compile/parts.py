"""Parts of a composite or range value."""

from __future__ import annotations

from graphql import GraphQLObjectType, get_named_type

from punnet.planning.meaning import PartOf, meaning_of
from punnet.planning.plannable import fields_below, no_meaning
from punnet.planning.read import PartField
from punnet.planning.selection import Selected, Selection


def parts_of(selection: Selection, selected: Selected) -> tuple[PartField, ...] | None:
    """The parts that are selected of a column's value; None where it has none."""
    named = None if selected.definition is None else get_named_type(selected.definition.type)
    if not isinstance(named, GraphQLObjectType):
        return None
    return tuple(_part(selection, below, named) for below in fields_below(selection, selected, named))


def _part(selection: Selection, selected: Selected, object_type: GraphQLObjectType) -> PartField:
    if selected.definition is None:
        return PartField(key=selected.key, part=None, typename=object_type.name)
    match meaning_of(selected.definition):
        case PartOf(part):
            return PartField(key=selected.key, part=part, parts=parts_of(selection, selected))
        case _:
            raise no_meaning(selected, object_type)
