"""`[[entities]]`: types of other subgraphs, and objects of services that other subgraphs ask for by keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import Field, model_validator

from punnet.catalog.entities import Entity, ServiceEntity, Stub
from punnet.catalog.key_fields import parse_key
from punnet.configuration.calls import CallText
from punnet.configuration.operations import BatchConfiguration, TypeText
from punnet.configuration.problems import Finding
from punnet.configuration.schema import KeyText
from punnet.configuration.section import GraphQLName, Section, refuse


class EntityConfiguration(Section):
    """A type that is shared with other subgraphs."""

    type: GraphQLName = Field(description="The GraphQL type: another subgraph's, or that of a service's object here.")
    key: KeyText = Field(description="The fields that name one of it: `id`, or several as in `sku region`.")
    fields: Mapping[GraphQLName, TypeText] = Field(
        default_factory=dict,
        description="Of another subgraph's type, the fields that are used here, with their GraphQL types: "
        "those of its key, and others that joins take.",
    )
    call: CallText | None = Field(
        default=None, description="Of a service's object, the operation that gives it by its key."
    )
    match: Mapping[str, str] = Field(
        default_factory=dict, description="Which parameter of `call` takes which field of the key."
    )
    batch: BatchConfiguration | None = Field(default=None, description="How many keys are answered in one call.")

    @property
    def is_stub(self) -> bool:
        """Whether it is another subgraph's."""
        return self.call is None

    def entity(self, batch: BatchConfiguration | None) -> Entity:
        """What this says, where answers come in these batches."""
        if self.call is None:
            return Stub(type=self.type, key=self.key, fields=tuple(self.fields.items()))
        return ServiceEntity(
            type=self.type,
            key=self.key,
            call=self.call,
            match=tuple(self.match.items()),
            batch=None if batch is None else batch.batch(self.match),
        )

    @model_validator(mode="after")
    def _is_known_or_called(self) -> EntityConfiguration:
        refuse(self._stub_findings() if self.is_stub else self._call_findings())
        return self

    def _stub_findings(self) -> Iterator[Finding]:
        if not self.fields:
            what = "is missing: say the fields of another subgraph's type, or 'call' for a service's object"
            yield Finding(location=("fields",), what=what)
        for key in ("match", "batch"):
            if getattr(self, key):
                yield Finding(location=(key,), what="goes with 'call' alone")
        for field in parse_key(self.key) if self.fields else ():
            if field.name not in self.fields:
                what, known = "'fields' has no such field", tuple(self.fields)
                yield Finding(location=("key",), what=what, value=field.name, choices=known)

    def _call_findings(self) -> Iterator[Finding]:
        if self.fields:
            yield Finding(location=("fields",), what="goes not with 'call': the service's object has its fields")
        if sorted(self.match.values()) != sorted(field.name for field in parse_key(self.key)):
            yield Finding(location=("match",), what="wants a parameter for each field of the key, and for no other")


def repeated_stubs(entities: Mapping[int, EntityConfiguration]) -> Iterator[Finding]:
    """Find the types of other subgraphs that are there twice."""
    seen: set[str] = set()
    for i, entity in entities.items():
        if entity.is_stub and entity.type in seen:
            yield Finding(location=("entities", i, "type"), what=f"'{entity.type}' stands here already")
        seen.add(entity.type)
