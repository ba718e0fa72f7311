"""What fills a statement's parameters, from the variables of a request and the keys of a batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Literal

from punnet.access.condition import Operand, Variable, operand_value
from punnet.catalog.scalars import scalar_behind
from punnet.catalog.types import DataType
from punnet.errors import BadUserInput
from punnet.planning.opaque import decode_list
from punnet.sources.rows import Key


@dataclass(frozen=True, slots=True)
class OperandValue:
    """The operand as it is."""

    operand: Operand


@dataclass(frozen=True, slots=True)
class IdValue:
    """An ID, or a list of them, as values of the base type that is behind them."""

    operand: Operand
    type: DataType


@dataclass(frozen=True, slots=True)
class RowNumber:
    """A number of rows, which cannot be negative."""

    operand: Operand
    argument: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern for LIKE that finds the operand's text itself."""

    operand: Operand
    place: Literal["contains", "startsWith", "endsWith"]


@dataclass(frozen=True, slots=True)
class CursorPart:
    """One value of a cursor of the order with this hash."""

    operand: Operand
    hash: str
    index: int
    size: int


@dataclass(frozen=True, slots=True)
class KeyColumn:
    """One column of all keys of a batch."""

    index: int
    is_number: bool = False
    """Whether it goes as whole numbers: they are sent and read for half of what their texts cost."""


Fill = Callable[[Mapping[str, object], Sequence[Key]], object]
"""From a request's coerced variables and the keys of a batch to the value of a parameter.

Raises:
    BadUserInput: a negative number of rows, a cursor that is not one of this order, or an ID that no value of its
        column's type has.
"""


def fill_of(source: object) -> Fill:
    """What fills a parameter. A statement is run many times, so what it depends on is worked out before."""
    match source:
        case OperandValue(Variable((name,))) if isinstance(name, str):
            return lambda variables, _keys: _encode(variables[name])
        case OperandValue(operand):
            return lambda variables, _keys: _encode(operand_value(operand, variables))
        case IdValue(operand, data_type):
            return lambda variables, _keys: _encode(_id_value(operand_value(operand, variables), data_type))
        case RowNumber(operand, argument):
            return lambda variables, _keys: _row_number(operand_value(operand, variables), argument)
        case Pattern(operand, place):
            return lambda variables, _keys: _pattern(_text(operand, variables), place)
        case CursorPart(operand, order_hash, index, size):
            return lambda variables, _keys: decode_cursor(_text(operand, variables), order_hash, size)[index]
        case KeyColumn(index, is_number):
            return lambda _variables, keys: _key_column(keys, index, is_number=is_number)
        case _:
            raise TypeError(f"no value for {source!r}")


def _text(operand: Operand, variables: Mapping[str, object]) -> str:
    return str(operand_value(operand, variables))


def _key_column(keys: Sequence[Key], index: int, *, is_number: bool) -> list[object]:
    texts = [key[index] for key in keys]
    return [text and int(text) for text in texts] if is_number else list(texts)


def _encode(value: object) -> object:
    """As the driver takes it: numbers, booleans and moments as they are, all else as the text that the cast expects."""
    match value:
        case None | bool() | int() | float() | str() | date():
            return value
        case list() | tuple():
            return [_encode(item) for item in value]
        case time():
            return value.isoformat()
        case bytes():
            return "\\x" + value.hex()
        case _:
            return str(value)


def _id_value(value: object, data_type: DataType) -> object:
    if value is None:
        return None
    if isinstance(value, list | tuple):
        return [_id_value(item, data_type) for item in value]
    try:
        return scalar_behind(data_type).parse(value)
    except ValueError as error:
        raise BadUserInput(what=f"An ID {error}.", fix="take it from the object, unchanged") from None


def _row_number(value: object, argument: str) -> object:
    if isinstance(value, int) and value < 0:
        raise BadUserInput(what=f"Argument '{argument}' cannot be negative.", fix="give 0 or more")
    return value


def _pattern(text: str, place: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    before = "" if place == "startsWith" else "%"
    after = "" if place == "endsWith" else "%"
    return f"{before}{escaped}{after}"


def decode_cursor(cursor: str, order_hash: str, size: int) -> list[str | None]:
    """The texts of a cursor's values.

    Args:
        cursor: base64url, without padding, of the JSON `[hash, text or null ...]`.
        order_hash: of the order that the cursor is used with.
        size: how many values that order has.

    Raises:
        BadUserInput: it is none, or one of another order.
    """
    parts = decode_list(cursor) or ()
    texts = [part for part in parts if part is None or isinstance(part, str)]
    if len(texts) == len(parts) == size + 1 and texts[0] == order_hash:
        return texts[1:]
    raise BadUserInput(
        what="The cursor in 'after' is not one of this ordering.",
        fix="take it from a page with the same 'orderBy'",
    )
