"""What a database has besides the relations that are offered, to tell a team what it may have meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

WhyHidden = Literal["partition", "extension", "namespace", "grant"]
"""A part of another table; a part of an extension; its namespace may not be used; it may not be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenRelation:
    """A table or view that is not offered."""

    namespace: str
    name: str
    why: WhyHidden

    def __str__(self) -> str:
        return f"{self.namespace}.{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Where the relations of a catalog come from, and what stands around them."""

    database: str
    role: str
    namespaces: Sequence[str] = ()
    """All but the system's own."""
    hidden: Sequence[HiddenRelation] = ()
    """Of all namespaces."""
    hidden_columns: Mapping[str, int] = field(default_factory=dict)
    """By `namespace.table`, the columns of a relation that is offered which the role may not read."""
