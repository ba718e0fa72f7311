"""Random operations on random databases are answered alike both ways."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import asyncpg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from punnet.demo.embedded import PostgresServer
from tests.conftest import fresh_database
from tests.differential.api import api_of
from tests.differential.comparing import AT_LENGTH, QUICK, compare
from tests.differential.databases import databases
from tests.differential.operations import operations
from tests.engines import both_ways
from tests.nasty.database import load_values
from tests.nasty.values import Abilities

OPERATIONS = 4
EMPTIED = """
    do $$ declare name text; begin
        for name in select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' loop
            execute format('drop table if exists public.%I cascade', name);
        end loop;
    end $$
"""


@dataclass(frozen=True, slots=True)
class Scratch:
    """A database that has the types, and whose tables come and go."""

    url: str
    abilities: Abilities

    async def fill(self, structure: str) -> None:
        connection = await asyncpg.connect(self.url)
        try:
            await connection.execute(EMPTIED)
            await connection.execute(structure)
        finally:
            await connection.close()


@pytest.fixture(scope="session")
async def scratch(postgres: PostgresServer) -> AsyncIterator[Scratch]:
    async with fresh_database(postgres) as url:
        yield Scratch(url, await load_values(url))


async def check(scratch: Scratch, data: st.DataObject) -> None:
    await scratch.fill(data.draw(databases(scratch.abilities)))
    async with both_ways(scratch.url, pool_size=2) as ways:
        api = await api_of(ways, is_small=True)
        for _ in range(OPERATIONS):
            await compare(api, data.draw(operations(api)))


@settings(QUICK, max_examples=12)
@given(data=st.data())
async def test_both_ways_agree_on_any_database(scratch: Scratch, data: st.DataObject) -> None:
    await check(scratch, data)


@pytest.mark.judge
@settings(AT_LENGTH, max_examples=AT_LENGTH.max_examples // 10 + 1)
@given(data=st.data())
async def test_both_ways_agree_on_any_database_at_length(scratch: Scratch, data: st.DataObject) -> None:
    await check(scratch, data)
