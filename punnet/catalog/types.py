"""The data types of columns, as values that any SQL source can fill."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TypeKind = Literal["base", "enum", "domain", "array", "range", "multirange", "composite"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """A named part of a composite type."""

    name: str
    type: DataType


@dataclass(frozen=True, slots=True, kw_only=True)
class DataType:
    """A type as the source names it, whole: what it is built from hangs below it."""

    namespace: str
    """The namespace that holds the type: `pg_catalog` for built-in ones."""
    name: str
    """The type's own name there: `int4`, `order_status`. Arrays bear their element's name with `[]`."""
    kind: TypeKind = "base"
    has_modifier: bool = False
    """Whether the column narrows it, as `numeric(10,2)` does."""
    element: DataType | None = None
    """Of an array the element, of a domain its base, of a range its subtype, of a multirange its range."""
    labels: tuple[str, ...] = ()
    """Of an enum, in its order."""
    attributes: tuple[Attribute, ...] = ()
    """Of a composite, in their order."""
    comment: str | None = None
    scalar: str = ""
    """Of a base type, the API's scalar that carries its values."""

    def base(self) -> DataType:
        """The type below all domains."""
        return self.element.base() if self.kind == "domain" and self.element is not None else self
