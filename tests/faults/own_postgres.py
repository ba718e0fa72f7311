"""A Postgres server that a test may kill and start again: on the same port, with the same data."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from punnet.demo.embedded import unprivileged_user, wheel_binaries
from punnet.demo.holder import is_ready
from tests.faults.asking import execute
from tests.faults.waiting import LONGEST_S, wait_until
from tests.ports import reserved_port

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "log_statement": "all",
    "shared_buffers": "16MB",
}
THINGS = """
    create table things (id int primary key, name text);
    insert into things values (1, 'one');
    create view slow_things as select things.* from things, pg_sleep(3600);
"""


class OwnPostgres:
    """Everybody may connect as its superuser. As root it runs as the demo's system user, for Postgres refuses root."""

    def __init__(self, directory: Path, port: int) -> None:
        self.data = directory / "data"
        self.log = directory / "log"
        self.port = port
        self.url = f"postgresql://postgres:swordfish@127.0.0.1:{port}/postgres"
        self._user = unprivileged_user()
        self._postmaster: subprocess.Popen[bytes] | None = None
        directory.chmod(0o711)
        self.data.mkdir(mode=0o700)
        self.log.touch()
        give(self.data, self._user)
        self._run("initdb", "-U", "postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C").wait()

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        options = [f"--{name}={value}" for name, value in {**SETTINGS, "port": str(self.port)}.items()]
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        self._postmaster = self._run("postgres", *options)
        wait_until(lambda: is_ready(self.data))

    def stop(self) -> None:
        """Stop it, cutting off whoever is connected; nothing happens if it does not run."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """Kill the postmaster as the kernel would that is out of memory; its children end when they notice."""
        self._end(signal.SIGKILL)
        wait_until(lambda: not serves(self.data))

    def _end(self, number: signal.Signals) -> None:
        if self._postmaster is not None:
            self._postmaster.send_signal(number)
            self._postmaster.wait(LONGEST_S)
            self._postmaster = None

    def _run(self, program: str, *options: str) -> subprocess.Popen[bytes]:
        rights: dict[str, Any] = {}
        if self._user is not None:
            rights = {"user": self._user, "group": pwd.getpwnam(self._user).pw_gid, "extra_groups": []}
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [wheel_binaries() / program, "-D", self.data, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.data,
                env={"PATH": os.defpath, "LC_ALL": "C"},
                **rights,
            )


def serves(data: Path) -> bool:
    """Whether any process works in the data directory."""
    return any(place_of(process) == data for process in Path("/proc").glob("[0-9]*"))


def place_of(process: Path) -> Path | None:
    try:
        return (process / "cwd").readlink()
    except OSError:
        return None


def give(path: Path, user: str | None) -> None:
    if user is not None:
        os.chown(path, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)


@pytest.fixture
async def own_postgres(server_directory: Path) -> AsyncIterator[OwnPostgres]:
    """A server of the test's own: a table `things`, and a view `slow_things` that takes an hour to read."""
    with reserved_port() as port:
        server = OwnPostgres(server_directory, port)
        try:
            server.start()
            await execute(server.url, THINGS)
            yield server
        finally:
            server.stop()
