"""The pool of connections to one database, and the one place that runs statements."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

import asyncpg

from punnet.sources.deadlines import Deadlines, TimeLimit
from punnet.sources.errors import (
    SourceFailed,
    SourceTimeout,
    StatementFailed,
    ValueRefused,
)
from punnet.sources.postgres.codecs import use_exact_moments
from punnet.sources.postgres.connecting import connect_error
from punnet.sources.postgres.connections import Connections, PooledConnection
from punnet.sources.postgres.place import place_of

T = TypeVar("T")

_PINNED = {
    "TimeZone": "UTC",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "iso_8601",
    "extra_float_digits": "1",
    "bytea_output": "hex",
    "jit": "off",
    "default_transaction_read_only": "on",
    "application_name": "punnet",
}
"""What output and input depend on; `search_path` is left alone."""

# Values that a client gave and a cast refused: out of range, malformed, no such text in this encoding, a range that
# ends before it starts, a pattern that ends in a backslash, too many bits.
_REFUSED_VALUES = (
    "22000", "22003", "22007", "22008", "22015", "22021", "22025", "22026", "2201W", "2201X", "22P02", "22P03", "22P05",
)  # fmt: skip
# What the statement names is not there, or may not be read, any more.
_GONE = ("3F000", "42501", "42703", "42704", "42883", "42P01")
# The server went away or is about to, or became a replica: the same statement can succeed on a new connection.
_WORTH_A_NEW_CONNECTION = ("25006", "57P01", "57P02", "57P03")
_RESTART = (
    "Punnet knows the database as it was at the start: after a migration or a change of rights restart it, "
    "else give back what is gone"
)
# How much longer than its own timeout a statement may take before the server counts as frozen.
_GRACE_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolSettings:
    """How many connections, and how long to wait."""

    size: int = 10
    connect_timeout_s: float = 5.0
    acquire_timeout_s: float = 10.0
    statement_timeout_s: float = 30.0


class _ConnectionLost(Exception):
    """A connection could not be made or died; `str` is why."""


async def _keep(_connection: Any) -> None:
    """Reset nothing: no statement of ours leaves anything behind, and the default costs a round trip."""


class Pool:
    """Connections to one database, pinned to the settings that the value table needs."""

    def __init__(self, source: str, url: str, settings: PoolSettings) -> None:
        self.source = source
        self.settings = settings
        self.place = place_of(url, os.environ)
        """Where the database is; None where the URL is malformed."""
        self._url = url
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None
        self._connections: Connections | None = None
        self._deadlines: Deadlines[TimeLimit] = Deadlines(time.monotonic, TimeLimit.end)
        self.version = 0
        """The server's major version, from when it was opened on."""
        self.statements = 0
        """How many statements were sent, for tests and metrics."""

    async def open(self) -> None:
        """Make the pool and its first connection; one that is open is closed.

        Raises:
            SourceRefused: the database is there, but not for this URL.
            SourceUnreachable: nothing answers yet; `open` can be called again.
        """
        await self.close()
        milliseconds = str(int(self.settings.statement_timeout_s * 1000))
        try:
            pool = asyncpg.create_pool(
                self._url,
                min_size=0,
                max_size=self.settings.size,
                max_inactive_connection_lifetime=0,
                timeout=self.settings.connect_timeout_s,
                reset=_keep,
                init=use_exact_moments,
                connection_class=PooledConnection,
                statement_cache_size=1000,
                max_cacheable_statement_size=0,
                max_cached_statement_lifetime=0,
                server_settings={**_PINNED, "statement_timeout": milliseconds},
            )
            await pool
            connection = await pool.acquire(timeout=self.settings.connect_timeout_s)
            self.version = connection.get_server_version().major
            await pool.release(connection)
        except Exception as error:
            raise connect_error(self.source, error, self.place) from error
        self._pool = pool
        self._connections = Connections(pool)

    async def close(self) -> None:
        """Close the connections; those at work are cut off after a second."""
        if self._pool is not None:
            pool, self._pool = self._pool, None
            connections, self._connections = self._connections, None
            try:
                if connections is not None:
                    await connections.give_up_idle()
                await asyncio.wait_for(pool.close(), timeout=1)
            except TimeoutError:
                pool.terminate()

    async def check(self) -> None:
        """Ask for nothing, to see whether the database answers; raises as `run` does."""
        await self.run(lambda db: db.execute("select"))

    async def run(self, work: Callable[[Any], Awaitable[T]]) -> T:
        """Run one read-only statement on a connection; once more on a new one if the connection was dead.

        Raises:
            SourceFailed: no connection could be made, or two died.
            SourceTimeout: none was free in time, or the statement took too long.
            ValueRefused, StatementFailed: the statement itself failed.
        """
        connections = self._connections
        if connections is None:
            raise SourceFailed(self.source, why="it has not been reached yet")
        try:
            return await self._once(connections, work)
        except _ConnectionLost:
            # Every pooled connection may be as dead as the one that was found out.
            await connections.expire()
        try:
            return await self._once(connections, work)
        except _ConnectionLost as lost:
            raise SourceFailed(self.source, why=self._with_place(str(lost))) from lost

    async def _once(self, connections: Connections, work: Callable[[Any], Awaitable[T]]) -> T:
        connection = connections.take_idle() or await self._acquire(connections)
        self.statements += 1
        try:
            with TimeLimit(self._deadlines, time.monotonic() + self.settings.statement_timeout_s + _GRACE_S):
                result = await work(connection)
        except BaseException as error:
            if isinstance(error, TimeoutError | asyncpg.InternalClientError):
                # Not even its own timeout ended the statement, or the driver lost count of the protocol's messages,
                # as when the server ended a connection just taken. Releasing would wait for it once more.
                with suppress(asyncpg.InterfaceError):
                    connection.terminate()
            await connections.discard(connection)
            meaning = self._meaning(error)
            if meaning is error:
                raise
            raise meaning from error
        if connection.is_full:
            await connections.replace(connection)
        else:
            connections.keep(connection)
        return result

    async def _acquire(self, connections: Connections) -> PooledConnection:
        try:
            return await connections.acquire(self.settings.acquire_timeout_s)
        except TimeoutError as error:
            why = f"no connection was free or made within {self.settings.acquire_timeout_s:g} s"
            raise self._timeout(why) from error
        except (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.TooManyConnectionsError) as error:
            raise SourceFailed(self.source, why=self._with_place(str(error))) from error
        except (OSError, asyncpg.InterfaceError, asyncpg.PostgresError) as error:
            raise _ConnectionLost(str(error)) from error

    def _meaning(self, error: BaseException) -> BaseException:
        match error:
            case TimeoutError():
                return self._timeout("the server is frozen or unreachable")
            case asyncpg.InternalClientError():
                return _ConnectionLost(str(error))
            case OSError() | asyncpg.InterfaceError() | asyncpg.PostgresError():
                return self._failed(error)
            case _:
                return error

    def _failed(self, error: Exception) -> Exception:
        """What an error of a statement means."""
        if isinstance(error, asyncpg.PostgresError) and not isinstance(error, asyncpg.PostgresConnectionError):
            state = error.sqlstate or ""
            if state in _WORTH_A_NEW_CONNECTION:
                return _ConnectionLost(str(error))
            if state == "57014":
                return self._timeout(f"over {self.settings.statement_timeout_s:g} s")
            if state in _REFUSED_VALUES:
                return ValueRefused(self.source, why=str(error))
            return StatementFailed(self.source, why=f"{state} {error}", fix=_RESTART if state in _GONE else None)
        if isinstance(error, ValueError):
            # The driver itself could not encode a parameter.
            return ValueRefused(self.source, why=str(error))
        return _ConnectionLost(f"{type(error).__name__}: {error}")

    def _with_place(self, why: str) -> str:
        return f"{why}; {self.place}" if self.place is not None else why

    def _timeout(self, why: str) -> SourceTimeout:
        return SourceTimeout(self.source, why=why)
