"""What a page of rows is, and what is said about it."""

from __future__ import annotations

from punnet.access.condition import Constant, Operand
from punnet.planning.read import ConnectionField, PageInfo, Read
from punnet.sources.postgres.conditions import slot
from punnet.sources.postgres.slots import RowNumber
from punnet.sources.postgres.sql import Sql, compose, identifier, literal, raw
from punnet.sources.postgres.text import base64url_of, json_object


def asks(fields: tuple[ConnectionField, ...], name: str) -> bool:
    """Whether the connection's `pageInfo` is asked for this."""
    return any(
        name == info_name
        for field in fields
        if isinstance(field.value, PageInfo)
        for _, info_name in field.value.fields
    )


def row_number(operand: Operand | None, argument: str, *, is_hidden: bool = False) -> Sql:
    """A number of rows that an argument gives; `is_hidden` keeps one that is constant from the planner."""
    if operand is None:
        raise TypeError(f"'{argument}' sets no bound")
    if not is_hidden and isinstance(operand, Constant) and isinstance(operand.value, int) and operand.value >= 0:
        # A number that the planner sees lets it keep one plan; with a parameter it plans each run anew.
        return compose("{}::int8", literal(str(operand.value)))
    return slot(RowNumber(operand, argument), "int8")


def within_page(read: Read, number: Sql, *, probe_next: bool) -> list[Sql]:
    """The conditions that a row of this number, from 1, is one of the page."""
    conditions: list[Sql] = []
    offset = None if read.page.offset is None else row_number(read.page.offset, "offset")
    if offset is not None:
        conditions.append(compose("{} > {}", number, offset))
    if read.page.first is not None:
        last = row_number(read.page.first, "first") + raw(" + 1" if probe_next else "")
        conditions.append(compose("{} <= {}", number, last if offset is None else compose("{} + {}", offset, last)))
    return conditions


def page_info(
    fields: tuple[tuple[str, str], ...],
    read: Read,
    page: str,
    cursor: str,
    order: Sql,
    within: Sql,
    *,
    probe_next: bool,
) -> Sql:
    """The object of a connection's `pageInfo`.

    Args:
        fields: (response key, what it asks for).
        read: the connection's.
        page: the alias of the page's rows, whose column `r` is their number in the page.
        cursor: the column of that alias that holds what the rows' cursors say, not yet encoded.
        order: of the rows, within an aggregate.
        within: the filter of an aggregate that leaves the probing row out.
        probe_next: whether there may be one.
    """
    pieces: list[tuple[str, Sql]] = []
    for key, name in fields:
        match name:
            case "hasNextPage":
                more = raw("false")
                if probe_next:
                    rows = compose("count({})", identifier(page, "r"))
                    more = compose("{} > {}", rows, row_number(read.page.first, "first"))
                text = compose("({})::text", more)
            case "hasPreviousPage":
                text = compose("({})::text", _has_previous(read))
            case "startCursor" | "endCursor":
                number = compose("count({}){}", identifier(page, "r"), within) if name == "endCursor" else raw("1")
                said = compose("(array_agg({}{}){})[{}]", identifier(page, cursor), order, within, number)
                text = compose("coalesce({}, 'null')", base64url_of(said))
            case "noCursor":
                text = literal("null")
            case "__typename":
                text = literal('"PageInfo"')
        pieces.append((key, text))
    return json_object(pieces)


def _has_previous(read: Read) -> Sql:
    if read.page.after is not None:
        return raw("true")
    if read.page.offset is not None:
        return compose("{} > 0", row_number(read.page.offset, "offset"))
    return raw("false")
