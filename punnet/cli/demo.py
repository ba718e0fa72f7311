"""`punnet demo`."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import closing
from importlib import resources
from pathlib import Path

from punnet.cli.listening import listen
from punnet.cli.process import serve_here
from punnet.cli.terminal import progress, say, until_stopped
from punnet.configuration.load import load_configuration
from punnet.demo.embedded import EmbeddedPostgres
from punnet.demo.shop import load_shop
from punnet.demo.upstream import running_upstream
from punnet.server.settings import deployment_of

QUESTION = "{ products(first: 3) { nodes { name category { name } inventory { onHand warehouse } } } }"


def run_demo(*, port: int) -> None:
    """Serve the sample shop until told to stop; then remove all of it.

    Raises:
        PortTaken: nothing can listen there.
        WheelMissing, ServerNotStarted and the like: there is no embedded Postgres to be had.
    """
    with (
        until_stopped(),
        closing(listen("127.0.0.1", port)) as listener,
        tempfile.TemporaryDirectory(prefix="punnet-demo-") as directory,
    ):
        with progress("Starting an embedded Postgres", after_s=0):
            postgres = EmbeddedPostgres(Path(directory))
        with postgres as server, running_upstream() as upstream:
            with progress("Filling the sample shop", after_s=0):
                asyncio.run(load_shop(server.url()))
            say(f"The shop's warehouse, an HTTP service: {upstream}/openapi.json")
            say(f"Ask for example: {QUESTION}")
            environment = {"SHOP_URL": server.url(), "WAREHOUSE_URL": upstream}
            with resources.as_file(resources.files("punnet.demo") / "punnet.toml") as path:
                configuration = load_configuration(path, environment)
            serve_here(deployment_of(configuration), listener)
