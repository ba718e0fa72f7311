"""Traces for gateways, by Apollo's reports.proto and what Apollo Server's plugin InlineTrace does."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Awaitable
from typing import Any

import httpx2
import pytest
import strawberry
from graphql import build_schema, execute, parse
from pydantic import SecretStr

from punnet import OwnCode, create_app
from punnet.access.session import ANONYMOUS
from punnet.configuration.configuration import Configuration
from punnet.configuration.server import ServerConfiguration
from punnet.configuration.sources import PostgresConfiguration
from punnet.server.engine import GraphQLRequest
from punnet.server.settings import Way
from punnet.server.tracing import FederatedTrace
from tests.engines import both_ways
from tests.server.apollo_trace import fields_of, name_of, shape_of, trace_of
from tests.server.serving import GRAPHQL_RESPONSE, started

TRACED = {"apollo-federation-include-trace": "ftv1"}
QUERY = """
    query ($first: Int!) {
      cheap: products(first: $first, orderBy: [{ id: ASC }]) {
        nodes { __typename id category { title: name } reviews(first: 1) { nodes { rating } } }
      }
    }
"""


@strawberry.type
class Number:
    value: int

    @strawberry.field
    def half(self) -> int | None:
        if self.value % 2:
            raise RuntimeError("the password is swordfish")
        return self.value // 2


@strawberry.type
class Query:
    @strawberry.field
    async def numbers(self, count: int) -> list[Number]:
        return [Number(value=value) for value in range(count)]

    @strawberry.field
    def echo(self, resolver: str, source: str, node: str) -> str:
        return resolver + source + node

    @strawberry.field
    def odd(self) -> list[int | None]:
        return ["swordfish"]  # type: ignore[list-item]


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def shout(self, word: str) -> str:
        return word.upper()


@pytest.fixture(scope="module")
async def client(shop_url: str) -> AsyncIterator[httpx2.AsyncClient]:
    configuration = Configuration(
        version=1,
        server=ServerConfiguration(federated_tracing=True),
        sources={"default": PostgresConfiguration(url=SecretStr(shop_url))},
    )
    async with started(create_app(configuration, OwnCode(query=Query, mutation=Mutation))) as client:
        yield client


async def ask(client: httpx2.AsyncClient, query: str, /, **variables: Any) -> Any:
    body = {"query": query, "variables": variables}
    return (await client.post("/graphql", json=body, headers=TRACED)).json()


# -- who gets one --------------------------------------------------------------------------------


async def test_an_answer_has_a_trace_where_the_gateway_asks_for_it(client: httpx2.AsyncClient) -> None:
    answer = await ask(client, QUERY, first=1)
    assert list(answer["extensions"]) == ["ftv1"]


@pytest.mark.parametrize("headers", [{}, {"apollo-federation-include-trace": "ftv2"}])
async def test_an_answer_has_none_where_nobody_asks(client: httpx2.AsyncClient, headers: dict[str, str]) -> None:
    answer = await client.post("/graphql", json={"query": QUERY, "variables": {"first": 1}}, headers=headers)
    assert list(answer.json()) == ["data"]


async def test_an_answer_has_none_where_the_configuration_does_not_allow_it(shop: httpx2.AsyncClient) -> None:
    assert list(await ask(shop, QUERY, first=1)) == ["data"]


async def test_the_rest_of_a_traced_answer_is_that_of_any_other(client: httpx2.AsyncClient) -> None:
    traced = await client.post("/graphql", json={"query": QUERY, "variables": {"first": 3}}, headers=TRACED)
    plain = await client.post("/graphql", json={"query": QUERY, "variables": {"first": 3}})
    assert traced.content.startswith(plain.content[:-1] + b',"extensions":{"ftv1":"')


async def test_a_traced_operation_is_answered_by_resolvers(shop_url: str) -> None:
    async with both_ways(shop_url) as ways:
        request = GraphQLRequest(query="{ product(id: 1) { id } }", trace=FederatedTrace())
        answer = await ways.engines[Way.COMPILED].answer(request, ANONYMOUS)
    assert not answer.is_executed


async def test_a_query_that_came_by_get_has_a_trace(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/graphql?query={product(id:1){id}}", headers=TRACED)
    assert shape_of(trace_of(answer.json()).root) == {
        "product": ("Query", "Product", {"id": ("Product", "Int!", {})}),
    }


async def test_a_mutation_has_a_trace(client: httpx2.AsyncClient) -> None:
    answer = await ask(client, 'mutation { shout(word: "hey") }')
    assert shape_of(trace_of(answer).root) == {"shout": ("Mutation", "String!", {})}


# -- what it tells -------------------------------------------------------------------------------


async def test_the_tree_is_that_of_the_answer_with_types_indices_and_the_names_behind_aliases(
    client: httpx2.AsyncClient,
) -> None:
    answer = await ask(client, QUERY, first=2)
    rating: Any = {"rating": ("Review", "Int!", {})}
    product: Any = {
        "id": ("Product", "Int!", {}),
        "category": ("Product", "Category", {"title": ("Category", "name", "String!", {})}),
        "reviews": (
            "Product",
            "ReviewConnection",
            {"nodes": ("ReviewConnection", "[Review!]!", {0: (rating,)})},
        ),
    }
    nodes = ("ProductConnection", "[Product!]!", {0: (product,), 1: (product,)})
    assert shape_of(trace_of(answer).root) == {
        "cheap": ("Query", "products", "ProductConnection", {"nodes": nodes}),
    }


async def test_items_of_a_long_list_have_their_own_indices(client: httpx2.AsyncClient) -> None:
    answer = await ask(client, "{ numbers(count: 300) { value } }")
    [numbers] = trace_of(answer).root.child
    assert [name_of(item) for item in numbers.child] == list(range(300))


async def test_every_field_begins_and_ends_within_the_request(client: httpx2.AsyncClient) -> None:
    trace = trace_of(await ask(client, QUERY, first=5))
    fields = fields_of(trace.root)
    assert len(fields) > 20
    assert [field for field in fields if not 0 < field.start_time <= field.end_time <= trace.duration_ns] == []


async def test_the_fields_of_an_object_begin_when_it_is_there(client: httpx2.AsyncClient) -> None:
    [products] = trace_of(await ask(client, QUERY, first=5)).root.child
    assert min(field.start_time for field in fields_of(products)) >= products.end_time


async def test_a_request_has_the_time_of_the_day_at_which_it_began_and_ended(client: httpx2.AsyncClient) -> None:
    before = time.time_ns()
    trace = trace_of(await ask(client, QUERY, first=1))
    assert before <= trace.start_time.ToNanoseconds() <= trace.end_time.ToNanoseconds() <= time.time_ns()
    assert trace.duration_ns > 0


async def test_arguments_may_have_any_name(client: httpx2.AsyncClient) -> None:
    answer = await ask(client, '{ echo(resolver: "a", source: "b", node: "c") }')
    assert answer["data"] == {"echo": "abc"}


# -- errors --------------------------------------------------------------------------------------


async def test_an_error_stands_at_its_field_and_tells_what_the_answer_tells(client: httpx2.AsyncClient) -> None:
    answer = await ask(client, "{\n  numbers(count: 2) { half }\n}")
    [numbers] = trace_of(answer).root.child
    [error] = numbers.child[1].child[0].error
    assert error.message == "Internal server error."
    assert [(at.line, at.column) for at in error.location] == [(2, 23)]
    assert [json.loads(error.json)] == answer["errors"]


async def test_an_error_tells_nothing_that_is_hidden_from_clients(client: httpx2.AsyncClient) -> None:
    trace = trace_of(await ask(client, "{ numbers(count: 2) { half } }"))
    assert "swordfish" not in str(trace)


async def test_an_error_of_an_item_without_fields_stands_at_the_item(client: httpx2.AsyncClient) -> None:
    [odd] = trace_of(await ask(client, "{ odd }")).root.child
    assert [(name_of(item), len(item.error)) for item in odd.child] == [(0, 1)]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ products(", "GRAPHQL_PARSE_FAILED"),
        ("{ noSuchField }", "GRAPHQL_VALIDATION_FAILED"),
        ("query ($id: Int!) { product(id: $id) { id } }", "BAD_USER_INPUT"),
        ("query A { __typename } query B { __typename }", "GRAPHQL_VALIDATION_FAILED"),
    ],
)
async def test_a_refused_request_has_its_errors_at_the_root(client: httpx2.AsyncClient, query: str, code: str) -> None:
    answer = await ask(client, query)
    root = trace_of(answer).root
    assert [json.loads(error.json) for error in root.error] == answer["errors"]
    assert json.loads(root.error[0].json)["extensions"]["code"] == code
    assert not root.child


async def test_a_refused_request_has_a_trace_whatever_its_status(client: httpx2.AsyncClient) -> None:
    headers = {**TRACED, "accept": GRAPHQL_RESPONSE}
    answer = await client.post("/graphql", json={"query": "{ noSuchField }"}, headers=headers)
    assert answer.status_code == 400
    assert trace_of(answer.json()).root.error


@pytest.mark.parametrize("body", [b"{", b'{"query": 1}', b"[]"])
async def test_what_is_no_graphql_request_has_no_trace(client: httpx2.AsyncClient, body: bytes) -> None:
    headers = {**TRACED, "content-type": "application/json"}
    assert list((await client.post("/graphql", content=body, headers=headers)).json()) == ["errors"]


# -- introspection -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query", ["{ __typename }", "{ __schema { types { name } } }", '{ __type(name: "Product") { name } }']
)
async def test_questions_about_the_schema_are_no_fields(client: httpx2.AsyncClient, query: str) -> None:
    root = trace_of(await ask(client, query)).root
    assert not root.child


async def test_questions_about_the_schema_are_no_fields_beside_others_either(client: httpx2.AsyncClient) -> None:
    answer = await ask(client, '{ numbers(count: 0) { value } __type(name: "Product") { name } }')
    assert list(shape_of(trace_of(answer).root)) == ["numbers"]


# -- times, by a clock that the test turns -------------------------------------------------------


class Clock:
    def __init__(self) -> None:
        self.now = 0

    def __call__(self) -> int:
        return self.now


SCHEMA = build_schema("type Query { plain: Int, later: Int, broken: Int, never: Int }")


class Root:
    """Resolvers that take the time of their names."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock

    def plain(self, _info: object) -> int:
        self.clock.now += 5
        return 1

    async def later(self, _info: object) -> int:
        self.clock.now += 70
        return 1

    def broken(self, _info: object) -> int:
        self.clock.now += 300
        raise ValueError


async def times(query: str) -> dict[str | int, tuple[int, int]]:
    clock = Clock()
    trace = FederatedTrace(clock, clock)
    clock.now += 1000
    result = execute(SCHEMA, parse(query), Root(clock), middleware=[trace])
    await result if isinstance(result, Awaitable) else None
    root = trace_of(json.loads(trace.into(b'{"data":null}'))).root
    return {name_of(node): (node.start_time, node.end_time) for node in root.child}


async def test_a_field_ends_when_its_value_is_there() -> None:
    assert await times("{ plain again: plain }") == {"plain": (1000, 1005), "again": (1005, 1010)}


async def test_a_field_that_waits_ends_when_it_need_not_wait_any_more() -> None:
    assert await times("{ later plain }") == {"later": (1000, 1075), "plain": (1000, 1005)}


async def test_a_field_that_fails_ends_when_it_fails() -> None:
    assert await times("{ broken plain }") == {"broken": (1000, 1300), "plain": (1300, 1305)}
