"""Relationships and keys that a configuration declares, in short."""

from __future__ import annotations

from punnet.catalog.overrides import LinkEnd, RelationOverride, RelationshipOverride


def link(start: str, target: str, name: str, reverse: str | None = None) -> RelationshipOverride:
    """A relationship from `table.column` or `table.column,column` to another such."""
    return RelationshipOverride(source="default", start=_end(start), target=_end(target), name=name, reverse=reverse)


def key(relation: str, *columns: str) -> RelationOverride:
    """What a relation's rows are told apart by."""
    return RelationOverride(source="default", relation=f"public.{relation}", key=columns)


def _end(said: str) -> LinkEnd:
    relation, columns = said.split(".")
    return LinkEnd(relation=f"public.{relation}", columns=tuple(columns.split(",")))
