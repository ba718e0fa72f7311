"""How many statements an operation takes, and what they read."""

from __future__ import annotations

from typing import Any

import pytest

from punnet.server.settings import Way
from tests.engines import Ways

ACCEPTANCE = """
    { products(first: 3) { nodes {
        name category { name } reviews(first: 2) { nodes { rating customer { email } } }
    } } }
"""


@pytest.fixture
def texts(shop: Ways, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that the pool runs from now on."""
    sent: list[str] = []
    run = shop.source.pool.run

    async def recording(work: Any) -> Any:
        async def recorded(connection: Any) -> Any:
            return await work(_Recorder(connection, sent))

        return await run(recorded)

    monkeypatch.setattr(shop.source.pool, "run", recording)
    return sent


class _Recorder:
    """A connection that remembers what it is asked."""

    def __init__(self, connection: Any, sent: list[str]) -> None:
        self._connection = connection
        self._sent = sent

    def __getattr__(self, name: str) -> Any:
        ask = getattr(self._connection, name)

        def recorded(text: str, *values: object) -> Any:
            self._sent.append(text)
            return ask(text, *values)

        return recorded


async def test_the_acceptance_query_takes_one_statement_compiled_and_five_by_resolvers(shop: Ways) -> None:
    compiled = await shop.compiled(ACCEPTANCE)
    resolved = await shop.resolved(ACCEPTANCE)
    assert compiled.body == resolved.body
    assert compiled.errors == []
    assert len(compiled.data["products"]["nodes"][2]["reviews"]["nodes"]) == 2
    assert compiled.statements == 1
    assert resolved.statements <= 5


@pytest.mark.parametrize("way", [Way.COMPILED, Way.RESOLVERS])
async def test_only_the_columns_asked_for_are_read(shop: Ways, texts: list[str], way: Way) -> None:
    await shop.ask(way, ACCEPTANCE)
    sent = "\n".join(texts)
    assert '"email"' in sent
    unasked = ("sku", "price", "stock", "tags", "attributes", "description", "slug", "title", "body", "full_name")
    assert [name for name in unasked if f'"{name}"' in sent] == []


@pytest.mark.parametrize("way", [Way.COMPILED, Way.RESOLVERS])
async def test_values_and_the_aliases_of_roots_are_in_no_statement(shop: Ways, texts: list[str], way: Way) -> None:
    query = """query($sku: String!) { a__1: products(where: {sku: {eq: $sku}, name: {ne: "N'); --"}}) {
        nodes { b__2: id } } }"""
    answer = await shop.ask(way, query, {"sku": "X'); drop"})
    sent = "\n".join(texts)
    assert answer.data == {"a__1": {"nodes": []}}
    assert '"sku" = $1' in sent
    assert [text for text in ("N');", "X');", "a__1") if text in sent] == []


async def test_each_root_is_one_statement(shop: Ways) -> None:
    query = "{ a: products(first: 1) { totalCount } b: orders { totalCount } product(id: 1) { id } }"
    answer = await shop.compiled(query)
    assert answer.statements == 3


async def test_ids_take_one_statement_a_type(shop: Ways) -> None:
    page = await shop.compiled("{ products(first: 3) { nodes { nodeId } } reviews(first: 3) { nodes { nodeId } } }")
    ids = [node["nodeId"] for collection in page.data.values() for node in collection["nodes"]]
    query = "query($ids: [ID!]!) { nodes(nodeIds: $ids) { nodeId ... on Product { category { name } } } }"
    compiled = await shop.compiled(query, {"ids": ids * 2})
    resolved = await shop.resolved(query, {"ids": ids * 2})
    assert compiled.body == resolved.body
    assert (compiled.statements, resolved.statements) == (2, 3)


async def test_statements_do_not_grow_with_rows(shop: Ways) -> None:
    query = """query($n: Int!) {
        orders(first: $n) { nodes { customer { email } orderLines { nodes { product { name } } } } } }"""
    few = await shop.resolved(query, {"n": 1})
    many = await shop.resolved(query, {"n": 200})
    assert few.statements == many.statements == 4
