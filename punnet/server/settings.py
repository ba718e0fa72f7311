"""The settings of a server, from Python or from the environment (`PUNNET_...`)."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Way(StrEnum):
    """Which way operations are answered."""

    AUTO = "auto"
    """A compiled plan where there can be one, else the resolvers."""
    COMPILED = "compiled"
    """Compiled plans only: an operation that has none is an error. For tests."""
    RESOLVERS = "resolvers"
    """The resolvers only."""


class Settings(BaseSettings):
    """How to serve one database. Every setting has the environment variable `PUNNET_` and its name."""

    # An error that showed its input would show the password.
    model_config = SettingsConfigDict(env_prefix="PUNNET_", extra="forbid", hide_input_in_errors=True)

    database_url: str = Field(repr=False, description="The URL of a Postgres database, 14 to 18.")
    namespaces: list[str] | None = Field(
        default=None,
        description="The only namespaces to serve; the types of the first bear no prefix. None: all, `public` plain.",
    )
    path: str = Field(default="/graphql", description="Where the endpoint is mounted.")
    graphiql: bool = Field(default=True, description="Whether a browser gets GraphiQL at the endpoint.")
    way: Way = Field(default=Way.AUTO, description="Which way operations are answered.")
    pool_size: int = Field(default=10, ge=1, le=1000, description="Database connections a worker.")
    connect_timeout_s: float = Field(default=5, gt=0, description="How long making a connection may take.")
    acquire_timeout_s: float = Field(default=10, gt=0, description="How long to wait for a free connection.")
    statement_timeout_s: float = Field(default=30, gt=0, description="How long a statement may run.")
    retry_interval_s: float = Field(
        default=1, gt=0, description="How long to wait between attempts to reach a database that is down."
    )
    document_cache_size: int = Field(default=1000, ge=1, description="Parsed documents to keep.")
    plan_cache_size: int = Field(default=100, ge=1, description="Plans to keep for each operation.")
    max_body_bytes: int = Field(default=1_000_000, ge=1, description="The largest request body.")
    catalog_file: Path | None = Field(
        default=None, description="A saved catalog to begin with, instead of asking the database."
    )
