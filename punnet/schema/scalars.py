"""The API's scalars as graphql-core types."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from graphql import (
    GraphQLBoolean,
    GraphQLError,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLScalarType,
    GraphQLString,
    ListValueNode,
    ObjectValueNode,
    ValueNode,
    value_from_ast_untyped,
)

from punnet.catalog.scalars import Scalar, parse_date_time, scalar_named

BUILT_IN = {
    "Int": GraphQLInt,
    "Float": GraphQLFloat,
    "String": GraphQLString,
    "Boolean": GraphQLBoolean,
    "ID": GraphQLID,
}


def scalar_type(name: str) -> GraphQLScalarType:
    """The type of the scalar of that name."""
    return BUILT_IN.get(name) or _make(scalar_named(name))


def _make(scalar: Scalar) -> GraphQLScalarType:
    def coerce(value: Any, node: ValueNode | None = None) -> object:
        try:
            return scalar.parse(value)
        except ValueError as error:
            raise GraphQLError(f"{scalar.name} {error}.", node) from None

    def coerce_literal(node: ValueNode) -> object:
        # With the node: graphql-core passes such an error on as it is, and it would have no location.
        return coerce(value_from_ast_untyped(node), _placed(node))

    return GraphQLScalarType(
        scalar.name,
        description=scalar.description,
        specified_by_url=scalar.specified_by,
        coerce_output_value=_COERCERS.get(scalar.name, _put_out),
        coerce_input_value=coerce,
        coerce_input_literal=coerce_literal,
    )


def _placed(node: ValueNode) -> ValueNode:
    """The node, or the first one inside that has a place: graphql-core makes lists and objects anew, without one."""
    if node.loc is None:
        for inside in _nodes_in(node):
            placed = _placed(inside)
            if placed.loc is not None:
                return placed
    return node


def _nodes_in(node: ValueNode) -> Iterable[ValueNode]:
    match node:
        case ListValueNode():
            return node.values
        case ObjectValueNode():
            return [field.value for field in node.fields]
        case _:
            return ()


def _put_out(value: Any) -> Any:
    """Databases bring what they printed, services what JSON has, a team's own resolvers Python's values."""
    match value:
        case datetime():
            text = value.isoformat()
            return f"{text[:-6]}Z" if text.endswith("+00:00") else text
        case date() | time():
            return value.isoformat()
        case Decimal() | UUID():
            return str(value)
        case bytes():
            return base64.b64encode(value).decode()
        case str():
            return value
        case _:
            raise GraphQLError("It is no text, which carries this scalar.")


def _put_out_number(value: Any) -> Any:
    """Numbers of any size travel as strings; services may have them as JSON's numbers."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else _put_out(value)


def _put_out_moment(value: Any) -> Any:
    """Moments are in UTC; services may have them with any offset."""
    if isinstance(value, str) and not value.endswith("Z"):
        try:
            return _put_out(parse_date_time(value))
        except ValueError as error:
            raise GraphQLError(f"DateTime {error}.") from None
    return _put_out(value)


DEEPEST_JSON = 150
"""How deeply a value may be nested. All of an answer is written at once, by a library that knows 254 levels."""


def _put_out_json(value: Any) -> Any:
    """Any value, as it is."""
    level = [value]
    for _ in range(DEEPEST_JSON):
        level = [item for each in level for item in _items(each)]
        if not level:
            return value
    raise GraphQLError("It is nested too deeply.")


def _items(value: object) -> Iterable[object]:
    match value:
        case dict():
            return value.values()
        case list():
            return value
        case _:
            return ()


_COERCERS = {
    "BigInt": _put_out_number,
    "Decimal": _put_out_number,
    "DateTime": _put_out_moment,
    "JSON": _put_out_json,
}
