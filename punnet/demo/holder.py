"""Holds one throwaway Postgres server for exactly as long as the process that asked for it lives.

It is a process of its own because one that is killed (SIGKILL, out of memory) cannot tidy up after itself.
The one that asked holds the other end of our standard input: the kernel closes it however that process ends.
It is run by path in a bare interpreter, so that it starts in milliseconds: the standard library only.
"""

from __future__ import annotations

import ctypes
import json
import os
import pwd
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 5.0
POLL_S = 0.01
IDLE_POLL_S = 0.5
PORT_ATTEMPTS = 3
LOG_LINES = 20
PR_SET_PDEATHSIG = 1

# The rows are thrown away with the server, so nothing is gained by waiting for a disk.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "127.0.0.1",
    "log_timezone": "UTC",
    "timezone": "UTC",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Instructions:
    """What to hold, sent as one line of JSON, since arguments would show the password to every `ps`.

    `directory` exists and `user` can pass through it; `user` is None where we run unprivileged anyway;
    `port` 0 takes a free one; `parent` is the process id of the one that asked; `copied` is a copy of the
    binaries that was made for this server, and goes with it.
    """

    binaries: str
    copied: str | None
    directory: str
    port: int
    password: str
    user: str | None
    parent: int

    @property
    def data(self) -> Path:
        """Where the database's files are."""
        return Path(self.directory) / "data"

    @property
    def log(self) -> Path:
        """What initdb and the server print."""
        return Path(self.directory) / "server.log"


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """The server takes connections; sent back as one line of JSON."""

    server_pid: int
    port: int
    sockets: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The server does not run; `log` is the end of what it printed. Sent back as one line of JSON."""

    problem: str
    log: str


class HoldingError(Exception):
    """The server cannot be started, or is not wanted any more."""


class Lifeline:
    """Tells when the process that asked for the server has ended."""

    def __init__(self, pipe: int, parent: int) -> None:
        self._watched = [pipe]
        # A child that the parent forked keeps the pipe open after the parent's death: watch the process too.
        if hasattr(os, "pidfd_open"):
            with suppress(OSError):
                self._watched.append(os.pidfd_open(parent))

    def ends_within(self, seconds: float) -> bool:
        """Wait at most `seconds` for the end."""
        return bool(select.select(self._watched, [], [], seconds)[0])


def main() -> int:
    """Read the instructions, hold the server, and leave nothing of it behind."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    instructions = Instructions(**json.loads(sys.stdin.buffer.readline()))
    lifeline = Lifeline(sys.stdin.fileno(), instructions.parent)
    try:
        with data_directory(instructions):
            return hold_or_say_why_not(instructions, lifeline)
    except OSError as error:
        report(Failed(problem=str(error), log=""))
        return 1


def hold_or_say_why_not(instructions: Instructions, lifeline: Lifeline) -> int:
    """Hold the server; if it does not start, report that while its log is still there."""
    try:
        hold(instructions, lifeline)
    except (HoldingError, OSError) as error:
        report(Failed(problem=str(error), log=end_of(instructions.log)))
        return 1
    return 0


def hold(instructions: Instructions, lifeline: Lifeline) -> None:
    """Make a database, serve it, and wait for the end of the parent or of the server."""
    with socket_directory(instructions.user) as sockets:
        make_database(instructions, lifeline)
        server, port = start_on_a_port(instructions, sockets, lifeline)
        try:
            report(Started(server_pid=server.pid, port=port, sockets=sockets))
            while server.poll() is None and not lifeline.ends_within(IDLE_POLL_S):
                pass
        finally:
            stop(server)


@contextmanager
def data_directory(instructions: Instructions) -> Iterator[None]:
    """Make the directory of the database's files, and remove what stands beside it for the server too.

    One that exists already belongs to another server: that is an OSError, and nothing of it is removed.
    """
    try:
        instructions.data.mkdir(mode=0o700)
        try:
            give(instructions.data, instructions.user)
            yield
        finally:
            shutil.rmtree(instructions.data, ignore_errors=True)
            instructions.log.unlink(missing_ok=True)
    finally:
        if instructions.copied is not None:
            shutil.rmtree(instructions.copied, ignore_errors=True)


@contextmanager
def socket_directory(user: str | None) -> Iterator[str]:
    """Make a directory for the unix socket, which nobody but `user` can enter, and remove it."""
    # A socket's path is at most 103 bytes on some systems, which a long TMPDIR would exceed.
    path = tempfile.mkdtemp(prefix="punnet-", dir="/tmp")
    try:
        give(Path(path), user)
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def make_database(instructions: Instructions, lifeline: Lifeline) -> None:
    """Run initdb in the data directory."""
    with password_file(instructions) as password:
        initdb = launch(
            instructions,
            "initdb",
            *("-D", str(instructions.data), "-U", "postgres", "--auth=scram-sha-256", f"--pwfile={password}"),
            *("--no-sync", "--no-instructions", "--encoding=UTF8", "--locale=C"),
            *character_rules(major_version(instructions.binaries)),
        )
        wait_until(lambda: initdb.poll() is not None, initdb, lifeline)
    if initdb.returncode != 0:
        raise HoldingError(f"initdb ended with status {initdb.returncode}")


