"""Plans as text for people: a line a value, what is made of a row indented below it."""

from __future__ import annotations

from collections.abc import Iterator

from punnet.access.condition import EVERYTHING, And, Compare, Condition, Constant, Items, Not, Operand, Or, Variable
from punnet.planning.calls import CallHop, Hop, ReadHop, ReferenceHop, RootCall
from punnet.planning.choice import Choice
from punnet.planning.plan import Known, Plan, RootValue, SameAs
from punnet.planning.read import (
    ColumnValue,
    Connection,
    ConnectionField,
    Cursor,
    Field,
    HopKey,
    KeyText,
    NodeId,
    Nodes,
    Ordering,
    Output,
    Page,
    PageInfo,
    PartField,
    Read,
    Row,
    SameRow,
    TotalCount,
    Typename,
    Value,
)

Lines = Iterator[str]


def printed(plan: Plan) -> str:
    """The plan's roots, then its hops by their numbers."""
    lines = [line for root in plan.roots for line in _under(root.key, _root(root.value))]
    lines += [line for number, hop in enumerate(plan.hops) for line in _under(f"hop {number}", _hop(hop))]
    return "\n".join(lines) + "\n"


def _under(key: str, lines: Lines) -> Lines:
    """The first line beside the key, the rest below."""
    yield f"{key}: {next(lines)}"
    yield from (f"  {line}" for line in lines)


def _root(value: RootValue) -> Lines:
    match value:
        case Read():
            yield from _read(value)
        case Choice(reads, _, items):
            yield f"each of {_operand(items)} by its type"
            for name, read in reads:
                yield from _under(name, _read(read))
        case RootCall(endpoint, arguments):
            yield f"call {endpoint.id}" + "".join(f" {name}={_operand(given)}" for name, given in arguments)
        case Known(json, counts):
            yield json + "".join(f" unless {_operand(count)} < 0" for count in counts)
        case SameAs(root):
            yield f"same as root {root}"
        case Typename(name):
            yield f'"{name}"'


def _hop(hop: Hop) -> Lines:
    match hop:
        case CallHop(call):
            yield f"call {call.endpoint.id} by {', '.join(map(str, call.parameters))}"
        case ReadHop(read):
            yield from _read(read)
        case ReferenceHop(members, type_):
            yield f"reference to {type_} by {', '.join(members)}"


def _read(read: Read) -> Lines:
    yield " ".join(_head(read))
    yield from _output(read.output)


def _head(read: Read) -> Lines:
    yield f"{'row' if isinstance(read.output, Row) else 'rows'} of {read.relation.id}"
    for number, links in enumerate(read.keys):
        if links:
            yield "or by" if number else "by"
            yield " and ".join(f"{link.child} = parent.{link.parent}" for link in links)
    if read.where != EVERYTHING:
        yield f"where {_condition(read.where)}"
    if read.order:
        yield f"order by {', '.join(map(_ordering, read.order))}"
    yield from _page(read.page)


def _page(page: Page) -> Lines:
    for name, bound in (("first", page.first), ("offset", page.offset), ("after", page.after)):
        if bound is not None:
            yield f"{name} {_operand(bound)}"


def _ordering(by: Ordering) -> str:
    return by.column + (" desc" if by.descending else "") + (" nulls first" if by.nulls_first else "")


def _condition(condition: Condition) -> str:
    match condition:
        case Compare(column, operator, operand):
            return f"{column} {operator} {_operand(operand)}"
        case And(parts):
            return f"({' and '.join(map(_condition, parts))})" if parts else "everything"
        case Or(parts):
            return f"({' or '.join(map(_condition, parts))})" if parts else "nothing"
        case Not(part):
            return f"not {_condition(part)}"


def _operand(operand: Operand) -> str:
    match operand:
        case Constant(value):
            return repr(value)
        case Variable(path):
            return "$" + ".".join(map(str, path))
        case Items(items):
            return f"[{', '.join(map(_operand, items))}]"


def _output(output: Output) -> Lines:
    match output:
        case Row(fields):
            yield from _fields(fields)
        case Connection(fields):
            for field in fields:
                yield from _under(field.key, _connection_value(field))
        case _:
            yield repr(output)


def _connection_value(field: ConnectionField) -> Lines:
    match field.value:
        case Nodes(fields):
            yield "list"
            yield from _fields(fields)
        case PageInfo(fields):
            yield ", ".join(name if key == name else f"{key}: {name}" for key, name in fields)
        case TotalCount():
            yield "count"
        case Typename(name):
            yield f'"{name}"'


def _fields(fields: tuple[Field, ...]) -> Lines:
    for field in fields:
        yield from _under(field.key, _value(field.value))


def _value(value: Value) -> Lines:
    match value:
        case ColumnValue(column, parts):
            yield f"column {column.name}"
            yield from () if parts is None else map(_part, parts)
        case Typename(name):
            yield f'"{name}"'
        case NodeId(type_name, columns):
            yield f"id of {type_name} by {', '.join(columns)}"
        case Cursor():
            yield "cursor"
        case KeyText(column):
            yield f"text of {column}"
        case HopKey(hop, columns):
            yield f"hop {hop} by {', '.join(columns)}"
        case SameRow(fields):
            yield "the row"
            yield from _fields(fields)
        case Read():
            yield from _read(value)


def _part(field: PartField) -> str:
    return f"{field.key}: {field.part or field.typename}"
