"""`punnet serve`."""

from __future__ import annotations

import asyncio
import errno
import gc
import multiprocessing.connection
import os
import signal
import socket
import sys
import tempfile
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from punnet.catalog.saved import save_catalog
from punnet.cli.settings import make_deployment
from punnet.cli.terminal import progress, say, until_stopped
from punnet.errors import PunnetError
from punnet.server.app import make_app
from punnet.server.log import configure_log
from punnet.server.runtime import Runtime
from punnet.server.settings import SOURCE, Deployment
from punnet.server.stopping import Stopping, hear_signals


class PortTaken(PunnetError):
    """Something else listens where we should."""

    code = "CLI-001"

    def __init__(self, host: str, port: int, why: str) -> None:
        super().__init__(
            what=f"cannot listen on {host}:{port}: {why}",
            fix="give another port with --port, or `punnet serve` another address with --host",
        )


class WorkerBroken(PunnetError):
    """A worker ended before it served; the next one would, too."""

    code = "CLI-003"

    def __init__(self) -> None:
        super().__init__(what="a worker process could not start", fix="see above, or try without --workers")


def run_serve(start: Start, *, host: str, port: int, workers: int, verbose: bool) -> None:
    """Serve until told to stop.

    Raises:
        PortTaken: nothing can listen there.
        SourceRefused: the database does not take these words.
        NothingToServe: it has nothing for this role.
        WorkerBroken: a worker cannot start.
    """
    with closing(listen(host, port)) as listener, until_stopped():
        if workers == 1:
            serve_here(start.deployment(), listener)
        else:
            serve_in_workers(start, listener, workers, verbose=verbose)


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


def serve_here(deployment: Deployment, listener: socket.socket) -> None:
    """Serve from this process."""

    async def serve() -> None:
        runtime = Runtime(deployment, when_ready=settle_memory)
        with progress("Reading the sources' catalogs"):
            await runtime.start()
        server = Server(uvicorn_config(make_app(runtime), runtime.stopping.timeout_s), runtime.stopping)
        announce(runtime, listener)
        await server.serve(sockets=[listener])

    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(serve())


class Server(uvicorn.Server):
    """A server that a Ctrl-C ends well whenever it comes."""

    def __init__(self, config: uvicorn.Config, stopping: Stopping) -> None:
        super().__init__(config)
        self._stopping = stopping

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, unless we were told to stop before the server listened to signals.

        That cancelled what is awaited next. Within the app's start it would print a traceback.
        """
        await asyncio.sleep(0)
        hear_signals(self._stopping)
        await super().startup(sockets)


def settle_memory() -> None:
    """Leave the schema out of the search for garbage: it stays, and looking through it halts every request."""
    gc.collect()
    gc.freeze()
    # A request makes hundreds of objects and hardly a cycle.
    gc.set_threshold(10_000, 20, 20)


def serve_in_workers(start: Start, listener: socket.socket, workers: int, *, verbose: bool) -> None:
    """Serve from several processes, which begin with the catalog that this one reads."""
    deployment = start.deployment()

    async def first_look(path: Path) -> Path | None:
        runtime = Runtime(deployment)
        try:
            with progress("Reading the sources' catalogs"):
                await runtime.start()
            announce(runtime, listener)
            if runtime.catalog is None:
                return None
            save_catalog(runtime.catalog, path)
            return path
        finally:
            await runtime.stop()

    with tempfile.TemporaryDirectory(prefix="punnet-") as directory:
        catalog_file = asyncio.run(first_look(Path(directory) / "catalog.json"))
        worker = Worker(start=start, catalog_file=catalog_file, verbose=verbose)
        # Not as an argument, which every `ps` would show with the password.
        os.environ[_WORKER] = worker.model_dump_json()
        timeout_s = deployment.configuration.server.stop_timeout_s
        config = uvicorn_config("punnet.cli.serve:worker_app", timeout_s, factory=True, workers=workers)
        supervisor = Supervisor(config, sockets=[listener])
        supervisor.run()
        if any(process.exitcode == STARTUP_FAILURE for process in supervisor.processes):
            raise WorkerBroken


class Supervisor(Multiprocess):
    """Keeps workers running."""

    def __init__(self, config: uvicorn.Config, sockets: list[socket.socket]) -> None:
        super().__init__(config, sockets)
        self._is_urgent = False

    def handle_term(self) -> None:
        """Begin to stop; asked again, have the workers stop without delay."""
        self._be_told(signal.SIGTERM)

    def handle_int(self) -> None:
        """Stop without delay; asked again, have the workers wait for nothing."""
        self._be_told(signal.SIGINT)

    def join_all(self) -> None:
        """Wait for the workers, which are told what we are told meanwhile."""
        for worker in self.processes:
            while worker.process.is_alive():
                worker.process.join(_LOOK_AGAIN_S)
                self._listen()

    def _listen(self) -> None:
        while self.signal_queue:
            number = self.signal_queue.pop(0)
            if number in (signal.SIGTERM, signal.SIGINT):
                self._be_told(number)
        if self._is_urgent:
            # A second SIGTERM ends a worker's delay; of two that come at once, as while it starts, it hears one.
            self._tell_workers(signal.SIGTERM)

    def _be_told(self, number: int) -> None:
        if self.should_exit.is_set() and number == signal.SIGINT:
            self._tell_workers(signal.SIGINT)
        self._is_urgent |= self.should_exit.is_set() or number == signal.SIGINT
        self.should_exit.set()

    def _tell_workers(self, number: signal.Signals) -> None:
        for worker in self.processes:
            if worker.process.is_alive() and worker.pid is not None:
                os.kill(worker.pid, number)

    def terminate_all(self) -> None:
        """Tell the workers to stop.

        They no longer listen then. Who connects must be refused, and would wait as long as we did.
        """
        for listener in self.sockets:
            listener.close()
        super().terminate_all()


_LOOK_AGAIN_S = 0.1


class Start(BaseModel):
    """A command's argument, and what goes with it: enough for a worker to begin from, too."""

    source: str
    namespaces: list[str] | None = None

    def deployment(self) -> Deployment:
        """Read what the argument names; raises as `make_deployment`."""
        return make_deployment(self.source, self.namespaces)


