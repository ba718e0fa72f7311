"""`punnet sdl`."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import typer
from graphql import print_schema

from punnet.cli.terminal import progress, say
from punnet.errors import PunnetError
from punnet.schema.build import BuiltSchema
from punnet.schema.federation.service import subgraph_sdl
from punnet.server.runtime import Runtime
from punnet.server.settings import Deployment


class NotWritten(PunnetError):
    """The schema cannot be written where it should be."""

    code = "CLI-002"

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(what=f"cannot write '{path}': {error.strerror}", fix="give another file with --output")


def print_sdl(deployment: Deployment, output: Path | None, *, federation: bool) -> None:
    """Print the schema, or write it to a file.

    Args:
        deployment: what it is of.
        output: the file; None prints it.
        federation: make it a subgraph's, as composition takes it, whatever the configuration says.

    Raises:
        SourceRefused, SourceUnreachable: the database cannot be read.
        NothingToServe: it has nothing for this role.
        NotWritten: the file cannot be.
    """
    with progress("Reading the sources' catalogs"):
        built = asyncio.run(schema_now(as_subgraph(deployment) if federation else deployment))
    text = subgraph_sdl(built.graphql) if federation else print_schema(built.graphql)
    if output is None:
        typer.echo(text)
        return
    try:
        output.write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        raise NotWritten(output, error) from error
    say(f"Wrote {output}.")


def as_subgraph(deployment: Deployment) -> Deployment:
    """The deployment with a schema for gateways."""
    configuration = deployment.configuration
    schema = configuration.graphql_schema.model_copy(update={"federation": True})
    return replace(deployment, configuration=configuration.model_copy(update={"graphql_schema": schema}))


async def schema_now(deployment: Deployment) -> BuiltSchema:
    """Build the schema of what the sources offer now; raises as `Runtime.build`."""
    runtime = Runtime(deployment)
    try:
        return (await runtime.build()).built
    finally:
        await runtime.stop()
