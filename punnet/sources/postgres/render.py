"""From a `Read` to one statement.

Three shapes of statement: an answer (one value: the JSON text of the whole subtree), a batch of answers (one row a
key), and rows of columns (for the way of the resolvers). All three are made of the same pieces.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace

from punnet.access.condition import EVERYTHING
from punnet.access.policy import UNRESTRICTED
from punnet.catalog.relations import Column
from punnet.catalog.types import DataType
from punnet.planning.marks import BETWEEN_ANSWERS, PLACE
from punnet.planning.read import (
    Columns,
    ColumnValue,
    Connection,
    ConnectionField,
    Count,
    Cursor,
    Field,
    HopKey,
    KeyText,
    NodeId,
    Nodes,
    PageInfo,
    Read,
    Row,
    SameRow,
    TotalCount,
    Typename,
    Value,
    ordering_hash,
)
from punnet.sources.postgres.conditions import column_sql, is_everything, order_sql
from punnet.sources.postgres.keys import by_each_key
from punnet.sources.postgres.page import asks, limit, page_info, row_number
from punnet.sources.postgres.rows import Rows, from_base
from punnet.sources.postgres.set_sql import grouped, joined_on, keyed_columns, set_counts, single_rows
from punnet.sources.postgres.sets import has_sets, is_scanned, is_set, is_single
from punnet.sources.postgres.sql import (
    NOTHING,
    Sql,
    Statement,
    compose,
    concatenate,
    identifier,
    join,
    literal,
    raw,
    statement,
)
from punnet.sources.postgres.structures import JsonText
from punnet.sources.postgres.table import (
    KEYS,
    SCAN,
    columns_sql,
    from_sql,
    number_name,
    parent_column,
    where_sql,
)
from punnet.sources.postgres.text import base64url_of, json_object, node_id, printed_list, with_null
from punnet.sources.postgres.values import json_string

EnumValue = Callable[[DataType, str], str]

_PLACE = raw(f"chr({ord(PLACE)})")
_BETWEEN_ANSWERS = raw(f"chr({ord(BETWEEN_ANSWERS)})")

_MOST_JOINS = 4
"""How many single rows a row is joined with: each more doubles the orders that Postgres weighs when it plans."""


@dataclass(frozen=True, slots=True)
class Renderer:
    """Renders reads for one schema and server."""

    enum_value: EnumValue
    """The API's name of an enum's label."""
    version: int
    """The server's major version."""

    def answer(self, read: Read) -> Statement:
        """A statement of one row and column: the bytes of the subtree's JSON, null where there is no row."""
        if _scans_once(read):
            columns = join(", ", columns_sql(read, "t0"))
            scan = compose("select {}{}{}", columns, from_sql(read, "t0"), where_sql(read, "t0", None))
            rest = replace(read, where=EVERYTHING, policy=UNRESTRICTED, from_scan=True)
            text = self._subtree(rest, 0, None)
            return self._statement(
                compose("with {} as materialized ({}) select convert_to({}, 'UTF8')", raw(SCAN), scan, text)
            )
        return self._statement(compose("select convert_to({}, 'UTF8')", self._subtree(read, 0, None)))

    def answers(self, read: Read) -> Statement:
        """A statement of one row and column: the JSON for each key in their order, empty where there is none."""
        texts = join(" union all ", [self._texts(each, keys) for each, keys in by_each_key(read)])
        # One value: hundreds of rows cost as much to send and to receive as to find.
        whole = compose("string_agg(coalesce(j, ''), {} order by n)", _BETWEEN_ANSWERS)
        return self._statement(compose("select convert_to({}, 'UTF8') from ({}) as a", whole, texts))

    def _statement(self, sql: Sql) -> Statement:
        return statement(sql, self.version)

    def _texts(self, read: Read, keys: Sql) -> Sql:
        """(number of the key, JSON text)."""
        if not is_set(read):
            return compose("select {}.n, {} as j from {}", raw(KEYS), self._subtree(read, 0, KEYS), keys)
        joined, text = self._joined_set(read, 0, KEYS, KEYS, "s")
        kept = compose("with {} as materialized (select * from {})", raw(KEYS), keys)
        return compose("({} select {}.n, {} as j from {}{})", kept, raw(KEYS), text, raw(KEYS), joined)

    def rows(self, read: Read) -> Statement:
        """A statement of the read's columns as texts; where it is keyed, the number of the key comes first."""
        match read.output:
            case Count():
                return self._counts(read)
            case Columns(_, fields, probe_next):
                return self._columns(read, fields, probe_next=probe_next)
            case _:
                raise TypeError(f"no rows of columns come from {read.output!r}")

    def _counts(self, read: Read) -> Statement:
        if not read.keyed_by:
            return self._statement(compose("select {}", self._count(read, 0, None)))
        [(each, keys)] = by_each_key(read)
        if is_scanned(each):
            kept = compose("with {} as materialized (select * from {})", raw(KEYS), keys)
            counts = set_counts(each, 0, KEYS, KEYS)
            return self._statement(
                compose("{} select {}.n, coalesce(n0.n, 0) from {}{}", kept, raw(KEYS), raw(KEYS), counts)
            )
        return self._statement(compose("select {}.n, {} from {}", raw(KEYS), self._count(each, 0, KEYS), keys))

    def _columns(self, read: Read, fields: tuple[Field, ...], *, probe_next: bool) -> Statement:
        values = [self._column(field.value, Rows(read, 0)) for field in fields]
        # A row of no column is still a row.
        columns = [compose("{} as c" + str(number), value) for number, value in enumerate(values or [raw("null")])]
        names = raw(", ".join(f"x.c{number}" for number in range(len(columns))))
        if not read.keyed_by:
            inner = self._page(Rows(read, 0), None, columns, probe_next=probe_next, numbered=False)
            return self._statement(compose("select {} from ({}) as x", names, inner))
        selects = [
            keyed_columns(each, keys, columns, names, probe_next=probe_next)
            if is_scanned(each)
            else compose(
                "select {}.n, {} from {} cross join lateral ({}) as x order by {}.n, x.r",
                raw(KEYS),
                names,
                keys,
                self._page(Rows(each, 0), KEYS, columns, probe_next=probe_next, numbered=True),
                raw(KEYS),
            )
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
                return self._value(value, rows)

    # -- JSON text of a subtree ------------------------------------------------------------------

    def _subtree(self, read: Read, depth: int, parent: str | None) -> Sql:
        match read.output:
            case Row(fields):
                return compose("({})", self._row(fields, Rows(read, depth), parent))
            case Connection(fields):
                return self._connection(read, fields, depth, parent)
            case _:
                raise TypeError(f"no JSON text comes from {read.output!r}")

    def _row(self, fields: tuple[Field, ...], rows: Rows, parent: str | None) -> Sql:
        text = self._object(fields, rows)
        origin = from_sql(rows.read, rows.alias)
        return compose("select {} as j{}{}{}", text, origin, rows.joined, where_sql(rows.read, rows.alias, parent))

    def _object(self, fields: tuple[Field, ...], rows: Rows) -> Sql:
        return json_object([(field.key, self._value(field.value, rows)) for field in fields])

    def _value(self, value: Value, rows: Rows) -> Sql:
        alias = rows.alias
        match value:
            case ColumnValue(column, parts):
                text = JsonText(self.enum_value).of(column.type, column_sql(alias, column.name), parts)
                return with_null(text, column)
            case Typename(name):
                return literal(f'"{name}"')
            case NodeId(type_name, columns):
                return node_id(type_name, [rows.read.relation.column_by_name[name] for name in columns], alias)
            case Cursor():
                return base64url_of(self._cursor(rows))
            case HopKey(is_open=True):
                return self._open_hop_key(value, rows.read, alias)
            case HopKey(hop, columns):
                return self._hop_key(hop, columns, rows.read, alias)
            case SameRow(fields):
                return self._object(fields, rows)
            case Read():
                return self._below(value, rows)
            case _:
                raise TypeError(f"no JSON text comes from {value!r}")

    def _cursor(self, rows: Rows) -> Sql:
        """What a row's cursor says: the order that it is a place in, and the row's place."""
        read = rows.read
        columns = [read.relation.column_by_name[by.column] for by in read.order]
        return printed_list(ordering_hash(read.order), columns, rows.alias)

    def _below(self, read: Read, rows: Rows) -> Sql:
        """The text of a read for each of the rows."""
        text = self._joined(read, rows) or self._subtree(read, rows.depth + 1, rows.alias)
        if isinstance(read.output, Row):
            return compose("coalesce({}, {})", text, raw("chr(1)" if read.output.is_always else "'null'"))
        return text

    def _joined(self, read: Read, rows: Rows) -> Sql | None:
        """The text of a read that the rows are joined with, if that serves it best."""
        alias = f"s{rows.depth}_{len(rows.joins)}"
        if rows.base is not None and is_set(read):
            joined, text = self._joined_set(read, rows.depth + 1, rows.base, rows.alias, alias)
            rows.joins.append(joined)
            return text
        if isinstance(read.output, Row) and rows.joins_single and len(rows.joins) < _MOST_JOINS and is_single(read):
            single = self._row(read.output.fields, Rows(read, rows.depth + 1, joins_single=True), rows.alias)
            rows.joins.append(compose(" left join lateral ({}) as {} on true", single, raw(alias)))
            return identifier(alias, "j")
        return None

    def _hop_key(self, hop: int, columns: tuple[str, ...], read: Read, alias: str) -> Sql:
        """A hop's place."""
        values = [self._key_value(read.relation.column_by_name[name], alias) for name in columns]
        key = compose("{}||{}||{}||']'||{}", _PLACE, literal(f"{hop}["), join("||','||", values), _PLACE)
        return compose("coalesce({}, 'null')", key)

    def _open_hop_key(self, key: HopKey, read: Read, alias: str) -> Sql:
        """A place whose key the request may know better."""
        values = [self._key_value(read.relation.column_by_name[name], alias) for name in key.columns]
        head = literal(f"!{key.hop}[{json.dumps(key.columns)},[")
        texts = join("||','||", [compose("coalesce({}, 'null')", value) for value in values])
        return compose("{}||{}||{}||']]'||{}", _PLACE, head, texts, _PLACE)

    def _key_value(self, column: Column, alias: str) -> Sql:
        value = column_sql(alias, column.name)
        if column.type.base().kind == "enum":
            # Another source knows the database's label, not the API's name for it.
            return json_string(value)
        return JsonText(self.enum_value).of(column.type, value)

    # -- connections -----------------------------------------------------------------------------

    def _connection(self, read: Read, fields: tuple[ConnectionField, ...], depth: int, parent: str | None) -> Sql:
        probe_next = _probes_next(read, fields)
        is_based = has_sets(read)
        numbered = is_based or probe_next or asks(fields, "endCursor") or asks(fields, "startCursor")
        is_whole = read.page.first is None and read.page.offset is None
        rows = Rows(read, depth, f"b{depth}" if is_based else None, joins_single=is_based or is_whole)
        count = compose("{}::text", self._count(read, depth + 1, parent))
        columns, pieces = self._parts(fields, rows, count, ordered=is_based)
        if not columns and not probe_next:
            return compose("(select {})", json_object(pieces))
        columns = columns or [raw("null as c0")]
        page = raw(f"p{depth}")
        if not is_based:
            inner = self._page(rows, parent, columns, probe_next=probe_next, numbered=numbered)
            return compose("(select {} from ({}) as {})", json_object(pieces), inner, page)
        number = raw(number_name(read))
        base = compose(
            "select q.*, row_number() over () as {} from ({}) as q",
            number,
            self._page(Rows(read, depth), parent, columns_sql(read, rows.alias), probe_next=probe_next, numbered=False),
        )
        inner = from_base(rows, [compose("{} as r", identifier(rows.alias, number_name(read))), *columns])
        return compose(
            "(with {} as materialized ({}) select {} from ({}) as {})",
            raw(f"b{depth}"), base, json_object(pieces), inner, page,
        )  # fmt: skip

    def _parts(
        self, fields: tuple[ConnectionField, ...], rows: Rows, count: Sql, *, ordered: bool
    ) -> tuple[list[Sql], list[tuple[str, Sql]]]:
        """The columns of a page's rows, and the connection's fields made of them.

        `ordered` puts them in order by their numbers; without it the page's rows come as they are to be.
        """
        read, page = rows.read, f"p{rows.depth}"
        columns: list[Sql] = []
        pieces: list[tuple[str, Sql]] = []
        probe_next = _probes_next(read, fields)
        # The probing row is beyond the page: every aggregate over the page leaves it out.
        within = (
            compose(" filter (where {} <= {})", identifier(page, "r"), row_number(read.page.first, "first"))
            if probe_next
            else raw("")
        )
        order = compose(" order by {}", identifier(page, "r")) if ordered else NOTHING
        for each in fields:
            name = f"c{len(columns)}"
            match each.value:
                case Nodes(node_fields):
                    columns.append(compose("{} as {}", self._object(node_fields, rows), raw(name)))
                    texts = compose("coalesce(string_agg({}, ','{}){}, '')", identifier(page, name), order, within)
                    text = concatenate([literal("["), texts, literal("]")])
                case PageInfo(info_fields):
                    if asks((each,), "startCursor") or asks((each,), "endCursor"):
                        columns.append(compose("{} as {}", self._cursor(rows), raw(name)))
                    text = page_info(info_fields, read, page, name, order, within, probe_next=probe_next)
                case TotalCount():
                    text = count
                case Typename(type_name):
                    text = literal(f'"{type_name}"')
            pieces.append((each.key, text))
        return columns, pieces

    def _page(self, rows: Rows, parent: str | None, columns: list[Sql], *, probe_next: bool, numbered: bool) -> Sql:
        """The page's rows in their order; `numbered` adds the row's number from 1 as `r`."""
        read = rows.read
        selected = compose(
            "select {}{}{}{}{}{}",
            join(", ", columns),
            from_sql(read, rows.alias),
            rows.joined,
            where_sql(read, rows.alias, parent, with_cursor=True),
            order_sql(read.order, read.relation, rows.alias),
            limit(read, probe_next=probe_next),
        )
        if not numbered:
            return selected
        return compose("select q.*, row_number() over () as r from ({}) as q", selected)

    def _count(self, read: Read, depth: int, parent: str | None) -> Sql:
        alias = f"t{depth}"
        return compose("(select count(*){}{})", from_sql(read, alias), where_sql(read, alias, parent))

    # -- one scan for all parents ----------------------------------------------------------------

    def _joined_set(self, read: Read, depth: int, base: str, parent: str, alias: str) -> tuple[Sql, Sql]:
        """What a read finds for all rows of `base`, to be joined with them, and its text for a row.

        Args:
            read: a connection's or a single row's.
            depth: of its rows.
            base: the common table of the parents.
            parent: the alias that the parents have where they are joined with it.
            alias: that it gets there.
        """
        rows = Rows(read, depth, f"b{depth}", joins_single=True)
        match read.output:
            case Connection(fields):
                found, text = self._connections(fields, rows, base, alias)
            case Row(fields):
                found, text = single_rows(rows, self._object(fields, rows), base), identifier(alias, "j")
            case _:
                raise TypeError(f"no set comes from {read.output!r}")
        parents = [parent_column(parent, link, number) for number, link in enumerate(read.keyed_by)]
        return compose(" left join ({}) as {} on {}", found, raw(alias), joined_on(alias, parents)), text

    def _connections(self, fields: tuple[ConnectionField, ...], rows: Rows, base: str, alias: str) -> tuple[Sql, Sql]:
        """The connections of all rows of `base`, by their keys, and the text for one that is joined with them."""
        read, depth = rows.read, rows.depth
        columns, pieces = self._parts(fields, rows, raw(f"coalesce(n{depth}.n, 0)::text"), ordered=True)
        counts = NOTHING
        if any(isinstance(each.value, TotalCount) for each in fields):
            counts = set_counts(read, depth, base, f"g{depth}")
        found = grouped(rows, columns, json_object(pieces), counts, base, probe_next=_probes_next(read, fields))
        # A parent whose key is null has no rows, and is joined with nothing.
        _, empty = self._parts(_without_rows(fields), Rows(read, depth), literal("0"), ordered=True)
        nothing = raw(", ".join(["null::int8 as r", *(f"null::text as c{number}" for number in range(len(columns)))]))
        none = compose("(select {} from (select {} where false) as {})", json_object(empty), nothing, raw(f"p{depth}"))
        return found, compose("coalesce({}, {})", identifier(alias, "j"), none)


def _without_rows(fields: tuple[ConnectionField, ...]) -> tuple[ConnectionField, ...]:
    """The fields of a connection whose rows nobody will see."""
    return tuple(replace(each, value=Nodes(())) if isinstance(each.value, Nodes) else each for each in fields)


def _probes_next(read: Read, fields: tuple[ConnectionField, ...]) -> bool:
    return asks(fields, "hasNextPage") and read.page.first is not None


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
