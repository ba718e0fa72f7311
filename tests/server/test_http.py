"""GraphQL over HTTP, by the draft at graphql.github.io/graphql-over-http."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest

from punnet import Settings
from tests.server.serving import GRAPHQL_RESPONSE, JSON, codes, serving

QUERY = "query Names($first: Int!) { products(first: $first) { nodes { id } } }"
TWO = "query One { __typename } query Two { products(first: 1) { nodes { id } } }"
MAX_BODY = 1_000_000


async def post(
    client: httpx2.AsyncClient, body: Any, *, accept: str = JSON, content_type: str = JSON
) -> httpx2.Response:
    headers = {"accept": accept, "content-type": content_type}
    if isinstance(body, bytes):
        return await client.post("/graphql", content=body, headers=headers)
    return await client.post("/graphql", json=body, headers=headers)


async def get(client: httpx2.AsyncClient, *, accept: str = JSON, **parameters: str) -> httpx2.Response:
    return await client.get(f"/graphql?{urlencode(parameters)}", headers={"accept": accept})


# -- POST and GET --------------------------------------------------------------------------------


async def test_post_takes_a_query_with_variables_and_an_operation_name(shop: httpx2.AsyncClient) -> None:
    body = {"query": f"{QUERY} {TWO}", "variables": {"first": 1}, "operationName": "Names", "extensions": {}}
    answer = await post(shop, body)
    assert answer.json() == {"data": {"products": {"nodes": [{"id": 1}]}}}


async def test_get_takes_the_same_from_the_url(shop: httpx2.AsyncClient) -> None:
    answer = await get(shop, query=f"{QUERY} {TWO}", variables='{"first": 1}', operationName="Names")
    assert answer.status_code == 200
    assert answer.json() == {"data": {"products": {"nodes": [{"id": 1}]}}}


async def test_null_members_are_as_good_as_none(shop: httpx2.AsyncClient) -> None:
    body = {"query": "{ __typename }", "variables": None, "operationName": None, "extensions": None}
    assert (await post(shop, body)).json() == {"data": {"__typename": "Query"}}


async def test_unknown_members_are_ignored(shop: httpx2.AsyncClient) -> None:
    body = {"query": "{ __typename }", "id": 7}
    assert (await post(shop, body)).json() == {"data": {"__typename": "Query"}}


async def test_empty_parameters_of_a_url_are_as_good_as_none(shop: httpx2.AsyncClient) -> None:
    answer = await get(shop, query="{ __typename }", variables="", operationName="", extensions="")
    assert answer.json() == {"data": {"__typename": "Query"}}


async def test_head_is_a_get_whose_body_the_server_leaves_out(shop: httpx2.AsyncClient) -> None:
    answer = await shop.head("/graphql?query={__typename}")
    assert answer.status_code == 200
    assert answer.headers["content-length"] == "31"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_another_method_is_told_which_are_allowed(shop: httpx2.AsyncClient, method: str) -> None:
    answer = await shop.request(method, "/graphql")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, POST"
    assert codes(answer.json()) == ["BAD_USER_INPUT"]


# -- media types ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        (JSON, JSON),
        ("*/*", JSON),
        ("text/plain", JSON),
        (GRAPHQL_RESPONSE, GRAPHQL_RESPONSE),
        (f"{GRAPHQL_RESPONSE}; charset=utf-8, {JSON}; charset=utf-8", GRAPHQL_RESPONSE),
        (f"{JSON}, {GRAPHQL_RESPONSE}", GRAPHQL_RESPONSE),
        (f"{GRAPHQL_RESPONSE};q=0.5, {JSON};q=0.9", JSON),
        (f"{JSON};q=0.5, {GRAPHQL_RESPONSE};q=0.9", GRAPHQL_RESPONSE),
        (f"{GRAPHQL_RESPONSE};q=0, {JSON}", JSON),
        (f"{GRAPHQL_RESPONSE};q=much, {JSON}", JSON),
    ],
)
async def test_the_answer_has_the_media_type_that_the_client_wants(
    shop: httpx2.AsyncClient, accept: str, given: str
) -> None:
    answer = await post(shop, {"query": "{ __typename }"}, accept=accept)
    assert answer.headers["content-type"] == f"{given}; charset=utf-8"


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "application/json; charset=utf-8",
        'Application/JSON;charset="UTF-8"',
        "application/graphql+json",
    ],
)
async def test_json_in_utf_8_is_taken(shop: httpx2.AsyncClient, content_type: str) -> None:
    answer = await post(shop, b'{"query": "{ __typename }"}', content_type=content_type)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/graphql",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "application/jsonx",
    ],
)
async def test_anything_else_is_an_unsupported_media_type(shop: httpx2.AsyncClient, content_type: str) -> None:
    answer = await post(shop, b'{"query": "{ __typename }"}', content_type=content_type)
    assert answer.status_code == 415
    assert codes(answer.json()) == ["BAD_USER_INPUT"]


# -- statuses ------------------------------------------------------------------------------------

REFUSED = {
    "parse": ({"query": "{"}, "GRAPHQL_PARSE_FAILED"),
    "validation": ({"query": "{ noSuchField }"}, "GRAPHQL_VALIDATION_FAILED"),
    "unknown operation": ({"query": TWO, "operationName": "Three"}, "GRAPHQL_VALIDATION_FAILED"),
    "which operation": ({"query": TWO}, "GRAPHQL_VALIDATION_FAILED"),
    "missing variable": ({"query": QUERY}, "BAD_USER_INPUT"),
    "wrong variable": ({"query": QUERY, "variables": {"first": "many"}}, "BAD_USER_INPUT"),
}


@pytest.mark.parametrize(("body", "code"), REFUSED.values(), ids=REFUSED)
async def test_a_refused_request_is_200_for_clients_of_plain_json(
    shop: httpx2.AsyncClient, body: dict[str, Any], code: str
) -> None:
    answer = await post(shop, body, accept=JSON)
    assert answer.status_code == 200
    assert codes(answer.json()) == [code]
    assert "data" not in answer.json()


@pytest.mark.parametrize(("body", "code"), REFUSED.values(), ids=REFUSED)
async def test_a_refused_request_is_400_for_clients_of_the_newer_type(
    shop: httpx2.AsyncClient, body: dict[str, Any], code: str
) -> None:
    answer = await post(shop, body, accept=GRAPHQL_RESPONSE)
    assert answer.status_code == 400
    assert codes(answer.json()) == [code]
    assert "data" not in answer.json()


async def test_a_request_that_was_executed_is_200_whatever_failed(shop: httpx2.AsyncClient) -> None:
    body = {"query": '{ products(after: "nonsense") { nodes { id } } }'}
    answer = await post(shop, body, accept=GRAPHQL_RESPONSE)
    assert answer.status_code == 200
    assert answer.json()["data"] == {"products": None}


NOT_WELL_FORMED: dict[str, bytes] = {
    "empty": b"",
    "no JSON": b"{ __typename }",
    "cut off": b'{"query": "{ __typen',
    "invalid UTF-8": b'{"query": "{ __typename }\xff"}',
    "lone surrogate": b'{"query": "{ __typename } #\\ud800"}',
    "byte order mark": b'\xef\xbb\xbf{"query": "{ __typename }"}',
    "UTF-16": '{"query": "{ __typename }"}'.encode("utf-16"),
    "empty array": b"[]",
    "empty batch": b"[]",
    "string": b'"{ __typename }"',
    "number": b"1",
    "null": b"null",
    "no query": b"{}",
    "query null": b'{"query": null}',
    "query empty": b'{"query": ""}',
    "query number": b'{"query": 1}',
    "query object": b'{"query": {}}',
    "variables list": b'{"query": "{ __typename }", "variables": []}',
    "variables string": b'{"query": "{ __typename }", "variables": "{}"}',
    "operation name number": b'{"query": "{ __typename }", "operationName": 1}',
    "extensions list": b'{"query": "{ __typename }", "extensions": []}',
    "deep arrays": b'{"query": "{ __typename }", "variables": {"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
}


@pytest.mark.parametrize("accept", [JSON, GRAPHQL_RESPONSE])
@pytest.mark.parametrize("body", NOT_WELL_FORMED.values(), ids=NOT_WELL_FORMED)
async def test_what_is_no_graphql_request_is_400(shop: httpx2.AsyncClient, body: bytes, accept: str) -> None:
    answer = await post(shop, body, accept=accept)
    assert answer.status_code == 400
    assert codes(answer.json()) == ["BAD_USER_INPUT"]
    assert answer.headers["content-type"] == f"{accept}; charset=utf-8"


@pytest.mark.parametrize(
    "query_string",
    ["", "query=", "query=%ff", "query={__typename}&variables=1", "query={x}&variables={"],
)
async def test_a_url_that_is_no_graphql_request_is_400(shop: httpx2.AsyncClient, query_string: str) -> None:
    answer = await shop.get(f"/graphql?{query_string}", headers={"accept": JSON})
    assert answer.status_code == 400


# -- size and depth ------------------------------------------------------------------------------


async def test_a_body_that_says_it_is_too_large_is_refused_unread(shop: httpx2.AsyncClient) -> None:
    answer = await post(shop, b" " * (MAX_BODY + 1))
    assert answer.status_code == 413
    assert str(MAX_BODY) in answer.json()["errors"][0]["message"]


async def test_a_body_that_turns_out_too_large_is_refused(shop: httpx2.AsyncClient) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" " * 100_000

    answer = await shop.post("/graphql", content=chunks(), headers={"content-type": JSON})
    assert answer.status_code == 413


async def test_a_body_in_one_piece_that_does_not_say_its_size_is_refused(shop: httpx2.AsyncClient) -> None:
    async def one() -> AsyncIterator[bytes]:
        yield b" " * (MAX_BODY + 1)

    answer = await shop.post("/graphql", content=one(), headers={"content-type": JSON})
    assert answer.status_code == 413


async def test_a_body_of_just_the_size_allowed_is_read(shop_url: str) -> None:
    body = b'{"query": "{ __typename }"}'
    async with serving(Settings(database_url=shop_url, max_body_bytes=len(body))) as client:
        assert (await post(client, body)).status_code == 200
        assert (await post(client, body + b" ")).status_code == 413


DEEP = {
    "selections": {"query": "{ categories { nodes " + "{ children { nodes " * 300 + "{ id }" + " } }" * 300 + "} }"},
    "braces": {"query": "{ a " * 5_000},
    "values": {"query": "{ products(where: " + "[" * 5_000},
    "filters": {"query": "{ products(where: " + "{ not: " * 400 + "{}" + "}" * 400 + ") { nodes { id } } }"},
    "types": {"query": "query ($x: " + "[" * 3_000 + "Int" + "]" * 3_000 + ") { __typename }"},
    "fragments": {
        "query": "{ ...f0 } "
        + " ".join(f"fragment f{at} on Query {{ ...f{at + 1} }}" for at in range(1_000))
        + " fragment f1000 on Query { __typename }"
    },
}


@pytest.mark.parametrize("body", DEEP.values(), ids=DEEP)
async def test_a_deep_document_is_answered_or_refused_and_nothing_breaks(
    shop: httpx2.AsyncClient, body: dict[str, str]
) -> None:
    answer = await post(shop, body)
    assert answer.status_code in (200, 400)
    assert "INTERNAL_SERVER_ERROR" not in answer.text


@pytest.mark.parametrize("depth", [100, 300, 500, 900])
async def test_deep_variables_are_answered_or_refused_and_nothing_breaks(shop: httpx2.AsyncClient, depth: int) -> None:
    query = "query ($where: ProductWhere) { products(where: $where, first: 1) { nodes { id } } }"
    where = '{"not":' * depth + "{}" + "}" * depth
    answer = await post(shop, f'{{"query": "{query}", "variables": {{"where": {where}}}}}'.encode())
    assert answer.status_code in (200, 400)
    assert "INTERNAL_SERVER_ERROR" not in answer.text
