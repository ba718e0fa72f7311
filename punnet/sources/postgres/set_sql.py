"""The rows of all parents, read by one scan, as parts of a statement.

The parents are in a common table, `base`. What is made of their rows is grouped by their keys and joined with them.
"""

from __future__ import annotations

from punnet.planning.read import Read
from punnet.sources.postgres.conditions import order_sql
from punnet.sources.postgres.page import row_number, within_page
from punnet.sources.postgres.rows import Rows, from_base
from punnet.sources.postgres.sets import is_single
from punnet.sources.postgres.sql import NOTHING, Sql, compose, identifier, join, raw
from punnet.sources.postgres.table import (
    KEYS,
    child_column,
    columns_sql,
    conditions,
    from_sql,
    number_name,
    parent_column,
    where_all,
)


def joined_on(one: str, columns: list[Sql]) -> Sql:
    """That an alias whose columns are `k0 ...` has the keys that are in these columns."""
    return join(
        " and ", [compose("{} = {}", key, column) for key, column in zip(_keys(one, columns), columns, strict=True)]
    )


def _keys(alias: str, columns: list[Sql]) -> list[Sql]:
    return [identifier(alias, f"k{number}") for number in range(len(columns))]


def _as_keys(columns: list[Sql]) -> Sql:
    return join(", ", [compose("{} as {}", column, raw(f"k{number}")) for number, column in enumerate(columns)])


def _child_columns(read: Read, alias: str) -> list[Sql]:
    return [child_column(read, alias, link) for link in read.keyed_by]


def _parent_columns(read: Read, parent: str) -> list[Sql]:
    return [parent_column(parent, link, number) for number, link in enumerate(read.keyed_by)]


def _conditions(rows: Rows, base: str, *, with_cursor: bool) -> Sql:
    read = rows.read
    own, theirs = join(", ", _child_columns(read, rows.alias)), join(", ", _parent_columns(read, base))
    linked = compose("({}) in (select {} from {})", own, theirs, raw(base))
    return where_all(conditions(rows, with_cursor=with_cursor, linked=[linked]))


def _set_rows(rows: Rows, base: str, *, probe_next: bool) -> Sql:
    """The rows of the pages of all parents in `base`, with their numbers in their parents' orders."""
    read, alias = rows.read, rows.alias
    number = number_name(read)
    numbered = compose(
        "select {}, row_number() over (partition by {}{}) as {}{}{}",
        join(", ", columns_sql(rows)),
        join(", ", _child_columns(read, alias)),
        order_sql(read.order, read.relation, alias),
        raw(number),
        from_sql(rows),
        _conditions(rows, base, with_cursor=True),
    )
    bounds = where_all(within_page(read, identifier("q", number), probe_next=probe_next))
    return compose("select * from ({}) as q{}", numbered, bounds) if bounds.parts else numbered


def _page_rows(rows: Rows, columns: list[Sql]) -> Sql:
    """The rows of a set with their keys, and their numbers in their pages as `r`."""
    read = rows.read
    place = identifier(rows.alias, number_name(read))
    if read.page.offset is not None:
        place = compose("{} - {}", place, row_number(read.page.offset, "offset"))
    return from_base(rows, [_as_keys(_child_columns(read, rows.alias)), compose("{} as r", place), *columns])


def set_counts(rows: Rows, base: str, keys: str) -> Sql:
    """The numbers of rows of all parents in `base`, as a join `n` with an alias whose columns are the keys."""
    counts = f"n{rows.depth}"
    own = _child_columns(rows.read, rows.alias)
    return compose(
        " left join (select {}, count(*) as n{}{} group by {}) as {} on {}",
        _as_keys(own), from_sql(rows), _conditions(rows, base, with_cursor=False), join(", ", own),
        raw(counts), joined_on(counts, _keys(keys, own)),
    )  # fmt: skip


def grouped(rows: Rows, columns: list[Sql], text: Sql, counts: Sql, base: str, *, probe_next: bool) -> Sql:
    """The text of a connection for each key that the parents in `base` have."""
    read, page = rows.read, f"p{rows.depth}"
    parents = _parent_columns(read, base)
    keys = _keys(f"g{rows.depth}", parents)
    names = join(", ", keys)
    # A common table for the texts, too: Postgres takes a second look into one for cheap, whatever is made of its rows,
    # and a join that looks once for each group would make all texts anew each time.
    return compose(
        "with {} as materialized ({}), {} as materialized ({})"
        " select {}, {} as j from (select distinct {} from {}) as {} left join {} on {}{} group by {}{}",
        raw(rows.base or ""), _set_rows(rows, base, probe_next=probe_next), raw(page), _page_rows(rows, columns),
        names, text, _as_keys(parents), raw(base), raw(f"g{rows.depth}"), raw(page),
        joined_on(page, keys), counts, names, raw(f", n{rows.depth}.n") if counts.parts else NOTHING,
    )  # fmt: skip


def single_rows(rows: Rows, text: Sql, base: str) -> Sql:
    """The text of the single row for each key that the parents in `base` have; several rows of a key are an error."""
    kept = compose(
        "select {}{}{}",
        join(", ", columns_sql(rows)),
        from_sql(rows),
        _conditions(rows, base, with_cursor=False),
    )
    own, page = _child_columns(rows.read, rows.alias), raw(f"p{rows.depth}")
    texts = from_base(rows, [_as_keys(own), compose("{} as j", text)])
    keys = join(", ", _keys(f"p{rows.depth}", own))
    # A subselect of several rows is refused, as that for one parent is.
    single = compose("select {}, (select unnest(array_agg({}.j))) as j from {} group by {}", keys, page, page, keys)
    return compose(
        "with {} as materialized ({}), {} as materialized ({}) {}",
        raw(rows.base or ""), kept, page, texts, compose("select * from {}", page) if is_single(rows.read) else single,
    )  # fmt: skip


def keyed_columns(read: Read, keys: Sql, columns: list[Sql], names: Sql, *, probe_next: bool) -> Sql:
    """(number of the key, columns) of the rows of all keys."""
    rows = Rows(read, 0, "b0")
    return compose(
        "with {} as materialized (select * from {}), b0 as materialized ({})"
        " select {}.n, {} from {} join ({}) as x on {} order by {}.n, x.r",
        raw(KEYS), keys, _set_rows(rows, KEYS, probe_next=probe_next), raw(KEYS), names, raw(KEYS),
        _page_rows(rows, columns), joined_on("x", _parent_columns(read, KEYS)), raw(KEYS),
    )  # fmt: skip
