"""A Ctrl-C that comes while the server starts."""

from __future__ import annotations

import asyncio

import pytest
from fastapi import FastAPI

from punnet.cli.listening import listen
from punnet.cli.process import Server, uvicorn_config
from punnet.server.stopping import Stopping


async def test_who_is_stopped_before_signals_are_heard_starts_nothing() -> None:
    started: list[FastAPI] = []
    stopping = Stopping(delay_s=0, timeout_s=5)
    server = Server(uvicorn_config(FastAPI(on_startup=[lambda: started.append(app)]), 5), stopping)
    app = FastAPI()
    with listen("127.0.0.1", 0) as listener:
        serving = asyncio.ensure_future(server.serve(sockets=[listener]))
        await asyncio.sleep(0)
        serving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await serving
    assert started == []
