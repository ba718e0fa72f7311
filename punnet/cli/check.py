"""`punnet check`."""

from __future__ import annotations

import asyncio

from punnet.cli.terminal import progress, say
from punnet.schema.build import BuiltSchema
from punnet.server.runtime import Runtime
from punnet.server.settings import Deployment
from punnet.sources.http.openapi.report import report


def run_check(deployment: Deployment) -> None:
    """Hold a configuration against its sources, and tell what a team should know of the outcome.

    Raises:
        What is wrong with the configuration, or keeps a source from being read.
    """
    with progress("Reading the sources' catalogs"):
        runtime, built = asyncio.run(_built(deployment))
    catalog = runtime.catalog
    if catalog is None:
        raise TypeError("a schema was built from no catalog")
    for source in catalog.sources:
        say(f"{source.name}: {len(source.relations)} tables and views of Postgres {source.version}.")
        left_out = runtime.sources.left_out(source)
        if left_out is not None:
            say(f"  {left_out}.")
    with_mutations = runtime.sources.choices().with_mutations
    for each in catalog.services:
        say(report(each, mutations=each.name in with_mutations))
    for collision in built.collisions:
        given = ", ".join(f"{raw} is {name}" for raw, name in collision.given)
        say(f"warning: several {collision.place} want the name '{collision.wanted}': {given}")
    for warning in (*runtime.sources.warnings, *built.warnings):
        say(f"warning: {warning}")
    say(_verdict(len(runtime.configuration.joins)))


def _verdict(joins: int) -> str:
    match joins:
        case 0:
            return "All is right."
        case 1:
            return "1 join is right."
        case _:
            return f"{joins} joins are right."


async def _built(deployment: Deployment) -> tuple[Runtime, BuiltSchema]:
    runtime = Runtime(deployment)
    try:
        return runtime, (await runtime.build()).built
    finally:
        await runtime.stop()
