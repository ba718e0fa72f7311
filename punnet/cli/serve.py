"""`punnet serve`."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import sys
import tempfile
from contextlib import closing, suppress
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from punnet.catalog.saved import save_catalog
from punnet.cli.terminal import progress, say
from punnet.errors import PunnetError
from punnet.server.app import create_app, make_app
from punnet.server.service import Service
from punnet.server.settings import Settings


class PortTaken(PunnetError):
    """Something else listens where we should."""

    code = "CLI-001"

    def __init__(self, host: str, port: int, why: str) -> None:
        super().__init__(
            what=f"cannot listen on {host}:{port}: {why}", fix="give another address with --host and --port"
        )


def run_serve(settings: Settings, *, host: str, port: int, workers: int) -> None:
    """Serve until told to stop.

    Raises:
        PortTaken: nothing can listen there.
        SourceRefused: the database does not take these words.
        NothingToServe: it has nothing for this role.
    """
    with closing(listen(host, port)) as listener, suppress(KeyboardInterrupt):
        if workers == 1:
            serve_here(settings, listener)
        else:
            serve_in_workers(settings, listener, workers)


def listen(host: str, port: int) -> socket.socket:
    """Take the port before any work is done for it."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
        except OSError:
            listener.close()
            raise
    except socket.gaierror as error:
        raise PortTaken(host, port, "this is no address of this machine") from error
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        raise PortTaken(
            host, port, "the port is in use" if taken else os.strerror(error.errno or 0)
        ) from error
    return listener


def serve_here(settings: Settings, listener: socket.socket) -> None:
    """Serve from this process."""

    async def serve() -> None:
        service = Service(settings)
        with progress("Reading the database's catalog"):
            await service.start()
        announce(service, listener)
        server = uvicorn.Server(uvicorn_config(make_app(service)))
        await server.serve(sockets=[listener])

    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(serve())


def serve_in_workers(settings: Settings, listener: socket.socket, workers: int) -> None:
    """Serve from several processes, which begin with the catalog that this one reads."""

    async def first_look(directory: Path) -> Settings:
        service = Service(settings)
        try:
            with progress("Reading the database's catalog"):
                await service.start()
            announce(service, listener)
            if service.catalog is None:
                return settings
            path = directory / "catalog.json"
            save_catalog(service.catalog, path)
            return settings.model_copy(update={"catalog_file": path})
        finally:
            await service.stop()

    with tempfile.TemporaryDirectory(prefix="punnet-") as directory:
        worker_settings = asyncio.run(first_look(Path(directory)))
        os.environ[_WORKER_SETTINGS] = worker_settings.model_dump_json()
        config = uvicorn_config("punnet.cli.serve:worker_app", factory=True, workers=workers)
        Multiprocess(config, sockets=[listener]).run()


_WORKER_SETTINGS = "PUNNET_WORKER_SETTINGS"


def worker_app() -> FastAPI:
    """The app of a worker, from the settings that its supervisor left in the environment."""
    return create_app(Settings.model_validate_json(os.environ.pop(_WORKER_SETTINGS)))


def announce(service: Service, listener: socket.socket) -> None:
    """Say what is served and where."""
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    if service.catalog is None:
        say(f"warning: {service.readiness.reason}; waiting for it")
    else:
        [source] = service.catalog.sources
        say(f"Serving {len(source.relations)} tables and views of Postgres {source.version}, read-only.")
    say(f"GraphQL, and GraphiQL in a browser: http://{shown}:{port}{service.settings.path}")
    say("Stop with Ctrl-C.")


def uvicorn_config(app: FastAPI | str, *, factory: bool = False, workers: int = 1) -> uvicorn.Config:
    """A quiet server: what is worth saying is in our own log."""
    return uvicorn.Config(
        app,
        factory=factory,
        workers=workers,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on",
        ws="none",
        timeout_graceful_shutdown=5,
    )


def new_event_loop() -> asyncio.AbstractEventLoop:
    """A uvloop where there is one."""
    if sys.platform == "win32":
        return asyncio.new_event_loop()
    import uvloop

    return uvloop.new_event_loop()
