"""`[[joins]]`: fields of one source's types that another source answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

from pydantic import AfterValidator, Field

from punnet.configuration.operations import BatchConfiguration
from punnet.configuration.problems import Finding
from punnet.configuration.section import GraphQLName, Section


def _call(text: str) -> str:
    source, _, operation = text.partition(".")
    if not source or not operation:
        raise ValueError("wants a source and an operation such as 'stock.listInventory', or a root field: 'shop.order'")
    return text


class JoinConfiguration(Section):
    """A field whose value another source has."""

    on: GraphQLName = Field(description="The GraphQL type that gets the field: of a relation or a service's object.")
    field: GraphQLName = Field(description="The field's name.")
    call: Annotated[str, AfterValidator(_call)] = Field(
        description="What answers: an operation of a service, or a look-up or collection of a database."
    )
    match: Mapping[str, str] = Field(
        min_length=1,
        description="Which parameter takes which field of `on`, by its GraphQL name or its column's. "
        "`body.skus` is the member `skus` of the parameter `body`.",
    )
    batch: BatchConfiguration | None = Field(default=None, description="How many keys are answered in one call.")
    many: bool = Field(
        default=False, validation_alias="list", description="Whether the field is a list of what matches."
    )

    @property
    def source(self) -> str:
        """The source that answers."""
        return self.call.partition(".")[0]

    @property
    def operation(self) -> str:
        """What is called there."""
        return self.call.partition(".")[2]


def unknown_sources(joins: Mapping[int, JoinConfiguration], names: Sequence[str]) -> Iterator[Finding]:
    """Find the joins that call a source which is not there."""
    for i, join in joins.items():
        if join.source not in names:
            at = ("joins", i, "call")
            yield Finding(location=at, what="there is no such source", value=join.source, choices=tuple(names))


def unknown_operations(
    joins: Mapping[int, JoinConfiguration], operations: Mapping[str, Sequence[str]]
) -> Iterator[Finding]:
    """Find the joins that call an operation which is not there, of the sources whose operations are given."""
    for i, join in joins.items():
        names = operations.get(join.source)
        if names is not None and join.operation not in names:
            what = f"'{join.source}' has no such operation"
            yield Finding(location=("joins", i, "call"), what=what, value=join.operation, choices=tuple(names))


def repeated_fields(joins: Mapping[int, JoinConfiguration]) -> Iterator[Finding]:
    """Find the joins whose field another one has made already."""
    seen: set[tuple[str, str]] = set()
    for i, join in joins.items():
        if (join.on, join.field) in seen:
            yield Finding(location=("joins", i, "field"), what=f"'{join.on}' has this field from a join before")
        seen.add((join.on, join.field))


def unmatched_keys(i: int, join: JoinConfiguration, batch: BatchConfiguration) -> Iterator[Finding]:
    """Find what a batch's key and a join's parameters do not agree in."""
    at = ("joins", i, "match")
    if isinstance(batch.key, str) and len(join.match) > 1:
        what = "has several parameters, so the batch's key wants a table from parameters to members"
        yield Finding(location=at, what=what)
    elif isinstance(batch.key, Mapping) and set(batch.key) != set(join.match):
        yield Finding(location=at, what="has other parameters than the batch's key")
