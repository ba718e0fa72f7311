"""All that one operation needs of its sources, as a value."""

from __future__ import annotations

from dataclasses import dataclass

from punnet.access.condition import Operand
from punnet.planning.calls import Hop, RootCall
from punnet.planning.choice import Choice
from punnet.planning.read import Read, Typename


@dataclass(frozen=True, slots=True)
class Known:
    """An answer that needs no source."""

    json: str
    counts: tuple[Operand, ...] = ()
    """Numbers of rows: the answer is no answer where one of them is negative."""


@dataclass(frozen=True, slots=True)
class SameAs:
    """The answer of another root, which comes before."""

    root: int
    """Its number in the plan."""


RootValue = Read | Choice | RootCall | Known | SameAs | Typename


@dataclass(frozen=True, slots=True)
class Root:
    """A response key of the operation and what answers it."""

    key: str
    value: RootValue


@dataclass(frozen=True, slots=True)
class Plan:
    """Roots, which wait for nothing, and the hops whose places are in their answers."""

    roots: tuple[Root, ...]
    hops: tuple[Hop, ...] = ()
    fields: int = 0
    """How many were asked for, after fragments are spread."""
