"""The processes that a run starts: what they use, whether they are ready, and how they end."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import psutil
from rig import LOGS

SERVER_CORE, OTHER_CORE = {0}, {1}
"""Where `--pin` puts the peers, and everything else."""


def pinned(cores: set[int] | None) -> Callable[[], None] | None:
    """What a child does before it becomes its program, so that it and its children stay on these cores."""
    return partial(os.sched_setaffinity, 0, cores) if cores else None


class Process:
    """A process this run started, with its children: CPU time, peak memory, and a stop by pid."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        cwd: str | None = None,
        env: Mapping[str, str] | None = None,
        cores: set[int] | None = None,
        hold_stdin: bool = False,
    ) -> None:
        self.log = LOGS / f"{name}.log"
        with self.log.open("wb") as log:
            self.child = subprocess.Popen(
                command,
                cwd=cwd,
                env={**os.environ, **(env or {})},
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.PIPE if hold_stdin else subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=pinned(cores),
            )

    def alive(self) -> bool:
        return self.child.poll() is None

    def tree(self) -> list[psutil.Process]:
        try:
            top = psutil.Process(self.child.pid)
            return [top, *top.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def cpu(self) -> float:
        """CPU seconds of the tree so far."""
        total = 0.0
        for process in self.tree():
            with contextlib.suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                total += times.user + times.system
        return total

    def reset_peak(self) -> None:
        for process in self.tree():
            with contextlib.suppress(OSError):
                Path(f"/proc/{process.pid}/clear_refs").write_text("5")

    def peak_rss(self) -> float:
        """Sum over the tree of each process's peak (VmHWM) since reset_peak, in MiB."""
        return sum(peak_kib(process.pid) for process in self.tree()) / 1024

    def stop(self) -> None:
        tree = self.tree()
        if self.child.stdin:
            self.child.stdin.close()
        for process in tree:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGTERM)
        _, left = psutil.wait_procs(tree, timeout=5)
        for process in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        self.child.wait()

    def tail(self, lines: int = 15) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def peak_kib(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    return 0


def wait_for(test: Callable[[], bool], seconds: float, process: Process, what: str) -> None:
    """Asks again and again until the test holds.

    Raises:
        RuntimeError: the process ended, or the time is over; with the end of its log.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not process.alive():
            raise RuntimeError(f"{what} ended (exit {process.child.returncode}):\n{process.tail()}")
        # A server that is not there yet refuses, hangs up, or says something else.
        with contextlib.suppress(OSError, http.client.HTTPException, ValueError, KeyError):
            if test():
                return
        time.sleep(0.1)
    raise RuntimeError(f"{what} was not ready after {seconds} s:\n{process.tail()}")
