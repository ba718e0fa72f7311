"""From a `Read` to one statement.

Three shapes of statement: an answer (one value: the JSON text of the whole subtree), a batch of answers (one row a
key), and rows of columns (for the way of the resolvers). All three are made of the same pieces.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from punnet.access.condition import EVERYTHING, Constant, Operand
from punnet.access.policy import UNRESTRICTED
from punnet.catalog.relations import Column
from punnet.catalog.types import DataType
from punnet.planning.read import (
    ITSELF,
    Columns,
    ColumnValue,
    Connection,
    ConnectionField,
    Count,
    Cursor,
    Field,
    HopKey,
    KeyText,
    Link,
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
from punnet.sources.postgres.conditions import (
    after_sql,
    column_sql,
    condition_sql,
    is_everything,
    order_sql,
    slot,
)
from punnet.sources.postgres.slots import KeyColumn, RowNumber
from punnet.sources.postgres.sql import Sql, Statement, compose, concatenate, identifier, join, literal, raw, statement
from punnet.sources.postgres.values import json_text, type_sql

EnumValue = Callable[[DataType, str], str]

_KEYS = "k"


@dataclass(frozen=True, slots=True)
class Renderer:
    """Renders reads for one schema."""

    enum_value: EnumValue
    """The API's name of an enum's label."""

    def answer(self, read: Read) -> Statement:
        """A statement of one row and column: the bytes of the subtree's JSON, null where there is no row."""
        if _scans_once(read):
            scan = compose("select t0.*{}{}", _from(read, "t0"), _where(read, "t0", None))
            rest = replace(read, where=EVERYTHING, policy=UNRESTRICTED, from_scan=True)
            text = self._subtree(rest, 0, None)
            return statement(
                compose("with {} as materialized ({}) select convert_to({}, 'UTF8')", raw(_SCAN), scan, text)
            )
        return statement(compose("select convert_to({}, 'UTF8')", self._subtree(read, 0, None)))

    def answers(self, read: Read) -> Statement:
        """A statement of (number of the key from 1, bytes of JSON), a row a key that has an answer."""
        texts = [
            compose("select {}.n, {} as j from {}", raw(_KEYS), self._subtree(each, 0, _KEYS), keys)
            for each, keys in _by_each_key(read)
        ]
        return statement(
            compose("select n, convert_to(j, 'UTF8') from ({}) as a where j is not null", join(" union all ", texts))
        )

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
            return statement(compose("select {}", self._count(read, 0, None)))
        [(each, keys)] = _by_each_key(read)
        return statement(compose("select {}.n, {} from {}", raw(_KEYS), self._count(each, 0, _KEYS), keys))

    def _columns(self, read: Read, fields: tuple[Field, ...], *, probe_next: bool) -> Statement:
        values = [self._column(field.value, read, "t0") for field in fields]
        # A row of no column is still a row.
        columns = [compose("{} as c" + str(number), value) for number, value in enumerate(values or [raw("null")])]
        names = raw(", ".join(f"x.c{number}" for number in range(len(columns))))
        if not read.keyed_by:
            inner = self._page(read, 0, None, columns, probe_next=probe_next, numbered=False)
            return statement(compose("select {} from ({}) as x", names, inner))
        selects = [
            compose(
                "select {}.n, {} from {} cross join lateral ({}) as x order by {}.n, x.r",
                raw(_KEYS),
                names,
                keys,
                self._page(each, 0, _KEYS, columns, probe_next=probe_next, numbered=True),
                raw(_KEYS),
            )
            for each, keys in _by_each_key(read)
        ]
        return statement(join(" union all ", [compose("({})", each) for each in selects] if read.or_by else selects))

    def _column(self, value: Value, read: Read, alias: str) -> Sql:
        match value:
            case ColumnValue(column, parts):
                return json_text(
                    column.type, column_sql(alias, column.name), parts=parts, enum_value=self.enum_value,
                    leaves_quoted=True,
                )  # fmt: skip
            case KeyText(column):
                return compose("{}::text", column_sql(alias, column))
            case _:
                return self._value(value, read, alias, 0)

    # -- JSON text of a subtree ------------------------------------------------------------------

    def _subtree(self, read: Read, depth: int, parent: str | None) -> Sql:
        match read.output:
            case Row(fields):
                alias = f"t{depth}"
                return compose(
                    "(select {}{}{})",
                    self._object(fields, read, alias, depth),
                    _from(read, alias),
                    _where(read, alias, parent),
                )
            case Connection(fields):
                return self._connection(read, fields, depth, parent)
            case _:
                raise TypeError(f"no JSON text comes from {read.output!r}")

    def _object(self, fields: tuple[Field, ...], read: Read, alias: str, depth: int) -> Sql:
        return _json_object([(field.key, self._value(field.value, read, alias, depth)) for field in fields])

    def _value(self, value: Value, read: Read, alias: str, depth: int) -> Sql:
        match value:
            case ColumnValue(column, parts):
                text = json_text(column.type, column_sql(alias, column.name), parts=parts, enum_value=self.enum_value)
                return _with_null(text, column)
            case Typename(name):
                return literal(f'"{name}"')
            case NodeId(type_name, columns):
                return _node_id(type_name, [read.relation.column_by_name[name] for name in columns], alias)
            case Cursor():
                ordered = [column_sql(alias, by.column) for by in read.order]
                return _base64url_of(literal(f'["{ordering_hash(read.order)}"'), ordered)
            case HopKey(is_open=True):
                return self._open_hop_key(value, read, alias)
            case HopKey(hop, columns):
                return self._hop_key(hop, columns, read, alias)
            case SameRow(fields):
                return self._object(fields, read, alias, depth)
            case Read(output=Row(is_always=is_always)):
                otherwise = raw("chr(1)" if is_always else "'null'")
                return compose("coalesce({}, {})", self._subtree(value, depth + 1, alias), otherwise)
            case Read():
                return self._subtree(value, depth + 1, alias)
            case _:
                raise TypeError(f"no JSON text comes from {value!r}")

    def _hop_key(self, hop: int, columns: tuple[str, ...], read: Read, alias: str) -> Sql:
        """The mark of a hop's place; see `execution.hops`."""
        values = [self._key_value(read.relation.column_by_name[name], alias) for name in columns]
        key = compose("chr(2)||{}||{}||']'||chr(2)", literal(f"{hop}["), join("||','||", values))
        return compose("coalesce({}, 'null')", key)

    def _open_hop_key(self, key: HopKey, read: Read, alias: str) -> Sql:
        """The mark of a place whose key the request may know better; see `execution.open_places`."""
        values = [self._key_value(read.relation.column_by_name[name], alias) for name in key.columns]
        head = literal(f"!{key.hop}[{json.dumps(key.columns)},[")
        texts = join("||','||", [compose("coalesce({}, 'null')", value) for value in values])
        return compose("chr(2)||{}||{}||']]'||chr(2)", head, texts)

    def _key_value(self, column: Column, alias: str) -> Sql:
        value = column_sql(alias, column.name)
        if column.type.base().kind == "enum":
            # Another source knows the database's label, not the API's name for it.
            return compose("to_json({}::text)::text", value)
        return json_text(column.type, value, parts=None, enum_value=self.enum_value)

    # -- connections -----------------------------------------------------------------------------

    def _connection(self, read: Read, fields: tuple[ConnectionField, ...], depth: int, parent: str | None) -> Sql:
        alias = f"t{depth}"
        page = f"p{depth}"
        columns: list[Sql] = []
        pieces: list[tuple[str, Sql]] = []
        probe_next = _asks(fields, "hasNextPage") and read.page.first is not None
        numbered = probe_next or _asks(fields, "endCursor") or _asks(fields, "startCursor")
        # The probing row is beyond the page: every aggregate over the page leaves it out.
        within = (
            compose(" filter (where {} <= {})", identifier(page, "r"), _row_number(read.page.first, "first"))
            if probe_next and read.page.first is not None
            else raw("")
        )
        for field in fields:
            match field.value:
                case Nodes(node_fields):
                    name = f"c{len(columns)}"
                    columns.append(compose("{} as {}", self._object(node_fields, read, alias, depth), raw(name)))
                    order = compose(" order by {}", identifier(page, "r")) if numbered else raw("")
                    rows = compose("coalesce(string_agg({}, ','{}){}, '')", identifier(page, name), order, within)
                    text = concatenate([literal("["), rows, literal("]")])
                case PageInfo(info_fields):
                    name = f"c{len(columns)}"
                    if numbered:
                        columns.append(compose("{} as {}", self._value(Cursor(), read, alias, depth), raw(name)))
                    text = _page_info(info_fields, read, page, name, within, probe_next=probe_next)
                case TotalCount():
                    text = compose("{}::text", self._count(read, depth + 1, parent))
                case Typename(type_name):
                    text = literal(f'"{type_name}"')
            pieces.append((field.key, text))
        if not columns and not probe_next:
            return compose("(select {})", _json_object(pieces))
        inner = self._page(
            read, depth, parent, columns or [raw("null as c0")], probe_next=probe_next, numbered=numbered
        )
        return compose("(select {} from ({}) as {})", _json_object(pieces), inner, raw(page))

    def _page(
        self,
        read: Read,
        depth: int,
        parent: str | None,
        columns: list[Sql],
        *,
        probe_next: bool,
        numbered: bool,
    ) -> Sql:
        """The page's rows in their order; `numbered` adds the row's number from 1 as `r`."""
        alias = f"t{depth}"
        limit = raw("")
        if read.page.first is not None:
            limit = compose(" limit {}" + (" + 1" if probe_next else ""), _row_number(read.page.first, "first"))
        if read.page.offset is not None:
            limit += compose(" offset {}", _row_number(read.page.offset, "offset"))
        rows = compose(
            "select {}{}{}{}{}",
            join(", ", columns),
            _from(read, alias),
            _where(read, alias, parent, with_cursor=True),
            order_sql(read.order, read.relation, alias),
            limit,
        )
        if not numbered:
            return rows
        return compose("select q.*, row_number() over () as r from ({}) as q", rows)

    def _count(self, read: Read, depth: int, parent: str | None) -> Sql:
        alias = f"t{depth}"
        return compose("(select count(*){}{})", _from(read, alias), _where(read, alias, parent))


