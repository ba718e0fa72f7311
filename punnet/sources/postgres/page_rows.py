"""The rows of a page.

In the order of a column that can be null, no index finds where to go on after a cursor, nor has one index both nulls
first and nulls last. So a page in such an order is read in parts, rows with a value and rows without one: each of them
is a range of the column's index, and the later part is only read if the earlier does not fill the page.
"""

from __future__ import annotations

from punnet.access.condition import And, Operand
from punnet.planning.read import Columns, Connection, Nodes, Ordering, Read, ordering_hash
from punnet.sources.postgres.conditions import after_sql, column_sql, is_range, order_sql, slot
from punnet.sources.postgres.page import asks, row_number
from punnet.sources.postgres.rows import Rows
from punnet.sources.postgres.slots import CursorPart
from punnet.sources.postgres.sql import NOTHING, Sql, compose, join, raw
from punnet.sources.postgres.table import columns_sql, conditions, from_sql, known_columns, where_all, where_sql

_MANY_ROWS = 10_000
"""Going through fewer takes about as long as making some plans."""

_Part = tuple[tuple[Ordering, ...], list[Sql]]
"""The order of a part of a page, and its conditions."""


def page_sql(rows: Rows, parent: str | None, columns: list[Sql], *, probe_next: bool, numbered: bool) -> Sql:
    """The page's rows in their order; `numbered` adds the row's number from 1 as `r`."""
    number = [raw("row_number() over () as r")] if numbered else []
    if is_whole(rows.read):
        selected = _ordered(rows, parent, columns, probe_next=probe_next)
        return compose("select q.*, {} from ({}) as q", *number, selected) if numbered else selected
    # What a page passes over, and what it sorts only to leave it out, costs no text and fetches no large value.
    kept = page_columns(rows, parent, probe_next=probe_next)
    return compose("select {} from ({}) as {}", join(", ", [*columns, *number]), kept, raw(rows.alias))


def is_whole(read: Read) -> bool:
    """Whether the page has all rows after its cursor."""
    return read.page.first is None and read.page.offset is None


def page_columns(rows: Rows, parent: str | None, *, probe_next: bool) -> Sql:
    """The columns that the read takes of the page's rows, in their order."""
    if parent is None and _has_parts(rows):
        return _in_parts(rows, probe_next=probe_next)
    return _ordered(rows, parent, columns_sql(rows), probe_next=probe_next)


def _ordered(rows: Rows, parent: str | None, columns: list[Sql], *, probe_next: bool) -> Sql:
    read = rows.read
    order = order_sql(read.order, read.relation, rows.alias, known_columns(read))
    return compose(
        "select {}{}{}{}{}{}{}",
        join(", ", columns),
        from_sql(rows),
        rows.joined,
        where_sql(rows, parent, with_cursor=True),
        order if _tells_rows_apart(read) else NOTHING,
        _limit(read, probe_next=probe_next),
        _offset(read),
    )


def _tells_rows_apart(read: Read) -> bool:
    """Whether it matters which rows are in the page, and not only how many."""
    match read.output:
        case Connection(fields):
            has_nodes = any(isinstance(field.value, Nodes) for field in fields)
            return has_nodes or asks(fields, "startCursor") or asks(fields, "endCursor")
        case Columns(_, fields):
            return bool(fields)
        case _:
            return True


def _limit(read: Read, *, probe_next: bool, with_offset: bool = False) -> Sql:
    """` limit ...`, with one row more where its presence is to be found out, and those before the page if asked."""
    if read.page.first is None:
        return NOTHING
    size = row_number(read.page.first, "first", is_hidden=_may_be_rare(read))
    size += raw(" + 1" if probe_next else "")
    if with_offset and read.page.offset is not None:
        size = compose("{} + {}", size, row_number(read.page.offset, "offset"))
    return compose(" limit {}", size)


def _may_be_rare(read: Read) -> bool:
    """Whether a page's rows may be few among many that come before them in its order.

    A plan for no value in particular, as statements that are prepared come to have, takes a filter's for frequent. With
    a number of rows that it knows it would go through the whole relation in the page's order, hoping to be done soon.
    Where an index of that order leads to the filter's rows alone, there is nothing to pass over.
    """
    estimate = read.relation.row_estimate
    is_large = estimate is None or estimate >= _MANY_ROWS
    first = next((by.column for by in read.order), None)
    return is_large and not is_range(And((read.policy.rows, read.where)), first)


def _offset(read: Read) -> Sql:
    return NOTHING if read.page.offset is None else compose(" offset {}", row_number(read.page.offset, "offset"))


# -- pages in parts ------------------------------------------------------------------------------


def _has_parts(rows: Rows) -> bool:
    """Whether an index leads to the page's parts, and not to the page as a whole."""
    read = rows.read
    if read.page.first is None or rows.in_scan or not read.order or not _tells_rows_apart(read):
        return False
    by, relation = read.order[0], read.relation
    if not relation.column_by_name[by.column].nullable or by.column in known_columns(read):
        return False
    # As indexes are ordered unless they are told otherwise, a first page is where they begin or end.
    if read.page.after is None and by.nulls_first == by.descending:
        return False
    return any(index.columns[0] == by.column for index in relation.indexes)


def _in_parts(rows: Rows, *, probe_next: bool) -> Sql:
    read = rows.read
    known = known_columns(read) | {read.order[0].column}
    selects = [
        compose(
            "select {}{}{}{}{}",
            join(", ", columns_sql(rows)),
            from_sql(rows),
            where_all([*conditions(rows, with_cursor=False, linked=[]), *found]),
            order_sql(order, read.relation, rows.alias, known),
            _limit(read, probe_next=probe_next, with_offset=True),
        )
        for order, found in _parts(read, rows.alias)
    ]
    # Common tables are read one after the other, as far as the page goes. Several cores would read subselects at once.
    parts = [raw(f"part{number}") for number, _ in enumerate(selects)]
    tables = [compose("{} as materialized ({})", part, select) for part, select in zip(parts, selects, strict=True)]
    union = join(" union all ", [compose("select * from {}", part) for part in parts])
    return compose("with {} {}{}{}", join(", ", tables), union, _limit(read, probe_next=probe_next), _offset(read))


def _parts(read: Read, alias: str) -> list[_Part]:
    by, rest = read.order[0], read.order[1:]
    column = column_sql(alias, by.column)
    if read.page.after is not None:
        return _parts_after(read, alias, read.page.after)
    nulls, values = (rest, [compose("{} is null", column)]), (read.order, [compose("{} is not null", column)])
    return [nulls, values] if by.nulls_first else [values, nulls]


def _parts_after(read: Read, alias: str, after: Operand) -> list[_Part]:
    by, rest, known = read.order[0], read.order[1:], known_columns(read)
    column = column_sql(alias, by.column)
    is_null, has_value = compose("{} is null", column), compose("{} is not null", column)
    cursor = slot(CursorPart(after, ordering_hash(read.order), 0, len(read.order)), "text")
    equals = after_sql(after, read.order, read.relation, alias, known, equal=1)
    later = after_sql(after, read.order, read.relation, alias, known | {by.column})
    after_value: _Part = (read.order, [has_value, later])
    if not by.nulls_first:
        return [after_value, (rest, [is_null, compose("({} is not null or {})", cursor, equals)])]
    at_null = compose("{} is null", cursor)
    return [(rest, [is_null, at_null, equals]), (read.order, [has_value, at_null]), after_value]