@contextmanager
def password_file(instructions: Instructions) -> Iterator[Path]:
    """Put the superuser's password into a file, for as long as initdb needs it."""
    path = Path(instructions.directory) / "password"
    path.touch(mode=0o600)
    try:
        path.write_text(instructions.password)
        give(path, instructions.user)
        yield path
    finally:
        path.unlink(missing_ok=True)


def character_rules(major: int) -> list[str]:
    """Options that sort by code point, the same on every machine, and still know the case of `Ü`."""
    if major >= 17:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    # Before 17 the rules are the system's; macOS has no C.UTF-8.
    return ["--lc-ctype=C.UTF-8"] if sys.platform == "linux" else []


def major_version(binaries: str) -> int:
    """Ask `postgres --version` for the major version."""
    command = [str(Path(binaries) / "postgres"), "--version"]
    printed = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"\(PostgreSQL\) (\d+)", printed.stdout)
    if found is None:
        raise HoldingError(f"'{command[0]}' does not run: {printed.stderr.strip()}")
    return int(found[1])


def start_on_a_port(
    instructions: Instructions, sockets: str, lifeline: Lifeline
) -> tuple[subprocess.Popen[bytes], int]:
    """Start the server on the port asked for, or on free ones until no other process is faster."""
    ports = [instructions.port] if instructions.port else [free_port() for _ in range(PORT_ATTEMPTS)]
    for port in ports:
        server = start(instructions, sockets, port)
        wait_until(lambda: is_ready(instructions.data), server, lifeline)
        if server.poll() is None:
            return server, port
    raise HoldingError(f"the server ended with status {server.returncode}")


def start(instructions: Instructions, sockets: str, port: int) -> subprocess.Popen[bytes]:
    """Start `postgres` without waiting for it."""
    settings = SETTINGS | {"unix_socket_directories": sockets, "port": str(port)}
    options = [f"--{name}={value}" for name, value in settings.items()]
    return launch(instructions, "postgres", "-D", str(instructions.data), *options)


def free_port() -> int:
    """Find a port of the loopback interface that is free at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_ready(data: Path) -> bool:
    """Whether the server says so: the eighth line of postmaster.pid is its status."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) > 7 and lines[7].strip() == "ready"


def wait_until(is_done: Callable[[], bool], process: subprocess.Popen[bytes], lifeline: Lifeline) -> None:
    """Wait for `is_done` or the end of `process`; stop it if that takes too long or nobody wants it."""
    deadline = time.monotonic() + START_TIMEOUT_S
    while not is_done() and process.poll() is None:
        if lifeline.ends_within(POLL_S):
            stop(process)
            raise HoldingError("nobody wants the server any more")
        if time.monotonic() > deadline:
            stop(process)
            raise HoldingError(f"it is not ready after {START_TIMEOUT_S:.0f} seconds")


def launch(instructions: Instructions, program: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a program of the installation as `user`, its output appended to the log."""
    with instructions.log.open("ab") as log:
        return subprocess.Popen(
            [str(Path(instructions.binaries) / program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=instructions.data,
            # Nothing else of our environment: variables such as PGDATA would change what it does.
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
            # This process has one thread, so that running Python between fork and exec is safe.
            preexec_fn=end_with(os.getpid()) if sys.platform == "linux" else None,
            **identity(instructions.user),
        )


def identity(user: str | None) -> dict[str, Any]:
    """Say in arguments of Popen that root is dropped for `user`."""
    if user is None:
        return {}
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


def end_with(holder: int) -> Callable[[], None]:
    """Have Linux stop the child if this process is killed; set after dropping root, which would reset it."""
    prctl = ctypes.CDLL(None).prctl

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, int(signal.SIGINT))
        if os.getppid() != holder:
            os._exit(1)

    return ask


def stop(server: subprocess.Popen[bytes]) -> None:
    """Ask for a fast shutdown, then an immediate one, then insist."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        server.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            server.wait(STOP_TIMEOUT_S)
            return


def give(path: Path, user: str | None) -> None:
    """Make `user` the owner of a file or directory of ours."""
    if user is not None:
        os.chown(path, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)


def end_of(log: Path) -> str:
    """Read the last lines of the log, or nothing if none was written."""
    if not log.exists():
        return ""
    return "\n".join(log.read_text(errors="replace").splitlines()[-LOG_LINES:])


def report(answer: Started | Failed) -> None:
    """Send one line to the process that asked, if it is still there."""
    with suppress(BrokenPipeError):
        sys.stdout.write(json.dumps(asdict(answer)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
