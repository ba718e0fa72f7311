"""Fields that lead from one source to another, as configuration names them."""

from __future__ import annotations

from dataclasses import dataclass

from punnet.catalog.declared import Declared

DEFAULT_MAX_KEYS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """How one call answers for many keys."""

    key: tuple[str, ...] = ()
    """The members of each item of the answer that hold its key, in the order of `Join.match`. Empty: the members
    that bear the parameters' names."""
    parameter: str | None = None
    """The place that takes the keys as a list of objects, whose members `Join.match` names then."""
    in_order: bool = False
    """Whether the answer has an item for each key, in the keys' order, instead."""
    max_keys: int = DEFAULT_MAX_KEYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Join(Declared):
    """A field `field` of the GraphQL type `on`, answered by a call of `call` with what `match` says."""

    on: str
    field: str
    call: str
    """`source.operation` of a service, or `source.field` of a database: the Query field of a look-up or collection."""
    match: tuple[tuple[str, str], ...]
    """(parameter, field or column of `on`); a `KeyPlace` of the call of a service, as text."""
    batch: Batch | None = None
    is_list: bool = False
    value: tuple[str, ...] = ()
    """The member of the answer, or the column of the row, that the field has instead of the whole."""

    @property
    def _label(self) -> str:
        return f"{self.on}.{self.field}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference(Declared):
    """A field `field` of the GraphQL type `on` that refers to an object of another subgraph."""

    on: str
    field: str
    entity: str
    """The object's type, a stub here."""
    match: tuple[tuple[str, str], ...]
    """(field of the object, field or column of `on`)."""

    @property
    def _label(self) -> str:
        return f"{self.on}.{self.field}"
