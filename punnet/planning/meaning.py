"""What a generated field means. Planning and resolvers read meanings, never names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from graphql import GraphQLEnumType, GraphQLField, GraphQLInputField

from punnet.access.condition import Operator
from punnet.catalog.endpoints import Endpoint
from punnet.catalog.relations import Column, Relation
from punnet.planning.calls import KeyedCall
from punnet.planning.entities import Representations
from punnet.planning.ids import GlobalIds
from punnet.planning.read import Link

EXTENSION = "punnet"
"""The key in a definition's `extensions` under which its meaning stands."""


@dataclass(frozen=True, slots=True)
class Collection:
    """All rows of a relation, as a connection."""

    relation: Relation


@dataclass(frozen=True, slots=True)
class RowByKey:
    """The row of a relation that has these values in a unique key's columns."""

    relation: Relation
    arguments: tuple[tuple[str, str], ...]
    """(argument, column)."""


@dataclass(frozen=True, slots=True)
class RowsById:
    """A row, or a list of rows, of whatever relation each global id names."""

    ids: GlobalIds
    argument: str
    is_list: bool


@dataclass(frozen=True, slots=True)
class Entities:
    """A list of the objects that other subgraphs name by representations."""

    representations: Representations
    argument: str


@dataclass(frozen=True, slots=True)
class Subgraph:
    """What this subgraph tells about itself."""

    sdl: Callable[[], str]
    """Its schema as text, printed when it is first asked for."""


@dataclass(frozen=True, slots=True)
class SubgraphSdl:
    """The subgraph's schema as text."""


@dataclass(frozen=True, slots=True)
class ColumnField:
    """A column of the row."""

    column: Column


@dataclass(frozen=True, slots=True)
class PartOf:
    """A part of a composite or range value."""

    part: str


@dataclass(frozen=True, slots=True)
class ToOne:
    """The row of another relation that this row points to."""

    relation: Relation
    links: tuple[Link, ...]
    is_always: bool = False
    """Whether a row without it fails."""


@dataclass(frozen=True, slots=True)
class ToMany:
    """The rows of another relation that point to this row, as a connection or as a plain list."""

    relation: Relation
    links: tuple[Link, ...]
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class GlobalId:
    """The row's id across all types."""

    type_name: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConnectionPart:
    """A field of a connection."""

    part: Literal["nodes", "edges", "pageInfo", "totalCount"]


@dataclass(frozen=True, slots=True)
class EdgePart:
    """A field of an edge."""

    part: Literal["cursor", "node"]


@dataclass(frozen=True, slots=True)
class PageInfoPart:
    """A field of a page info."""

    part: Literal["hasNextPage", "hasPreviousPage", "startCursor", "endCursor"]


@dataclass(frozen=True, slots=True)
class ServiceCall:
    """A call of an operation of an HTTP service."""

    endpoint: Endpoint
    arguments: tuple[tuple[str, str], ...]
    """(argument, parameter)."""


@dataclass(frozen=True, slots=True)
class MemberField:
    """A member of an object that a service gave."""

    name: str
    source: str = ""
    """The service, as messages name it; empty where it is another subgraph that gave the object."""


@dataclass(frozen=True, slots=True)
class JoinedCall:
    """What a service answers to a key made of this object's columns or members."""

    call: KeyedCall
    key: tuple[str, ...]
    value: tuple[str, ...] = ()
    """The members that lead to the value, of the answer or of each item in it; none: it is the answer."""


@dataclass(frozen=True, slots=True)
class JoinedRows:
    """The rows that a key made of this object's columns or members names."""

    relation: Relation
    links: tuple[Link, ...]
    """`parent` is the column or member."""
    is_list: bool
    value: Column | None = None
    """The column whose values there are instead of rows."""

    @property
    def key(self) -> tuple[str, ...]:
        """The columns or members that the key is made of."""
        return tuple(link.parent for link in self.links)


@dataclass(frozen=True, slots=True)
class ReferenceTo:
    """An object of another subgraph, made of this object's columns or members."""

    members: tuple[tuple[str, str], ...]
    """(member of the object, this object's column or member)."""

    @property
    def key(self) -> tuple[str, ...]:
        """The columns or members that it is made of."""
        return tuple(own for _, own in self.members)


Meaning = (
    Collection
    | RowByKey
    | RowsById
    | Entities
    | Subgraph
    | SubgraphSdl
    | ColumnField
    | PartOf
    | ToOne
    | ToMany
    | GlobalId
    | ConnectionPart
    | EdgePart
    | PageInfoPart
    | ServiceCall
    | MemberField
    | JoinedCall
    | JoinedRows
    | ReferenceTo
)


@dataclass(frozen=True, slots=True)
class WhereColumn:
    """An input field that holds the conditions on a column."""

    column: str


@dataclass(frozen=True, slots=True)
class WhereLogic:
    """An input field that combines conditions."""

    word: Literal["and", "or", "not"]


@dataclass(frozen=True, slots=True)
class WhereOperator:
    """An input field that compares with its value."""

    operator: Operator


@dataclass(frozen=True, slots=True)
class OrderColumn:
    """An input field that holds the direction in which a column orders."""

    column: str


InputMeaning = WhereColumn | WhereLogic | WhereOperator | OrderColumn


def meaning_of(field: GraphQLField) -> Meaning | None:
    """The field's meaning; None for a field that was not generated."""
    meaning: Meaning | None = field.extensions.get(EXTENSION)
    return meaning


def input_meaning_of(field: GraphQLInputField) -> InputMeaning | None:
    """The input field's meaning; None for one that was not generated."""
    meaning: InputMeaning | None = field.extensions.get(EXTENSION)
    return meaning


SHAPING = {EXTENSION: "shaping"}
"""The extensions of an enum whose values change what is read, not only what it is compared with."""


def is_shaping(enum: GraphQLEnumType) -> bool:
    """Whether a plan depends on which value of the enum a variable holds."""
    return enum.extensions.get(EXTENSION) == SHAPING[EXTENSION]
