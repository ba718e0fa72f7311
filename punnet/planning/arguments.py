"""Filters, orders and pages from the arguments of a field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import GraphQLArgument, GraphQLInputObjectType, get_named_type

from punnet.access.condition import EVERYTHING, And, Compare, Condition, Not, Or
from punnet.catalog.relations import Relation
from punnet.errors import BadUserInput
from punnet.planning.errors import NotPlannable
from punnet.planning.meaning import OrderColumn, WhereColumn, WhereLogic, WhereOperator, input_meaning_of
from punnet.planning.read import Ordering, Page
from punnet.planning.variables import operand


def plan_where(definitions: Mapping[str, GraphQLArgument], arguments: Mapping[str, Any]) -> Condition:
    """The condition of the argument `where`; without one, everything."""
    value = arguments.get("where")
    return EVERYTHING if value is None else _condition(value, _input_type(definitions["where"]))


def _input_type(definition: Any) -> GraphQLInputObjectType:
    named = get_named_type(definition.type)
    if not isinstance(named, GraphQLInputObjectType):
        raise NotPlannable(f"'{named}' is no input object")
    return named


def _condition(value: Mapping[str, Any], input_type: GraphQLInputObjectType) -> Condition:
    parts: list[Condition] = []
    for name, item in value.items():
        field = input_type.fields[name]
        if item is None:
            raise BadUserInput(
                what=f"'{name}' cannot be null.",
                fix="leave it out where it should not filter; ask for nulls with 'isNull'",
            )
        match input_meaning_of(field):
            case WhereColumn(column):
                parts.extend(_comparisons(column, item, _input_type(field)))
            case WhereLogic(word):
                parts.append(_logic(word, item, input_type))
            case _:
                raise NotPlannable(f"'{input_type.name}.{name}' is no generated condition")
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def _logic(word: str, item: Any, input_type: GraphQLInputObjectType) -> Condition:
    if word == "not":
        return Not(_condition(item, input_type))
    parts = tuple(_condition(part, input_type) for part in item)
    return And(parts) if word == "and" else Or(parts)


def _comparisons(column: str, value: Mapping[str, Any], filter_type: GraphQLInputObjectType) -> list[Condition]:
    comparisons: list[Condition] = []
    for name, item in value.items():
        if item is None:
            raise BadUserInput(
                what=f"The operator '{name}' cannot be null.",
                fix="leave it out where it should not filter; ask for nulls with 'isNull'",
            )
        match input_meaning_of(filter_type.fields[name]):
            case WhereOperator(operator):
                comparisons.append(Compare(column, operator, operand(item)))
            case _:
                raise NotPlannable(f"'{filter_type.name}.{name}' is no generated operator")
    return comparisons


def plan_order(
    definitions: Mapping[str, GraphQLArgument], arguments: Mapping[str, Any], relation: Relation
) -> tuple[Ordering, ...]:
    """The order of the argument `orderBy`, made total by the relation's key where it has one."""
    order: dict[str, Ordering] = {}
    for item in arguments.get("orderBy") or ():
        input_type = _input_type(definitions["orderBy"])
        for name, direction in item.items():
            match input_meaning_of(input_type.fields[name]):
                case OrderColumn(column):
                    # A second mention of a column cannot order what the first has left equal.
                    order.setdefault(column, ordering(column, direction))
                case _:
                    raise NotPlannable(f"'{input_type.name}.{name}' is no generated order")
    key = relation.primary_key
    if key is not None and not _is_total(order, relation):
        for column in key.columns:
            order.setdefault(column, Ordering(column=column))
    return tuple(order.values())


def _is_total(order: Mapping[str, Ordering], relation: Relation) -> bool:
    """Whether a key that cannot be null is among the columns already."""
    return any(
        all(column in order and not relation.column_by_name[column].nullable for column in key.columns)
        for key in relation.keys
    )


def ordering(column: str, direction: str) -> Ordering:
    """One of the directions of the API: as in SQL, nulls are larger than anything unless it says otherwise."""
    descending = direction.startswith("DESC")
    nulls_first = direction.endswith("NULLS_FIRST") or (descending and not direction.endswith("NULLS_LAST"))
    return Ordering(column=column, descending=descending, nulls_first=nulls_first)


def plan_page(arguments: Mapping[str, Any], order: tuple[Ordering, ...]) -> Page:
    """The page of the arguments `first`, `after` and `offset`.

    Raises:
        BadUserInput: a cursor where the relation has nothing to order by.
    """
    after = arguments.get("after")
    if after is not None and not order:
        raise BadUserInput(what="This collection has no key and no order: it pages by 'offset' only.")

    def bound(name: str) -> Any:
        value = arguments.get(name)
        return None if value is None else operand(value)

    return Page(first=bound("first"), offset=bound("offset"), after=bound("after"))
