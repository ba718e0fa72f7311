from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from punnet.catalog.endpoints import Endpoint, EndpointId, EndpointParameter, ListShape, ScalarShape, Shape
from punnet.configuration.services import ServiceConfiguration
from punnet.sources.errors import SourceFailed
from punnet.sources.http.source import HttpPending, HttpSource
from punnet.sources.http.transport.errors import ConnectFailed, StatusFailed
from punnet.sources.http.transport.service_client import ServiceClient
from tests.sources.http.transport.upstreams import Behaviour, Exchange, Upstream, status, upstream

JSON = ScalarShape(scalar="JSON")
TEXT = ScalarShape(scalar="String")


def endpoint(result: Shape | None = JSON, *, result_path: tuple[str, ...] = (), method: str = "GET") -> Endpoint:
    body = EndpointParameter(name="body", place="body", shape=JSON, required=False, style="json")
    return Endpoint(
        id=EndpointId(source="stock", name="read"),
        method=method,
        path="/read",
        parameters=(body,),
        result=result,
        result_path=result_path,
        media_type="application/vnd.stock+json",
    )


def answering(body: bytes, **headers: str) -> Behaviour:
    async def behave(exchange: Exchange) -> None:
        await exchange.answer(body, 200, **headers)

    return behave


@asynccontextmanager
async def source(behave: Behaviour, path: str = "") -> AsyncIterator[tuple[HttpSource, Upstream]]:
    async with upstream(behave) as server:
        made = HttpSource(ServiceClient("stock", ServiceConfiguration(attempts=1)), server.url + path)
        try:
            yield made, server
        finally:
            await made.close()


def error_of(pending: HttpPending) -> str:
    with pytest.raises(SourceFailed) as caught:
        pending.value()
    return caught.value.where


async def ask(behave: Behaviour, asked: Endpoint) -> object:
    async with source(behave) as (stock, _):
        return await stock.begin([]).ask(asked, {})


async def test_a_result_is_its_json() -> None:
    assert await ask(answering(b'{"a": [1, null]}'), endpoint()) == {"a": [1, None]}


async def test_a_404_is_nothing() -> None:
    assert await ask(status(404), endpoint()) is None


async def test_an_empty_body_is_nothing() -> None:
    assert await ask(answering(b""), endpoint()) is None


@pytest.mark.parametrize("behave", [status(204), answering(b""), answering(b"no json")])
async def test_an_operation_without_a_result_says_that_it_is_done(behave: Behaviour) -> None:
    assert await ask(behave, endpoint(None, method="DELETE")) is True


async def test_errors_name_the_operation() -> None:
    with pytest.raises(StatusFailed) as caught:
        await ask(status(418), endpoint())
    assert caught.value.where == "operation 'read', status 418"


async def test_two_callers_of_one_call_have_an_error_each() -> None:
    async with source(status(500)) as (stock, _):
        pending = [stock.begin([]).start(endpoint(), {}) for _ in range(2)]
        await asyncio.wait([each.future for each in pending if each.future is not None])
        told = [error_of(each) for each in pending]
        for each in pending:
            each.leave()
    assert told == ["operation 'read', status 500"] * 2


async def test_a_service_that_refuses_connections_says_what_to_do() -> None:
    nowhere = HttpSource(ServiceClient("stock", ServiceConfiguration(attempts=1)), "http://127.0.0.1:9/v1?key=hunter2")
    with pytest.raises(ConnectFailed) as caught:
        await nowhere.begin([]).ask(endpoint(), {})
    await nowhere.close()
    assert str(caught.value) == (
        "HTTP-101: The source 'stock' failed.\n"
        "  where: operation 'read', it refused the connection\n"
        "  fix: start the service, or correct the source's url or base_url"
    )


async def test_a_status_that_is_no_success_is_named() -> None:
    with pytest.raises(StatusFailed) as caught:
        await ask(status(418), endpoint())
    assert caught.value.what == "The source 'stock' answered with status 418."


@pytest.mark.parametrize(
    ("body", "result"),
    [
        (b'{"data": {"found": 5}}', 5),
        (b'{"data": {"found": null}}', None),
        (b'{"data": {}}', None),
        (b'{"data": [1]}', None),
        (b"[]", None),
        (b"null", None),
    ],
)
async def test_a_result_is_found_below_members(body: bytes, result: object) -> None:
    assert await ask(answering(body), endpoint(result_path=("data", "found"))) == result


async def test_a_text_is_a_result_where_one_is_promised() -> None:
    assert await ask(answering("grün".encode(), content_type="text/plain; charset=utf-8"), endpoint(TEXT)) == "grün"


async def test_json_is_read_where_a_text_is_promised() -> None:
    assert await ask(answering(b'"green"', content_type="application/json"), endpoint(TEXT)) == "green"


@pytest.mark.parametrize("body", [b"<html>", b"{", b"\xff", b"NaN", b'{"a": 1} {"a": 2}'])
async def test_what_is_no_json_fails(body: bytes) -> None:
    with pytest.raises(SourceFailed):
        await ask(answering(body, content_type="text/html"), endpoint(ListShape(element=JSON)))


async def test_a_call_says_what_it_sends_and_takes() -> None:
    async with source(answering(b"{}"), path="/api/") as (stock, server):
        await stock.begin([]).ask(endpoint(method="POST"), {"body": {"a": 1}})
    [seen] = server.seen
    assert (seen.method, seen.path, seen.body) == ("POST", "/api/read", b'{"a":1}')
    assert (seen.headers["accept"], seen.headers["content-type"]) == ("application/vnd.stock+json", "application/json")


async def test_calls_that_are_apart_join_none_that_others_have_begun() -> None:
    async with source(answering(b"{}")) as (stock, server):
        conversation = stock.begin([])
        pending = [each.start(endpoint(), {}) for each in (conversation, conversation, conversation.apart())]
        await asyncio.wait([each.future for each in pending if each.future is not None])
        for each in pending:
            each.leave()
    assert len(server.seen) == 2


async def test_calls_of_one_request_share_its_budget() -> None:
    async with source(answering(b"{}")) as (stock, _):
        stock.client.settings = stock.client.settings.model_copy(update={"max_calls": 1})
        conversation = stock.begin([])
        await conversation.ask(endpoint(), {})
        with pytest.raises(Exception, match="needs more than 1 calls of the source 'stock'"):
            await conversation.ask(endpoint(), {})
        await stock.begin([]).ask(endpoint(), {})
