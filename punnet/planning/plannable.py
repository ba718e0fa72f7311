"""What a plan has no place for. Each check raises NotPlannable, and the operation is the resolvers'."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import (
    GraphQLObjectType,
    ListValueNode,
    ObjectValueNode,
    ValueNode,
    VariableNode,
    get_named_type,
)

from punnet.planning.errors import NotPlannable
from punnet.planning.selection import Selected, Selection


def object_type_of(selected: Selected) -> GraphQLObjectType:
    """The type of the objects that a field gives."""
    named = None if selected.definition is None else get_named_type(selected.definition.type)
    if not isinstance(named, GraphQLObjectType):
        raise NotPlannable(f"'{selected.name}' is of no object type")
    return named


def no_meaning(selected: Selected, object_type: GraphQLObjectType | None = None) -> NotPlannable:
    """What to raise for a field that no generated meaning answers at its place."""
    name = selected.name if object_type is None else f"{object_type.name}.{selected.name}"
    return NotPlannable(f"'{name}' has no generated meaning")


def check_no_variables_within(selected: Selected) -> None:
    """Refuse objects in the document that hold variables, which a plan would not see."""
    for argument in selected.details[0].node.arguments or ():
        if _holds_variable(argument.value, is_within=False):
            raise NotPlannable("an object in the document holds a variable")


def _holds_variable(node: ValueNode, *, is_within: bool) -> bool:
    match node:
        case VariableNode():
            return is_within
        case ObjectValueNode(fields=fields):
            return any(_holds_variable(field.value, is_within=True) for field in fields)
        case ListValueNode(values=values):
            return any(_holds_variable(value, is_within=is_within) for value in values)
        case _:
            return False


def fields_below(selection: Selection, selected: Selected, object_type: GraphQLObjectType) -> Iterator[Selected]:
    """The fields selected on an object of this type, below a field; a plan knows the directives of each."""
    for below in selection.below(selected.details, object_type):
        check_directives(below)
        yield below


def check_directives(selected: Selected) -> None:
    """Refuse directives whose meaning a plan does not know."""
    for detail in selected.details:
        for directive in detail.node.directives or ():
            if directive.name.value not in ("skip", "include"):
                raise NotPlannable(f"'@{directive.name.value}' is not a plan's to follow")
