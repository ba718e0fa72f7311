"""`[[relationships]]`: links that the database does not declare, and names for those that it does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, PlainValidator, model_validator

from punnet.catalog.overrides import LinkEnd, RelationshipOverride
from punnet.catalog.relations import WayBack
from punnet.configuration.problems import Finding
from punnet.configuration.section import GraphQLName, Section, graphql_name, refuse


def _end(text: str) -> str:
    parse_end(text)
    return text


def parse_end(text: str) -> LinkEnd:
    """Read one side of a relationship; raises ValueError saying what it wants."""
    found = re.fullmatch(r"\s*([^.]+\..+?)\s*\(([^()]*)\)\s*", text)
    columns = tuple(column.strip() for column in found[2].split(",")) if found is not None else ()
    if found is None or not all(columns):
        raise ValueError("wants a table or view and its columns: 'public.orders(customer_id)', several with commas")
    if len(set(columns)) != len(columns):
        raise ValueError("names a column twice")
    return LinkEnd(relation=found[1], columns=columns)


def _name_or_none(value: object) -> object:
    if isinstance(value, str):
        return graphql_name(value)
    if value is None or value is False:
        return value
    raise ValueError("wants a GraphQL name, or false")


NameOrNone = Annotated[str | Literal[False] | None, PlainValidator(_name_or_none)]
"""The name of a field; false where it is not to be, None where that is left to the rules."""
EndText = Annotated[str, AfterValidator(_end)]


class RelationshipConfiguration(Section):
    """A link from the rows of one relation to those of another, in the same database."""

    source: str | None = Field(default=None, description="The database; needed only where there are several.")
    start: EndText = Field(
        validation_alias="from", description="The columns that point to a row: `public.orders(customer_id)`."
    )
    to: EndText = Field(description="The columns that they point to, a key: `public.customers(id)`.")
    name: GraphQLName | None = Field(default=None, description="The field that leads to the one row: `customer`.")
    non_null: bool = Field(default=False, description="Whether there always is that row: the field is never null.")
    reverse: NameOrNone = Field(
        default=None, description="The field that leads back to many: `orders`. `false`: there is none."
    )
    list: bool = Field(
        default=False, description="Whether the field that leads back is a plain list, not a connection with pages."
    )

    def override(self, source: str) -> RelationshipOverride:
        """What this says about a source's relations."""
        return RelationshipOverride(
            source=source,
            start=parse_end(self.start),
            target=parse_end(self.to),
            name=self.name,
            non_null=self.non_null,
            reverse=self.reverse or None,
            way_back=self._way_back(),
        )

    def _way_back(self) -> WayBack:
        if self.reverse is False:
            return "none"
        return "list" if self.list else "connection"

    @model_validator(mode="after")
    def _is_consistent(self) -> RelationshipConfiguration:
        if self.reverse is False and self.list:
            refuse([Finding(location=("list",), what="cannot be where 'reverse = false' leaves the field out")])
        return self


def unknown_databases(
    relationships: Mapping[int, RelationshipConfiguration], databases: Sequence[str], services: Sequence[str]
) -> Iterator[Finding]:
    """Find the relationships whose database is not there, or not said."""
    for i, relationship in relationships.items():
        at = ("relationships", i, "source")
        if relationship.source is None and len(databases) != 1:
            what = "is missing: there are several databases" if databases else "is missing: there is no database"
            yield Finding(location=at, what=what)
        elif relationship.source in services:
            yield Finding(location=at, what="is no database", value=relationship.source, choices=tuple(databases))
        elif relationship.source not in (None, *databases):
            what = "there is no such database"
            yield Finding(location=at, what=what, value=relationship.source, choices=tuple(databases))
