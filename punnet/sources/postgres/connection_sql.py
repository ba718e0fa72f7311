"""The JSON text of connections: of one parent's, and of those of all parents by one scan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from punnet.planning.read import ConnectionField, Field, Nodes, PageInfo, TotalCount, Typename
from punnet.sources.postgres.page import asks, page_info, row_number
from punnet.sources.postgres.page_rows import is_whole, page_columns, page_sql
from punnet.sources.postgres.rows import Rows, from_base
from punnet.sources.postgres.set_sql import grouped, set_counts
from punnet.sources.postgres.sets import has_sets
from punnet.sources.postgres.sql import NOTHING, Sql, compose, concatenate, identifier, literal, raw
from punnet.sources.postgres.table import count_sql, number_name
from punnet.sources.postgres.text import cursor_text, json_object

ObjectOf = Callable[[tuple[Field, ...], Rows], Sql]
"""The text of an object made of each of the rows."""


def connection(fields: tuple[ConnectionField, ...], rows: Rows, parent: str | None, object_of: ObjectOf) -> Sql:
    """The text of a connection.

    Args:
        fields: the connection's.
        rows: all that its read finds, whatever the page.
        parent: the alias of the row or key that they belong to, if they belong to one.
        object_of: makes the nodes.
    """
    all_rows = Rows(rows.read, rows.depth + 1, in_scan=rows.in_scan)
    count = compose("{}::text", count_sql(all_rows, parent))
    of_page = _of_kept_page if has_sets(rows.read) else _of_page
    return of_page(fields, rows, parent, count, object_of)


def _of_page(
    fields: tuple[ConnectionField, ...], rows: Rows, parent: str | None, count: Sql, object_of: ObjectOf
) -> Sql:
    read, depth = rows.read, rows.depth
    rows = Rows(read, depth, joins_single=is_whole(read), in_scan=rows.in_scan)
    page = _Page(fields, rows, count, object_of)
    text = page.text()
    if not page.columns and not page.probe_next:
        return compose("(select {})", text)
    columns = page.columns or [raw("null as c0")]
    numbered = page.probe_next or asks(fields, "endCursor") or asks(fields, "startCursor")
    found = page_sql(rows, parent, columns, probe_next=page.probe_next, numbered=numbered)
    return compose("(select {} from ({}) as {})", text, found, raw(page.alias))


def _of_kept_page(
    fields: tuple[ConnectionField, ...], rows: Rows, parent: str | None, count: Sql, object_of: ObjectOf
) -> Sql:
    """The page's rows are kept in a common table, with which the sets below them are joined."""
    read, base, number = rows.read, f"b{rows.depth}", number_name(rows.read)
    kept = Rows(read, rows.depth, base, joins_single=True)
    page = _Page(fields, kept, count, object_of, ordered=True)
    text = page.text()
    found = page_columns(rows, parent, probe_next=page.probe_next)
    numbered = compose("select q.*, row_number() over () as {} from ({}) as q", raw(number), found)
    inner = from_base(kept, [compose("{} as r", identifier(kept.alias, number)), *page.columns])
    return compose(
        "(with {} as materialized ({}) select {} from ({}) as {})",
        raw(base), numbered, text, inner, raw(page.alias),
    )  # fmt: skip


def connections(
    fields: tuple[ConnectionField, ...], rows: Rows, base: str, alias: str, object_of: ObjectOf
) -> tuple[Sql, Sql]:
    """The connections of all parents, by their keys, and the text for a parent that is joined with them.

    Args:
        fields: the connections'.
        rows: what the read finds for any of the parents.
        base: the common table of the parents.
        alias: that the connections get where they are joined.
        object_of: makes the nodes.
    """
    read, depth = rows.read, rows.depth
    page = _Page(fields, rows, raw(f"coalesce(n{depth}.n, 0)::text"), object_of, ordered=True)
    text = page.text()
    counts = NOTHING
    if any(isinstance(each.value, TotalCount) for each in fields):
        counts = set_counts(Rows(read, depth), base, f"g{depth}")
    found = grouped(rows, page.columns, text, counts, base, probe_next=page.probe_next)
    # A parent whose key is null has no rows, and is joined with nothing.
    none = _Page(_without_nodes(fields), Rows(read, depth), literal("0"), object_of, ordered=True).text()
    columns = raw(", ".join(["null::int8 as r", *(f"null::text as c{number}" for number in range(len(page.columns)))]))
    # One line even where nothing in the text is an aggregate.
    empty = compose("(select {} from (select {} where false) as {} group by ())", none, columns, raw(page.alias))
    return found, compose("coalesce({}, {})", identifier(alias, "j"), empty)


def _without_nodes(fields: tuple[ConnectionField, ...]) -> tuple[ConnectionField, ...]:
    """The fields of a connection whose nodes nobody will see."""
    return tuple(replace(each, value=Nodes(())) if isinstance(each.value, Nodes) else each for each in fields)


@dataclass(slots=True)
class _Page:
    """A page's rows, as a connection is made of them: its text, and the columns that this takes of the rows."""

    fields: tuple[ConnectionField, ...]
    rows: Rows
    count: Sql
    object_of: ObjectOf
    ordered: bool = False
    """Whether the rows are put in order by their numbers; else they come as they are to be."""
    columns: list[Sql] = field(default_factory=list)
    """Of the rows, `c0 ...`: what the texts made so far take."""

    @property
    def alias(self) -> str:
        """Of the rows."""
        return f"p{self.rows.depth}"

    @property
    def probe_next(self) -> bool:
        """Whether one row more than the page is read, so that its presence answers `hasNextPage`."""
        return asks(self.fields, "hasNextPage") and self.rows.read.page.first is not None

    def text(self) -> Sql:
        return json_object([(each.key, self._field(each)) for each in self.fields])

    def _field(self, each: ConnectionField) -> Sql:
        match each.value:
            case Nodes(fields):
                return self._nodes(fields)
            case PageInfo(fields):
                is_cursor_asked = asks((each,), "startCursor") or asks((each,), "endCursor")
                return self._page_info(fields, is_cursor_asked=is_cursor_asked)
            case TotalCount():
                return self.count
            case Typename(name):
                return literal(f'"{name}"')

    def _nodes(self, fields: tuple[Field, ...]) -> Sql:
        name = self._take(self.object_of(fields, self.rows))
        column = identifier(self.alias, name)
        texts = compose("coalesce(string_agg({}, ','{}){}, '')", column, self._order(), self._within())
        return concatenate([literal("["), texts, literal("]")])

    def _page_info(self, fields: tuple[tuple[str, str], ...], *, is_cursor_asked: bool) -> Sql:
        read = self.rows.read
        cursor = self._take(cursor_text(read, self.rows.alias)) if is_cursor_asked else ""
        order, within = self._order(), self._within()
        return page_info(fields, read, self.alias, cursor, order, within, probe_next=self.probe_next)

    def _take(self, value: Sql) -> str:
        """Have the rows give this value, too; the name of its column."""
        name = f"c{len(self.columns)}"
        self.columns.append(compose("{} as {}", value, raw(name)))
        return name

    def _order(self) -> Sql:
        return compose(" order by {}", identifier(self.alias, "r")) if self.ordered else NOTHING

    def _within(self) -> Sql:
        if not self.probe_next:
            return NOTHING
        # The probing row is beyond the page: every aggregate over the page leaves it out.
        first = row_number(self.rows.read.page.first, "first")
        return compose(" filter (where {} <= {})", identifier(self.alias, "r"), first)
