"""Types that other subgraphs share with this one, as configuration names them."""

from __future__ import annotations

from dataclasses import dataclass

from punnet.catalog.declared import Declared
from punnet.catalog.joins import Batch


@dataclass(frozen=True, slots=True, kw_only=True)
class Stub(Declared):
    """A type of another subgraph: what of it is known here."""

    type: str
    key: str
    """The fields that name one of it here, as federation writes them."""
    fields: tuple[tuple[str, str], ...]
    """(field, its GraphQL type)."""

    @property
    def _label(self) -> str:
        return self.type


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceEntity(Declared):
    """A key of a service's object, and the call that gives the object by it."""

    type: str
    key: str
    """Its fields, as federation writes them."""
    call: str
    """`source.operation`."""
    match: tuple[tuple[str, str], ...]
    """(parameter, field of the key), as those of a `Join`."""
    batch: Batch | None = None

    @property
    def _label(self) -> str:
        return self.type


Entity = Stub | ServiceEntity
