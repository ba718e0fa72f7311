"""Answers of root reads whose filter lets no row through: the source is not asked for what is known.

Reads below others stay in their statement, where they cost nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import orjson

from punnet.access.condition import Constant, Operand
from punnet.planning.plan import Known, Plan, Root
from punnet.planning.read import Connection, ConnectionField, Nodes, Page, PageInfo, Read, Row, TotalCount, Typename
from punnet.planning.rules.fold_constants import NOTHING


def know_empty(plan: Plan) -> Plan:
    """The plan without root reads that find nothing; their filters have been folded before."""
    return replace(plan, roots=tuple(Root(root.key, _empty(root.value) or root.value) for root in plan.roots))


def _empty(value: object) -> Known | None:
    if not isinstance(value, Read) or not finds_nothing(value):
        return None
    match value.output:
        case Row():
            return Known("null")
        case Connection(fields):
            json = orjson.dumps({field.key: _empty_field(field, value.page) for field in fields}).decode()
            return Known(json, tuple(open_counts(value.page)))
        case _:
            return None


def finds_nothing(read: Read) -> bool:
    """Whether the read's answer is known, if none of its `open_counts` is negative; resolvers do not ask then, either.

    A cursor wants to be read, and an offset decides what is before.
    """
    return read.where == NOTHING and read.page.after is None and isinstance(read.page.offset, Constant | None)


def open_counts(page: Page) -> Iterator[Operand]:
    """The numbers of rows of which it is not known that they are not negative."""
    for count in (page.first, page.offset):
        match count:
            case None:
                pass
            case Constant(int(value)) if value >= 0:
                pass
            case _:
                yield count


def _empty_field(field: ConnectionField, page: Page) -> object:
    match field.value:
        case Nodes():
            return []
        case TotalCount():
            return 0
        case Typename(name):
            return name
        case PageInfo(fields):
            return {key: _empty_fact(name, page) for key, name in fields}


def _empty_fact(name: str, page: Page) -> object:
    match name:
        case "hasNextPage":
            return False
        case "hasPreviousPage":
            return isinstance(page.offset, Constant) and page.offset.value != 0
        case "__typename":
            return "PageInfo"
        case _:
            return None
