"""Rows that are joined with the one row that they point to."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from punnet.demo.embedded import PostgresServer
from tests.conftest import fresh_database
from tests.engines import Ways, both_ways
from tests.sources.postgres.explained import statement_of

CHAIN = """
create table links (id int primary key, up int references links);
insert into links select i, nullif(i - 1, 0) from generate_series(1, 50) i;
"""


@pytest.fixture(scope="module")
async def chain(postgres: PostgresServer) -> AsyncIterator[Ways]:
    async with fresh_database(postgres, CHAIN) as url, both_ways(url) as ways:
        yield ways


def up(levels: int) -> str:
    return "{ links { nodes {" + "id linkByUp {" * levels + "id" + "}" * levels + "} } }"


async def test_a_chain_of_rows_is_joined_where_it_is_short(chain: Ways) -> None:
    assert statement_of(chain, up(10)).text.count("left join lateral") == 10


async def test_so_many_joins_that_planning_them_takes_long_are_not_made(chain: Ways) -> None:
    answer = await chain.agreed(up(60))
    assert (answer.statements, answer.errors) == (1, [])
    assert statement_of(chain, up(60)).text.count("left join lateral") < 32
