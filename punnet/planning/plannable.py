"""What a plan has no place for. Each check raises NotPlannable, and the operation is the resolvers'."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from graphql import (
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLObjectType,
    ListValueNode,
    ObjectValueNode,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
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
    """Refuse variables within a scalar's literal, as in `{facts: {weight: $weight}}`: a plan would not see them."""
    if selected.definition is None:
        return
    for argument in selected.details[0].node.arguments or ():
        if _hides_variable(argument.value, selected.definition.args[argument.name.value].type):
            raise NotPlannable("a literal of a scalar holds a variable")


def _hides_variable(node: ValueNode, type_: GraphQLInputType) -> bool:
    nullable = get_nullable_type(type_)
    match node, nullable:
        case VariableNode(), _:
            return False
        case ListValueNode(values=values), GraphQLList(of_type=item_type):
            return any(_hides_variable(value, item_type) for value in values)
        case _, GraphQLList(of_type=item_type):
            return _hides_variable(node, item_type)
        case ObjectValueNode(fields=fields), GraphQLInputObjectType(fields=types):
            return any(_hides_variable(field.value, types[field.name.value].type) for field in fields)
        case _:
            return _holds_variable(node)


def _holds_variable(node: ValueNode) -> bool:
    match node:
        case VariableNode():
            return True
        case ObjectValueNode(fields=fields):
            return any(_holds_variable(field.value) for field in fields)
        case ListValueNode(values=values):
            return any(map(_holds_variable, values))
        case _:
            return False


MOST_OBJECTS = 1_000
"""How many kinds of objects an operation can ask for in each other: fragments may double them at each level."""


MOST_FIELDS = 10_000
"""How many fields an operation can ask for, after fragments are spread: those of a fragment count in each place."""


def count_object(selection: Selection) -> None:
    """Count one more object; refuse what would become a statement that nobody wants to wait for."""
    selection.size.objects += 1
    if selection.size.objects > MOST_OBJECTS:
        raise NotPlannable(f"it asks for more than {MOST_OBJECTS} objects in each other")


def root_fields(selection: Selection, root_type: GraphQLObjectType) -> Iterator[Selected]:
    """The fields of the operation's root."""
    return _counted(selection, selection.root(root_type))


def fields_below(selection: Selection, selected: Selected, object_type: GraphQLObjectType) -> Iterator[Selected]:
    """The fields selected on an object of this type, below a field."""
    return _counted(selection, selection.below(selected.details, object_type))


def _counted(selection: Selection, fields: Iterable[Selected]) -> Iterator[Selected]:
    """The fields, of which a plan knows the directives, and whose number it can bear."""
    for selected in fields:
        _check_directives(selected)
        # What is merged into one has been written, and is looked at, several times.
        selection.size.fields += len(selected.details)
        if selection.size.fields > MOST_FIELDS:
            raise NotPlannable(f"it asks for more than {MOST_FIELDS} fields")
        yield selected


def _check_directives(selected: Selected) -> None:
    """Refuse directives whose meaning a plan does not know."""
    for detail in selected.details:
        for directive in detail.node.directives or ():
            if directive.name.value not in ("skip", "include"):
                raise NotPlannable(f"'@{directive.name.value}' is not a plan's to follow")
