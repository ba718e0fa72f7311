"""Rows of another database that are too slow: only what waits for them fails, and they are not asked for again."""

from __future__ import annotations

import pytest

from punnet.sources.postgres.source import PostgresSource
from tests.failing import Failing
from tests.joins.ways import JoinedWays

TWO_PAGES = """{
  one: products(first: 1, orderBy: [{ id: ASC }]) { nodes { id thing { day } } }
  other: products(first: 1, offset: 1, orderBy: [{ id: ASC }]) { nodes { id thing { kind } } }
}"""


def lab(ways: JoinedWays) -> PostgresSource:
    database = ways.runtime.sources.databases["lab"]
    assert isinstance(database, PostgresSource)
    return database


async def test_rows_that_are_well_are_answered_beside_those_that_failed(
    ways: JoinedWays, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = Failing(lab(ways), monkeypatch, table="things", key=("1",))
    answer = await ways.compiled(TWO_PAGES)
    assert failing.count == 1
    assert answer.same_as(await ways.resolved(TWO_PAGES))
    assert answer.data == {
        "one": {"nodes": [{"id": 1, "thing": None}]},
        "other": {"nodes": [{"id": 2, "thing": {"kind": "PLAIN"}}]},
    }
    assert [error["path"] for error in answer.errors] == [["one", "nodes", 0, "thing"]]
