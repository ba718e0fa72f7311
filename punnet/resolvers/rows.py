"""Fields of a row, and fields that lead to one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphql import GraphQLFieldResolver

from punnet.errors import ValueNotRepresentable
from punnet.planning.level import GLOBAL_ID, column_key, key_text_key
from punnet.planning.meaning import ColumnField, PartOf, RowByKey, ToOne
from punnet.planning.read import Link
from punnet.resolvers.context import ResolveInfo
from punnet.sources.rows import Key, RowValues


def column_resolver(meaning: ColumnField) -> GraphQLFieldResolver:
    """Resolve a column from its row."""
    key = column_key(meaning.column.name)

    def resolve(row: RowValues, _info: ResolveInfo) -> Any:
        return _representable(row.values[key])

    return resolve


def part_resolver(meaning: PartOf) -> GraphQLFieldResolver:
    """Resolve a part of a composite or range value."""

    def resolve(value: dict[str, Any], _info: ResolveInfo) -> Any:
        return _representable(value[meaning.part])

    return resolve


def _representable(value: Any) -> Any:
    if isinstance(value, Exception):
        raise value
    return value


def resolve_global_id(row: RowValues, _info: ResolveInfo) -> Any:
    """Resolve a row's global id."""
    return _representable(row.values[GLOBAL_ID])


def resolve_type(row: RowValues, *_: object) -> str:
    """Tell which type a row behind an interface has."""
    return row.type_name


def key_of(row: RowValues, links: Sequence[Link]) -> Key | None:
    """The key that a row gives to a child's read; None where a part of it is null, for null links to nothing."""
    texts = tuple(row.values[key_text_key(link.parent)] for link in links)
    return None if any(text is None for text in texts) else texts


def to_one_resolver(meaning: ToOne) -> GraphQLFieldResolver:
    """Resolve the row that a row points to."""

    async def find(row: RowValues, info: ResolveInfo) -> RowValues | None:
        key = key_of(row, meaning.links)
        if key is None:
            return None
        context = info.context
        loader = context.level(
            info,
            lambda planner, selected: context.loaders.rows_by_key(
                planner.row(selected, meaning.relation, meaning.links)
            ),
        )
        return first_row(await loader.load(key))

    async def find_always(row: RowValues, info: ResolveInfo) -> RowValues:
        found = await find(row, info)
        if found is None:
            raise ValueNotRepresentable(what="A source gave no row where there always has to be one.")
        return found

    return find_always if meaning.is_always else find


def row_by_key_resolver(meaning: RowByKey) -> GraphQLFieldResolver:
    """Resolve a row by the unique key in the field's arguments."""

    async def resolve(_root: object, info: ResolveInfo, **arguments: Any) -> RowValues | None:
        context = info.context
        read = context.level(
            info,
            lambda planner, selected: planner.row_by_key(selected, meaning.relation, meaning.arguments, arguments),
        )
        return first_row(await context.loaders.rows(read))

    return resolve


def first_row(rows: Sequence[RowValues]) -> RowValues | None:
    """The only row, None where there is none.

    Raises:
        ValueNotRepresentable: there are more, for what configuration calls a key the database need not know as one.
    """
    if len(rows) > 1:
        raise ValueNotRepresentable(what="A source gave several rows where there can be one.")
    return rows[0] if rows else None
