"""What a role may see of a relation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from punnet.access.condition import EVERYTHING, Condition
from punnet.catalog.relations import Relation


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The rows and columns of one relation that one role may read.

    It has no default anywhere: whoever makes a `Read` says under which policy.
    """

    rows: Condition
    columns: frozenset[str] | None
    """None: all of them."""


PolicyOf = Callable[[Relation], Policy]
"""The policies of one role."""

UNRESTRICTED = Policy(rows=EVERYTHING, columns=None)
