"""`[[joins]]`: fields of one source's types that another source answers, or another subgraph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pydantic import Field, model_validator

from punnet.catalog.joins import Join, Reference
from punnet.configuration.calls import CallText
from punnet.configuration.operations import BatchConfiguration
from punnet.configuration.problems import Finding
from punnet.configuration.section import GraphQLName, MemberPath, Section, refuse


class JoinConfiguration(Section):
    """A field whose value another source has."""

    on: GraphQLName = Field(
        description="The GraphQL type that gets the field: of a relation, a service's object or another subgraph."
    )
    field: GraphQLName = Field(description="The field's name.")
    call: CallText | None = Field(
        default=None, description="What answers: an operation of a service, or a look-up or collection of a database."
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
    value: MemberPath = Field(
        default=(),
        description="The member of the answer, or the column of the row, that is the field's value. "
        "Without it that is the whole object or row.",
    )
    entity: GraphQLName | None = Field(
        default=None,
        description="Instead of `call`, a type of `[[entities]]` that the field refers to: "
        "`match` says which fields of it come from which of `on`.",
    )

    def join(self, batch: BatchConfiguration | None) -> Join | Reference:
        """What this says, where answers come in these batches."""
        if self.entity is not None:
            return Reference(on=self.on, field=self.field, entity=self.entity, match=tuple(self.match.items()))
        return Join(
            on=self.on,
            field=self.field,
            call=self.call or "",
            match=tuple(self.match.items()),
            batch=None if batch is None else batch.batch(self.match),
            is_list=self.many,
            value=self.value,
        )

    @model_validator(mode="after")
    def _leads_one_way(self) -> JoinConfiguration:
        refuse(self._findings())
        return self

    def _findings(self) -> Iterator[Finding]:
        if self.entity is None:
            if self.call is None:
                yield Finding(location=("call",), what="is missing, or 'entity' for a type of another subgraph")
            return
        for key, is_given in (
            ("call", self.call is not None),
            ("batch", self.batch is not None),
            ("list", self.many),
            ("value", bool(self.value)),
        ):
            if is_given:
                what = "goes not with 'entity', which is made of this object's own fields"
                yield Finding(location=(key,), what=what)


def repeated_fields(joins: Mapping[int, JoinConfiguration]) -> Iterator[Finding]:
    """Find the joins whose field another one has made already."""
    seen: set[tuple[str, str]] = set()
    for i, join in joins.items():
        if (join.on, join.field) in seen:
            yield Finding(location=("joins", i, "field"), what=f"'{join.on}' has this field from a join before")
        seen.add((join.on, join.field))


def unknown_entities(joins: Mapping[int, JoinConfiguration], stubs: Sequence[str]) -> Iterator[Finding]:
    """Find the joins that refer to a type of another subgraph of which nothing is known."""
    for i, join in joins.items():
        if join.entity is not None and join.entity not in stubs:
            what = "there is no such type of another subgraph in [[entities]]"
            yield Finding(location=("joins", i, "entity"), what=what, value=join.entity, choices=tuple(stubs))
