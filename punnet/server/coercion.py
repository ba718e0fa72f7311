"""The coercion of an operation's variables, worked out once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
    OperationDefinitionNode,
)
from graphql.execution.values import VariableValues, get_variable_values

from punnet.errors import ClientCode
from punnet.planning.variables import VariableShape
from punnet.server.refusal import RequestRefused

Coerce = Callable[[Mapping[str, Any]], VariableValues]

_NONE = VariableValues({}, {})


def coercer(schema: GraphQLSchema, node: OperationDefinitionNode, shapes: tuple[VariableShape, ...]) -> Coerce:
    """A function from a request's variables to coerced ones.

    graphql-core coerces whatever it is given. Where all variables are scalars without defaults, which is what most
    operations have, their types do it directly, and graphql-core is left with telling what is wrong.

    The function raises RequestRefused with everything that is wrong.
    """
    if not shapes:
        return lambda _inputs: _NONE
    definitions = node.variable_definitions or ()

    def coerce_any(inputs: Mapping[str, Any]) -> VariableValues:
        values = get_variable_values(schema, definitions, dict(inputs), max_errors=50)
        if isinstance(values, list):
            raise RequestRefused(values, ClientCode.BAD_USER_INPUT)
        return values

    has_defaults = any(definition.default_value is not None for definition in definitions)
    scalars = [(shape.name, _scalar_of(shape)) for shape in shapes]
    if has_defaults or any(scalar is None for _, scalar in scalars):
        return coerce_any
    coercers = [(name, scalar.coerce_input_value) for name, scalar in scalars if scalar is not None]

    def coerce_scalars(inputs: Mapping[str, Any]) -> VariableValues:
        try:
            coerced = {name: coerce(inputs[name]) for name, coerce in coercers}
        except (KeyError, GraphQLError, TypeError, ValueError):
            # Absent or null, which may be right, or wrong.
            return coerce_any(inputs)
        return VariableValues({}, coerced)

    return coerce_scalars


def _scalar_of(shape: VariableShape) -> GraphQLScalarType | None:
    type_ = shape.type.of_type if isinstance(shape.type, GraphQLNonNull) else shape.type
    return type_ if isinstance(type_, GraphQLScalarType) else None
