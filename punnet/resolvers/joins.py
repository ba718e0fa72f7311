"""Fields that services answer, and fields that lead from one source to another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson
from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLFieldResolver,
    GraphQLList,
    GraphQLNonNull,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLTypeResolver,
)

from punnet.catalog.relations import Column
from punnet.errors import ValueNotRepresentable
from punnet.loaders.align import key_text
from punnet.loaders.values import value_in
from punnet.planning.ids import can_be_key
from punnet.planning.level import column_key
from punnet.planning.meaning import JoinedCall, JoinedRows, MemberField, ReferenceTo, ServiceCall
from punnet.resolvers.connections import PageOfRows, load_page, plan_keyed
from punnet.resolvers.context import ResolveInfo
from punnet.resolvers.rows import first_row
from punnet.sources.rows import FloatText, Key, KnownRow, RowValues


def service_call_resolver(meaning: ServiceCall) -> GraphQLFieldResolver:
    """Resolve a call that the operation itself asks for."""

    async def resolve(_root: object, info: ResolveInfo, **arguments: Any) -> object:
        given = {to: arguments[name] for name, to in meaning.arguments if name in arguments}
        answer = await info.context.calls.root(meaning.endpoint, given)
        try:
            check_fits(answer, info.return_type)
        except ValueNotRepresentable as error:
            raise error.during(_place(meaning.endpoint.id.source, info)) from error
        return answer

    return resolve


def member_resolver(meaning: MemberField) -> GraphQLFieldResolver:
    """Resolve a member of a service's object."""
    name = meaning.name

    def resolve(value: object, info: ResolveInfo) -> object:
        try:
            if not isinstance(value, dict):
                raise ValueNotRepresentable(what="A source gave something else where an object has to be.")
            member = value.get(name)
            check_fits(member, info.return_type)
        except ValueNotRepresentable as error:
            raise error.during(_place(meaning.source, info)) from error
        return member

    return resolve


def check_fits(value: object, type_: GraphQLOutputType) -> None:
    """Refuse what a service gave and its type cannot carry; graphql-core would blame us, and quote the value.

    Raises:
        ValueNotRepresentable: it is null, no list, or no such scalar where the type wants one.
    """
    if isinstance(type_, GraphQLNonNull):
        if value is None:
            raise ValueNotRepresentable(what=f"A source gave null where {type_} has to be.")
        type_ = type_.of_type
    if value is None:
        return
    if isinstance(type_, GraphQLList):
        if not isinstance(value, list):
            raise ValueNotRepresentable(what=f"A source gave something else where {type_} has to be.")
        for item in value:
            check_fits(item, type_.of_type)
    elif isinstance(type_, GraphQLScalarType | GraphQLEnumType):
        try:
            type_.coerce_output_value(value)
        except (GraphQLError, TypeError, ValueError) as error:
            raise ValueNotRepresentable(what=f"A source gave a value that {type_} cannot carry.") from error


def joined_call_resolver(meaning: JoinedCall) -> GraphQLFieldResolver:
    """Resolve what a service answers to a key of the parent."""

    async def resolve(parent: Any, info: ResolveInfo) -> object:
        key = parent_key(parent, meaning.key)
        if key is None:
            return None
        answer = await info.context.calls.loader(meaning.call).load(key)
        if isinstance(answer, Exception):
            raise answer
        try:
            value = value_in(answer, meaning.value, is_list=meaning.call.is_list)
            check_fits(value, info.return_type)
        except ValueNotRepresentable as error:
            raise error.during(_place(meaning.call.endpoint.id.source, info)) from error
        return value

    return resolve


def _place(source: str, info: ResolveInfo) -> str:
    """What the log says of where a value came from, and of which field it was to be."""
    field = f"{info.parent_type.name}.{info.field_name}"
    return f"source '{source}', field '{field}'" if source else f"field '{field}'"


