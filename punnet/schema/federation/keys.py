"""The keys of an entity: what its `@key` directives say, held against its fields."""

from __future__ import annotations

from collections.abc import Iterable

from graphql import (
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLObjectType,
    StringValueNode,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_required_argument,
    parse_value,
    print_ast,
)

from punnet.catalog.close_names import did_you_mean
from punnet.catalog.directives import Directive
from punnet.catalog.key_fields import KeyField, key_text, parse_key

_NOT_RESOLVABLE = ("resolvable", "false")


def key_directive(fields: str, *, resolvable: bool = True) -> Directive:
    """The `@key` over these fields."""
    literal = print_ast(StringValueNode(value=fields))
    return Directive(name="key", arguments=(("fields", literal), *(() if resolvable else (_NOT_RESOLVABLE,))))


def key_fields(directive: Directive) -> tuple[KeyField, ...]:
    """The fields of a `@key`.

    Raises:
        ValueError: it has none that can be read.
    """
    literal = parse_value(dict(directive.arguments).get("fields", '""'))
    return parse_key(literal.value if isinstance(literal, StringValueNode) else "")


def without_resolving(directives: Iterable[Directive]) -> tuple[Directive, ...]:
    """The directives, of which no `@key` can be asked for any more."""
    return tuple(
        key_directive(key_text(key_fields(each)), resolvable=False) if each.name == "key" else each
        for each in directives
    )


def key_problem(type_: GraphQLNamedType, fields: Iterable[KeyField]) -> str | None:
    """Why these fields of a type can be no key; None where they can."""
    if not isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
        return f"'{type_.name}' has no fields that could be a key"
    problems = (_field_problem(type_, field) for field in fields)
    return next(filter(None, problems), None)


def _field_problem(type_: GraphQLObjectType | GraphQLInterfaceType, key: KeyField) -> str | None:
    field = type_.fields.get(key.name)
    name = f"'{type_.name}.{key.name}'"
    if field is None:
        return f"'{type_.name}' has no field '{key.name}'{did_you_mean(key.name, type_.fields)}"
    if any(is_required_argument(argument) for argument in field.args.values()):
        return f"{name} takes arguments: it can be no part of a key"
    if isinstance(get_nullable_type(field.type), GraphQLList):
        return f"{name} is a list: it can be no part of a key"
    named = get_named_type(field.type)
    if is_leaf_type(named):
        return f"{name} has no fields to choose from" if key.fields else None
    if not isinstance(named, GraphQLObjectType):
        return f"{name} may be of several types: it can be no part of a key"
    if not key.fields:
        return f"{name} is an object: name the fields of it, as in '{key.name} {{ id }}'"
    return key_problem(named, key.fields)
