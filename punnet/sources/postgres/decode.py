"""From the value table's JSON text to Python values, for the way of the resolvers."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import orjson

from punnet.catalog.types import DataType
from punnet.errors import ValueNotRepresentable
from punnet.planning.marks import UNREPRESENTABLE
from punnet.sources.rows import FloatText

_UNREPRESENTABLE = UNREPRESENTABLE.decode()

EnumValue = Callable[[DataType, str], str]


def decode_column(data_type: DataType, text: str | None, enum_value: EnumValue) -> Any:
    """The Python value of a column's text.

    Args:
        data_type: of the column.
        text: what `JsonText(leaves_quoted=True)` made of the value; None for null.
        enum_value: the API's name of an enum's label.

    Returns:
        None, a scalar's value, the label of an enum, a list, or a dict by part. A value that the API cannot carry
        comes as a `ValueNotRepresentable`, to be raised by the field that asks for it.
    """
    if text is None:
        return None
    if _UNREPRESENTABLE in text:
        return not_representable(data_type)
    base = data_type.base()
    if base.kind in ("base", "enum"):
        return _leaf(base, text, enum_value)
    return _structure(base, orjson.loads(text), enum_value)


def not_representable(data_type: DataType) -> ValueNotRepresentable:
    """The error of a field whose value the API cannot carry."""
    name = data_type.base().scalar or data_type.name
    return ValueNotRepresentable(what=f"The value cannot be carried as {name}.")


def _structure(data_type: DataType, value: Any, enum_value: EnumValue) -> Any:
    if value is None:
        return None
    base = data_type.base()
    if base.kind in ("base", "enum"):
        # Within a structure each leaf's JSON text is a JSON string.
        return decode_column(base, value, enum_value)
    if value == _UNREPRESENTABLE:
        return not_representable(base)
    if base.kind in ("array", "multirange") and base.element is not None:
        element = base.element
        return [_structure(element, item, enum_value) for item in value]
    parts = part_types(base)
    return {name: _structure(parts[name], item, enum_value) for name, item in value.items()}


_BOOLEAN = DataType(namespace="pg_catalog", name="bool", scalar="Boolean")


def part_types(data_type: DataType) -> dict[str, DataType]:
    """The parts of a composite or range, with their types."""
    if data_type.kind == "range" and data_type.element is not None:
        flags = dict.fromkeys(("startInclusive", "endInclusive", "isEmpty"), _BOOLEAN)
        return {"start": data_type.element, "end": data_type.element, **flags}
    return {attribute.name: attribute.type for attribute in data_type.attributes}


def _leaf(data_type: DataType, text: str, enum_value: EnumValue) -> Any:
    if data_type.kind == "enum":
        return _labels(data_type, enum_value)[orjson.loads(text)]
    if data_type.scalar == "Float":
        return FloatText(text)
    if data_type.scalar == "JSON":
        return orjson.Fragment(text)
    return orjson.loads(text)


@lru_cache(maxsize=4096)
def _labels(data_type: DataType, enum_value: EnumValue) -> dict[str, str]:
    return {enum_value(data_type, label): label for label in data_type.labels}
