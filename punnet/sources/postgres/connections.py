"""Connections kept between statements, the last used first.

asyncpg's pool makes, checks and ends connections, and cleans up after a cancelled statement. But taking one from it
and giving it back costs a task, two timeouts and a shield: more than all else that a small statement costs us. So
connections whose statement ended well go from hand to hand here, and only the others go back to the pool.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from typing import Any, Self

import asyncpg

from punnet.sources.deadlines import Deadlines, fail_future

MOST_PREPARED = 5_000_000
"""Characters of the statements that a connection prepares in its life: the server keeps some 75 bytes of each."""


class PooledConnection(asyncpg.Connection):
    """A connection that is used without the pool's proxy around it, which costs a statement 2 µs."""

    __slots__ = ("_prepared", "_prepared_length", "proxy")

    proxy: Any
    """What the pool takes back in its place."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._prepared: set[str] = set()
        self._prepared_length = 0

    @property
    def is_full(self) -> bool:
        """Whether the server keeps so many statements of this connection that a new one is better."""
        return self._prepared_length > MOST_PREPARED

    def itself(self) -> Self:
        """The connection, when asked through its proxy."""
        return self

    def records_of(self, text: str, values: Sequence[object]) -> Coroutine[Any, Any, list[asyncpg.Record]]:
        """All that a statement gives.

        Also where that is one value: `fetchval` asks for one row, and then Postgres runs no plan on several cores.
        """
        self._note(text)
        return self.fetch(text, *values)

    def _note(self, text: str) -> None:
        if text not in self._prepared:
            self._prepared.add(text)
            self._prepared_length += len(text)


class Connections:
    """Up to as many connections as the pool has, each used by one at a time."""

    def __init__(self, pool: asyncpg.Pool[asyncpg.Record]) -> None:
        self._pool = pool
        self._taken = 0
        """How many are out of the pool: in use, or idle here."""
        self._idle: list[PooledConnection] = []
        self._waiters: deque[asyncio.Future[PooledConnection | None]] = deque()
        self._deadlines: Deadlines[asyncio.Future[Any]] = Deadlines(time.monotonic, fail_future)

    def take_idle(self) -> PooledConnection | None:
        """A connection that nobody uses, None where there is none at once."""
        if self._idle and not self._idle[-1].is_closed():
            return self._idle.pop()
        return None

    async def acquire(self, timeout_s: float) -> PooledConnection:
        """A connection; raises TimeoutError, or what making one raises."""
        while True:
            while self._idle:
                connection = self._idle.pop()
                if not connection.is_closed():
                    return connection
                await self._give_back(connection)
            if self._taken < self._pool.get_max_size():
                return await self._take(timeout_s)
            handed_on = await self._wait(timeout_s)
            if handed_on is not None:
                return handed_on

    def keep(self, connection: PooledConnection) -> None:
        """Hand on a connection whose statement ended well."""
        waiter = self._next_waiter()
        if waiter is not None:
            waiter.set_result(connection)
        else:
            self._idle.append(connection)

    async def discard(self, connection: PooledConnection) -> None:
        """Give back a connection whose statement did not end well: the pool looks at what can be done with it."""
        await self._give_back(connection)

    async def replace(self, connection: PooledConnection) -> None:
        """Close a connection; another one is made in its place when it is needed."""
        with suppress(OSError, TimeoutError, asyncpg.InterfaceError, asyncpg.PostgresError):
            await connection.close(timeout=1)
        await self._give_back(connection)

    async def expire(self) -> None:
        """Use no connection again that has been made so far."""
        await self._pool.expire_connections()
        await self.give_up_idle()

    async def give_up_idle(self) -> None:
        """Give back the connections that nobody uses."""
        idle, self._idle = self._idle, []
        for connection in idle:
            await self._give_back(connection)

    async def _take(self, timeout_s: float) -> PooledConnection:
        self._taken += 1
        try:
            proxy: Any = await self._pool.acquire(timeout=timeout_s)
        except BaseException:
            self._one_less()
            raise
        connection: PooledConnection = proxy.itself()
        connection.proxy = proxy
        return connection

    async def _give_back(self, connection: PooledConnection) -> None:
        proxy, connection.proxy = connection.proxy, None
        try:
            # An error means that the pool ended it, or that it ended by itself and the pool has it back already.
            with suppress(OSError, asyncpg.InterfaceError, asyncpg.InternalClientError, asyncpg.PostgresError):
                await self._pool.release(proxy)
        finally:
            self._one_less()

    def _one_less(self) -> None:
        self._taken -= 1
        self._wake_one()

    async def _wait(self, timeout_s: float) -> PooledConnection | None:
        waiter: asyncio.Future[PooledConnection | None] = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        self._deadlines.add(waiter, time.monotonic() + timeout_s)
        try:
            return await waiter
        except BaseException:
            # What was handed to a waiter that has gone meanwhile goes on to the next.
            if waiter.done() and not waiter.cancelled() and waiter.exception() is None:
                handed_on = waiter.result()
                if handed_on is None:
                    self._wake_one()
                else:
                    self.keep(handed_on)
            raise
        finally:
            self._deadlines.discard(waiter)

    def _wake_one(self) -> None:
        """Have a waiter make a connection of its own, now that there is room for one."""
        waiter = self._next_waiter()
        if waiter is not None:
            waiter.set_result(None)

    def _next_waiter(self) -> asyncio.Future[PooledConnection | None] | None:
        while self._waiters:
            waiter = self._waiters.popleft()
            if not waiter.done():
                return waiter
        return None
