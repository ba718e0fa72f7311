"""The proof on which everything hangs: resolvers and one statement answer the same bytes."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from punnet.demo.embedded import PostgresServer
from tests.conftest import fresh_database
from tests.engines import Ways, both_ways

STRUCTURE = """
    create type mood as enum ('happy', 'so-so');
    create table shelves (id int8 primary key, label text, opened timestamptz, facts json);
    create table boxes (id int8 primary key, shelf_id int8 references shelves, label text, weight numeric, mood mood);
    create table things (
        id int8 primary key, box_id int8 references boxes, label text, price numeric, size float8, moods mood[],
        facts jsonb, made timestamptz, bytes bytea
    );
"""
FACTS = '{"a": {"b": [1e400, {"c": "\\ud83d\\ude00"}]}, "a": 2 }'
SHELVES = [
    (1, "quotes ' \" ` and \\ backslash \\u0041", "2024-05-01 12:30:00.123456+05:45", FACTS),
    (9223372036854775807, "control \x01\x08\t\n\r\x1f\x7f \u2028\u2029\ufeff", "1969-12-31 23:59:59.9-11", "  [ ]\n"),
    (-9223372036854775808, "👩‍👩‍👧‍👦 naïve e\u0301", None, "null"),
    (2, None, "0001-01-01 00:00:00+00", None),
    (3, "", "9999-12-31 23:59:59.999999+00", '"<\\/script>"'),
]

QUERY = """
    query($first: Int!, $least: Decimal!) {
      shelves(first: 4, orderBy: [{label: DESC_NULLS_LAST}]) {
        totalCount
        pageInfo { hasNextPage endCursor }
        nodes {
          id label opened facts nodeId
          boxes(first: $first, orderBy: [{weight: DESC}, {mood: ASC_NULLS_FIRST}]) {
            totalCount
            pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
            edges {
              cursor
              node {
                id label weight mood
                shelf { label }
                things(first: 2, offset: 1, where: {or: [{price: {gte: $least}}, {price: {isNull: true}}]}) {
                  totalCount
                  pageInfo { hasNextPage }
                  nodes { id label price size moods facts made bytes box { shelf { nodeId } } }
                }
              }
            }
          }
        }
      }
    }
"""


@pytest.fixture(scope="module")
async def ways(postgres: PostgresServer) -> AsyncIterator[Ways]:
    async with fresh_database(postgres) as url:
        await fill(url)
        async with both_ways(url) as ways:
            yield ways


async def fill(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(STRUCTURE)
        for number, label, opened, facts in SHELVES:
            await connection.execute(
                "insert into shelves values ($1, $2, $3::text::timestamptz, $4::text::json)",
                number,
                label,
                opened,
                facts,
            )
        await connection.execute(
            """
            insert into boxes
            select n, (array[1, 9223372036854775807, -9223372036854775808, 2, null])[n % 5 + 1],
                (select label from shelves order by id offset n % 5 limit 1),
                (array[1.50, 1.5, null, -0.000000000000000000000001, 12345678901234567890.10])[n % 5 + 1] * (n % 3),
                (array['happy', 'so-so', null]::mood[])[n % 3 + 1]
            from generate_series(1, 40) as n;
            insert into things
            select n, n % 43, (select label from shelves order by id offset n % 5 limit 1),
                (array[0.10, 99999999999999999999.99, null, 2])[n % 4 + 1],
                (array[0.1, 1e-7, 1e20, -0.0, 5e-324, null])[n % 6 + 1],
                (array['{}', '{happy,NULL}', null])[n % 3 + 1]::mood[],
                jsonb_build_object('n', n, 'deep', jsonb_build_array(null, 1e30, 'é"\\')),
                timestamptz '2024-05-01 12:30:00.5+02' + n * interval '1.000001 s',
                decode(repeat(lpad(to_hex(n % 256), 2, '0'), n % 90), 'hex')
            from generate_series(1, 400) as n where n % 43 between 1 and 40
            """
        )
    finally:
        await connection.close()


async def test_three_levels_with_pages_inside_of_lists_are_the_same_bytes(ways: Ways) -> None:
    variables = {"first": 3, "least": "0.10"}
    compiled = await ways.compiled(QUERY, variables)
    resolved = await ways.resolved(QUERY, variables)
    assert compiled.body == resolved.body
    assert compiled.errors == []
    assert (compiled.statements, resolved.statements) == (1, 9)


async def test_the_answer_holds_what_is_nasty(ways: Ways) -> None:
    body = (await ways.compiled(QUERY, {"first": 3, "least": "0.10"})).body.decode()
    assert '"label":"control \\u0001\\b\\t\\n\\r\\u001f\x7f \u2028\u2029\ufeff"' in body
    assert f'"facts":{FACTS}' in body
    assert '"opened":"2024-05-01T06:45:00.123456Z"' in body
    assert '"size":1e-07' in body
    assert '"id":"-9223372036854775808"' in body
