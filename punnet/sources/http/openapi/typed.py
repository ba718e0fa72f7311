"""A shape, with what is true of it in one place only."""

from __future__ import annotations

from dataclasses import dataclass

from punnet.catalog.endpoints import Direction, Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A shape as it is met in one place."""

    shape: Shape | None
    """None for binary content."""
    null: bool = False
    direction: Direction = "both"
    comment: str | None = None
    is_loop: bool = False
    """Whether the schema leads back to itself without an object between."""
