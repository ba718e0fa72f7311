"""A peer: started as peers.json says, asked as its file of queries says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NotRequired, TypedDict
from urllib.parse import urlsplit

import orjson
import workload
from ground import Ground
from loopback import fetch, free_port
from options import Options
from processes import SERVER_CORE, Process, wait_for
from rig import HERE, LOGS, NODE, VENV_PYTHON, WORK


class Entry(TypedDict):
    """A peer in peers.json; README.md says what each key does."""

    about: str
    start: list[str]
    url: str
    queries: str
    cwd: NotRequired[str]
    env: NotRequired[dict[str, str]]
    sync: NotRequired[list[str]]
    prepare: NotRequired[list[str]]
    ready: NotRequired[dict[str, str]]
    ready_seconds: NotRequired[int]
    only: NotRequired[list[str]]


class Peer:
    def __init__(self, name: str, entry: Entry, ground: Ground, options: Options) -> None:
        self.name, self.entry, self.folder = name, entry, WORK / "peers" / name
        port = free_port()
        self.words = {
            "python": VENV_PYTHON,
            "node": NODE,
            "bench": HERE,
            "work": WORK,
            "port": port,
            "port2": free_port(),
            "peer": self.folder,
            "dsn": ground.dsn,
            "upstream": ground.upstream_url,
            "pool": options.pool,
        }
        self.queries = queries_of(entry)
        self.url = self._fill(entry["url"])
        own = {key: self._fill(value) for key, value in entry.get("env", {}).items()}
        self.environment = {**ground.environment(), "PORT": str(port), **own}
        self.cwd = self._fill(entry.get("cwd", "{peer}" if "sync" in entry else "{work}"))
        self.process = self._start(SERVER_CORE if options.pin else None)

    def _fill(self, text: str) -> str:
        for key, value in self.words.items():
            text = text.replace("{" + key + "}", str(value))
        return text

    def _start(self, cores: set[int] | None) -> Process:
        for source in self.entry.get("sync", ()):
            # Beside the node_modules that setup.sh put there.
            shutil.copytree(HERE / source, self.folder, dirs_exist_ok=True)
        if "prepare" in self.entry:
            self._prepare(self.entry["prepare"])
        command = [self._fill(word) for word in self.entry["start"]]
        return Process(self.name, command, cwd=self.cwd, env=self.environment, cores=cores)

    def _prepare(self, command: Sequence[str]) -> None:
        with (LOGS / f"{self.name}.prepare.log").open("wb") as log:
            subprocess.run(
                [self._fill(word) for word in command],
                cwd=self.cwd,
                env={**os.environ, **self.environment},
                check=True,
                stdout=log,
                stderr=subprocess.STDOUT,
                timeout=300,
            )

    def wait(self) -> None:
        wait_for(self._answers, self.entry.get("ready_seconds", 60), self.process, f"peer {self.name}")

    def _answers(self) -> bool:
        ready = self.entry.get("ready", {"query": "{ __typename }"})
        if "path" in ready:
            return fetch(f"http://{urlsplit(self.url).netloc}{ready['path']}", timeout_s=5)[0] == 200
        status, body = fetch(self.url, orjson.dumps({"query": ready["query"]}), timeout_s=5)
        return status == 200 and "data" in orjson.loads(body)

    def ask(self, query: str, values: dict[str, Any]) -> tuple[Any, int]:
        """Asks once, for a check.

        Returns:
            The canonical content, and the size of the body in bytes.

        Raises:
            ValueError: the answer is not one with content.
        """
        entry = self.queries[query]
        status, body = fetch(self.url, workload.body(entry, values))
        if status != 200:
            raise ValueError(f"HTTP {status}: {body[:300]!r}")
        return workload.canonical(query, entry, orjson.loads(body)), len(body)

    def settle(self) -> None:
        """Waits (up to 3 s) until what wrk left in flight is done."""
        before = self.process.cpu()
        for _ in range(15):
            time.sleep(0.2)
            now = self.process.cpu()
            if now - before < 0.02:
                return
            before = now


def queries_of(entry: Entry) -> dict[str, dict[str, Any]]:
    """How a peer is asked each query that it takes part in."""
    queries = load_queries(HERE / entry["queries"])
    only = entry.get("only") or queries
    return {name: query for name, query in queries.items() if name in only}


def load_queries(path: Path) -> dict[str, dict[str, Any]]:
    entries = json.loads(path.read_text())
    base = entries.pop("extends", None)
    return {**(load_queries(path.parent / base) if base else {}), **entries}


@contextmanager
def started(
    names: Sequence[str], entries: Mapping[str, Entry], ground: Ground, options: Options
) -> Iterator[tuple[dict[str, Peer], dict[str, str]]]:
    """The peers that are ready, and why the others are not, until the block is left."""
    peers: dict[str, Peer] = {}
    failed: dict[str, str] = {}
    try:
        # All of them first, then their answers: they get ready side by side.
        for name in names:
            try:
                peers[name] = Peer(name, entries[name], ground, options)
            except Exception as error:
                failed[name] = f"{type(error).__name__}: {error}"
        for name in list(peers):
            try:
                peers[name].wait()
            except RuntimeError as error:
                failed[name] = str(error)
                peers.pop(name).process.stop()
        yield peers, failed
    finally:
        for peer in peers.values():
            peer.process.stop()
