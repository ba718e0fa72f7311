"""Values that other subgraphs give of an object, as the JSON that a source would have given."""

from __future__ import annotations

from collections.abc import Callable

from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
)

from punnet.catalog.scalars import scalar_named

ValueParser = Callable[[object], object]
"""From a client's value; raises ValueError saying what is wanted. Null stays null, for it may not be known."""


def value_parser(type_: GraphQLOutputType) -> ValueParser:
    """What makes a member of an object out of a client's value for a field of the type."""
    match type_:
        case GraphQLNonNull():
            return value_parser(type_.of_type)
        case GraphQLScalarType():
            return _scalar_parser(type_)
        case GraphQLEnumType():
            return _enum_parser(type_)
        case GraphQLObjectType():
            return _object_parser(type_)
    raise TypeError(f"no values of '{type_}' are given")


def _scalar_parser(type_: GraphQLScalarType) -> ValueParser:
    parse, put_out = scalar_named(type_.name).parse, type_.coerce_output_value
    # There and back, so that one value has one form whatever was given for it.
    return lambda value: None if value is None else put_out(parse(value))


def _enum_parser(type_: GraphQLEnumType) -> ValueParser:
    def parse(value: object) -> object:
        try:
            return None if value is None else type_.coerce_input_value(str(value))
        except GraphQLError:
            raise ValueError("wants one of the enum's values") from None

    return parse


def _object_parser(type_: GraphQLObjectType) -> ValueParser:
    def parse(value: object) -> object:
        if value is None:
            return None
        if not isinstance(value, dict):
            raise ValueError("wants an object")
        # Not made before: types can lead to each other in a circle.
        return {name: value_parser(type_.fields[name].type)(value[name]) for name in type_.fields.keys() & value.keys()}

    return parse
