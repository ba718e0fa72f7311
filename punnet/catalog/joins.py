"""Fields that lead from one source to another, as configuration names them."""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_MAX_KEYS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """How one call answers for many keys."""

    key: tuple[str, ...] = ()
    """The members of each item of the answer that hold its key, in the order of `Join.match`. Empty: the members
    that bear the parameters' names."""
    in_order: bool = False
    """Whether the answer has an item for each key, in the keys' order, instead."""
    max_keys: int = DEFAULT_MAX_KEYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """A field `field` of the GraphQL type `on`, answered by a call of `call` with what `match` says."""

    on: str
    field: str
    call: str
    """`source.operation` of a service, or `source.field` of a database: the Query field of a look-up or collection."""
    match: tuple[tuple[str, str], ...]
    """(parameter, field or column of `on`)."""
    batch: Batch | None = None
    is_list: bool = False

    def __str__(self) -> str:
        return f"{self.on}.{self.field}"
