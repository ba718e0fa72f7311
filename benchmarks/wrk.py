"""The load: wrk posts the bodies of a file, and tells what came back."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from options import Options
from processes import OTHER_CORE, pinned
from rig import HERE

MARK = "@@"
"""What load/post.lua writes before its line of JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What load/post.lua counted; latencies in microseconds, `seconds` from the first request to the last answer."""

    requests: int
    answers: int
    seconds: float
    p50_us: int
    p90_us: int
    p99_us: int
    max_us: int
    mean_us: int
    gql_errors: int
    status_errors: int
    socket_errors: int
    timeouts: int
    body_bytes: int

    @property
    def rps(self) -> float:
        return self.answers / self.seconds if self.answers else 0.0

    @property
    def good(self) -> int:
        """Answers without an error."""
        return self.answers - self.gql_errors - self.status_errors

    @property
    def errors(self) -> int:
        return self.gql_errors + self.status_errors + self.socket_errors + self.timeouts


def post(url: str, bodies: Path, seconds: int, options: Options) -> str:
    """Runs wrk to its end, and gives what it wrote."""
    amount = ["-t1", f"-c{options.concurrency}", f"-d{seconds}s", "--timeout", "60s"]
    done = subprocess.run(
        ["wrk", *amount, "-s", str(HERE / "load" / "post.lua"), url, "--", str(bodies)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=pinned(OTHER_CORE if options.pin else None),
    )
    return done.stdout


def read(output: str) -> Load:
    """What is in the line of load/post.lua.

    Raises:
        RuntimeError: there is none; with the end of the output.
    """
    mark = output.rfind(MARK + "{")
    if mark < 0:
        raise RuntimeError(f"wrk gave no result:\n{output[-2000:]}")
    return Load(**json.loads(output[mark + len(MARK) :].splitlines()[0]))
