"""A read of a relation's rows and what to make of each, as a value that a dialect renders to one statement."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from punnet.access.condition import EVERYTHING, And, Condition, Operand
from punnet.access.policy import Policy
from punnet.catalog.relations import Column, Relation
from punnet.catalog.types import DataType


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordering:
    """One column of an order."""

    column: str
    descending: bool = False
    nulls_first: bool = False


def ordering_hash(order: tuple[Ordering, ...]) -> str:
    """A short name of an order: a cursor bears it, so that one of another order is found out."""
    text = ",".join(f"{by.column!r}{by.descending:d}{by.nulls_first:d}" for by in order)
    return hashlib.sha256(text.encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Which rows of the order: after a cursor, past an offset, up to a number. None sets no bound."""

    first: Operand | None = None
    offset: Operand | None = None
    after: Operand | None = None


WHOLE = Page()


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A column of the rows read that equals a column of the parent's row, or a part of a key."""

    child: str
    parent: str
    type: DataType
    """Of the parent's column: keys travel as its text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A response key and the value under it."""

    key: str
    value: Value


ITSELF = ""
"""The key of the only value under an object that is to be that value itself."""


@dataclass(frozen=True, slots=True)
class ColumnValue:
    """A column's value; of a composite or a range only the parts asked for."""

    column: Column
    parts: tuple[PartField, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartField:
    """A response key and the part of a composite or range under it; `part` None is the `typename`."""

    key: str
    part: str | None
    typename: str = ""
    parts: tuple[PartField, ...] | None = None


@dataclass(frozen=True, slots=True)
class Typename:
    """A constant `__typename`."""

    name: str


@dataclass(frozen=True, slots=True)
class NodeId:
    """The row's global id: base64url of `[type name, key as text ...]`."""

    type_name: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cursor:
    """The row's place in the read's order: base64url of `[hash of the order, values as text ...]`."""


@dataclass(frozen=True, slots=True)
class KeyText:
    """The text of a column, by which a child's read is keyed: never part of an answer."""

    column: str


@dataclass(frozen=True, slots=True)
class HopKey:
    """The place of a hop's answer, with the hop's key from the row's columns; `null` where one of them is null."""

    hop: int
    """Its number in the plan."""
    columns: tuple[str, ...]
    is_open: bool = False
    """Whether the request may know better what the columns hold; see `execution.open_places`."""


@dataclass(frozen=True, slots=True)
class SameRow:
    """An object made of the row itself, as an edge's node is."""

    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Nodes:
    """The page's rows as a list of objects."""

    fields: tuple[Field, ...]


PageFact = Literal["hasNextPage", "hasPreviousPage", "startCursor", "endCursor", "noCursor", "__typename"]
"""`noCursor` is the start and end of rows without a key, and null."""


@dataclass(frozen=True, slots=True)
class PageInfo:
    """Facts about the page: Relay's names under response keys."""

    fields: tuple[tuple[str, PageFact], ...]
    """By response key."""


@dataclass(frozen=True, slots=True)
class TotalCount:
    """How many rows the read's filter lets through, whatever the page."""


@dataclass(frozen=True, slots=True)
class ConnectionField:
    """A response key of a connection and what is under it."""

    key: str
    value: Nodes | PageInfo | TotalCount | Typename


@dataclass(frozen=True, slots=True)
class Row:
    """At most one row, as an object or null."""

    fields: tuple[Field, ...]
    is_always: bool = False
    """Whether null is a failure."""


@dataclass(frozen=True, slots=True)
class Connection:
    """A page of rows, as one connection object."""

    fields: tuple[ConnectionField, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """Rows of single values, for the way of the resolvers: `fields` bear the names that resolvers know."""

    type_name: str
    fields: tuple[Field, ...]
    probe_next: bool = False
    """Read one row more than the page, so that its presence answers `hasNextPage`."""


@dataclass(frozen=True, slots=True)
class Count:
    """The number of rows that the filter lets through."""


Output = Row | Connection | Columns | Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """Rows of `relation`, and what is made of them.

    Nested below another read's row it is keyed by that row; at the top it is keyed by lists of keys, or not at all.
    """

    relation: Relation
    policy: Policy
    output: Output
    where: Condition = EVERYTHING
    order: tuple[Ordering, ...] = ()
    page: Page = WHOLE
    keyed_by: tuple[Link, ...] = ()
    or_by: tuple[tuple[Link, ...], ...] = ()
    """Other keys that rows can be asked by, each instead of `keyed_by`; see `key_of_several`."""

    def filtered(self, where: Condition) -> Read:
        """The same read of only those of its rows."""
        return replace(self, where=where if self.where == EVERYTHING else And((self.where, where)))

    @property
    def keys(self) -> tuple[tuple[Link, ...], ...]:
        """Every key that rows can be asked by."""
        return (self.keyed_by, *self.or_by)

    def asked_by(self, numbers: Sequence[int]) -> Read:
        """The same read, asked by only these of its keys."""
        first, *others = (self.keys[number] for number in numbers)
        return replace(self, keyed_by=first, or_by=tuple(others))

    def counted(self) -> Read:
        """The number of this read's rows, whatever its page."""
        return replace(self, output=Count(), order=(), page=WHOLE)


Value = ColumnValue | Typename | NodeId | Cursor | KeyText | HopKey | SameRow | Read


def key_of_several(key: tuple[str, ...], number: int, read: Read) -> tuple[str | None, ...]:
    """A key for a read that is asked by several: its own columns in their place, null in those of the others.

    Args:
        key: the texts of one key's columns.
        number: which of the read's keys it is.
        read: has two keys or more.
    """
    sizes = [len(links) for links in read.keys]
    return (*[None] * sum(sizes[:number]), *key, *[None] * sum(sizes[number + 1 :]))
