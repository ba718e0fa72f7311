"""Relationships between columns of two types, which Postgres compares as a third: read one by one, or at once."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from punnet.catalog.overrides import Overrides
from punnet.demo.embedded import PostgresServer
from punnet.schema.build import Choices
from tests.conftest import fresh_database
from tests.engines import Ways, both_ways
from tests.sources.postgres.linking import key, link

TABLES = """
create extension citext;
create table people (id int primary key, name text not null unique, size float8 not null unique);
create table things (id int primary key, owner citext not null, size int8 not null, weight numeric not null);
insert into people values (1, 'ada', 9007199254740992), (2, 'Ada', 5), (3, 'bob', 6);
insert into things values
  (1, 'ada', 9007199254740992, 9007199254740992), (2, 'Ada', 9007199254740993, 9007199254740993), (3, 'bob', 6, 6.0);
"""
MORE = "insert into things select i, 'nobody' || i, -i, -i from generate_series(100, 5000) i;"
CHOICES = Choices(
    overrides=Overrides(
        relations=[key("things", "size")],
        relationships=[
            link("things.owner", "people.name", "person", "things"),
            link("things.weight", "people.size", "asHeavy", "asHeavyThings"),
            link("people.size", "things.size", "asLarge", "asLargePeople"),
        ],
    )
)


@pytest.fixture(
    scope="module", params=[f"{TABLES} analyze;", f"{TABLES} {MORE} analyze;"], ids=["one by one", "at once"]
)
async def people(request: pytest.FixtureRequest, postgres: PostgresServer) -> AsyncIterator[Ways]:
    async with fresh_database(postgres, request.param) as url, both_ways(url, choices=CHOICES) as ways:
        yield ways


async def test_a_text_finds_only_its_own_case(people: Ways) -> None:
    answer = await people.agreed("{ people { nodes { things(first: 1) { totalCount nodes { owner } } } } }")
    assert answer.errors == []
    assert [each["things"] for each in answer.data["people"]["nodes"]] == [
        {"totalCount": 1, "nodes": [{"owner": owner}]} for owner in ("ada", "Ada", "bob")
    ]


async def test_numbers_that_are_one_as_floats_are_one_parents_rows(people: Ways) -> None:
    answer = await people.agreed("{ people { nodes { asHeavyThings(first: 1) { totalCount nodes { id } } } } }")
    assert answer.errors == []
    assert [each["asHeavyThings"] for each in answer.data["people"]["nodes"]] == [
        {"totalCount": 2, "nodes": [{"id": 1}]},
        {"totalCount": 0, "nodes": []},
        {"totalCount": 1, "nodes": [{"id": 3}]},
    ]


async def test_several_rows_of_one_float_are_no_single_row(people: Ways) -> None:
    answer = await people.agreed("{ people { nodes { id asLarge { id } } } }")
    assert [each["asLarge"] for each in answer.data["people"]["nodes"]] == [None, None, {"id": 3}]
    assert [error["path"] for error in answer.errors] == [["people", "nodes", 0, "asLarge"]]
