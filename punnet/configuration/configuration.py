"""All that a `punnet.toml` says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, Field, PrivateAttr, model_validator

from punnet.catalog.declared import Declared
from punnet.catalog.entities import Entity
from punnet.catalog.joins import Join, Reference
from punnet.catalog.overrides import Overrides
from punnet.configuration.entities import EntityConfiguration
from punnet.configuration.joins import JoinConfiguration
from punnet.configuration.links import Batches, Links, batch_of
from punnet.configuration.origin import Origin
from punnet.configuration.problems import ConfigurationWrong, Finding
from punnet.configuration.relationships import RelationshipConfiguration
from punnet.configuration.schema import SchemaConfiguration
from punnet.configuration.section import Section, refuse
from punnet.configuration.server import ServerConfiguration
from punnet.configuration.sources import HttpConfiguration, PostgresConfiguration, SourceConfiguration

D = TypeVar("D", bound=Declared)


def _source_name(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]*", name):
        raise ValueError("wants a name of letters, digits, underscores and hyphens, a letter first")
    return name


SourceName = Annotated[str, AfterValidator(_source_name)]


class Configuration(Section):
    """What to serve, and how.

    In Python a configuration is made of the same parts by the same names, or read from nested dicts by
    `Configuration.model_validate`. Both raise pydantic's ValidationError.
    """

    version: Literal[1] = Field(description="Of the format.")
    server: ServerConfiguration = Field(default_factory=ServerConfiguration, description="How the API is served.")
    sources: Mapping[SourceName, SourceConfiguration] = Field(
        min_length=1, description="The databases and services, by name; the first one's types bear no prefix."
    )
    graphql_schema: SchemaConfiguration = Field(
        default_factory=SchemaConfiguration, validation_alias="schema", description="What the schema is for."
    )
    joins: tuple[JoinConfiguration, ...] = Field(
        default=(), description="Fields of one source's types that another source answers."
    )
    entities: tuple[EntityConfiguration, ...] = Field(
        default=(), description="Types of other subgraphs, and objects of services that they ask for by keys."
    )
    relationships: tuple[RelationshipConfiguration, ...] = Field(
        default=(), description="Links between tables and views that a database does not declare."
    )
    _origin: Origin = PrivateAttr(default_factory=Origin)

    def written_in(self, origin: Origin) -> Configuration:
        """The same, knowing where it was written."""
        copy = self.model_copy()
        copy._origin = origin
        return copy

    def wrong(self, findings: Iterable[Finding]) -> ConfigurationWrong:
        """The error for what its sources found wrong with it."""
        return ConfigurationWrong(map(self._origin.problem, findings))

    def told(self, finding: Finding) -> str:
        """A finding with its place, as a line for a person."""
        return str(self._origin.problem(finding))

    @property
    def prefixes(self) -> dict[str, str]:
        """By source what its names begin with, where that is said."""
        return {name: source.prefix for name, source in self.sources.items() if source.prefix is not None}

    @property
    def plain_namespaces(self) -> dict[str, str]:
        """By database the namespace whose types bear no prefix, where that is said."""
        return {
            name: source.namespaces[0]
            for name, source in self.sources.items()
            if isinstance(source, PostgresConfiguration) and source.namespaces
        }

    @property
    def overrides(self) -> Overrides:
        """What is said about relations beyond what their databases tell."""
        databases = self._databases()
        return Overrides(
            relations=[
                self._placed(relation.override(source, name), "sources", source, "relations", name)
                for source, database in databases.items()
                for name, relation in database.relations.items()
            ],
            relationships=[
                self._placed(each.override(each.source or next(iter(databases))), "relationships", i)
                for i, each in enumerate(self.relationships)
            ],
        )

    @property
    def joined_fields(self) -> list[Join | Reference]:
        """The joins in their order."""
        batches = self._batches()
        return [self._placed(join.join(batch_of(join, batches)), "joins", i) for i, join in enumerate(self.joins)]

    @property
    def shared_types(self) -> list[Entity]:
        """The types that other subgraphs share."""
        batches = self._batches()
        return [
            self._placed(entity.entity(batch_of(entity, batches)), "entities", i)
            for i, entity in enumerate(self.entities)
        ]

    def _placed(self, declared: D, *location: str | int) -> D:
        return replace(declared, declared_at=self._origin.line(location))

    def _databases(self) -> dict[str, PostgresConfiguration]:
        return {name: each for name, each in self.sources.items() if isinstance(each, PostgresConfiguration)}

    def _batches(self) -> Batches:
        return {
            name: {operation: each.batch for operation, each in source.operations.items()}
            for name, source in self.sources.items()
            if not isinstance(source, PostgresConfiguration)
        }

    @model_validator(mode="after")
    def _links_what_is_there(self) -> Configuration:
        databases = tuple(self._databases())
        links = Links(
            joins=dict(enumerate(self.joins)),
            entities=dict(enumerate(self.entities)),
            relationships=dict(enumerate(self.relationships)),
            stubs=[entity.type for entity in self.entities if entity.is_stub],
            databases=databases,
            services=tuple(name for name in self.sources if name not in databases),
            operations={
                name: tuple(source.operations)
                for name, source in self.sources.items()
                if isinstance(source, HttpConfiguration)
            },
            batches=self._batches(),
        )
        refuse(links.findings())
        return self
