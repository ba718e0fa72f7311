"""What a test asks a database beside Punnet."""

from __future__ import annotations

from typing import Any

import asyncpg

SLEEPING = """
    select pid from pg_stat_activity
    where application_name = 'punnet' and datname = current_database() and wait_event = 'PgSleep'
"""
TERMINATE = """
    select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'punnet' and datname = current_database()
"""
CANCEL = """
    select pg_cancel_backend(pid) from pg_stat_activity
    where application_name = 'punnet' and datname = current_database() and wait_event = 'PgSleep'
"""


async def execute(url: str, statements: str) -> None:
    """Run statements."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statements)
    finally:
        await connection.close()


async def fetch(url: str, statement: str) -> list[Any]:
    """The values of the first column."""
    connection = await asyncpg.connect(url)
    try:
        return [record[0] for record in await connection.fetch(statement)]
    finally:
        await connection.close()


async def is_asked(url: str) -> bool:
    """Whether a statement of Punnet's sleeps."""
    return bool(await fetch(url, SLEEPING))


async def terminate_all(url: str) -> None:
    """End all of Punnet's connections."""
    await fetch(url, TERMINATE)


async def cancel_all(url: str) -> None:
    """End Punnet's statements that sleep, as their timeout would."""
    await fetch(url, CANCEL)
