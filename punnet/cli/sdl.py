"""`punnet sdl`."""

from __future__ import annotations

import asyncio
from pathlib import Path

import typer
from graphql import print_schema

from punnet.cli.terminal import progress, say
from punnet.errors import PunnetError
from punnet.schema.build import BuiltSchema
from punnet.server.service import Service
from punnet.server.settings import Settings


class NotWritten(PunnetError):
    """The schema cannot be written where it should be."""

    code = "CLI-002"

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(what=f"cannot write '{path}': {error.strerror}", fix="give another file with --output")


def print_sdl(settings: Settings, output: Path | None) -> None:
    """Print the schema, or write it to a file.

    Raises:
        SourceRefused, SourceUnreachable: the database cannot be read.
        NothingToServe: it has nothing for this role.
        NotWritten: the file cannot be.
    """
    with progress("Reading the database's catalog"):
        built = asyncio.run(_schema_now(settings))
    text = print_schema(built.graphql)
    if output is None:
        typer.echo(text)
        return
    try:
        output.write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        raise NotWritten(output, error) from error
    say(f"Wrote {output}.")


async def _schema_now(settings: Settings) -> BuiltSchema:
    service = Service(settings)
    try:
        return (await service.build()).built
    finally:
        await service.stop()
