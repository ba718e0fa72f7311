"""The programs of npm packages that judge Punnet: composers, which run once, and gateways, which go on."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults.waiting import wait_until

HERE = Path(__file__).parent
RUN_TIMEOUT_S = 600
STOP_TIMEOUT_S = 10

# Nothing here may tell anybody beyond this machine what it does.
QUIET = {"DO_NOT_TRACK": "1", "NO_COLOR": "1", "NODE_ENV": "production"}

NOWHERE = "http://127.0.0.1:9"
"""For a subgraph that is composed and not asked."""

COMPOSERS = ("apollo", "guild", "cosmo")
GATEWAYS = {"apollo": "apollo", "hive": "guild"}
"""By gateway, the composer of its own house."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subgraph:
    """What a composer is told of a subgraph."""

    name: str
    sdl: str
    url: str = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """What a composer says."""

    supergraph: str | None
    errors: Sequence[str]
    hints: Sequence[str]


def compose(composer: str, subgraphs: Sequence[Subgraph]) -> Composed:
    """Compose subgraphs by one of the COMPOSERS."""
    asked = json.dumps([{"name": each.name, "url": each.url, "sdl": each.sdl} for each in subgraphs])
    ran = run_node(f"composers/{composer}.mjs", text=asked)
    assert ran.returncode == 0, ran.stderr
    return Composed(**json.loads(ran.stdout))


def node(script: str, *arguments: str) -> list[str]:
    """The command that runs a program of this folder."""
    assert (HERE / "node_modules").exists(), "run first: npm install --prefix tests/federation"
    return ["node", script, *arguments]


def run_node(
    script: str, *arguments: str, text: str = "", environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program of this folder to its end."""
    return subprocess.run(
        node(script, *arguments),
        cwd=HERE,
        env={**os.environ, **QUIET, **(environment or {})},
        input=text,
        capture_output=True,
        text=True,
        timeout=RUN_TIMEOUT_S,
    )


@contextmanager
def gateway(name: str, supergraph: str, directory: Path) -> Iterator[str]:
    """Run one of the GATEWAYS over a supergraph, and give its URL."""
    path = directory / f"{name}.graphql"
    path.write_text(supergraph)
    with running_node(f"gateways/{name}.mjs", str(path), output=directory / f"{name}.txt") as url:
        yield url


@contextmanager
def running_node(*arguments: str, output: Path) -> Iterator[str]:
    """Run a program of this folder that serves, and give the URL that it announces. What it prints is kept."""
    with output.open("w") as printed:
        process = subprocess.Popen(
            node(*arguments),
            cwd=HERE,
            env={**os.environ, **QUIET},
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
        )
    try:
        yield wait_until(lambda: announced_url(process, output))
    finally:
        stop(process)
        # pytest shows it with what failed.
        sys.stdout.write(f"{arguments[0]} printed:\n{output.read_text()}\n")


def announced_url(process: subprocess.Popen[bytes], output: Path) -> str | None:
    """The URL on a line that it has printed, as soon as there is one."""
    printed = output.read_text()
    assert process.poll() is None, f"it did not start:\n{printed}"
    found = re.search(r"(http://127\.0\.0\.1:[0-9]+/)\s", printed)
    return found[1] if found else None


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
