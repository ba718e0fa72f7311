"""Calls of an HTTP service and what to make of their answers, and hops from one source to the next, as values."""

from __future__ import annotations

import re
from dataclasses import dataclass

from graphql import GraphQLOutputType

from punnet.access.condition import Operand
from punnet.catalog.endpoints import Endpoint
from punnet.catalog.key_places import KeyPlace
from punnet.planning.read import Read


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRule:
    """How one call answers for many keys."""

    members: tuple[str, ...]
    """The members of each item that hold its key; none where the answer has the keys' order."""
    max_keys: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedCall:
    """A call whose parameters come from the keys of its callers."""

    endpoint: Endpoint
    parameters: tuple[KeyPlace, ...]
    """What each part of a key fills."""
    batch: BatchRule | None
    """None: one call a key."""
    is_list: bool
    """Whether a key has any number of items, instead of at most one."""
    whole_numbers: tuple[KeyPlace, ...] = ()
    """Those of the parameters that are whole numbers."""
    lists: tuple[KeyPlace, ...] = ()
    """Those that are lists, where the call is for one key."""

    def asked(self, key: tuple[object, ...]) -> tuple[object, ...]:
        """A key as its parameters take it.

        IDs and large numbers are texts, where a service may want a number; a list has the one value.
        """
        if not self.lists and (not self.whole_numbers or str not in map(type, key)):
            return key
        return tuple(self._as_taken(place, value) for place, value in zip(self.parameters, key, strict=True))

    def _as_taken(self, place: KeyPlace, value: object) -> object:
        if isinstance(value, str) and place in self.whole_numbers and _DIGITS.fullmatch(value):
            value = int(value)
        return [value] if place in self.lists else value


_DIGITS = re.compile("-?[0-9]{1,19}")


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an object of a service, completed as the type says."""

    name: str
    type: GraphQLOutputType
    projection: Projection | None


@dataclass(frozen=True, slots=True)
class OwnTypename:
    """The name of the object's type."""


@dataclass(frozen=True, slots=True)
class HopFrom:
    """The place of a hop's answer; the members hold its key."""

    hop: int
    """Its number in the plan."""
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Projection:
    """What of an object goes into the answer, for each type that it can be of."""

    fields: tuple[tuple[str, tuple[tuple[str, Member | OwnTypename | HopFrom], ...]], ...]
    """(type name, (response key, value) in their order)."""


@dataclass(frozen=True, slots=True)
class CallHop:
    """A hop to a service; the answer to a key is completed as the type says."""

    call: KeyedCall
    type: GraphQLOutputType
    projection: Projection | None
    value: tuple[str, ...] = ()
    """The members that lead to it, of the answer or of each item in it."""


@dataclass(frozen=True, slots=True)
class ReadHop:
    """A hop to rows, keyed by the hop's key."""

    read: Read


@dataclass(frozen=True, slots=True)
class ReferenceHop:
    """A place that asks nobody: an object made of the hop's key."""

    members: tuple[str, ...]
    """The object's member for each part of the key."""
    type: GraphQLOutputType
    projection: Projection | None


Hop = CallHop | ReadHop | ReferenceHop


@dataclass(frozen=True, slots=True)
class RootCall:
    """A call that the operation itself asks for."""

    endpoint: Endpoint
    arguments: tuple[tuple[str, Operand], ...]
    """(parameter, its value)."""
    type: GraphQLOutputType
    projection: Projection | None
