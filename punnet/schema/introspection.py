"""Introspection as JSON bytes, straight from the schema.

The executor takes eleven seconds to describe ten thousand types. Here the selection becomes closures, one for
each of its fields, and each place of the selection writes a type that it has met before from memory: references
such as `Int!` repeat by the hundred thousand. The closures call the resolvers of graphql-core's own
introspection types: whatever the executor would answer, with whatever Strawberry has patched there, the bytes say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson
from graphql import (
    GraphQLBoolean,
    GraphQLLeafType,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLString,
    GraphQLType,
    GraphQLWrappingType,
    OperationType,
    introspection_types,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)
from graphql.execution.collect_fields import collect_fields
from graphql.pyutils import Undefined

from punnet.planning.selection import Selected, Selection

Encode = Callable[[Any], bytes]
"""From what a resolver gave to its JSON."""

_ROOT_FIELDS = ("__schema", "__type", "__typename")
_STANDARD_DIRECTIVES = ("skip", "include")
_ARE_JSON: dict[GraphQLLeafType, type] = {GraphQLString: str, GraphQLBoolean: bool}
"""Which Python type the scalar puts out as it is."""


def introspection_bytes(selection: Selection) -> bytes | None:
    """Answer an operation that asks for introspection alone.

    Args:
        selection: a valid operation. Its lists multiply with each other as they nest, and nothing here stops
            them: limits come first.

    Returns:
        The JSON of the answer's `data`, the same bytes that the executor's answer becomes. None where the
        operation asks for anything else, or where its answer has errors: those are the executor's to tell.
    """
    try:
        fields = _root_fields(selection)
        return None if fields is None else _object(selection, *fields)(None)
    except Exception:
        # Resolvers may be patched and defaults wrong: whatever they raise, the executor makes errors of it.
        return None


class _LeftToExecutor(Exception):
    """The answer has an error, or needs what only the executor knows."""


@dataclass(frozen=True, slots=True)
class _Info:
    """As much of a resolver's `info` as graphql-core's introspection reads."""

    schema: GraphQLSchema


def _root_fields(selection: Selection) -> tuple[GraphQLObjectType, list[Selected]] | None:
    """Find the root and what is selected there; None where that is more than introspection."""
    schema, operation = selection.schema, selection.operation
    root = schema.get_root_type(operation.operation)
    if root is None or operation.operation is OperationType.SUBSCRIPTION:
        return None
    # Not `selection.root()`, which knows only the fields that a type has of its own.
    collected = collect_fields(schema, dict(selection.fragments), selection.variables, root, operation)
    fields: list[Selected] = []
    for key, details in collected.grouped_field_set.items():
        name = details[0].node.name.value
        if name not in _ROOT_FIELDS:
            return None
        definition = None if name == "__typename" else schema.get_field(root, name)
        fields.append(Selected(key, name, definition, tuple(details)))
    return root, fields


def _object(selection: Selection, type_: GraphQLObjectType, fields: Iterable[Selected]) -> Encode:
    fields, info = tuple(fields), _Info(selection.schema)
    members = [_member(selection, type_, selected) for selected in fields]
    # A response key is a GraphQL name, which holds no `%`.
    template = b"{%b}" % b",".join(orjson.dumps(selected.key) + b":%b" for selected in fields)
    return lambda value: template % tuple([encode(resolve(value, info)) for resolve, encode in members])


def _member(
    selection: Selection, parent: GraphQLObjectType, selected: Selected
) -> tuple[Callable[[Any, _Info], Any], Encode]:
    """How a field's value is had from its object, and how it is written."""
    if not _is_plain(selected):
        raise _LeftToExecutor
    if selected.name == "__typename":
        name = orjson.dumps(parent.name)
        return _itself, lambda _: name
    if selected.definition is None or selected.definition.resolve is None:
        raise _LeftToExecutor
    resolve, arguments = selected.definition.resolve, selection.arguments(selected)
    if arguments:
        resolve = partial(resolve, **arguments)
    return resolve, _value(selection, selected.definition.type, selected)


def _itself(value: Any, _info: _Info) -> Any:
    return value


def _is_plain(selected: Selected) -> bool:
    """Whether nothing but its presence is said of the field: no `@defer`, no directive of a team's own."""
    return all(
        details.defer_usage is None
        and all(directive.name.value in _STANDARD_DIRECTIVES for directive in details.node.directives or ())
        for details in selected.details
    )


def _value(selection: Selection, type_: GraphQLOutputType, selected: Selected) -> Encode:
    null = _write_null
    if is_non_null_type(type_):
        type_, null = type_.of_type, _refuse_null
    if is_list_type(type_):
        item = _value(selection, type_.of_type, selected)
        return lambda values: null() if values is None else b"[%b]" % b",".join([item(each) for each in values])
    if is_object_type(type_):
        encode = _object(selection, type_, selection.below(selected.details, type_))
        if type_ is introspection_types["__Type"]:
            encode = _remembering_types(encode)
        return lambda value: null() if value is None else encode(value)
    if is_leaf_type(type_):
        return _leaf(type_, null)
    raise _LeftToExecutor


def _write_null() -> bytes:
    return b"null"


def _refuse_null() -> bytes:
    raise _LeftToExecutor


def _leaf(type_: GraphQLLeafType, null: Callable[[], bytes]) -> Encode:
    put_out, is_json = type_.coerce_output_value, _ARE_JSON.get(type_)

    def encode(value: Any) -> bytes:
        if type(value) is is_json:
            return orjson.dumps(value)
        if value is None:
            return null()
        value = put_out(value)
        if value is None or value is Undefined:
            raise _LeftToExecutor
        return orjson.dumps(value)

    return encode


def _remembering_types(encode: Encode) -> Encode:
    """Encode each type once, however many wrapping objects say `[Product!]!`."""
    known: dict[tuple[str, GraphQLNamedType], bytes] = {}

    def encode_once(type_: GraphQLType) -> bytes:
        named: Any = type_
        wrapping = ""
        while isinstance(named, GraphQLWrappingType):
            wrapping += "!" if isinstance(named, GraphQLNonNull) else "]"
            named = named.of_type
        made = known.get((wrapping, named))
        if made is None:
            made = known[wrapping, named] = encode(type_)
        return made

    return encode_once
