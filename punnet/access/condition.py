"""Conditions over the columns of one relation, and where their operands come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Constant:
    """An operand that is known when the plan is made."""

    value: object

    def __eq__(self, other: object) -> bool:
        # Python takes 1 for True, and 12:30+02:00 for 10:30Z. To a source these are two values.
        return isinstance(other, Constant) and repr(self.value) == repr(other.value)

    def __hash__(self) -> int:
        return hash(repr(self.value))


@dataclass(frozen=True, slots=True)
class Variable:
    """An operand that comes with the request: where it sits in the coerced variables."""

    path: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list operand that mixes constants and variables."""

    items: tuple[Operand, ...]


Operand = Constant | Variable | Items


def operand_value(operand: Operand, variables: Mapping[str, object]) -> object:
    """The operand's value in a request with these coerced variables."""
    match operand:
        case Constant(value):
            return value
        case Variable(path):
            found: Any = variables
            for step in path:
                found = found[step]
            return found
        case Items(items):
            return [operand_value(item, variables) for item in items]


def is_negative(count: Operand, variables: Mapping[str, object]) -> bool:
    """Whether a number of rows, which cannot be negative, is so in a request."""
    number = operand_value(count, variables)
    return isinstance(number, int) and number < 0


Operator = Literal[
    "eq", "ne", "in", "notIn", "lt", "lte", "gt", "gte", "isNull",
    "contains", "startsWith", "endsWith", "like",
    "iContains", "iStartsWith", "iEndsWith", "iLike",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Compare:
    """A column compared with an operand, with SQL's meaning of null."""

    column: str
    operator: Operator
    operand: Operand


@dataclass(frozen=True, slots=True)
class And:
    """True where all parts are; with no parts, everywhere."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """True where a part is; with no parts, nowhere."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True where the part is false; null stays null."""

    part: Condition


Condition = Compare | And | Or | Not

EVERYTHING = And(())
