"""Conditions, orders and cursors as SQL over the columns of one alias."""

from __future__ import annotations

from punnet.access.condition import And, Compare, Condition, Constant, Not, Operand, Or
from punnet.catalog.relations import Relation
from punnet.catalog.scalars import ID
from punnet.catalog.types import DataType
from punnet.planning.read import Ordering, ordering_hash
from punnet.sources.postgres.slots import CursorPart, IdValue, OperandValue, Pattern
from punnet.sources.postgres.sql import Slot, Sql, compose, identifier, join, raw
from punnet.sources.postgres.values import input_cast, list_cast

_COMPARISONS = {"eq": "=", "ne": "<>", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
_LIKES = {
    "contains": "like",
    "startsWith": "like",
    "endsWith": "like",
    "like": "like",
    "iContains": "ilike",
    "iStartsWith": "ilike",
    "iEndsWith": "ilike",
    "iLike": "ilike",
}
_PLACES = {
    "contains": "contains",
    "iContains": "contains",
    "startsWith": "startsWith",
    "iStartsWith": "startsWith",
    "endsWith": "endsWith",
    "iEndsWith": "endsWith",
}


def slot(source: object, cast: str) -> Sql:
    """A parameter."""
    return Sql((Slot(source, cast),))


def column_sql(alias: str, column: str) -> Sql:
    """A column of an alias."""
    return identifier(alias, column)


def is_everything(condition: Condition) -> bool:
    """Whether the condition lets every row through."""
    return isinstance(condition, And) and all(is_everything(part) for part in condition.parts)


def condition_sql(condition: Condition, relation: Relation, alias: str) -> Sql:
    """The condition, in parentheses where it needs them."""
    match condition:
        case And(parts):
            return _joined(" and ", "true", [condition_sql(part, relation, alias) for part in parts])
        case Or(parts):
            return _joined(" or ", "false", [condition_sql(part, relation, alias) for part in parts])
        case Not(part):
            return compose("(not {})", condition_sql(part, relation, alias))
        case Compare():
            return _compare(condition, relation, alias)


def _joined(separator: str, empty: str, parts: list[Sql]) -> Sql:
    if not parts:
        return raw(empty)
    return parts[0] if len(parts) == 1 else compose("({})", join(separator, parts))


def _compare(condition: Compare, relation: Relation, alias: str) -> Sql:
    column = column_sql(alias, condition.column)
    data_type = relation.column_by_name[condition.column].type
    operator, operand = condition.operator, condition.operand
    if operator == "isNull":
        return _is_null(column, operand, is_composite=data_type.base().kind == "composite")
    if operator == "in":
        return compose("{} = any({})", column, slot(_value(operand, data_type), list_cast(data_type)))
    if operator == "notIn":
        return compose("{} <> all({})", column, slot(_value(operand, data_type), list_cast(data_type)))
    if operator in _LIKES:
        return compose(f"{{}} {_LIKES[operator]} {{}}", column, slot(_like_source(operator, operand), "text"))
    return compose(
        f"{{}} {_COMPARISONS[operator]} {{}}", column, slot(_value(operand, data_type), input_cast(data_type))
    )


def _value(operand: Operand, data_type: DataType) -> OperandValue | IdValue:
    base = data_type.base()
    return IdValue(operand, base) if base.scalar == ID.name else OperandValue(operand)


def _like_source(operator: str, operand: Operand) -> object:
    match _PLACES.get(operator):
        case "contains":
            return Pattern(operand, "contains")
        case "startsWith":
            return Pattern(operand, "startsWith")
        case "endsWith":
            return Pattern(operand, "endsWith")
        case _:
            return OperandValue(operand)


def _is_null(column: Sql, operand: Operand, *, is_composite: bool) -> Sql:
    # `is null` is also true of a composite whose attributes are all null, and `is not null` false of one that
    # has any; a distinction is made by the value alone.
    test, negated = ("is not distinct from", "is distinct from") if is_composite else ("is", "is not")
    if isinstance(operand, Constant):
        return compose(f"{{}} {test if operand.value else negated} null", column)
    return compose(f"({{}} {test} null) = {{}}", column, slot(OperandValue(operand), "bool"))


def order_sql(order: tuple[Ordering, ...], relation: Relation, alias: str) -> Sql:
    """` order by ...`, or nothing."""
    if not order:
        return raw("")
    return compose(" order by {}", join(", ", [_ordering(by, relation, alias) for by in order]))


def _ordering(by: Ordering, relation: Relation, alias: str) -> Sql:
    direction = " desc" if by.descending else ""
    # Where nulls cannot be, saying where they go would only hide an index from the planner.
    nulls = ""
    if relation.column_by_name[by.column].nullable and by.nulls_first != by.descending:
        nulls = " nulls first" if by.nulls_first else " nulls last"
    return compose("{}" + direction + nulls, column_sql(alias, by.column))


def after_sql(cursor: Operand, order: tuple[Ordering, ...], relation: Relation, alias: str) -> Sql:
    """The condition that a row comes after the cursor in the order."""
    order_hash = ordering_hash(order)
    columns = [column_sql(alias, by.column) for by in order]
    values = [
        slot(
            CursorPart(cursor, order_hash, index, len(order)),
            f"text::{_cursor_cast(relation, by.column)}",
        )
        for index, by in enumerate(order)
    ]
    nullable = [relation.column_by_name[by.column].nullable for by in order]
    directions = {by.descending for by in order}
    if len(directions) == 1 and not any(nullable):
        # One row comparison is one range of an index.
        comparison = "<" if order[0].descending else ">"
        return compose(f"({{}}) {comparison} ({{}})", join(", ", columns), join(", ", values))
    branches: list[Sql] = []
    for index, by in enumerate(order):
        same = [
            compose("{} is not distinct from {}" if nullable[i] else "{} = {}", columns[i], values[i])
            for i in range(index)
        ]
        later = _later(by, columns[index], values[index], is_nullable=nullable[index])
        branches.append(compose("({})", join(" and ", [*same, later])))
    return compose("({})", join(" or ", branches))


def _cursor_cast(relation: Relation, column: str) -> str:
    # A cursor holds text, whatever a filter's parameter is. A type's own name may hold `::` as well.
    return input_cast(relation.column_by_name[column].type).split("::", 1)[-1]


def _later(by: Ordering, column: Sql, value: Sql, *, is_nullable: bool) -> Sql:
    comparison = "{} < {}" if by.descending else "{} > {}"
    if not is_nullable:
        return compose(comparison, column, value)
    if by.nulls_first:
        return compose(f"({comparison} or ({{}} is null and {{}} is not null))", column, value, value, column)
    return compose(f"({comparison} or ({{}} is null and {{}} is not null))", column, value, column, value)
