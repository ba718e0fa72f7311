"""Connections, and their parts."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any

from graphql import GraphQLFieldResolver

from punnet.access.condition import operand_value
from punnet.catalog.relations import Relation
from punnet.loaders.loader import Loader
from punnet.loaders.together import both
from punnet.planning.level import CURSOR, ConnectionLevel
from punnet.planning.meaning import Collection, ConnectionPart, EdgePart, PageInfoPart, ToMany
from punnet.planning.read import Link, Page
from punnet.resolvers.context import RequestContext, ResolveInfo
from punnet.resolvers.rows import key_of
from punnet.sources.rows import Key, RowValues


@dataclass(frozen=True, slots=True)
class PageOfRows:
    """What a connection's parts are made from."""

    rows: list[RowValues]
    has_next: bool
    has_previous: bool
    total: int | None


@dataclass(frozen=True, slots=True)
class KeyedConnection:
    """A connection's level with the loaders of its reads."""

    level: ConnectionLevel
    rows: Loader[Key, list[RowValues]] | None
    counts: Loader[Key, int] | None


def collection_resolver(meaning: Collection) -> GraphQLFieldResolver:
    """Resolve a connection over all rows of a relation."""

    async def resolve(_root: object, info: ResolveInfo, **arguments: Any) -> PageOfRows:
        context = info.context
        level = _level(context, info, meaning.relation, arguments, ())
        rows, total = await _rows_and_total(
            None if level.rows is None else partial(context.loaders.rows, level.rows),
            None if level.count is None else partial(context.loaders.count, level.count),
        )
        return _page(level, rows, total)

    return resolve


def row_list_resolver(meaning: ToMany) -> GraphQLFieldResolver:
    """Resolve a plain list of the rows that point to a row."""

    async def resolve(row: RowValues, info: ResolveInfo, **arguments: Any) -> list[RowValues]:
        context = info.context
        loader = context.level(
            info,
            lambda planner, selected: context.loaders.rows_by_key(
                planner.rows(selected, meaning.relation, arguments, meaning.links)
            ),
        )
        key = key_of(row, meaning.links)
        return [] if key is None else await loader.load(key)

    return resolve


def to_many_resolver(meaning: ToMany) -> GraphQLFieldResolver:
    """Resolve a connection over the rows that point to a row."""

    async def resolve(row: RowValues, info: ResolveInfo, **arguments: Any) -> PageOfRows:
        context = info.context
        keyed = context.level(
            info,
            lambda planner, selected: plan_keyed(
                context, planner.connection(selected, meaning.relation, arguments, meaning.links)
            ),
        )
        key = key_of(row, meaning.links)
        return _page(keyed.level, [], 0) if key is None else await load_page(keyed, key)

    return resolve


def _level(
    context: RequestContext,
    info: ResolveInfo,
    relation: Relation,
    arguments: dict[str, Any],
    links: tuple[Link, ...],
) -> ConnectionLevel:
    return context.level(info, lambda planner, selected: planner.connection(selected, relation, arguments, links))


def plan_keyed(context: RequestContext, level: ConnectionLevel) -> KeyedConnection:
    """Get the loaders of a connection's reads."""
    return KeyedConnection(
        level,
        None if level.rows is None else context.loaders.rows_by_key(level.rows),
        None if level.count is None else context.loaders.counts_by_key(level.count),
    )


async def load_page(keyed: KeyedConnection, key: Key) -> PageOfRows:
    """Load the page of a keyed connection."""
    rows, total = await _rows_and_total(
        None if keyed.rows is None else partial(keyed.rows.load, key),
        None if keyed.counts is None else partial(keyed.counts.load, key),
    )
    return _page(keyed.level, rows, total)


async def _rows_and_total(
    load_rows: Callable[[], Coroutine[Any, Any, list[RowValues]]] | None,
    load_total: Callable[[], Coroutine[Any, Any, int]] | None,
) -> tuple[list[RowValues], int | None]:
    # Two at once need tasks; most connections want only one.
    if load_total is None:
        return ([] if load_rows is None else await load_rows()), None
    if load_rows is None:
        return [], await load_total()
    return await both(load_rows(), load_total())


def _page(level: ConnectionLevel, rows: list[RowValues], total: int | None) -> PageOfRows:
    if level.rows is None:
        return PageOfRows(rows, False, _has_previous(level.page), total)
    first = _bound(level.page.first)
    has_next = level.probes_next and first is not None and len(rows) > first
    return PageOfRows(rows[:first] if has_next else rows, has_next, _has_previous(level.page), total)


def _has_previous(page: Page) -> bool:
    return page.after is not None or bool(_bound(page.offset))


def _bound(operand: Any) -> int | None:
    if operand is None:
        return None
    value = operand_value(operand, {})
    return value if isinstance(value, int) else None


def connection_part_resolver(meaning: ConnectionPart) -> GraphQLFieldResolver:
    """Resolve a part of a connection: `edges` are the rows themselves, `pageInfo` the page itself."""
    match meaning.part:
        case "nodes" | "edges":
            return lambda page, _info: page.rows
        case "pageInfo":
            return lambda page, _info: page
        case "totalCount":
            return lambda page, _info: page.total


def edge_part_resolver(meaning: EdgePart) -> GraphQLFieldResolver:
    """Resolve a part of an edge."""
    if meaning.part == "cursor":
        return lambda row, _info: row.values[CURSOR]
    return lambda row, _info: row


def page_info_part_resolver(meaning: PageInfoPart) -> GraphQLFieldResolver:
    """Resolve a fact about a page."""
    match meaning.part:
        case "hasNextPage":
            return lambda page, _info: page.has_next
        case "hasPreviousPage":
            return lambda page, _info: page.has_previous
        case "startCursor":
            return lambda page, _info: page.rows[0].values.get(CURSOR) if page.rows else None
        case "endCursor":
            return lambda page, _info: page.rows[-1].values.get(CURSOR) if page.rows else None
