"""What had to be left out, collected on the way."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field
from typing import NamedTuple

from punnet.catalog.endpoints import LeftOut

MAX_STEPS = 5_000_000
"""Schemas and members looked at, each as often as it is; a document of 13 MB takes some 200,000."""


class TooManySteps(Exception):
    """A document grows beyond measure when its references are followed. Never leaves this package."""


class Place(NamedTuple):
    """Where something stands, in words, and the shape that it is a part of."""

    text: str
    shape: str | None = None

    def then(self, text: str) -> Place:
        """A place within this one."""
        return Place(f"{self.text}, {text}", self.shape)


@dataclass(slots=True)
class Notes:
    """What was left out so far, each once; and the steps that it took."""

    _entries: dict[tuple[Place, str], None] = field(default_factory=dict)
    _steps: int = 0

    def add(self, place: Place, reason: str) -> None:
        """Tell that something is left out, or carried with less than it says."""
        self._entries[place, reason] = None

    def of(self, shapes: Container[str]) -> tuple[LeftOut, ...]:
        """What was left out of operations and of the shapes given."""
        return tuple(
            LeftOut(place=place.text, reason=reason)
            for place, reason in self._entries
            if place.shape is None or place.shape in shapes
        )

    def spend(self, steps: int) -> None:
        """Count work, so that none goes on for ever."""
        self._steps += steps
        if self._steps > MAX_STEPS:
            raise TooManySteps
