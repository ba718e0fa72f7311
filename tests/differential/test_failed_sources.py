"""A source that fails a read fails what the read was for, in both ways, and is not asked for it again."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import pytest

from punnet.access.session import Session
from punnet.planning.read import Read
from punnet.schema.build import Choices
from punnet.sources.errors import SourceFailed, SourceTimeout
from punnet.sources.postgres.source import PostgresSource, Prepared
from punnet.sources.rows import Key, RowValues
from tests.engines import Ways, both_ways

NODES = "query($ids: [ID!]!) { nodes(nodeIds: $ids) { __typename nodeId } }"
ENTITIES = """query($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on Product { sku } ... on Category { name } }
}"""


class Failing:
    """Fails all that is asked of one table by keys, and counts it."""

    def __init__(self, source: PostgresSource, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        self.error: Exception = SourceTimeout("default", why="too slow")
        self._answers, self._rows = source.answers, source.keyed_rows
        monkeypatch.setattr(source, "answers", self.answers)
        monkeypatch.setattr(source, "keyed_rows", self.keyed_rows)

    async def answers(
        self, prepared: Prepared, keys: Sequence[Key], variables: Mapping[str, Any], session: Session
    ) -> list[bytes | None]:
        self._fail_where('"categories"' in prepared.text)
        return await self._answers(prepared, keys, variables, session)

    async def keyed_rows(
        self, read: Read, keys: Sequence[Key], variables: Mapping[str, Any], session: Session
    ) -> list[list[RowValues]]:
        self._fail_where(read.relation.id.name == "categories")
        return await self._rows(read, keys, variables, session)

    def _fail_where(self, is_failing: bool) -> None:
        if is_failing:
            self.count += 1
            raise self.error


@pytest.fixture(scope="module")
async def subgraph(shop_url: str) -> AsyncIterator[Ways]:
    async with both_ways(shop_url, choices=Choices(federation=True)) as ways:
        yield ways


@pytest.fixture(scope="module")
async def plain(shop_url: str) -> AsyncIterator[Ways]:
    async with both_ways(shop_url) as ways:
        yield ways


def node_id(type_name: str, key: str) -> str:
    return base64.urlsafe_b64encode(f'["{type_name}","{key}"]'.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SourceTimeout("default", why="too slow"), "SOURCE_TIMEOUT"),
        (SourceFailed("default", why="away"), "SOURCE_FAILED"),
    ],
)
async def test_nodes_of_one_type_fail_alone(
    plain: Ways, monkeypatch: pytest.MonkeyPatch, error: Exception, code: str
) -> None:
    failing = Failing(plain.source, monkeypatch)
    failing.error = error
    ids = [node_id("Product", "1"), node_id("Category", "1"), node_id("Product", "2"), node_id("Category", "2")]
    answer = await plain.compiled(NODES, {"ids": ids})
    assert failing.count == 1
    assert answer.same_as(await plain.resolved(NODES, {"ids": ids}))
    assert [node and node["nodeId"] for node in answer.data["nodes"]] == [ids[0], None, ids[2], None]
    assert [(each["path"], each["extensions"]["code"]) for each in answer.errors] == [
        (["nodes", 1], code),
        (["nodes", 3], code),
    ]


async def test_entities_of_one_type_fail_alone(subgraph: Ways, monkeypatch: pytest.MonkeyPatch) -> None:
    failing = Failing(subgraph.source, monkeypatch)
    representations = [{"__typename": "Category", "id": 1}, {"__typename": "Product", "id": 1}]
    answer = await subgraph.compiled(ENTITIES, {"representations": representations})
    assert failing.count == 1
    assert answer.same_as(await subgraph.resolved(ENTITIES, {"representations": representations}))
    assert answer.data["_entities"][0] is None
    assert answer.data["_entities"][1]["sku"]
    assert [(each["path"], each["extensions"]["code"]) for each in answer.errors] == [
        (["_entities", 0], "SOURCE_TIMEOUT")
    ]
