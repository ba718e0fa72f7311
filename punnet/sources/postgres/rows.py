"""The rows that values are made of, as a part of a statement."""

from __future__ import annotations

from dataclasses import dataclass, field

from punnet.planning.read import Read
from punnet.sources.postgres.sql import Sql, compose, join, raw


@dataclass(slots=True)
class Rows:
    """The rows that values are made of, and what they are joined with for that."""

    read: Read
    depth: int
    base: str | None = None
    """The common table that holds them, where they are read before what is below them."""
    joins_single: bool = False
    """Whether a single row below them is joined. Not where a limit would come after the join."""
    in_scan: bool = False
    """Whether they are in the statement's one scan: the read's policy and filter have let them through."""
    joins: list[Sql] = field(default_factory=list)

    @property
    def alias(self) -> str:
        """Of the rows."""
        return f"t{self.depth}"

    @property
    def joined(self) -> Sql:
        """What the rows are joined with, so far."""
        return join("", self.joins)


def from_base(rows: Rows, columns: list[Sql]) -> Sql:
    """Columns of the rows that a common table holds, joined with what is below them."""
    return compose("select {} from {} as {}{}", join(", ", columns), raw(rows.base or ""), raw(rows.alias), rows.joined)
