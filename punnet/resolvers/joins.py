"""Fields that services answer, and fields that lead from one source to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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

from punnet.errors import ValueNotRepresentable
from punnet.loaders.align import key_text
from punnet.planning.ids import can_be_key
from punnet.planning.level import column_key
from punnet.planning.meaning import JoinedCall, JoinedRows, MemberField, ServiceCall
from punnet.resolvers.connections import PageOfRows, load_page, plan_keyed
from punnet.resolvers.context import ResolveInfo
from punnet.sources.rows import FloatText, RowValues


def service_call_resolver(meaning: ServiceCall) -> GraphQLFieldResolver:
    """Resolve a call that the operation itself asks for."""

    async def resolve(_root: object, info: ResolveInfo, **arguments: Any) -> object:
        given = {to: arguments[name] for name, to in meaning.arguments if name in arguments}
        return await info.context.calls.root(meaning.endpoint, given)

    return resolve


def member_resolver(meaning: MemberField) -> GraphQLFieldResolver:
    """Resolve a member of a service's object."""
    name = meaning.name

    def resolve(value: object, info: ResolveInfo) -> object:
        if not isinstance(value, dict):
            raise ValueNotRepresentable(what="A source gave something else where an object has to be.")
        member = value.get(name)
        check_fits(member, info.return_type)
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
        return answer

    return resolve


def joined_rows_resolver(meaning: JoinedRows) -> GraphQLFieldResolver:
    """Resolve the row, or the rows, that a key of the parent names."""
    types = [link.type for link in meaning.links]
    names = tuple(link.parent for link in meaning.links)

    async def resolve(parent: Any, info: ResolveInfo, **arguments: Any) -> RowValues | PageOfRows | None:
        values = parent_key(parent, names)
        key = None if values is None else tuple(key_text(value) for value in values)
        if key is None or not can_be_key(key, types):
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
        rows = await loader.load(key)
        return rows[0] if rows else None

    return resolve


def parent_key(parent: RowValues | Mapping[str, Any], names: Sequence[str]) -> tuple[object, ...] | None:
    """The values of a row's columns or an object's members; None where one of them is null."""
    values = parent.values if isinstance(parent, RowValues) else parent
    if isinstance(parent, RowValues):
        names = [column_key(name) for name in names]
    # A float's number is that of its text, as the compiled way reads it: `3` is no `3.0`.
    parts = (values.get(name) for name in names)
    key = tuple(orjson.loads(part.text) if isinstance(part, FloatText) else part for part in parts)
    for part in key:
        if isinstance(part, Exception):
            raise part
        if isinstance(part, dict | list):
            raise ValueNotRepresentable(what="A source gave a list or an object where a single value has to be.")
    return None if any(part is None for part in key) else key


def union_type_resolver(
    type_of_value: Mapping[str, str], discriminator: str | None, members: Sequence[tuple[str, frozenset[str]]]
) -> GraphQLTypeResolver:
    """Tell of which type of a union an object is.

    Args:
        type_of_value: the type for each value of the discriminator.
        discriminator: the member that tells; None where there is none.
        members: each type with the members that its objects must have, to tell by where nothing else does.
    """

    def resolve(value: object, *_: object) -> str | None:
        if not isinstance(value, dict):
            return None
        if discriminator is not None and isinstance(value.get(discriminator), str):
            return type_of_value.get(value[discriminator])
        fitting = [(len(required), name) for name, required in members if required <= value.keys()]
        return max(fitting)[1] if fitting else None

    return resolve
