"""Moments in filters: the driver's parameters are the moments that were given, to the microsecond and to both ends."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from punnet.demo.embedded import PostgresServer
from tests.conftest import fresh_database
from tests.engines import Ways, both_ways
from tests.sources.postgres.explained import explained, nodes_of

VALUES = {
    "at": (
        "-infinity",
        "0001-01-01T00:00:00Z",
        "2024-02-29T23:59:59.999999Z",
        "9999-12-31T23:59:59.999999Z",
        "infinity",
    ),
    "local": (
        "-infinity",
        "0001-01-01T00:00:00",
        "2024-02-29T23:59:59.999999",
        "9999-12-31T23:59:59.999999",
        "infinity",
    ),
    "day": ("-infinity", "0001-01-01", "2024-02-29", "9999-12-31", "infinity"),
}
TYPES = {"at": "DateTime", "local": "LocalDateTime", "day": "Date"}
FINITE = slice(1, 4)
ROW_VALUES = enumerate(zip(*VALUES.values(), strict=True))
ROWS = ", ".join(f"({number}, '{at}', '{local}', '{day}')" for number, (at, local, day) in ROW_VALUES)
TABLES = f"""
create type mood as enum ('calm', 'keen');
create table events (id int primary key, at timestamptz not null, local timestamp not null, day date not null);
insert into events values {ROWS};
create table notes (
  id int primary key, at timestamptz not null, day date not null, clock time not null, mood mood not null
);
insert into notes
  select i, timestamptz '2024-01-01' + i * interval '1 min', date '2024-01-01' + i, time '00:00' + i * interval '1 s',
         case when i % 2 = 0 then 'calm' else 'keen' end::mood
  from generate_series(1, 3000) i;
"""


@pytest.fixture(scope="module")
async def events(postgres: PostgresServer) -> AsyncIterator[Ways]:
    async with fresh_database(postgres, TABLES) as url, both_ways(url) as ways:
        yield ways


async def found(ways: Ways, column: str, test: str, value: object) -> list[int]:
    """The rows that a filter by a variable finds, by their places in the order of time."""
    type_ = f"[{TYPES[column]}!]" if isinstance(value, list) else TYPES[column]
    query = f"query($v: {type_}) {{ events(where: {{{column}: {{{test}: $v}}}}) {{ nodes {{ id }} }} }}"
    return [row["id"] for row in (await ways.agreed(query, {"v": value})).data["events"]["nodes"]]


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("column", VALUES)
async def test_a_moment_is_compared_as_it_is(events: Ways, column: str, number: int) -> None:
    value = VALUES[column][number]
    assert await found(events, column, "eq", value) == [number]
    assert await found(events, column, "lt", value) == list(range(number))
    assert await found(events, column, "gte", value) == list(range(number, 5))


@pytest.mark.parametrize("column", VALUES)
async def test_moments_of_a_list_are_compared_as_they_are(events: Ways, column: str) -> None:
    assert await found(events, column, "in", list(VALUES[column][FINITE])) == [1, 2, 3]
    assert await found(events, column, "notIn", list(VALUES[column][FINITE])) == [0, 4]


@pytest.mark.parametrize(
    "where",
    [
        '{at: {gte: "2024-01-02T00:00:00Z"}}',
        '{at: {in: ["2024-01-02T00:00:00Z", "2024-01-02T00:01:00Z"]}}',
        '{day: {notIn: ["2024-01-02"]}}',
        '{clock: {in: ["00:00:07", "00:00:08"]}}',
        '{clock: {lt: "00:00:07"}}',
        "{mood: {ne: CALM}}",
        "{mood: {in: [KEEN]}}",
    ],
)
async def test_a_filter_casts_no_parameter_for_each_row(events: Ways, where: str) -> None:
    node = await explained(events, f"{{ notes(where: {where}) {{ totalCount }} }}")
    [scan] = [each for each in nodes_of(node) if each.get("Relation Name") == "notes"]
    assert "::text" not in scan["Filter"]
