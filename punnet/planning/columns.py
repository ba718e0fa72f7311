"""The columns that a read takes of its rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from punnet.planning.read import (
    Columns,
    ColumnValue,
    Connection,
    Cursor,
    Field,
    HopKey,
    KeyText,
    NodeId,
    Nodes,
    Read,
    Row,
    SameRow,
    Value,
)


def row_fields(read: Read) -> Iterator[Field]:
    """The fields that are made of each of the read's rows; those of an object made of the row itself among them."""
    match read.output:
        case Row(fields) | Columns(_, fields):
            yield from _flat(fields)
        case Connection(parts):
            for part in parts:
                if isinstance(part.value, Nodes):
                    yield from _flat(part.value.fields)


def _flat(fields: Iterable[Field]) -> Iterator[Field]:
    for field in fields:
        if isinstance(field.value, SameRow):
            yield from _flat(field.value.fields)
        else:
            yield field


def columns_of(read: Read) -> tuple[str, ...]:
    """The columns that the read's answer is made of, besides those that only its filter looks at.

    Its order, its links and the links of its children are among them.
    """
    names = {by.column for by in read.order} | {link.child for links in read.keys for link in links}
    for field in row_fields(read):
        names.update(columns_of_value(field.value))
    return tuple(column.name for column in read.relation.columns if column.name in names)


def columns_of_value(value: Value) -> Iterable[str]:
    """The columns of a row that a value is made of."""
    match value:
        case ColumnValue(column):
            return (column.name,)
        case KeyText(column):
            return (column,)
        case NodeId(_, columns) | HopKey(_, columns):
            return columns
        case Cursor():
            return ()
        case Read(keyed_by=links):
            return [link.parent for link in links]
        case _:
            return ()
