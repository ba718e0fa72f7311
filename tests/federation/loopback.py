"""Subgraphs on loopback, in threads with event loops of their own, which remember what gateways ask."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from punnet.demo.upstream import base_url, listening_socket
from punnet.server.app import PunnetApp
from punnet.server.runtime import Runtime
from tests.faults.waiting import LONGEST_S, wait_until

Json = Any


class Recording:
    """An app whose requests are remembered."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.seen: list[Json] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = b""

        async def reading() -> MutableMapping[str, Any]:
            nonlocal body
            message = await receive()
            body += message.get("body", b"")
            if message["type"] == "http.request" and body and not message.get("more_body"):
                self.seen.append(json.loads(body))
            return message

        await self.app(scope, reading if scope["type"] == "http" else receive, send)


@dataclass(slots=True)
class Served:
    """A subgraph that runs, and what it was asked."""

    url: str
    app: FastAPI
    recording: Recording
    _statements_before: int = field(default=0)

    @property
    def sdl(self) -> str:
        """What it says of itself."""
        sdl: str = self.ask("{ _service { sdl } }")["data"]["_service"]["sdl"]
        return sdl

    @property
    def requests(self) -> int:
        """How many gateways have sent since `forget`."""
        return len(self.recording.seen)

    @property
    def asked_for_entities(self) -> list[Json]:
        """The representations of each request for entities."""
        return [seen["variables"]["representations"] for seen in self.recording.seen if "_entities" in seen["query"]]

    @property
    def statements(self) -> int:
        """The statements that Punnet has run since `forget`."""
        return self._all_statements() - self._statements_before

    def ask(self, query: str, variables: Json = None) -> Json:
        return ask(self.url, query, variables)

    def forget(self) -> None:
        """Begin to count anew."""
        self.recording.seen.clear()
        self._statements_before = self._all_statements()

    def _all_statements(self) -> int:
        if not isinstance(self.app, PunnetApp):
            return 0
        runtime: Runtime = self.app.state.runtime
        return sum(each.pool.statements for each in runtime.sources.databases.values())


def ask(url: str, query: str, variables: Json = None) -> Json:
    """The JSON of the answer to an operation."""
    # Without certificates, which nobody needs here: reading them takes longer than all else.
    answer = httpx2.post(url, json={"query": query, "variables": variables or {}}, timeout=LONGEST_S, verify=False)
    return answer.json()


@contextmanager
def served(app: FastAPI) -> Iterator[Served]:
    """Serve an app for as long as the block lasts."""
    recording = Recording(app)
    with listening_socket(0) as listener:
        config = uvicorn.Config(recording, log_level="error", access_log=False, lifespan="on", ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        try:
            wait_until(lambda: server.started or not thread.is_alive())
            assert server.started, "it did not start"
            yield Served(f"{base_url(listener)}/graphql", app, recording)
        finally:
            server.should_exit = True
            thread.join()
