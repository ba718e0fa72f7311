"""The JSON text of a read with all that is below it."""

from __future__ import annotations

from dataclasses import dataclass

from punnet.planning.read import (
    ColumnValue,
    Connection,
    Cursor,
    Field,
    HopKey,
    NodeId,
    Read,
    Row,
    SameRow,
    Typename,
    Value,
)
from punnet.sources.postgres.conditions import column_sql
from punnet.sources.postgres.connection_sql import connection, connections
from punnet.sources.postgres.hop_sql import hop_place
from punnet.sources.postgres.rows import Rows
from punnet.sources.postgres.set_sql import joined_on, single_rows
from punnet.sources.postgres.sets import is_set, is_single
from punnet.sources.postgres.sql import Sql, compose, identifier, literal, raw
from punnet.sources.postgres.structures import EnumValue, JsonText
from punnet.sources.postgres.table import from_sql, parent_column, where_sql
from punnet.sources.postgres.text import base64url_of, cursor_text, json_object, node_id, with_null

_MOST_JOINS = 4
"""How many single rows a row is joined with: each more doubles the orders that Postgres weighs when it plans."""
_DEEPEST_JOIN = 30
"""How deep such rows are joined with each other: the time that Postgres takes to plan grows with the cube of it."""


@dataclass(frozen=True, slots=True)
class Subtrees:
    """Renders the text of reads, as expressions."""

    enum_value: EnumValue

    def text(self, rows: Rows, parent: str | None) -> Sql:
        """The text of the rows' read; of one row or key of `parent`, where that is given."""
        match rows.read.output:
            case Row(fields):
                return compose("({})", self._row(fields, rows, parent))
            case Connection(fields):
                return connection(fields, rows, parent, self._object)
            case other:
                raise TypeError(f"no JSON text comes from {other!r}")

    def value(self, value: Value, rows: Rows) -> Sql:
        """The text of a value of each of the rows."""
        match value:
            case ColumnValue(column, parts):
                text = JsonText(self.enum_value).of(column.type, column_sql(rows.alias, column.name), parts)
                return with_null(text, column)
            case Typename(name):
                return literal(f'"{name}"')
            case NodeId(type_name, columns):
                relation = rows.read.relation
                return node_id(type_name, [relation.column_by_name[name] for name in columns], rows.alias)
            case Cursor():
                return base64url_of(cursor_text(rows.read, rows.alias))
            case HopKey():
                return hop_place(value, rows, self.enum_value)
            case SameRow(fields):
                return self._object(fields, rows)
            case Read():
                return self._below(value, rows)
            case _:
                raise TypeError(f"no JSON text comes from {value!r}")

    def joined_set(self, read: Read, depth: int, base: str, parent: str, alias: str) -> tuple[Sql, Sql]:
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
                found, text = connections(fields, rows, base, alias, self._object)
            case Row(fields):
                found, text = single_rows(rows, self._object(fields, rows), base), identifier(alias, "j")
            case _:
                raise TypeError(f"no set comes from {read.output!r}")
        parents = [parent_column(parent, link, number) for number, link in enumerate(read.keyed_by)]
        return compose(" left join ({}) as {} on {}", found, raw(alias), joined_on(alias, parents)), text

    def _row(self, fields: tuple[Field, ...], rows: Rows, parent: str | None) -> Sql:
        text = self._object(fields, rows)
        return compose("select {} as j{}{}{}", text, from_sql(rows), rows.joined, where_sql(rows, parent))

    def _object(self, fields: tuple[Field, ...], rows: Rows) -> Sql:
        return json_object([(field.key, self.value(field.value, rows)) for field in fields])

    def _below(self, read: Read, rows: Rows) -> Sql:
        """The text of a read for each of the rows."""
        text = self._joined(read, rows) or self.text(Rows(read, rows.depth + 1), rows.alias)
        if isinstance(read.output, Row):
            return compose("coalesce({}, {})", text, raw("chr(1)" if read.output.is_always else "'null'"))
        return text

    def _joined(self, read: Read, rows: Rows) -> Sql | None:
        """The text of a read that the rows are joined with, if that serves it best."""
        alias = f"s{rows.depth}_{len(rows.joins)}"
        if rows.base is not None and is_set(read):
            joined, text = self.joined_set(read, rows.depth + 1, rows.base, rows.alias, alias)
            rows.joins.append(joined)
            return text
        if _can_join(rows) and is_single(read) and isinstance(read.output, Row):
            single = self._row(read.output.fields, Rows(read, rows.depth + 1, joins_single=True), rows.alias)
            rows.joins.append(compose(" left join lateral ({}) as {} on true", single, raw(alias)))
            return identifier(alias, "j")
        return None


def _can_join(rows: Rows) -> bool:
    """Whether the rows can be joined with one more single row."""
    return rows.joins_single and len(rows.joins) < _MOST_JOINS and rows.depth < _DEEPEST_JOIN
