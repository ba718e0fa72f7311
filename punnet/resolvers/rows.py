"""Fields of a row, and fields that lead to one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphql import GraphQLFieldResolver

from punnet.planning.ids import decode_id, is_key_of
from punnet.planning.level import GLOBAL_ID, column_key, key_text_key
from punnet.planning.meaning import ColumnField, PartOf, RowByKey, RowsById, ToOne
from punnet.planning.read import Link
from punnet.resolvers.context import RequestContext, ResolveInfo
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
    return row.values[GLOBAL_ID]


def resolve_type(row: RowValues, *_: object) -> str:
    """Tell which type a row behind an interface has."""
    return row.type_name


def key_of(row: RowValues, links: Sequence[Link]) -> Key | None:
    """The key that a row gives to a child's read; None where a part of it is null, for null links to nothing."""
    texts = tuple(row.values[key_text_key(link.parent)] for link in links)
    return None if any(text is None for text in texts) else texts


def to_one_resolver(meaning: ToOne) -> GraphQLFieldResolver:
    """Resolve the row that a row points to."""

    async def resolve(row: RowValues, info: ResolveInfo) -> RowValues | None:
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
        return _first(await loader.load(key))

    return resolve


def row_by_key_resolver(meaning: RowByKey) -> GraphQLFieldResolver:
    """Resolve a row by the unique key in the field's arguments."""

    async def resolve(_root: object, info: ResolveInfo, **arguments: Any) -> RowValues | None:
        context = info.context
        read = context.level(
            info,
            lambda planner, selected: planner.row_by_key(selected, meaning.relation, meaning.arguments, arguments),
        )
        return _first(await context.loaders.rows(read))

    return resolve


def rows_by_id_resolver(meaning: RowsById) -> GraphQLFieldResolver:
    """Resolve one row or several by global ids, of whatever types these name."""
    relations = dict(meaning.relations)

    async def load(info: ResolveInfo, global_id: str) -> RowValues | None:
        type_name, key = decode_id(global_id)
        relation = relations.get(type_name)
        if relation is None or not is_key_of(key, relation):
            return None
        context = info.context
        loaders = context.level(info, lambda planner, selected: _ByType(context, planner, selected))
        return _first(await loaders.of(type_name, relation).load(key))

    async def resolve_one(_root: object, info: ResolveInfo, **arguments: str) -> RowValues | None:
        return await load(info, arguments[meaning.argument])

    def resolve_list(_root: object, info: ResolveInfo, **arguments: list[str]) -> list[Any]:
        return [load(info, global_id) for global_id in arguments[meaning.argument]]

    return resolve_list if meaning.is_list else resolve_one


class _ByType:
    """The loader of each type that the ids of one field name."""

    def __init__(self, context: RequestContext, planner: Any, selected: Any) -> None:
        self._context, self._planner, self._selected = context, planner, selected
        self._loaders: dict[str, Any] = {}

    def of(self, type_name: str, relation: Any) -> Any:
        if type_name not in self._loaders:
            read = self._planner.row_by_id(self._selected, type_name, relation)
            self._loaders[type_name] = self._context.loaders.rows_by_key(read)
        return self._loaders[type_name]


def _first(rows: Sequence[RowValues]) -> RowValues | None:
    return rows[0] if rows else None