def joined_rows_resolver(meaning: JoinedRows) -> GraphQLFieldResolver:
    """Resolve the row, or the rows, that a key of the parent names."""
    key_of = row_key(meaning)

    async def resolve(parent: Any, info: ResolveInfo, **arguments: Any) -> RowValues | PageOfRows | None:
        key = key_of(parent)
        if key is None:
            return None
        context = info.context
        if meaning.is_list:
            keyed = context.level(
                info,
                lambda planner, selected: plan_keyed(
                    context, planner.connection(selected, meaning.relation, arguments, meaning.links)
                ),
            )
            return await load_page(keyed, key)
        loader = context.level(
            info,
            lambda planner, selected: context.loaders.rows_by_key(
                planner.row(selected, meaning.relation, meaning.links)
            ),
        )
        return first_row(await loader.load(key))

    return resolve


def joined_values_resolver(meaning: JoinedRows, column: Column) -> GraphQLFieldResolver:
    """Resolve a column of the row, or of each of the rows, that a key of the parent names."""
    key_of, name = row_key(meaning), column_key(column.name)

    async def resolve(parent: Any, info: ResolveInfo, **arguments: Any) -> object:
        key = key_of(parent)
        if key is None:
            return None
        context = info.context
        keyed = context.level(
            info,
            lambda planner, selected: plan_keyed(
                context, planner.values(selected, meaning.relation, arguments, meaning.links, column)
            ),
        )
        page = await load_page(keyed, key)
        # A value that the API cannot carry is an exception, which graphql-core raises at its place.
        values = [row.values[name] for row in page.rows]
        if meaning.is_list:
            return values
        return values[0] if values else None

    return resolve


def reference_resolver(meaning: ReferenceTo) -> GraphQLFieldResolver:
    """Resolve an object of another subgraph, of which only what the parent has is known."""
    names = tuple(name for name, _ in meaning.members)

    def resolve(parent: Any, _info: ResolveInfo) -> Mapping[str, object] | None:
        key = parent_key(parent, meaning.key)
        return None if key is None else dict(zip(names, key, strict=True))

    return resolve


def row_key(meaning: JoinedRows) -> Callable[[Any], Key | None]:
    """From a parent to the key of the rows that it leads to; None where no row can have it."""
    types = [link.type for link in meaning.links]
    names = tuple(link.parent for link in meaning.links)

    def key_of(parent: Any) -> Key | None:
        values = parent_key(parent, names)
        key = None if values is None else tuple(key_text(value) for value in values)
        return key if key is not None and can_be_key(key, types) else None

    return key_of


def parent_key(parent: RowValues | Mapping[str, Any], names: Sequence[str]) -> tuple[object, ...] | None:
    """The values of a row's columns or an object's members; None where one of them is null."""
    known = parent.known if isinstance(parent, KnownRow) else {}
    # A float's number is that of its text, as the compiled way reads it: `3` is no `3.0`.
    parts = (known[name] if name in known else _part_of(parent, name) for name in names)
    key = tuple(orjson.loads(part.text) if isinstance(part, FloatText) else part for part in parts)
    for part in key:
        if isinstance(part, Exception):
            raise part
        if isinstance(part, dict | list):
            raise ValueNotRepresentable(what="A source gave a list or an object where a single value has to be.")
    return None if any(part is None for part in key) else key


def _part_of(parent: RowValues | Mapping[str, Any], name: str) -> object:
    return parent.values.get(column_key(name)) if isinstance(parent, RowValues) else parent.get(name)


def union_type_resolver(
    type_of_value: Mapping[str, str], discriminator: str | None, members: Sequence[tuple[str, frozenset[str]]]
) -> GraphQLTypeResolver:
    """Tell of which type of a union an object is.

    Args:
        type_of_value: the type for each value of the discriminator.
        discriminator: the member that tells; None where there is none.
        members: each type with the members that its objects must have, to tell by where nothing else does.
    """

    def told(value: object) -> str | None:
        if not isinstance(value, dict):
            return None
        if discriminator is not None and isinstance(value.get(discriminator), str):
            return type_of_value.get(value[discriminator])
        fitting = [(len(required), name) for name, required in members if required <= value.keys()]
        return max(fitting)[1] if fitting else None

    def resolve(value: object, *_: object) -> str:
        name = told(value)
        if name is None:
            raise ValueNotRepresentable(what="A source gave an object of none of the union's types.")
        return name

    return resolve
