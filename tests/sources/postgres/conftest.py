"""Empty databases, for what is read from one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import asyncpg
import pytest

from tests.conftest import MakeDatabase

if TYPE_CHECKING:
    from asyncpg import Connection, Record

    Db = Connection[Record]


@pytest.fixture(params=["postgres", "postgres_15"])
async def db(request: pytest.FixtureRequest, empty_database: MakeDatabase) -> AsyncIterator[Db]:
    """An empty database on each version."""
    connection = await asyncpg.connect(await empty_database(request.getfixturevalue(request.param)))
    yield connection
    await connection.close()


@pytest.fixture
async def reader(db: Db) -> AsyncIterator[str]:
    """A role that may not yet select from anything of ours."""
    role = f"reader_{await db.fetchval('select current_database()')}"
    await db.execute(f"create role {role}")
    yield role
    await db.execute(f"reset role; drop owned by {role}; drop role {role}")
