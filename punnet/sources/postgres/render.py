"""From a `Read` to one statement.

Three shapes of statement: an answer (one value: the JSON text of the whole subtree), a batch of answers (one row a
key), and rows of columns (for the way of the resolvers). All three are made of the same pieces.
"""

from __future__ import annotations

from dataclasses import dataclass

from punnet.planning.marks import BETWEEN_ANSWERS
from punnet.planning.read import Columns, ColumnValue, Connection, Count, Field, KeyText, Nodes, Read, TotalCount, Value
from punnet.sources.postgres.conditions import column_sql, is_everything
from punnet.sources.postgres.keys import by_each_key
from punnet.sources.postgres.page_rows import page_sql
from punnet.sources.postgres.rows import Rows
from punnet.sources.postgres.set_sql import keyed_columns, set_counts
from punnet.sources.postgres.sets import is_scanned, is_set
from punnet.sources.postgres.sql import Sql, Statement, compose, join, raw, statement
from punnet.sources.postgres.structures import EnumValue, JsonText
from punnet.sources.postgres.subtree import Subtrees
from punnet.sources.postgres.table import KEYS, SCAN, columns_sql, count_sql, from_sql, where_sql

_BETWEEN_ANSWERS = raw(f"chr({ord(BETWEEN_ANSWERS)})")


@dataclass(frozen=True, slots=True)
class Renderer:
    """Renders reads for one schema and server."""

    enum_value: EnumValue
    version: int
    """The server's major version."""

    def answer(self, read: Read) -> Statement:
        """A statement of one row and column: the bytes of the subtree's JSON, null where there is no row."""
        rows = Rows(read, 0, in_scan=_scans_once(read))
        answer = compose("select convert_to({}, 'UTF8')", self._subtrees.text(rows, None))
        return self._statement(compose("{} {}", _scan(read), answer) if rows.in_scan else answer)

    def answers(self, read: Read) -> Statement:
        """A statement of one row and column: the JSON for each key in their order, empty where there is none."""
        texts = join(" union all ", [self._texts(each, keys) for each, keys in by_each_key(read)])
        # One value: hundreds of rows cost as much to send and to receive as to find.
        whole = compose("string_agg(coalesce(j, ''), {} order by n)", _BETWEEN_ANSWERS)
        return self._statement(compose("select convert_to({}, 'UTF8') from ({}) as a", whole, texts))

    def rows(self, read: Read) -> Statement:
        """A statement of the read's columns as texts; where it is keyed, the number of the key comes first."""
        match read.output:
            case Count():
                return self._statement(_keyed_counts(read) if read.keyed_by else _count(read))
            case Columns(_, fields, probe_next):
                return self._columns(read, fields, probe_next=probe_next)
            case _:
                raise TypeError(f"no rows of columns come from {read.output!r}")

    @property
    def _subtrees(self) -> Subtrees:
        return Subtrees(self.enum_value)

    def _statement(self, sql: Sql) -> Statement:
        return statement(sql, self.version)

    def _texts(self, read: Read, keys: Sql) -> Sql:
        """(number of the key, JSON text)."""
        if not is_set(read):
            return compose("select {}.n, {} as j from {}", raw(KEYS), self._subtrees.text(Rows(read, 0), KEYS), keys)
        joined, text = self._subtrees.joined_set(read, 0, KEYS, KEYS, "s")
        return compose("({} select {}.n, {} as j from {}{})", _kept(keys), raw(KEYS), text, raw(KEYS), joined)

    def _columns(self, read: Read, fields: tuple[Field, ...], *, probe_next: bool) -> Statement:
        values = [self._column(field.value, Rows(read, 0)) for field in fields]
        # A row of no column is still a row.
        columns = [compose("{} as c" + str(number), value) for number, value in enumerate(values or [raw("null")])]
        names = raw(", ".join(f"x.c{number}" for number in range(len(columns))))
        if not read.keyed_by:
            inner = page_sql(Rows(read, 0), None, columns, probe_next=probe_next, numbered=False)
            return self._statement(compose("select {} from ({}) as x", names, inner))
        selects = [
            (keyed_columns if is_scanned(each) else _keyed_pages)(each, keys, columns, names, probe_next=probe_next)
            for each, keys in by_each_key(read)
        ]
        return self._statement(
            join(" union all ", [compose("({})", each) for each in selects] if read.or_by else selects)
        )

    def _column(self, value: Value, rows: Rows) -> Sql:
        match value:
            case ColumnValue(column, parts):
                text = JsonText(self.enum_value, leaves_quoted=True)
                return text.of(column.type, column_sql(rows.alias, column.name), parts)
            case KeyText(column):
                return compose("{}::text", column_sql(rows.alias, column))
            case _:
                return self._subtrees.value(value, rows)


def _kept(keys: Sql) -> Sql:
    """The keys of a batch as a common table."""
    return compose("with {} as materialized (select * from {})", raw(KEYS), keys)


def _keyed_pages(read: Read, keys: Sql, columns: list[Sql], names: Sql, *, probe_next: bool) -> Sql:
    """(number of the key, columns) of the rows of each key, found for it alone."""
    page = page_sql(Rows(read, 0), KEYS, columns, probe_next=probe_next, numbered=True)
    return compose(
        "select {}.n, {} from {} cross join lateral ({}) as x order by {}.n, x.r",
        raw(KEYS), names, keys, page, raw(KEYS),
    )  # fmt: skip


def _count(read: Read) -> Sql:
    return compose("select {}", count_sql(Rows(read, 0), None))


def _keyed_counts(read: Read) -> Sql:
    """(number of the key, number of its rows)."""
    [(each, keys)] = by_each_key(read)
    rows = Rows(each, 0)
    if is_scanned(each):
        counts = set_counts(rows, KEYS, KEYS)
        return compose("{} select {}.n, coalesce(n0.n, 0) from {}{}", _kept(keys), raw(KEYS), raw(KEYS), counts)
    return compose("select {}.n, {} from {}", raw(KEYS), count_sql(rows, KEYS), keys)


def _scan(read: Read) -> Sql:
    """The rows that the read's policy and filter let through, as a common table."""
    rows = Rows(read, 0)
    scan = compose("select {}{}{}", join(", ", columns_sql(rows)), from_sql(rows), where_sql(rows, None))
    return compose("with {} as materialized ({})", raw(SCAN), scan)


_SCANNED_ROWS = 50_000


def _scans_once(read: Read) -> bool:
    """Whether a page and its total come from one scan that is kept, instead of two.

    Only under a filter, and where keeping all that it lets through costs little whatever that is: without a filter
    on a large table, a page by an index and a count beside it take a fraction of the time.
    """
    if not isinstance(read.output, Connection) or is_everything(read.where):
        return False
    kinds = {type(field.value) for field in read.output.fields}
    estimate = read.relation.row_estimate
    return TotalCount in kinds and Nodes in kinds and estimate is not None and estimate <= _SCANNED_ROWS
