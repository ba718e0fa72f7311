"""Keys of one plain value, many at once: the short way of what gateways mostly ask."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from punnet.catalog.types import DataType

Texts = Callable[[list[Any]], list[str]]
"""The texts of values, as they would be made one by one; raises ValueError for one that has to go the long way."""


@dataclass(frozen=True, slots=True)
class PlainKey:
    """A key of one field whose values are numbers, or texts."""

    field: str
    texts: Texts


@dataclass(frozen=True, slots=True)
class PlainKeys:
    """What a request asks, where all items name one type by such a key."""

    type_name: str
    texts: Sequence[str]


def texts_of(data_type: DataType) -> Texts | None:
    """What makes texts of values of the type; None where these cannot be told by their Python types alone."""
    base = data_type.base()
    if base.kind != "base":
        return None
    match base.name, base.scalar:
        case ("int4", "Int"):
            return lambda values: _numbers(values, 2**31)
        case ("int8", "BigInt"):
            return lambda values: _numbers(values, 2**63)
        case ("text" | "varchar", "String"):
            return _texts
        case _:
            return None


def _numbers(values: list[Any], bound: int) -> list[str]:
    if set(map(type, values)) != {int} or min(values) < -bound or max(values) >= bound:
        raise ValueError("not all of them are numbers of the type")
    return list(map(str, values))


def _texts(values: list[Any]) -> list[str]:
    if set(map(type, values)) != {str}:
        raise ValueError("not all of them are texts")
    whole = "".join(values)
    if not whole.isascii() or "\x00" in whole:
        raise ValueError("not all of them are surely texts that a database can hold")
    return values
