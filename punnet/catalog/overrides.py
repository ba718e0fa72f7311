"""What a team says about its relations beyond what their database tells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from punnet.catalog.declared import Declared
from punnet.catalog.relations import WayBack


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnOverride:
    """What is said about a column."""

    column: str
    name: str | None = None
    is_id: bool = False
    """Its GraphQL type is ID."""
    non_null: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationOverride(Declared):
    """What is said about a relation."""

    source: str
    relation: str
    """As `namespace.table`."""
    name: str | None = None
    plural: str | None = None
    key: tuple[str, ...] = ()
    queries: bool = True
    """Whether Query has its collection and look-ups."""
    columns: tuple[ColumnOverride, ...] = ()

    @property
    def _label(self) -> str:
        return f'[sources.{self.source}.relations."{self.relation}"]'


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkEnd:
    """Columns of a relation, which a relationship links with as many of another one."""

    relation: str
    """As `namespace.table`."""
    columns: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.relation}({', '.join(self.columns)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationshipOverride(Declared):
    """A link between relations of one source, whether the database declares it or not."""

    source: str
    start: LinkEnd
    target: LinkEnd
    name: str | None = None
    """Of the field that leads to the one row of the target."""
    non_null: bool = False
    """Whether there always is one."""
    reverse: str | None = None
    """Of the field that leads back to many rows."""
    way_back: WayBack = "connection"

    @property
    def _label(self) -> str:
        return f"[[relationships]] from {self.start} to {self.target}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """All that is said."""

    relations: Sequence[RelationOverride] = ()
    relationships: Sequence[RelationshipOverride] = ()

    def linked_columns(self, source: str) -> dict[str, set[tuple[str, ...]]]:
        """The columns that rows of the source's relations are found by, by `namespace.table`."""
        linked: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
        for relation in self.relations:
            if relation.source == source and relation.key:
                linked[relation.relation].add(relation.key)
        for relationship in self.relationships:
            if relationship.source == source:
                for end in (relationship.start, relationship.target):
                    linked[end.relation].add(end.columns)
        return dict(linked)


NO_OVERRIDES = Overrides()