def _asks(fields: tuple[ConnectionField, ...], name: str) -> bool:
    return any(
        name == info_name
        for field in fields
        if isinstance(field.value, PageInfo)
        for _, info_name in field.value.fields
    )


def _page_info(
    fields: tuple[tuple[str, str], ...], read: Read, page: str, cursor: str, within: Sql, *, probe_next: bool
) -> Sql:
    pieces: list[tuple[str, Sql]] = []
    for key, name in fields:
        match name:
            case "hasNextPage":
                more = compose("count(*) > {}", _row_number(read.page.first, "first")) if probe_next else raw("false")
                text = compose("({})::text", more)
            case "hasPreviousPage":
                text = compose("({})::text", _has_previous(read))
            case "startCursor" | "endCursor":
                direction = "" if name == "startCursor" else " desc"
                text = compose(
                    "coalesce((array_agg({} order by {}" + direction + "){})[1], 'null')",
                    identifier(page, cursor), identifier(page, "r"), within,
                )  # fmt: skip
            case "noCursor":
                text = literal("null")
            case _:
                text = literal('"PageInfo"')
        pieces.append((key, text))
    return _json_object(pieces)


def _has_previous(read: Read) -> Sql:
    if read.page.after is not None:
        return raw("true")
    if read.page.offset is not None:
        return compose("{} > 0", _row_number(read.page.offset, "offset"))
    return raw("false")


