"""The same change made to every read of a plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from punnet.planning.calls import Hop, ReadHop
from punnet.planning.choice import Choice
from punnet.planning.plan import Plan, Root, RootValue
from punnet.planning.read import Connection, ConnectionField, Field, Nodes, Output, Read, Row, SameRow, Value

Change = Callable[[Read], Read]


def change_reads(plan: Plan, change: Change) -> Plan:
    """The plan with each of its reads changed: those in the roots, below other reads, and behind hops."""
    return replace(
        plan,
        roots=tuple(Root(root.key, _root(root.value, change)) for root in plan.roots),
        hops=tuple(_hop(hop, change) for hop in plan.hops),
    )


def _root(value: RootValue, change: Change) -> RootValue:
    match value:
        case Read():
            return _read(value, change)
        case Choice(reads=reads):
            return replace(value, reads=tuple((name, _read(read, change)) for name, read in reads))
        case _:
            return value


def _hop(hop: Hop, change: Change) -> Hop:
    return ReadHop(_read(hop.read, change)) if isinstance(hop, ReadHop) else hop


def _read(read: Read, change: Change) -> Read:
    return change(replace(read, output=_output(read.output, change)))


def _output(output: Output, change: Change) -> Output:
    match output:
        case Row(fields):
            return replace(output, fields=_fields(fields, change))
        case Connection(fields):
            return Connection(tuple(_connection_field(field, change) for field in fields))
        case _:
            return output


def _connection_field(field: ConnectionField, change: Change) -> ConnectionField:
    if not isinstance(field.value, Nodes):
        return field
    return ConnectionField(field.key, Nodes(_fields(field.value.fields, change)))


def _fields(fields: tuple[Field, ...], change: Change) -> tuple[Field, ...]:
    return tuple(Field(key=field.key, value=_value(field.value, change)) for field in fields)


def _value(value: Value, change: Change) -> Value:
    match value:
        case Read():
            return _read(value, change)
        case SameRow(fields):
            return SameRow(_fields(fields, change))
        case _:
            return value
