"""Serving from this process."""

from __future__ import annotations

import asyncio
import gc
import socket
import sys

import uvicorn
from fastapi import FastAPI

from punnet.cli.listening import announce
from punnet.cli.terminal import progress
from punnet.server.app import make_app
from punnet.server.runtime import Runtime
from punnet.server.settings import Deployment
from punnet.server.stopping import Stopping, hear_signals


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


def settle_memory() -> None:
    """Leave the schema out of the search for garbage: it stays, and looking through it halts every request."""
    gc.collect()
    gc.freeze()
    # A request makes hundreds of objects and hardly a cycle.
    gc.set_threshold(10_000, 20, 20)
