"""The commands `serve`, `check`, `demo` and `sdl`."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from punnet.cli.check import run_check
from punnet.cli.demo import run_demo
from punnet.cli.sdl import print_sdl
from punnet.cli.serve import run_serve
from punnet.cli.settings import Start, make_deployment
from punnet.cli.terminal import fail
from punnet.errors import PunnetError
from punnet.server.log import configure_log

app = typer.Typer(
    name="punnet",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

CONFIGURATION = "punnet.toml"
"""What a command takes that is given nothing else."""

Url = Annotated[
    str,
    typer.Argument(
        envvar="PUNNET_DATABASE_URL",
        help="A Postgres database: postgresql://user:password@host:5432/name, or a configuration. "
        "Other users of the machine see arguments, but not variables.",
    ),
]
Namespaces = Annotated[
    list[str] | None,
    typer.Option(
        "--namespace",
        help="Serve only this namespace; can be repeated. The first one's types bear no prefix.",
    ),
]
Host = Annotated[str, typer.Option(help="The address to listen on. 127.0.0.1 is this machine alone.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on; 0 takes a free one.")]
Verbose = Annotated[bool, typer.Option("--verbose", help="Log what is done, too.")]


def print_version(is_asked: bool) -> None:
    """Print the version and end, if that is asked."""
    if is_asked:
        typer.echo(f"punnet {version('punnet')}")
        raise typer.Exit


@app.callback()
def options(
    _version: Annotated[
        bool, typer.Option("--version", callback=print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """One GraphQL API over a team's databases and HTTP services."""


@app.command()
def serve(
    url: Url = CONFIGURATION,
    host: Annotated[str | None, typer.Option(help="The address to listen on; 127.0.0.1 if nothing says else.")] = None,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="The port to listen on, 8000 if nothing says else; 0: a free one."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=256, help="Processes that answer; 1 if nothing says else.")
    ] = None,
    namespace: Namespaces = None,
    verbose: Verbose = False,
) -> None:
    """Serve a Postgres database, or all that a configuration names, as a GraphQL API."""
    configure_log(verbose=verbose)
    try:
        start = Start(source=url, namespaces=namespace)
        server = start.deployment().configuration.server
        run_serve(
            start,
            host=server.host if host is None else host,
            port=server.port if port is None else port,
            workers=server.workers if workers is None else workers,
            verbose=verbose,
        )
    except PunnetError as error:
        fail(error)


@app.command()
def check(
    url: Url = CONFIGURATION,
    namespace: Namespaces = None,
    verbose: Verbose = False,
) -> None:
    """Hold a configuration against its sources, or look at a database: names, types, joins, rights."""
    configure_log(verbose=verbose)
    try:
        run_check(make_deployment(url, namespace))
    except PunnetError as error:
        fail(error)


@app.command()
def demo(port: Port = 8000, verbose: Verbose = False) -> None:
    """Serve the sample shop, on a database and an upstream service of its own. Ctrl-C leaves nothing running."""
    configure_log(verbose=verbose)
    try:
        run_demo(port=port)
    except PunnetError as error:
        fail(error)


@app.command()
def sdl(
    url: Url = CONFIGURATION,
    namespace: Namespaces = None,
    output: Annotated[Path | None, typer.Option(help="Write it here instead of printing it.")] = None,
    federation: Annotated[
        bool, typer.Option("--federation", help="As a subgraph of Apollo Federation, for composition and registries.")
    ] = False,
) -> None:
    """Print the GraphQL schema of a Postgres database, or of all that a configuration names."""
    configure_log(verbose=False)
    try:
        print_sdl(make_deployment(url, namespace), output, federation=federation)
    except PunnetError as error:
        fail(error)


def main() -> None:
    """Run the command line."""
    app()
