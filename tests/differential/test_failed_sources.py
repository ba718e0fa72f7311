"""A source that fails a read fails what the read was for, in both ways, and is not asked for it again."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Mapping

import pytest

from punnet.schema.build import Choices
from punnet.sources.errors import SourceFailed, SourceTimeout
from tests.engines import Ways, both_ways
from tests.failing import Failing

NODES = "query($ids: [ID!]!) { nodes(nodeIds: $ids) { __typename nodeId } }"
ENTITIES = """query($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on Product { sku } ... on Category { name } }
}"""
TWO = """query($one: ID!, $other: ID!) {
  one: node(nodeId: $one) { ... on Category { name } }
  other: node(nodeId: $other) { ... on Category { slug } }
}"""
BELOW = """query($id: ID!) {
  node(nodeId: $id) { ... on Category { name products(first: 1) { nodes { sku } } } }
}"""
BROKEN = 'broken: node(nodeId: "no id") { nodeId }'


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


async def test_a_node_that_is_well_is_answered_beside_one_that_failed(
    plain: Ways, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = Failing(plain.source, monkeypatch, key=("1",))
    ids = {"one": node_id("Category", "1"), "other": node_id("Category", "2")}
    answer = await plain.compiled(TWO, ids)
    assert failing.count == 1
    assert answer.same_as(await plain.resolved(TWO, ids))
    assert answer.data["one"] is None
    assert answer.data["other"]["slug"]
    assert [error["path"] for error in answer.errors] == [["one"]]


async def test_keys_that_go_with_one_that_failed_fail_with_it(plain: Ways, monkeypatch: pytest.MonkeyPatch) -> None:
    failing = Failing(plain.source, monkeypatch, key=("1",))
    ids = {"one": node_id("Category", "1"), "other": node_id("Category", "2")}
    query = TWO.replace("slug", "name")
    answer = await plain.compiled(query, ids)
    assert failing.count == 1
    assert answer.same_as(await plain.resolved(query, ids))
    assert answer.data == {"one": None, "other": None}


async def test_a_node_is_answered_where_what_is_below_it_failed(plain: Ways, monkeypatch: pytest.MonkeyPatch) -> None:
    Failing(plain.source, monkeypatch, table="products")
    ids = {"id": node_id("Category", "1")}
    answer = await plain.compiled(BELOW, ids)
    assert answer.same_as(await plain.resolved(BELOW, ids))
    assert answer.data["node"]["name"]
    assert [error["path"] for error in answer.errors] == [["node", "products"]]


@pytest.mark.parametrize(
    ("declared", "root", "variables"),
    [
        ("", "categories { nodes { name } }", {}),
        ("", "categories { totalCount }", {}),
        ("($id: Int!)", "category(id: $id) { name parent: nodeId }", {"id": 2}),
        (
            "($ids: [Int!]!, $first: Int!)",
            "categories(where: { id: { in: $ids } }, first: $first) { nodes { name } pageInfo { hasNextPage } }",
            {"ids": [1, 2], "first": 1},
        ),
        (
            "($id: Int!)",
            "categories(where: { and: [{ not: { id: { eq: $id } } }, { id: { in: [1, $id] } }] }) { nodes { id } }",
            {"id": 2},
        ),
        (
            "($skip: Int!)",
            "categories(orderBy: [{ name: ASC }], offset: $skip) { edges { cursor node { nodeId } } }",
            {"skip": 1},
        ),
    ],
)
async def test_a_root_that_failed_is_not_asked_again_because_of_another(
    plain: Ways, monkeypatch: pytest.MonkeyPatch, declared: str, root: str, variables: Mapping[str, object]
) -> None:
    failing = Failing(plain.source, monkeypatch)
    query = f"query{declared} {{ {root} {BROKEN} }}"
    answer = await plain.compiled(query, variables)
    assert failing.count == 1
    assert answer.same_as(await plain.resolved(query, variables))
    assert answer.codes == {"SOURCE_TIMEOUT", "BAD_USER_INPUT"}
