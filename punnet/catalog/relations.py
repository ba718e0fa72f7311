"""Relations, their columns, keys and links, and the catalog that holds them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from punnet.catalog.endpoints import ServiceCatalog
from punnet.catalog.types import DataType

RelationKind = Literal["table", "partitioned table", "view", "materialized view", "foreign table"]

WayBack = Literal["connection", "list", "none"]
"""What a row has of the rows that point to it by a foreign key."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class RelationId:
    """A relation's place: unique in a catalog."""

    source: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.namespace}.{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One field of a relation."""

    name: str
    type: DataType
    nullable: bool
    comment: str | None = None
    on_trust: bool = False
    """Whether configuration alone says that it is never null: the database may have nulls nevertheless."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """Columns whose values together name one row. Never partial, never over expressions."""

    name: str
    columns: tuple[str, ...]
    primary: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignKey:
    """Columns whose values name a row of `target`, pairwise with `target_columns`."""

    name: str
    columns: tuple[str, ...]
    target: RelationId
    target_columns: tuple[str, ...]
    always: bool = False
    """Whether configuration alone says that there is always such a row."""
    way_back: WayBack = "connection"


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """A complete index over plain columns, in their order."""

    name: str
    columns: tuple[str, ...]
    unique: bool
    """Whether no two rows share its values: none of the relation, nor of tables that inherit from it."""


@dataclass(frozen=True, kw_only=True)
class Relation:
    """A named set of rows."""

    id: RelationId
    kind: RelationKind
    columns: tuple[Column, ...]
    keys: tuple[Key, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    indexes: tuple[Index, ...] = ()
    comment: str | None = None
    row_estimate: int | None = None
    """The planner's guess; None where the source has none."""
    scanned_by: tuple[tuple[str, ...], ...] = ()
    """Of a view: columns by which its source estimates that one value's rows are found no faster than all rows."""
    has_queries: bool = True
    """Whether Query leads to its rows, and not only what points to them."""

    def __hash__(self) -> int:
        # Plans and loaders are keyed by values that hold relations: hash the place, compare the whole.
        return hash(self.id)

    @cached_property
    def column_by_name(self) -> dict[str, Column]:
        """The columns by their names."""
        return {column.name: column for column in self.columns}

    @cached_property
    def primary_key(self) -> Key | None:
        """The primary key, else the first unique key whose columns cannot be null, else None."""
        for key in self.keys:
            if key.primary:
                return key
        for key in self.keys:
            if not any(self.column_by_name[name].nullable for name in key.columns):
                return key
        return None


@dataclass(frozen=True, kw_only=True)
class SourceCatalog:
    """What one source offers."""

    name: str
    kind: Literal["postgres"]
    version: str
    relations: tuple[Relation, ...]


@dataclass(frozen=True, kw_only=True)
class Catalog:
    """What all sources offer."""

    sources: tuple[SourceCatalog, ...]
    services: tuple[ServiceCatalog, ...] = ()

    @cached_property
    def relation_by_id(self) -> dict[RelationId, Relation]:
        """Every relation by its place."""
        return {relation.id: relation for source in self.sources for relation in source.relations}
