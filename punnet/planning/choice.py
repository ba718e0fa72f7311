"""Objects of several types, told apart by what a request says of each: a global id, or a representation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from graphql import GraphQLObjectType

from punnet.access.condition import Operand
from punnet.catalog.relations import Relation
from punnet.planning.calls import CallHop, Projection
from punnet.planning.plain_keys import PlainKeys
from punnet.planning.read import Link, Read, key_of_several

Address = tuple[str, int, tuple[str, ...]]
"""(type name, which of the type's keys, the texts of that key's columns)."""

KeyedRows = tuple[Relation, tuple[tuple[Link, ...], ...]]
"""A relation, and the keys by which its rows can be asked for."""


class Addressing(Protocol):
    """From what a request says of an object to the type and the key that it has."""

    def address(self, item: object) -> Address | None:
        """The object's address; None where no object can have it.

        Raises:
            BadUserInput: the item says nothing that could be an address.
        """

    def plain_keys(self, items: Sequence[Any]) -> PlainKeys | None:
        """The one type and key of all items, where that can be told at a glance."""

    def rows_of(self, type_name: str) -> KeyedRows | None:
        """What rows the objects of a type are; None where they are none."""

    def required_columns(self, type_name: str) -> frozenset[str]:
        """The columns of a type's rows of which items may know better than the row."""


def _nothing(_type_name: str, _item: object) -> Mapping[str, object]:
    return {}


@dataclass(frozen=True, slots=True)
class Choice:
    """One read for each type that an item of the request can name."""

    reads: tuple[tuple[str, Read], ...]
    """(type name, read that can be asked by each of the type's keys), of the types that fragments name."""
    addressing: Addressing
    items: Operand
    is_list: bool
    read_of_other: Callable[[str], Read | None] = field(compare=False, repr=False)
    """Makes the read of any other type, of which there may be thousands; None where there is no such read.

    It raises NotPlannable or GraphQLError, as whatever makes plans does."""
    given: tuple[tuple[str, GraphQLObjectType, Projection], ...] = ()
    """(type name, the type, what of it goes into the answer) of objects that the items hold whole."""
    called: tuple[tuple[str, tuple[CallHop, ...]], ...] = ()
    """(type name, the call for each of the type's keys) of objects that services give."""
    required: frozenset[str] = frozenset()
    """The types about whose objects items may know better than their sources."""
    given_of: Callable[[str, object], Mapping[str, object]] = field(default=_nothing, compare=False, repr=False)
    """What an item of such a type knows, by column or member."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks of one type."""

    by: tuple[int, ...]
    """Which of the type's keys are used."""
    places: Mapping[tuple[int, tuple[str, ...]], Sequence[int]]
    """By (which key, its texts), the places of the object in the answer. Each is asked once."""

    def keys(self, read: Read) -> list[tuple[str | None, ...]]:
        """The keys as `read` takes them, which is asked by the keys in `by`."""
        if len(self.by) == 1:
            return [key for _, key in self.places]
        number_of = {number: place for place, number in enumerate(self.by)}
        return [key_of_several(key, number_of[number], read) for number, key in self.places]


def asked_by_type(addresses: Iterable[Address | None]) -> dict[str, Asked]:
    """What is asked of each type that the addresses name."""
    places: dict[str, dict[tuple[int, tuple[str, ...]], list[int]]] = {}
    for place, address in enumerate(addresses):
        if address is not None:
            type_name, number, key = address
            places.setdefault(type_name, {}).setdefault((number, key), []).append(place)
    return {name: Asked(tuple(sorted({number for number, _ in of_type})), of_type) for name, of_type in places.items()}
