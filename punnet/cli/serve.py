"""`punnet serve`."""

from __future__ import annotations

import asyncio
import errno
import multiprocessing.connection
import os
import signal
import socket
import sys
import tempfile
import threading
from contextlib import closing
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from punnet.catalog.saved import save_catalog
from punnet.cli.terminal import configure_logging, progress, say, until_stopped
from punnet.errors import PunnetError
from punnet.server.app import make_app
from punnet.server.service import Service
from punnet.server.settings import Settings


class PortTaken(PunnetError):
    """Something else listens where we should."""

    code = "CLI-001"

    def __init__(self, host: str, port: int, why: str) -> None:
        super().__init__(
            what=f"cannot listen on {host}:{port}: {why}", fix="give another address with --host and --port"
        )


class WorkerBroken(PunnetError):
    """A worker ended before it served; the next one would, too."""

    code = "CLI-003"

    def __init__(self) -> None:
        super().__init__(what="a worker process could not start", fix="see above, or try without --workers")


def run_serve(settings: Settings, *, host: str, port: int, workers: int, verbose: bool) -> None:
    """Serve until told to stop.

    Raises:
        PortTaken: nothing can listen there.
        SourceRefused: the database does not take these words.
        NothingToServe: it has nothing for this role.
        WorkerBroken: a worker cannot start.
    """
    with closing(listen(host, port)) as listener, until_stopped():
        if workers == 1:
            serve_here(settings, listener)
        else:
            serve_in_workers(settings, listener, workers, verbose=verbose)


def listen(host: str, port: int) -> socket.socket:
    """Take the port before any work is done for it. Who asks before we serve waits."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(2048)
        except OSError:
            listener.close()
            raise
    except socket.gaierror as error:
        raise PortTaken(host, port, "this is no address of this machine") from error
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        raise PortTaken(host, port, "the port is in use" if taken else os.strerror(error.errno or 0)) from error
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


def serve_in_workers(settings: Settings, listener: socket.socket, workers: int, *, verbose: bool) -> None:
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
        worker = Worker(settings=asyncio.run(first_look(Path(directory))), verbose=verbose)
        # Not as an argument, which every `ps` would show with the password.
        os.environ[_WORKER] = worker.model_dump_json()
        config = uvicorn_config("punnet.cli.serve:worker_app", factory=True, workers=workers)
        supervisor = Multiprocess(config, sockets=[listener])
        supervisor.run()
        if any(process.exitcode == STARTUP_FAILURE for process in supervisor.processes):
            raise WorkerBroken


class Worker(BaseModel):
    """What a worker is told by its supervisor."""

    settings: Settings
    verbose: bool


_WORKER = "PUNNET_WORKER"


def worker_app() -> FastAPI:
    """The app of a worker, as its supervisor wants it."""
    worker = Worker.model_validate_json(os.environ.pop(_WORKER))
    configure_logging(verbose=worker.verbose)
    threading.Thread(target=_end_with_supervisor, daemon=True).start()
    return make_app(Service(worker.settings), is_patient=True)


def _end_with_supervisor() -> None:
    """End when the supervisor was killed: it could not tell us, and nobody could stop us by it."""
    supervisor = multiprocessing.parent_process()
    if supervisor is not None:
        multiprocessing.connection.wait([supervisor.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)


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
