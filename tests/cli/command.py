"""A `punnet` command as a user runs it: a process of its own, its output, its signals."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx2
import psutil

from tests.faults.waiting import LONGEST_S, wait_until

TRACEBACK = "Traceback (most recent call last)"


class Command:
    """One that runs until it is told to end."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process = process
        self._log = log

    @property
    def output(self) -> str:
        """What it printed until now."""
        return self._log.read_text()

    @cached_property
    def url(self) -> str:
        """The endpoint that it printed."""
        return wait_until(self._printed_url)

    def readiness(self) -> httpx2.Response:
        """What `/readyz` answers."""
        return get(self.url.replace("/graphql", "/readyz"))

    def ask(self, query: str) -> Any:
        """The JSON of an answer, on a connection of its own."""
        return httpx2.post(self.url, json={"query": query}, timeout=LONGEST_S, verify=False).json()

    def processes(self) -> list[psutil.Process]:
        """The command's process and all that it started."""
        here = psutil.Process(self.process.pid)
        return [here, *here.children(recursive=True)]

    def end(self, number: signal.Signals) -> int:
        """Send a signal, and return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(LONGEST_S)

    def _printed_url(self) -> str | None:
        if self.process.poll() is not None:
            raise AssertionError(f"it ended: {self.output}")
        found = re.search(r"GraphiQL in a browser: (\S+)", self.output)
        return found and found[1]


def get(url: str, **headers: str) -> httpx2.Response:
    """Ask on a connection of its own; reading certificates that nobody needs here would take longer than all else."""
    return httpx2.get(url, headers=headers, timeout=LONGEST_S, verify=False)


@contextmanager
def running(*arguments: str, **variables: str) -> Iterator[Command]:
    """Start a command; whatever is left of it at the end is killed, and what it started has ended, too.

    A demo's Postgres outlives the demo by the moment that its holder needs, in which it still writes files.
    """
    with TemporaryDirectory() as directory:
        log = Path(directory, "log")
        with log.open("wb") as output, heard(signal.SIGINT, signal.SIGHUP):
            process = subprocess.Popen(
                [sys.executable, "-m", "punnet", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=os.environ | variables,
                start_new_session=True,
            )
        command = Command(process, log)
        try:
            yield command
        finally:
            started = command.processes() if process.poll() is None else []
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            wait_until(lambda: are_gone(started))


@contextmanager
def heard(*numbers: signal.Signals) -> Iterator[None]:
    """What is started now hears these signals: one who runs tests in the background, or by `nohup`, does not."""
    before = {number: signal.signal(number, signal.SIG_DFL) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run(*arguments: str, directory: str | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command that ends by itself, in a directory or here."""
    return subprocess.run(
        [sys.executable, "-m", "punnet", *arguments],
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
        check=False,
        cwd=directory,
        env=os.environ | {"COLUMNS": "200"} | variables,
    )


def without_progress(printed: str) -> str:
    """What a command printed, but for what it says of reading that takes more than a second."""
    return printed.replace("Reading the sources' catalogs …\n", "")


def are_gone(processes: list[psutil.Process]) -> bool:
    """Whether all of them ended, zombies included: their parent may be slow to look."""
    return not any(is_alive(process) for process in processes)


def is_alive(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def words_of(process: psutil.Process) -> list[str]:
    """Its command line; nothing of one that has ended, which it may do while it is looked at."""
    try:
        words: list[str] = process.cmdline()
    except psutil.NoSuchProcess:
        return []
    return words
