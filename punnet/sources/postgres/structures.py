"""The JSON text of values of every type: structures are taken apart down to what the value table knows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import orjson

from punnet.catalog.types import DataType
from punnet.planning.read import PartField
from punnet.sources.postgres.sql import Sql, compose, concatenate, identifier, join, literal, raw
from punnet.sources.postgres.values import base_rule, plain_json_string, type_sql

_QUOTED_UNREPRESENTABLE = r'"\u0001"'
_BOOLEAN = DataType(namespace="pg_catalog", name="bool", scalar="Boolean")
# Arrays of these come out of to_json() just as their elements do.
_NATIVE_IN_ARRAYS = {"bool", "int2", "int4", "text", "varchar", "bpchar", "uuid"}

EnumValue = Callable[[DataType, str], str]
"""The API's name of an enum's label."""
Parts = tuple[PartField, ...] | None
"""Of a composite or range, the response keys and parts to put out."""


@dataclass(frozen=True, slots=True)
class JsonText:
    """Makes SQL expressions of values' JSON text, of type text, that are null only where the value is."""

    enum_value: EnumValue
    leaves_quoted: bool = False
    """Inside arrays and objects each leaf's JSON text is a JSON string: the way of the resolvers takes the structure
    apart and must find each leaf's text whole."""
    depth: int = 0
    """Of nested structures; it numbers the aliases."""

    def of(self, data_type: DataType, value: Sql, parts: Parts = None) -> Sql:
        """The JSON text of a non-null value.

        Args:
            data_type: of the value.
            value: an expression without side effects; it is repeated.
            parts: of a composite or range, or of what a list of them puts out for each.
        """
        kind, element = data_type.kind, data_type.element
        if kind == "domain" and element is not None:
            return self.of(element, compose("({})::{}", value, raw(type_sql(element))), parts)
        if kind == "array" and element is not None:
            return self._array(element, value, parts)
        if kind == "multirange" and element is not None:
            return self._list(compose("unnest({})", value), "v", value, element, parts)
        if kind in ("composite", "range"):
            return self._object(data_type, value, parts or ())
        if kind == "enum":
            return _enum(data_type, value, self.enum_value)
        return base_rule(data_type)(value)

    def _nested(self, data_type: DataType, value: Sql, parts: Parts) -> Sql:
        text = replace(self, depth=self.depth + 1).of(data_type, value, parts)
        if self.leaves_quoted and data_type.base().kind in ("base", "enum"):
            # An unrepresentable leaf must stay so inside of the quotes.
            text = plain_json_string(text)
        return compose("coalesce({}, 'null')", text)

    def _array(self, element: DataType, value: Sql, parts: Parts) -> Sql:
        if not self.leaves_quoted and element.namespace == "pg_catalog" and element.name in _NATIVE_IN_ARRAYS:
            text = compose("to_json({})::text", value)
        else:
            text = self._list(_elements(element, value), "v n", value, element, parts)
        # Any array column may hold arrays of more dimensions, which the API's flat list cannot carry.
        too_deep = literal(_QUOTED_UNREPRESENTABLE) if self.leaves_quoted and self.depth > 0 else raw("chr(1)")
        return compose("case when array_ndims({}) > 1 then {} else {} end", value, too_deep, text)

    def _list(self, source: Sql, names: Literal["v", "v n"], value: Sql, element: DataType, parts: Parts) -> Sql:
        """The elements `v` that the source has, in the order of `n` where it names them."""
        alias = f"e{self.depth}"
        return compose(
            "case when {} is not null then '['||coalesce((select string_agg({}, ','{}) from {} as {}), '')||']' end",
            value,
            self._nested(element, identifier(alias, "v"), parts),
            raw(f' order by "{alias}"."n"' if names == "v n" else ""),
            source,
            raw(f'"{alias}"("v","n")' if names == "v n" else f'"{alias}"("v")'),
        )

    def _object(self, data_type: DataType, value: Sql, fields: tuple[PartField, ...]) -> Sql:
        pieces: list[Sql] = []
        for number, field in enumerate(fields):
            key = f"{'{' if number == 0 else ','}{orjson.dumps(field.key).decode()}:"
            if field.part is None:
                pieces.append(literal(f'{key}"{field.typename}"'))
                continue
            pieces.append(literal(key))
            pieces.append(self._nested(*_part(data_type, value, field.part), field.parts))
        pieces.append(literal("}" if fields else "{}"))
        # `is null` is true for a composite whose attributes are all null; the text of a null value is null.
        return compose("case when ({})::text is not null then {} end", value, concatenate(pieces))


def _enum(data_type: DataType, value: Sql, enum_value: EnumValue) -> Sql:
    cast = raw(type_sql(data_type))
    cases = [
        compose(" when {}::{} then {}", literal(label), cast, literal(f'"{enum_value(data_type, label)}"'))
        for label in data_type.labels
    ]
    # A label that was added since the catalog was read is none that the API knows.
    return compose("case {}{} else case when {} is not null then chr(1) end end", value, join("", cases), value)


def _elements(element: DataType, value: Sql) -> Sql:
    if element.base().kind == "composite":
        # In FROM, unnest() would make a column of each attribute; in the select list both go in step.
        return compose("(select unnest({}), generate_series(1, cardinality({})))", value, value)
    return compose("unnest({}) with ordinality", value)


def _part(data_type: DataType, value: Sql, part: str) -> tuple[DataType, Sql]:
    """The type and expression of a composite's attribute or of a range's part."""
    return _range_part(data_type, value, part) if data_type.kind == "range" else _attribute(data_type, value, part)


def _attribute(data_type: DataType, value: Sql, part: str) -> tuple[DataType, Sql]:
    attribute = next(attribute for attribute in data_type.attributes if attribute.name == part)
    return attribute.type, compose("({}).{}", value, identifier(part))


def _range_part(data_type: DataType, value: Sql, part: str) -> tuple[DataType, Sql]:
    bounds = {"start": "lower({})", "end": "upper({})"}
    if part in bounds and data_type.element is not None:
        return data_type.element, compose(bounds[part], value)
    facts = {"startInclusive": "lower_inc({})", "endInclusive": "upper_inc({})", "isEmpty": "isempty({})"}
    return _BOOLEAN, compose(facts[part], value)
