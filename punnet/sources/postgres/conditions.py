"""Conditions, orders and cursors as SQL over the columns of one alias."""

from __future__ import annotations

from punnet.access.condition import And, Compare, Condition, Constant, Not, Operand, Or
from punnet.catalog.relations import Relation
from punnet.catalog.scalars import ID
from punnet.catalog.types import DataType
from punnet.planning.read import Ordering, ordering_hash
from punnet.sources.postgres.slots import CursorPart, IdValue, OperandValue, Pattern
from punnet.sources.postgres.sql import Slot, Sql, compose, identifier, join, raw
from punnet.sources.postgres.values import has_stable_input, input_cast, list_cast, type_sql

_COMPARISONS = {"eq": "=", "ne": "<>", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
_RANGES = ("eq", "in", "lt", "lte", "gt", "gte", "isNull")
"""What an index of the column finds without looking at other rows."""
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


def compared(column: Sql, data_type: DataType) -> Sql:
    """A column as it can be compared: Postgres has no operators for domains over enums, and looks no further itself."""
    base = data_type.base()
    return compose("{}::{}", column, raw(type_sql(base))) if data_type is not base and base.kind == "enum" else column


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
    column = compared(column, data_type)
    if operator == "in":
        return compose("{} = any({})", column, _items(operand, data_type))
    if operator == "notIn":
        return compose("{} <> all({})", column, _items(operand, data_type))
    if operator in _LIKES:
        return compose(f"{{}} {_LIKES[operator]} {{}}", column, slot(_like_source(operator, operand), "text"))
    value = slot(_value(operand, data_type), input_cast(data_type))
    return compose(f"{{}} {_COMPARISONS[operator]} {{}}", column, _once(value, data_type))


def _items(operand: Operand, data_type: DataType) -> Sql:
    value = slot(_value(operand, data_type), list_cast(data_type))
    once = _once(value, data_type)
    # `any (select ...)` would be a subselect's rows; with a cast it is one array.
    return value if once == value else compose("{}::{}", once, raw(f"{type_sql(data_type.base())}[]"))


def _once(value: Sql, data_type: DataType) -> Sql:
    """A parameter's value: cast once, where Postgres would cast it for each row."""
    goes_as_text = input_cast(data_type).startswith("text::")
    return compose("(select {})", value) if goes_as_text and has_stable_input(data_type) else value


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


def is_range(condition: Condition, column: str | None) -> bool:
    """Whether an index of the column leads to the rows that the condition lets through, and to no others."""
    match condition:
        case And(parts):
            return all(is_range(part, column) for part in parts)
        case Compare(compared_column, operator):
            return compared_column == column and operator in _RANGES
        case _:
            return False


def never_null(condition: Condition) -> frozenset[str]:
    """The columns that cannot be null in a row that the condition lets through, as far as its form tells."""
    match condition:
        case And(parts):
            return frozenset().union(*(never_null(part) for part in parts))
        case Compare(column, operator, operand) if operator != "isNull" or operand == Constant(False):
            return frozenset((column,))
        case _:
            return frozenset()


def order_sql(order: tuple[Ordering, ...], relation: Relation, alias: str, known: frozenset[str] = frozenset()) -> Sql:
    """` order by ...`, or nothing; `known` are columns that are not null in any of the rows."""
    if not order:
        return raw("")
    return compose(" order by {}", join(", ", [_ordering(by, relation, alias, known) for by in order]))


def _ordering(by: Ordering, relation: Relation, alias: str, known: frozenset[str]) -> Sql:
    direction = " desc" if by.descending else ""
    # Where nulls cannot be, saying where they go would only hide an index from the planner.
    nulls = ""
    if _can_be_null(by, relation, known) and by.nulls_first != by.descending:
        nulls = " nulls first" if by.nulls_first else " nulls last"
    return compose("{}" + direction + nulls, column_sql(alias, by.column))


def _can_be_null(by: Ordering, relation: Relation, known: frozenset[str]) -> bool:
    return relation.column_by_name[by.column].nullable and by.column not in known


def after_sql(
    cursor: Operand,
    order: tuple[Ordering, ...],
    relation: Relation,
    alias: str,
    known: frozenset[str] = frozenset(),
    *,
    equal: int = 0,
) -> Sql:
    """The condition that a row comes after the cursor in the order.

    Args:
        cursor: of that order.
        order: has at least one column.
        relation: of the rows.
        alias: of the rows.
        known: columns that are not null in any of them.
        equal: in how many of the first columns the rows are known to be the cursor's equals.
    """
    order_hash = ordering_hash(order)
    types = [relation.column_by_name[by.column].type for by in order]
    columns = [compared(column_sql(alias, by.column), each) for by, each in zip(order, types, strict=True)]
    values = [cast_once(CursorPart(cursor, order_hash, index, len(order)), each) for index, each in enumerate(types)]
    nullable = [_can_be_null(by, relation, known) for by in order]
    return _after(order[equal:], columns[equal:], values[equal:], nullable[equal:])


def _after(order: tuple[Ordering, ...], columns: list[Sql], values: list[Sql], nullable: list[bool]) -> Sql:
    if len({by.descending for by in order}) == 1 and not any(nullable):
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
    after = _joined(" or ", "false", branches)
    if not order or nullable[0]:
        return after
    # Follows from the rest, but no index knows where to begin by that.
    bound = "{} <= {}" if order[0].descending else "{} >= {}"
    return compose(f"({bound} and {{}})", columns[0], values[0], after)


def cast_once(source: object, data_type: DataType) -> Sql:
    """A parameter that comes as the text of a value, as that value."""
    # A filter's parameter of this type may be no text.
    value = slot(source, f"text::{input_cast(data_type).removeprefix('text::').removeprefix('float8::')}")
    return compose("(select {})", value) if has_stable_input(data_type) else value


def _later(by: Ordering, column: Sql, value: Sql, *, is_nullable: bool) -> Sql:
    comparison = "{} < {}" if by.descending else "{} > {}"
    if not is_nullable:
        return compose(comparison, column, value)
    if by.nulls_first:
        return compose(f"({comparison} or ({{}} is null and {{}} is not null))", column, value, value, column)
    return compose(f"({comparison} or ({{}} is null and {{}} is not null))", column, value, column, value)
