"""The settings of a server, from Python or from the environment (`PUNNET_...`)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from punnet.configuration.configuration import Configuration
from punnet.configuration.origin import Origin
from punnet.configuration.section import Seconds
from punnet.configuration.server import ServerConfiguration, UrlPath
from punnet.configuration.sources import PostgresConfiguration


class Way(StrEnum):
    """Which way operations are answered."""

    AUTO = "auto"
    """A compiled plan where there can be one, else the resolvers."""
    COMPILED = "compiled"
    """Compiled plans only: an operation that has none is an error. For tests."""
    RESOLVERS = "resolvers"
    """The resolvers only."""


class Running(BaseSettings):
    """How this process answers, whatever it serves."""

    # An error that showed its input would show the password.
    model_config = SettingsConfigDict(env_prefix="PUNNET_", extra="forbid", hide_input_in_errors=True)

    way: Way = Field(default=Way.AUTO, description="Which way operations are answered.")
    catalog_file: Path | None = Field(
        default=None, description="A saved catalog to begin with, instead of asking the sources."
    )


def _listed(value: object) -> object:
    """A list from a variable's text: `one, two`, or as JSON."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        try:
            return json.loads(value)
        except json.JSONDecodeError:
            raise ValueError("wants names with commas between them, or a list in JSON") from None
    return [name.strip() for name in value.split(",") if name.strip()]


class Settings(Running):
    """How to serve one database. Every setting has the environment variable `PUNNET_` and its name."""

    database_url: str = Field(repr=False, description="The URL of a Postgres database, 14 to 18.")
    namespaces: Annotated[list[str] | None, NoDecode, BeforeValidator(_listed)] = Field(
        default=None,
        min_length=1,
        description="The only namespaces to serve; the types of the first bear no prefix. None: all, `public` plain.",
    )
    path: UrlPath = Field(default="/graphql", description="Where the endpoint is mounted.")
    graphiql: bool = Field(default=True, description="Whether a browser gets GraphiQL at the endpoint.")
    pool_size: int = Field(default=10, ge=1, le=1000, description="Database connections a worker.")
    connect_timeout_s: Seconds = Field(default=5, description="How long making a connection may take.")
    acquire_timeout_s: Seconds = Field(default=10, description="How long to wait for a free connection.")
    statement_timeout_s: Seconds = Field(default=30, description="How long a statement may run.")
    retry_interval_s: Seconds = Field(
        default=1, description="How long to wait between attempts to reach a database that is down."
    )
    stop_timeout_s: Seconds = Field(
        default=5, description="How long requests at work have to end when the server is told to stop."
    )
    stop_delay_s: float = Field(
        default=0,
        ge=0,
        allow_inf_nan=False,
        description="How long to go on after SIGTERM, while `/readyz` answers 503, before requests are refused.",
    )
    document_cache_size: int = Field(default=1000, ge=1, description="Parsed documents to keep.")
    plan_cache_size: int = Field(default=2000, ge=1, description="Plans to keep, of all operations together.")
    max_body_bytes: int = Field(default=1_000_000, ge=1, description="The largest request body.")
    max_operations: int = Field(default=10, ge=1, description="Operations that one request may hold, as an array.")

    def deployment(self) -> Deployment:
        """What these settings serve: the one database, under the name `default`."""
        database = PostgresConfiguration(
            url=SecretStr(self.database_url),
            namespaces=None if self.namespaces is None else tuple(self.namespaces),
            pool_size=self.pool_size,
            connect_timeout_s=self.connect_timeout_s,
            acquire_timeout_s=self.acquire_timeout_s,
            statement_timeout_s=self.statement_timeout_s,
        )
        server = ServerConfiguration(
            path=self.path,
            graphiql=self.graphiql,
            retry_interval_s=self.retry_interval_s,
            stop_timeout_s=self.stop_timeout_s,
            stop_delay_s=self.stop_delay_s,
            document_cache_size=self.document_cache_size,
            plan_cache_size=self.plan_cache_size,
            max_body_bytes=self.max_body_bytes,
            max_operations=self.max_operations,
        )
        configuration = Configuration(version=1, server=server, sources={SOURCE: database})
        return Deployment(configuration=configuration.written_in(_ORIGIN), way=self.way, catalog_file=self.catalog_file)


SOURCE = "default"
"""The name of the source where there is but one and nobody has named it."""


_ORIGIN = Origin(names={("sources", SOURCE, "namespaces"): "namespaces (--namespace, PUNNET_NAMESPACES)"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """What is served, and how this process answers."""

    configuration: Configuration
    way: Way = Way.AUTO
    catalog_file: Path | None = None


def deployment_of(what: Settings | Configuration | Deployment) -> Deployment:
    """A deployment from any form that it can be given in; a configuration takes the rest from the environment."""
    if isinstance(what, Deployment):
        return what
    if isinstance(what, Settings):
        return what.deployment()
    running = Running()
    return Deployment(configuration=what, way=running.way, catalog_file=running.catalog_file)
