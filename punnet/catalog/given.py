"""Names that are given by hand, and so are not made by rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from punnet.catalog.relations import RelationId

_Names = Mapping[RelationId, Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenNames:
    """GraphQL names by what they are given to."""

    types: Mapping[RelationId, str] = field(default_factory=dict)
    collections: Mapping[RelationId, str] = field(default_factory=dict)
    columns: _Names = field(default_factory=dict)
    to_one: _Names = field(default_factory=dict)
    """Of the relation that bears the foreign key, by the foreign key's name."""
    to_many: _Names = field(default_factory=dict)
    """Likewise: the field stands on the target of that foreign key."""

    def called(self, relation: RelationId, columns: tuple[str, ...]) -> tuple[str, ...]:
        """The columns by their given names, those that have none by their own: names are derived from these."""
        given = self.columns.get(relation)
        return columns if given is None else tuple(given.get(column, column) for column in columns)


NONE_GIVEN = GivenNames()
