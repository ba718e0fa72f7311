"""`[sources.NAME]`: the databases and services to serve."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Annotated, Literal

from pydantic import Field, model_validator

from punnet.catalog.scalars import SCALARS
from punnet.configuration.operations import DocumentOperationConfiguration, OperationConfiguration, TypeText
from punnet.configuration.problems import Finding
from punnet.configuration.relations import RelationConfiguration, RelationName
from punnet.configuration.section import (
    BaseUrl,
    DocumentUrl,
    GraphQLName,
    PostgresUrl,
    Prefix,
    Seconds,
    Section,
    refuse,
)
from punnet.configuration.services import ServiceConfiguration
from punnet.configuration.type_references import parse_type_reference


class PostgresConfiguration(Section):
    """A Postgres database."""

    type: Literal["postgres"] = Field(default="postgres", description="`postgres`.")
    url: PostgresUrl = Field(description="Where the database is, 14 to 18.")
    prefix: Prefix | None = Field(default=None, description="What the names of its types and root fields begin with.")
    namespaces: tuple[str, ...] | None = Field(
        default=None, min_length=1, description="The only namespaces to serve; the first one's types bear no prefix."
    )
    include: tuple[str, ...] = Field(
        default=("*",), description="Patterns of the relations to serve, as `namespace.table`."
    )
    exclude: tuple[str, ...] = Field(default=(), description="Patterns of relations not to serve after all.")
    relations: Mapping[RelationName, RelationConfiguration] = Field(
        default_factory=dict, description="What is to be said about its tables and views, by `namespace.table`."
    )
    pool_size: int = Field(default=10, ge=1, le=1000, description="Database connections a worker.")
    connect_timeout_s: Seconds = Field(default=5, description="How long making a connection may take.")
    acquire_timeout_s: Seconds = Field(default=10, description="How long to wait for a free connection.")
    statement_timeout_s: Seconds = Field(default=30, description="How long a statement may run.")

    def serves(self, namespace: str, relation: str) -> bool:
        """Whether `include` has a relation and `exclude` has not; case matters."""
        name = f"{namespace}.{relation}"
        return any(fnmatchcase(name, pattern) for pattern in self.include) and not any(
            fnmatchcase(name, pattern) for pattern in self.exclude
        )


class OperationFilter(Section):
    """Some of a document's operations: those that any of these names."""

    tags: tuple[str, ...] = Field(default=(), description="Tags.")
    paths: tuple[str, ...] = Field(default=(), description="Patterns of paths; `*` matches slashes, too.")
    operations: tuple[str, ...] = Field(default=(), description="operationIds.")


class OpenApiConfiguration(ServiceConfiguration):
    """An HTTP service with an OpenAPI document."""

    type: Literal["openapi"] = Field(default="openapi", description="`openapi`.")
    url: DocumentUrl = Field(description="The document: a URL, or a file's path beside `punnet.toml`.")
    base_url: BaseUrl | None = Field(default=None, description="Where the service is, if not where the document says.")
    include: OperationFilter = Field(
        default_factory=OperationFilter, description="The operations to serve; all where nothing is said."
    )
    exclude: OperationFilter = Field(default_factory=OperationFilter, description="Operations not to serve after all.")
    operations: Mapping[str, DocumentOperationConfiguration] = Field(
        default_factory=dict, description="What is to be said about an operation, by its operationId."
    )


class HttpConfiguration(ServiceConfiguration):
    """An HTTP service whose operations are declared by hand."""

    type: Literal["http"] = Field(default="http", description="`http`.")
    url: BaseUrl = Field(description="Where the service is; the operations' paths are appended to it.")
    types: Mapping[GraphQLName, Annotated[Mapping[str, TypeText], Field(min_length=1)]] = Field(
        default_factory=dict, description="The objects that it takes and gives: GraphQL types by JSON's members."
    )
    operations: Mapping[GraphQLName, OperationConfiguration] = Field(
        min_length=1, description="What it can be asked, by name."
    )

    @model_validator(mode="after")
    def _is_consistent(self) -> HttpConfiguration:
        refuse(service_findings(self.types, self.operations))
        return self


def service_findings(
    types: Mapping[str, Mapping[str, str]], operations: Mapping[str, OperationConfiguration]
) -> Iterator[Finding]:
    """Find what a service's types and operations do not agree in; locations begin at the service."""
    for name in types:
        if name in SCALARS:
            yield Finding(location=("types", name), what="is the name of a scalar: choose another one")
    for name, operation in operations.items():
        for finding in operation.findings():
            yield replace(finding, location=("operations", name, *finding.location))
    known = (*types, *SCALARS)
    for location, text in _references(types, operations):
        named = parse_type_reference(text).named
        if named not in known:
            yield Finding(location=location, what="there is no such type", value=named, choices=known)


def _references(
    types: Mapping[str, Mapping[str, str]], operations: Mapping[str, OperationConfiguration]
) -> Iterator[tuple[tuple[str, ...], str]]:
    for name, members in types.items():
        for member, text in members.items():
            yield ("types", name, member), text
    for name, operation in operations.items():
        for parameter_name, parameter in operation.parameters.items():
            yield ("operations", name, "parameters", parameter_name), parameter.type
        if operation.result is not None:
            yield ("operations", name, "result"), operation.result


AnyServiceConfiguration = OpenApiConfiguration | HttpConfiguration
SourceConfiguration = Annotated[
    PostgresConfiguration | OpenApiConfiguration | HttpConfiguration, Field(discriminator="type")
]
