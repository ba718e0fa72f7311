"""Fills an empty database with everything that is likely to go wrong."""

from __future__ import annotations

from pathlib import Path

import asyncpg

from tests.nasty.values import KEY_TYPES, Abilities, everything_sql, keyed_sql

_FOLDER = Path(__file__).parent


async def load_values(url: str) -> Abilities:
    """Make the table `everything` and its types."""
    connection = await asyncpg.connect(url)
    try:
        abilities = await abilities_of(connection)
        await connection.execute("create extension citext; create extension hstore")
        await connection.execute(_read("types.sql"))
        await connection.execute(everything_sql(abilities))
        return abilities
    finally:
        await connection.close()


async def load_nasty(url: str) -> Abilities:
    """Make `everything`, and tables and views with awkward names, keys and links."""
    abilities = await load_values(url)
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(_read("structure.sql"))
        if abilities.has_icu:
            await connection.execute(_read("icu.sql"))
        for number, type_ in enumerate(KEY_TYPES):
            await connection.execute(keyed_sql(number, type_, abilities))
        await connection.execute("analyze")
        return abilities
    finally:
        await connection.close()


async def abilities_of(connection: asyncpg.Connection) -> Abilities:
    """What the server can do: some are built without libxml or ICU."""
    return Abilities(
        connection.get_server_version().major,
        has_xml=await _can(connection, "select '<a/>'::xml"),
        has_icu=await _can(connection, "create collation a_try (provider = icu, locale = 'und')"),
    )


async def _can(connection: asyncpg.Connection, statement: str) -> bool:
    try:
        await connection.execute(statement)
    except asyncpg.FeatureNotSupportedError:
        return False
    return True


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
