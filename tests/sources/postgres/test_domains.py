"""Columns of domains, as they are compared: by filters, by cursors, by look-ups and by relationships."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from punnet.catalog.overrides import Overrides
from punnet.demo.embedded import PostgresServer
from punnet.schema.build import Choices
from tests.conftest import fresh_database
from tests.engines import Ways, both_ways
from tests.sources.postgres.linking import link

MOODS = """
create type mood as enum ('sad', 'calm', 'happy');
create domain said_mood as mood;
create table moods (mood said_mood primary key, note text not null);
create table days (id int primary key, mood said_mood);
insert into moods values ('sad', 'rain'), ('calm', 'clouds'), ('happy', 'sun');
insert into days select i, case when i % 4 > 0 then (enum_range(null::mood))[1 + i % 3] end
  from generate_series(1, 12) i;
"""
INDEX = "create index on days (mood);"
# Postgres has no foreign keys of such domains.
CHOICES = Choices(overrides=Overrides(relationships=[link("days.mood", "moods.mood", "about", "days")]))
MANY = "insert into days select i from generate_series(13, 1000) i; analyze;"


@pytest.fixture(
    scope="module", params=[MOODS, MOODS + INDEX, MOODS + MANY], ids=["no index", "an index", "one scan for all"]
)
async def days(request: pytest.FixtureRequest, postgres: PostgresServer) -> AsyncIterator[Ways]:
    async with fresh_database(postgres, request.param) as url, both_ways(url, choices=CHOICES) as ways:
        yield ways


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("{eq: HAPPY}", [2, 5, 11]),
        ("{ne: HAPPY}", [1, 3, 6, 7, 9, 10]),
        ("{in: [SAD, HAPPY]}", [2, 3, 5, 6, 9, 11]),
        ("{notIn: [SAD, HAPPY]}", [1, 7, 10]),
    ],
)
async def test_a_domain_over_an_enum_is_filtered_as_the_enum(days: Ways, where: str, found: list[int]) -> None:
    answer = await days.agreed(f"{{ days(where: {{mood: {where}}}) {{ nodes {{ id }} }} }}")
    assert answer.data == {"days": {"nodes": [{"id": number} for number in found]}}


@pytest.mark.parametrize(
    ("order", "before", "found"),
    [
        ("ASC", 7, [10, 2, 5]),
        ("DESC", 5, [11, 1, 7]),
        ("ASC_NULLS_FIRST", 7, [10, 2, 5]),
        ("DESC_NULLS_LAST", 5, [11, 1, 7]),
    ],
)
async def test_a_page_goes_on_after_a_value_of_a_domain_over_an_enum(
    days: Ways, order: str, before: int, found: list[int]
) -> None:
    arguments = f"orderBy: [{{mood: {order}}}], where: {{id: {{lte: 12}}}}"
    edges = (await days.agreed(f"{{ days({arguments}) {{ edges {{ cursor node {{ id }} }} }} }}")).data["days"]["edges"]
    cursor = next(edge["cursor"] for edge in edges if edge["node"]["id"] == before)
    page = await days.agreed(f'{{ days({arguments}, first: 3, after: "{cursor}") {{ nodes {{ id }} }} }}')
    assert page.data == {"days": {"nodes": [{"id": number} for number in found]}}


async def test_a_domain_over_an_enum_is_a_key(days: Ways) -> None:
    answer = await days.agreed("""{
      mood(mood: CALM) { note days(first: 2) { totalCount nodes { id } } }
      moods { nodes { note days(first: 1) { nodes { id mood } } } }
      days(first: 2) { nodes { about { note } } }
    }""")
    assert answer.errors == []
    assert answer.data["mood"] == {"note": "clouds", "days": {"totalCount": 3, "nodes": [{"id": 1}, {"id": 7}]}}
