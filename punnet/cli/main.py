"""The commands `serve`, `demo` and `sdl`."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from punnet.cli.demo import run_demo
from punnet.cli.sdl import print_sdl
from punnet.cli.serve import run_serve
from punnet.cli.settings import make_settings
from punnet.cli.terminal import configure_logging, fail
from punnet.errors import PunnetError

app = typer.Typer(
    name="punnet",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Url = Annotated[
    str,
    typer.Argument(
        envvar="PUNNET_DATABASE_URL",
        help="A Postgres database: postgresql://user:password@host:5432/name. "
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
    url: Url,
    host: Host = "127.0.0.1",
    port: Port = 8000,
    workers: Annotated[int, typer.Option(min=1, max=256, help="Processes that answer.")] = 1,
    namespace: Namespaces = None,
    verbose: Verbose = False,
) -> None:
    """Serve a Postgres database as a GraphQL API, read-only."""
    configure_logging(verbose=verbose)
    try:
        run_serve(make_settings(url, namespace), host=host, port=port, workers=workers, verbose=verbose)
    except PunnetError as error:
        fail(error)


@app.command()
def demo(port: Port = 8000, verbose: Verbose = False) -> None:
    """Serve the sample shop, on a database and an upstream service of its own. Ctrl-C leaves nothing running."""
    configure_logging(verbose=verbose)
    try:
        run_demo(port=port)
    except PunnetError as error:
        fail(error)


@app.command()
def sdl(
    url: Url,
    namespace: Namespaces = None,
    output: Annotated[Path | None, typer.Option(help="Write it here instead of printing it.")] = None,
) -> None:
    """Print the GraphQL schema of a Postgres database."""
    configure_logging(verbose=False)
    try:
        print_sdl(make_settings(url, namespace), output)
    except PunnetError as error:
        fail(error)


def main() -> None:
    """Run the command line."""
    app()
