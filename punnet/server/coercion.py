"""The coercion of an operation's variables, worked out once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from graphql import (
    GraphQLInputType,
    GraphQLList,
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

    graphql-core coerces whatever it is given. Where all variables are scalars without defaults, or lists of them, which
    is what most operations have, their types do it directly, and graphql-core is left with telling what is wrong.

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
    found = [(shape.name, _coerce_scalars(shape.type)) for shape in shapes]
    coercers = [(name, coerce) for name, coerce in found if coerce is not None]
    if has_defaults or len(coercers) < len(found):
        return coerce_any

    def coerce_scalars(inputs: Mapping[str, Any]) -> VariableValues:
        if None in inputs.values():
            return coerce_any(inputs)
        try:
            coerced = {name: coerce(inputs[name]) for name, coerce in coercers}
        except Exception:
            # Absent, which may be right, or wrong; a team's own scalar can raise anything at that.
            return coerce_any(inputs)
        return VariableValues({}, coerced)

    return coerce_scalars


def _coerce_scalars(type_: GraphQLInputType) -> Callable[[Any], Any] | None:
    """What coerces a value that is there; None where the type is no scalar, and no list of scalars.

    It is never given null, and may raise at what is right: graphql-core then decides.
    """
    nullable = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
    if isinstance(nullable, GraphQLScalarType):
        return nullable.coerce_input_value
    if isinstance(nullable, GraphQLList) and isinstance(nullable.of_type, GraphQLNonNull):
        item = nullable.of_type.of_type
        return _list_of(item.coerce_input_value) if isinstance(item, GraphQLScalarType) else None
    return None


def _list_of(coerce: Callable[[Any], Any]) -> Callable[[Any], list[Any]]:
    def coerce_list(value: Any) -> list[Any]:
        if not isinstance(value, list) or None in value:
            raise TypeError("what only graphql-core judges")
        return [coerce(item) for item in value]

    return coerce_list
