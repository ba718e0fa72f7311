"""What a source has failed to answer in a request, so that it is not asked again."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from punnet.access.condition import And, Compare, Condition, Constant, Not, Operand, Or, operand_value
from punnet.errors import PunnetError
from punnet.planning.columns import columns_of_value, row_fields
from punnet.planning.read import (
    Columns,
    Connection,
    Count,
    Cursor,
    Page,
    PageFact,
    PageInfo,
    Read,
    TotalCount,
    Value,
)
from punnet.planning.rules.fold_constants import fold
from punnet.sources.errors import SourceFailed, SourceTimeout, StatementFailed
from punnet.sources.rows import Key

Variables = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a read asks of its source in a request, whichever way makes it."""

    rows: Read
    """Which rows: operands are known, and nothing is made of the rows."""
    keys: frozenset[Key]
    parts: frozenset[object]
    """What is made of each row: columns by their names; and whatever else the source has to look for."""

    def holds(self, other: _Asked) -> bool:
        """Whether who asks this asks all of the other."""
        return self.keys >= other.keys and self.parts >= other.parts


class FailedReads:
    """Reads that a plan's run could not finish.

    Resolvers, which then decide what fails, would otherwise wait for what is too slow once more. They ask level by
    level, for one level's columns: what failed with other keys, other columns or levels below may do well without.
    """

    def __init__(self) -> None:
        self._failed: dict[Read, list[tuple[_Asked, PunnetError]]] = {}

    def remember(self, read: Read, keys: Collection[Key], variables: Variables, error: PunnetError) -> None:
        """Remember a read that its source did not answer; a statement that it refused is worth another one."""
        if isinstance(error, SourceFailed | SourceTimeout) and not isinstance(error, StatementFailed):
            asked = _asked(read, keys, variables)
            self._failed.setdefault(asked.rows, []).append((asked, error))

    def check(self, read: Read, keys: Collection[Key], variables: Variables) -> None:
        """Raise what a read failed with that asked nothing beyond this one, if there was one."""
        if not self._failed:
            return
        this = _asked(read, keys, variables)
        for failed, error in self._failed.get(this.rows, ()):
            if this.holds(failed):
                raise error


def _asked(read: Read, keys: Collection[Key], variables: Variables) -> _Asked:
    """What a read asks in a request with these keys and coerced variables."""
    parts = frozenset(_parts(read))
    # A number of rows is the same whatever the order and the page.
    bare = read.counted() if parts == {TotalCount()} else replace(read, output=Count())
    rows = replace(bare, where=fold(_known(read.where, variables)), page=_known_page(bare.page, variables))
    return _Asked(rows, frozenset(keys), parts)


def _parts(read: Read) -> Iterator[object]:
    for field in row_fields(read):
        yield from _parts_of_row(field.value)
    match read.output:
        case Count():
            yield TotalCount()
        case Columns(probe_next=True):
            yield "hasNextPage"
        case Connection(fields):
            for each in fields:
                yield from _parts_of_connection(each.value)


def _parts_of_row(value: Value) -> Iterator[object]:
    match value:
        case Cursor() | Read():
            yield value
        case _:
            yield from columns_of_value(value)


def _parts_of_connection(value: object) -> Iterator[object]:
    match value:
        case PageInfo(facts):
            for _, fact in facts:
                yield from _parts_of_fact(fact)
        case TotalCount():
            yield value


def _parts_of_fact(fact: PageFact) -> Iterator[object]:
    match fact:
        case "hasNextPage":
            yield fact
        case "startCursor" | "endCursor":
            yield Cursor()


def _known(condition: Condition, variables: Variables) -> Condition:
    match condition:
        case Compare(column, operator, operand):
            return Compare(column, operator, _known_operand(operand, variables))
        case Not(part):
            return Not(_known(part, variables))
        case And(parts):
            return And(tuple(_known(part, variables) for part in parts))
        case Or(parts):
            return Or(tuple(_known(part, variables) for part in parts))


def _known_page(page: Page, variables: Variables) -> Page:
    def known(operand: Operand | None) -> Operand | None:
        return None if operand is None else _known_operand(operand, variables)

    return Page(first=known(page.first), offset=known(page.offset), after=known(page.after))


def _known_operand(operand: Operand, variables: Variables) -> Constant:
    value = operand_value(operand, variables)
    return Constant(tuple(value) if isinstance(value, list) else value)
