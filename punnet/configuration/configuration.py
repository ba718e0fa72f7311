"""All that a `punnet.toml` says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from punnet.configuration.joins import (
    JoinConfiguration,
    repeated_fields,
    unknown_operations,
    unknown_sources,
    unmatched_keys,
)
from punnet.configuration.operations import BatchConfiguration
from punnet.configuration.problems import Finding
from punnet.configuration.schema import SchemaConfiguration
from punnet.configuration.section import Section, refuse
from punnet.configuration.server import ServerConfiguration
from punnet.configuration.sources import HttpConfiguration, PostgresConfiguration, SourceConfiguration


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

    def batch_of(self, join: JoinConfiguration) -> BatchConfiguration | None:
        """How the answers of a join's call come in batches: as the join says, else as the operation does."""
        source = self.sources[join.source]
        if join.batch is not None or isinstance(source, PostgresConfiguration):
            return join.batch
        operation = source.operations.get(join.operation)
        return operation.batch if operation is not None else None

    @model_validator(mode="after")
    def _joins_what_is_there(self) -> Configuration:
        joins = dict(enumerate(self.joins))
        by_hand = {
            name: tuple(source.operations)
            for name, source in self.sources.items()
            if isinstance(source, HttpConfiguration)
        }
        refuse(
            [
                *unknown_sources(joins, tuple(self.sources)),
                *unknown_operations(joins, by_hand),
                *repeated_fields(joins),
                *self._wrong_batches({i: join for i, join in joins.items() if join.source in self.sources}),
            ]
        )
        return self

    def _wrong_batches(self, joins: Mapping[int, JoinConfiguration]) -> Iterator[Finding]:
        for i, join in joins.items():
            if join.batch is not None and isinstance(self.sources[join.source], PostgresConfiguration):
                yield Finding(location=("joins", i, "batch"), what="is for services: rows come in batches anyway")
            elif (batch := self.batch_of(join)) is not None:
                yield from unmatched_keys(i, join, batch)
