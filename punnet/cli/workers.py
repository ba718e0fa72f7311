"""Serving from several processes."""

from __future__ import annotations

import asyncio
import multiprocessing.connection
import os
import signal
import socket
import tempfile
import threading
from dataclasses import replace
from pathlib import Path

from fastapi import FastAPI
from pydantic import BaseModel
from uvicorn.config import STARTUP_FAILURE

from punnet.catalog.saved import save_catalog
from punnet.cli.listening import announce
from punnet.cli.process import settle_memory, uvicorn_config
from punnet.cli.settings import Start
from punnet.cli.supervisor import Supervisor
from punnet.cli.terminal import progress
from punnet.errors import PunnetError
from punnet.server.app import make_app
from punnet.server.log import configure_log
from punnet.server.runtime import Runtime
from punnet.server.stopping import hear_signals

_WORKER = "PUNNET_WORKER"


class WorkerBroken(PunnetError):
    """A worker ended before it served; the next one would, too."""

    code = "CLI-003"

    def __init__(self) -> None:
        super().__init__(what="a worker process could not start", fix="see above, or try without --workers")


class Worker(BaseModel):
    """What a worker is told by its supervisor."""

    start: Start
    catalog_file: Path | None
    verbose: bool


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
        config = uvicorn_config("punnet.cli.workers:worker_app", timeout_s, factory=True, workers=workers)
        supervisor = Supervisor(config, sockets=[listener])
        supervisor.run()
        if any(process.exitcode == STARTUP_FAILURE for process in supervisor.processes):
            raise WorkerBroken


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
