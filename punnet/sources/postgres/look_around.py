"""Reads what a Postgres database has besides what it offers to the current role."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

from punnet.catalog.surroundings import HiddenRelation, Surroundings

if TYPE_CHECKING:
    from asyncpg import Connection, Record
    from asyncpg.pool import PoolConnectionProxy

_SURROUNDINGS = (resources.files("punnet.sources.postgres") / "introspection" / "surroundings.sql").read_text("utf-8")


async def look_around(connection: Connection[Record] | PoolConnectionProxy[Record]) -> Surroundings:
    """Read the names of the database and the role, the namespaces, and what is hidden from the role."""
    here = await connection.fetchrow("select current_database()::text as database, current_user::text as role")
    if here is None:
        raise TypeError("a database has a name")
    rows = await connection.fetch(_SURROUNDINGS)
    return Surroundings(
        database=here["database"],
        role=here["role"],
        namespaces=tuple(dict.fromkeys(row["namespace"] for row in rows)),
        hidden=tuple(
            HiddenRelation(namespace=row["namespace"], name=row["name"], why=row["why"])
            for row in rows
            if row["why"] is not None
        ),
        hidden_columns={
            f"{row['namespace']}.{row['name']}": row["hidden_columns"]
            for row in rows
            if row["name"] is not None and row["why"] is None
        },
    )
