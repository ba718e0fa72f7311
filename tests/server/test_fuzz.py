"""Nothing that a client sends breaks the server."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import httpx2
import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from punnet.server.protocol import NotAnswered, request_from_query_string

JSON_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)
WORDS = ["query", "mutation", "subscription", "fragment", "on", "products", "nodes", "id", "where", "first", "__type"]
VALUES = ["1", "-1", "1e400", "null", "true", '"\\u0000"', '"""']
TOKENS = st.sampled_from([*"{}()[]:!$@#\n", "...", *WORDS, *VALUES])
DOCUMENTS = st.lists(TOKENS, max_size=25).map(" ".join)
REQUESTS = st.fixed_dictionaries(
    {"query": DOCUMENTS | JSON_VALUES},
    optional={"variables": JSON_VALUES, "operationName": JSON_VALUES, "extensions": JSON_VALUES},
)
VARIABLES = st.dictionaries(st.sampled_from(["where", "first", "after", "other"]), JSON_VALUES)
WITH_VARIABLES = """
    query ($where: ProductWhere, $first: Int, $after: String) {
        products(where: $where, first: $first, after: $after) { nodes { id } }
    }
"""

shared_server = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@shared_server
@given(body=st.binary(max_size=300))
async def test_random_bytes(shop: httpx2.AsyncClient, body: bytes) -> None:
    await assert_answers(shop, body)


@shared_server
@given(body=(JSON_VALUES | REQUESTS).map(orjson.dumps))
async def test_random_json(shop: httpx2.AsyncClient, body: bytes) -> None:
    await assert_answers(shop, body)


@shared_server
@given(variables=VARIABLES)
async def test_random_variables(shop: httpx2.AsyncClient, variables: dict[str, Any]) -> None:
    await assert_answers(shop, orjson.dumps({"query": WITH_VARIABLES, "variables": variables}))


@given(query_string=st.binary(max_size=100) | st.binary(max_size=50).map(lambda raw: b"query=x&variables=" + raw))
def test_random_urls(query_string: bytes) -> None:
    with suppress(NotAnswered):
        request_from_query_string(query_string, "id")


async def assert_answers(client: httpx2.AsyncClient, body: bytes) -> None:
    answer = await client.post("/graphql", content=body, headers={"content-type": "application/json"})
    assert answer.status_code < 500
    assert "INTERNAL_SERVER_ERROR" not in answer.text
    assert set(answer.json()) <= {"data", "errors"}