class Worker(BaseModel):
    """What a worker is told by its supervisor."""

    start: Start
    catalog_file: Path | None
    verbose: bool


_WORKER = "PUNNET_WORKER"


def worker_app() -> FastAPI:
    """The app of a worker, as its supervisor wants it."""
    worker = Worker.model_validate_json(os.environ.pop(_WORKER))
    configure_log(verbose=worker.verbose)
    threading.Thread(target=_end_with_supervisor, daemon=True).start()
    deployment = worker.start.deployment()
    if worker.catalog_file is not None:
        deployment = replace(deployment, catalog_file=worker.catalog_file)
    runtime = Runtime(deployment, when_ready=settle_memory)
    # uvicorn listens to signals before it asks for the app.
    hear_signals(runtime.stopping)
    return make_app(runtime, is_patient=True)


def _end_with_supervisor() -> None:
    """End when the supervisor was killed: it could not tell us, and nobody could stop us by it."""
    supervisor = multiprocessing.parent_process()
    if supervisor is not None:
        multiprocessing.connection.wait([supervisor.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)


def announce(runtime: Runtime, listener: socket.socket) -> None:
    """Say what is served and where."""
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    if runtime.catalog is None:
        say(f"warning: {runtime.readiness.reason}; waiting for it")
    else:
        for warning in runtime.sources.warnings:
            say(f"warning: {warning}")
        for source in runtime.catalog.sources:
            named = "" if source.name == SOURCE else f"{source.name}, "
            say(f"Serving {len(source.relations)} tables and views of {named}Postgres {source.version}, read-only.")
            left_out = runtime.sources.left_out(source)
            if left_out is not None:
                say(f"  {left_out}.")
        for each in runtime.catalog.services:
            say(f"Serving {len(each.endpoints)} operations of {each.name}, an HTTP service.")
    say(f"GraphQL, and GraphiQL in a browser: http://{shown}:{port}{runtime.configuration.server.path}")
    say("Stop with Ctrl-C.")


def uvicorn_config(
    app: FastAPI | str, stop_timeout_s: float, *, factory: bool = False, workers: int = 1
) -> uvicorn.Config:
    """A server that says what is worth saying in our own log."""
    return uvicorn.Config(
        app,
        factory=factory,
        workers=workers,
        log_config=None,
        access_log=False,
        server_header=False,
        # Nothing here asks where a request came from.
        proxy_headers=False,
        lifespan="on",
        ws="none",
        # It only ever goes to `asyncio.wait_for`, which takes parts of seconds, too.
        timeout_graceful_shutdown=stop_timeout_s,  # type: ignore[arg-type]
    )


def new_event_loop() -> asyncio.AbstractEventLoop:
    """A uvloop where there is one."""
    if sys.platform == "win32":
        return asyncio.new_event_loop()
    import uvloop

    return uvloop.new_event_loop()
