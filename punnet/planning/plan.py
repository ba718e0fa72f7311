"""All that one operation needs of its sources, as a value."""

from __future__ import annotations

from dataclasses import dataclass

from punnet.planning.calls import Hop, RootCall
from punnet.planning.choice import Choice
from punnet.planning.read import Read, Typename


@dataclass(frozen=True, slots=True)
class Known:
    """An object that needs no source."""

    fields: tuple[tuple[str, str], ...]
    """(response key, text)."""


RootValue = Read | Choice | RootCall | Known | Typename


@dataclass(frozen=True, slots=True)
class Root:
    """A response key of the operation and what answers it."""

    key: str
    value: RootValue


@dataclass(frozen=True, slots=True)
class Plan:
    """Roots, which are independent of each other, and the hops whose places are in their answers."""

    roots: tuple[Root, ...]
    hops: tuple[Hop, ...] = ()