def _row_number(operand: Operand | None, argument: str) -> Sql:
    if operand is None:
        raise TypeError(f"'{argument}' sets no bound")
    if isinstance(operand, Constant) and isinstance(operand.value, int) and operand.value >= 0:
        # A number that the planner sees lets it keep one plan; with a parameter it plans each run anew.
        return compose("{}::int8", literal(str(operand.value)))
    return slot(RowNumber(operand, argument), "int8")


_SCAN = "scan"
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


def _from(read: Read, alias: str) -> Sql:
    if read.from_scan:
        return compose(" from {} as {}", raw(_SCAN), raw(alias))
    return compose(" from {} as {}", identifier(read.relation.id.namespace, read.relation.id.name), raw(alias))


def _where(read: Read, alias: str, parent: str | None, *, with_cursor: bool = False) -> Sql:
    conditions = [
        condition_sql(condition, read.relation, alias)
        for condition in (read.policy.rows, read.where)
        if not is_everything(condition)
    ]
    if parent is not None:
        conditions += [
            compose(
                "{} = {}",
                column_sql(alias, link.child),
                identifier(parent, f"k{number}") if parent == _KEYS else column_sql(parent, link.parent),
            )
            for number, link in enumerate(read.keyed_by)
        ]
    if with_cursor and read.page.after is not None:
        conditions.append(after_sql(read.page.after, read.order, read.relation, alias))
    return compose(" where {}", join(" and ", conditions)) if conditions else raw("")


