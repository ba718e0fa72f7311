"""The ground that all peers of a run stand on: one database, one HTTP service."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg
import orjson
from loopback import fetch, free_port
from options import Options
from processes import OTHER_CORE, Process, wait_for
from rig import HERE, VENV_PYTHON, WORK

ORDERS = 100000
"""Orders of the dataset; ids above it were written by Q7."""
LINES = 3
"""Lines of each order that Q7 writes."""


class Ground:
    postgres: Process
    upstream: Process

    def __init__(self, options: Options) -> None:
        self.options = options
        self.started: list[Process] = []
        self.port, self.upstream_port = free_port(), free_port()
        # Where peers find the database: behind the relay when it is to be far away.
        self.far_port = free_port() if options.db_latency else self.port
        self.upstream_url = f"http://127.0.0.1:{self.upstream_port}"
        self.data = WORK / "pgdata"
        self.tcp_dsn = f"postgres://postgres@127.0.0.1:{self.port}/shop"
        if options.pg == "tcp":
            self.host, self.dsn = "127.0.0.1", f"postgres://postgres@127.0.0.1:{self.far_port}/shop"
        else:
            self.host, self.dsn = str(self.data), f"postgres://postgres@/shop?host={self.data}&port={self.port}"

    def start(self) -> None:
        self.postgres = self._start("postgres", "pg_holder.py", self.data, self.port, hold_stdin=True)
        self.upstream = self._start("upstream", "upstream/server.py", self.upstream_port, self.options.latency)
        if self.options.db_latency:
            self._start("delay", "delay.py", self.far_port, self.port, self.options.db_latency)

    def _start(self, name: str, script: str, *words: object, hold_stdin: bool = False) -> Process:
        command = [str(VENV_PYTHON), str(HERE / script), *map(str, words)]
        cores = OTHER_CORE if self.options.pin else None
        process = Process(name, command, cores=cores, hold_stdin=hold_stdin)
        self.started.append(process)
        return process

    def wait(self) -> None:
        wait_for(self._database_answers, 60, self.postgres, "PostgreSQL with dataset shop (setup.sh loads it)")
        wait_for(lambda: fetch(self.upstream_url + "/stats")[0] == 200, 10, self.upstream, "upstream")

    def _database_answers(self) -> bool:
        try:
            count: int = self._fetchval("SELECT count(*) FROM shop.orders")
        except (asyncpg.PostgresError, OSError):
            return False
        return count >= ORDERS

    def environment(self) -> dict[str, str]:
        """What a peer is told about the ground."""
        return {
            "BENCH_DSN": self.dsn,
            "BENCH_PG_HOST": self.host,
            "BENCH_PG_PORT": str(self.far_port),
            "BENCH_PG_USER": "postgres",
            "BENCH_PG_DATABASE": "shop",
            "BENCH_UPSTREAM": self.upstream_url,
            "BENCH_POOL": str(self.options.pool),
            "BENCH_HTTP_POOL": "100",
            "NODE_ENV": "production",
            "NO_COLOR": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def _fetchval(self, *statements: str) -> Any:
        return asyncio.run(fetchval(self.tcp_dsn, statements))

    def written(self) -> tuple[int, int]:
        """The orders and the order lines that Q7 wrote."""
        orders, lines = self._fetchval(
            f"SELECT array[(SELECT count(*) FROM orders WHERE id > {ORDERS}),"
            f" (SELECT count(*) FROM order_lines WHERE order_id > {ORDERS})]"
        )
        return orders, lines

    def clean(self) -> None:
        """Takes out what Q7 wrote, so that every peer inserts into the same tables."""
        self._fetchval(
            f"DELETE FROM order_lines WHERE order_id > {ORDERS}",
            f"DELETE FROM orders WHERE id > {ORDERS}",
            f"SELECT setval(pg_get_serial_sequence('orders', 'id'), {ORDERS})",
            "VACUUM orders",
            "VACUUM order_lines",
            "CHECKPOINT",
        )

    def upstream_calls(self) -> int:
        stats = orjson.loads(fetch(self.upstream_url + "/stats")[1])
        calls: int = stats["inventory_calls"] + stats["shipment_calls"] + stats["other_calls"]
        return calls

    def stop(self) -> None:
        for process in reversed(self.started):
            process.stop()


async def fetchval(dsn: str, statements: tuple[str, ...]) -> Any:
    """The first value of the last statement's answer."""
    connection = await asyncpg.connect(dsn, server_settings={"search_path": "shop"})
    try:
        value = None
        for statement in statements:
            value = await connection.fetchval(statement)
        return value
    finally:
        await connection.close()


@contextmanager
def common_ground(options: Options) -> Iterator[Ground]:
    """The ground, started and clean, until the block is left."""
    ground = Ground(options)
    try:
        ground.start()
        ground.wait()
        ground.clean()
        yield ground
    finally:
        ground.stop()
