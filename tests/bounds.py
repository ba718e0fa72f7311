"""How much a plan asks of its sources at most, before it runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLList, GraphQLOutputType, get_nullable_type

from punnet.access.condition import Operand, operand_value
from punnet.errors import BadUserInput
from punnet.planning.calls import CallHop, Hop, HopFrom, KeyedCall, Member, Projection, ReadHop, ReferenceHop, RootCall
from punnet.planning.choice import Choice
from punnet.planning.plan import Plan, Root
from punnet.planning.read import Connection, ConnectionField, Field, HopKey, Nodes, Read, Row, SameRow

UNBOUNDED = float("inf")
"""Of pages without a length, and of lists that a service gives."""

Places = Iterator[tuple[int, float]]
"""(the number of a hop, how many places of it there are at most)."""


@dataclass(frozen=True, slots=True)
class Bound:
    """The most that one run asks of its sources; retries are not counted."""

    statements: int
    calls: float
    """Of HTTP services."""


def most_asked(plan: Plan, variables: Mapping[str, Any]) -> Bound:
    """What the plan asks at most with these variables.

    Statements depend on the plan alone, and on the types that the variables name. Calls depend on how many rows
    there can be, too.
    """
    statements = sum(_root_statements(root, variables) for root in plan.roots)
    calls = sum(_root_calls(root, variables) for root in plan.roots)
    level = _sum(place for root in plan.roots for place in _root_places(root, variables))
    while level:
        # A hop that stands on several levels is filled on each.
        hops = [(plan.hops[number], places) for number, places in level.items()]
        statements += sum(isinstance(hop, ReadHop) for hop, _ in hops)
        calls += sum(_calls(hop.call, places) for hop, places in hops if isinstance(hop, CallHop))
        level = _sum(place for hop, places in hops for place in _hop_places(hop, places, variables))
    return Bound(statements, calls)


def _sum(places: Iterable[tuple[int, float]]) -> Mapping[int, float]:
    level: dict[int, float] = {}
    for number, count in places:
        level[number] = level.get(number, 0) + count
    return level


def _root_statements(root: Root, variables: Mapping[str, Any]) -> int:
    match root.value:
        case Read():
            return 1
        case Choice():
            return len(_types_of_rows(root.value, variables))
        case _:
            return 0


def _types_of_rows(choice: Choice, variables: Mapping[str, Any]) -> set[str]:
    """The types of the rows that the items name, fields of theirs selected or not."""
    types: set[str] = set()
    for item in _items(choice.items, variables):
        # What is wrong with an item is told before anything is asked.
        with suppress(BadUserInput):
            address = choice.addressing.address(item)
            types |= set() if address is None else {address[0]}
    return {name for name in types if choice.addressing.rows_of(name) is not None}


def _root_calls(root: Root, variables: Mapping[str, Any]) -> float:
    match root.value:
        case RootCall():
            return 1
        case Choice(items=items, called=called):
            # Each key of a type is a call of its own.
            return sum(_calls(hop.call, _length(items, variables)) for _, hops in called for hop in hops)
        case _:
            return 0


def _length(items: Operand, variables: Mapping[str, Any]) -> int:
    return len(_items(items, variables))


def _items(items: Operand, variables: Mapping[str, Any]) -> Sequence[object]:
    value = operand_value(items, variables)
    return value if isinstance(value, list | tuple) else [value]


def _calls(call: KeyedCall, keys: float) -> float:
    return keys if call.batch is None else -(-keys // call.batch.max_keys) if keys < UNBOUNDED else UNBOUNDED


def _root_places(root: Root, variables: Mapping[str, Any]) -> Places:
    match root.value:
        case Read():
            yield from _read_places(root.value, 1, variables)
        case Choice(reads, _, items):
            for _, read in reads:
                yield from _read_places(read, _length(items, variables), variables)
            for _, _, projection in root.value.given:
                yield from _projection_places(projection, _length(items, variables))
            for _, (hop, *_) in root.value.called:
                yield from _projection_places(hop.projection, _length(items, variables))
        case RootCall(_, _, type_, projection):
            yield from _projection_places(projection, _of_type(type_, 1))


def _hop_places(hop: Hop, places: float, variables: Mapping[str, Any]) -> Places:
    match hop:
        case CallHop(_, type_, projection):
            yield from _projection_places(projection, _of_type(type_, places))
        case ReferenceHop(_, _, projection):
            yield from _projection_places(projection, places)
        case ReadHop(read):
            yield from _read_places(read, places, variables)


def _read_places(read: Read, parents: float, variables: Mapping[str, Any]) -> Places:
    """The places in what a read gives for so many parents."""
    match read.output:
        case Row(fields):
            yield from _row_places(fields, parents, variables)
        case Connection(fields):
            yield from _page_places(fields, parents * _rows(read, variables), variables)


def _rows(read: Read, variables: Mapping[str, Any]) -> float:
    first = None if read.page.first is None else operand_value(read.page.first, variables)
    return first if isinstance(first, int) else UNBOUNDED


def _page_places(fields: tuple[ConnectionField, ...], rows: float, variables: Mapping[str, Any]) -> Places:
    for field in fields:
        if isinstance(field.value, Nodes):
            yield from _row_places(field.value.fields, rows, variables)


def _row_places(fields: tuple[Field, ...], rows: float, variables: Mapping[str, Any]) -> Places:
    for field in fields:
        match field.value:
            case HopKey(hop):
                yield hop, rows
            case SameRow(below):
                yield from _row_places(below, rows, variables)
            case Read():
                yield from _read_places(field.value, rows, variables)


def _projection_places(projection: Projection | None, objects: float) -> Places:
    if projection is None:
        return
    for _, fields in projection.fields:
        for _, value in fields:
            match value:
                case HopFrom(hop):
                    yield hop, objects
                case Member(_, type_, below):
                    yield from _projection_places(below, _of_type(type_, objects))


def _of_type(type_: GraphQLOutputType, objects: float) -> float:
    """How many objects there are under a member of so many: a service's list has any number."""
    return UNBOUNDED if isinstance(get_nullable_type(type_), GraphQLList) else objects