def _by_each_key(read: Read) -> Iterator[tuple[Read, Sql]]:
    """The read asked by each of its keys alone, and the keys of the batch that are of this kind."""
    first = 0
    for number, links in enumerate(read.keys):
        keys = _keys_sql(links, first)
        if read.or_by:
            # Each of a batch that mixes keys is null in the columns of the others.
            keys = compose("(select * from {} where k0 is not null) as {}", keys, raw(_KEYS))
        yield read.asked_by([number]), keys
        first += len(links)


def _keys_sql(links: tuple[Link, ...], first: int) -> Sql:
    """The keys of a batch as rows `k(k0, ..., n)`; `first` is where their columns begin in a key."""
    # Not as domains: a text that breaks one's rule is no error, but the key of no row.
    types = [link.type.base() for link in links]
    names = raw(", ".join(f"k{number}" for number in range(len(types))))
    if not any(data_type.kind in ("array", "composite") for data_type in types):
        arrays = [slot(KeyColumn(number), f"text[]::{type_sql(type_)}[]") for number, type_ in enumerate(types, first)]
        return compose("unnest({}) with ordinality as {}({}, n)", join(", ", arrays), raw(_KEYS), names)
    # In FROM, unnest() would take a composite apart, and there are no arrays of arrays: cast text by text.
    texts = [slot(KeyColumn(number), "text[]") for number, _ in enumerate(types, first)]
    casts = [raw(f"k{number}::{type_sql(type_)} as k{number}") for number, type_ in enumerate(types)]
    return compose(
        "(select {}, n from unnest({}) with ordinality as u({}, n)) as {}",
        join(", ", casts), join(", ", texts), names, raw(_KEYS),
    )  # fmt: skip


def _json_object(fields: list[tuple[str, Sql]]) -> Sql:
    """Text assembled in the order of the fields; each value is text and never null."""
    if not fields:
        return literal("{}")
    if fields[0][0] == ITSELF:
        return fields[0][1]
    pieces: list[Sql] = []
    for number, (key, value) in enumerate(fields):
        pieces.append(literal(f'{"," if number else "{"}"{key}":'))
        pieces.append(value)
    pieces.append(literal("}"))
    return concatenate(pieces)


def _with_null(text: Sql, column: Column) -> Sql:
    """A column's JSON text with what stands in the place of a null: nothing where there can be none."""
    if column.on_trust:
        return compose("coalesce({}, chr(1))", text)
    return compose("coalesce({}, 'null')", text) if column.nullable else text


def _node_id(type_name: str, columns: list[Column], alias: str) -> Sql:
    values = [column_sql(alias, column.name) for column in columns]
    text = _base64url_of(literal(f'["{type_name}"'), values)
    doubtful = [compose("{} is null", value) for column, value in zip(columns, values, strict=True) if column.on_trust]
    if not doubtful:
        return text
    # A null in what was said to be a key names no row.
    return compose("case when {} then chr(1) else {} end", join(" or ", doubtful), text)


def _base64url_of(head: Sql, columns: list[Sql]) -> Sql:
    """A JSON string: base64url, without padding, of the JSON list of a head and the columns' texts."""
    texts = [compose("||','||coalesce(to_json({}::text)::text, 'null')", column) for column in columns]
    encoded = compose("encode(convert_to({}{}||']', 'UTF8'), 'base64')", head, join("", texts))
    url_safe = compose(r"translate({}, E'+/=\n', '-_')", encoded)
    return concatenate([literal('"'), url_safe, literal('"')])
