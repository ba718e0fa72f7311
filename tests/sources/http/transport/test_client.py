"""The transport against servers on loopback that misbehave on purpose."""

from __future__ import annotations

import asyncio
import gzip
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress

import pytest

from punnet.configuration.services import ServiceConfiguration
from punnet.errors import PunnetError
from punnet.sources.http.transport.client import WreqTransport
from punnet.sources.http.transport.clients import Clients
from punnet.sources.http.transport.errors import (
    AnswerMalformed,
    AnswerTooLarge,
    ConnectFailed,
    ConnectionLost,
    ServiceClosed,
    ServiceMisconfigured,
    ServiceTimeout,
)
from punnet.sources.http.transport.values import HttpRequest, HttpResponse, Transport
from tests.sources.http.transport.upstreams import Behaviour, Exchange, fine, hang, raw, upstream

SECRET = "hush"


MakeTransport = Callable[..., AbstractAsyncContextManager[Transport]]


@pytest.fixture(params=[WreqTransport, Clients], ids=["wreq", "both clients"])
def transport(request: pytest.FixtureRequest) -> MakeTransport:
    """Makes a transport: each test is run with wreq for all calls, and with our own client where it takes them."""

    @asynccontextmanager
    async def make(settings: ServiceConfiguration | None = None) -> AsyncIterator[Transport]:
        made: Transport = request.param("shop", settings or ServiceConfiguration(), time.monotonic)
        try:
            yield made
        finally:
            await made.close()

    return make


async def get(made: Transport, url: str, *, within_s: float = 30, method: str = "GET") -> HttpResponse:
    headers = (("x-key", SECRET),)
    request = HttpRequest(method=method, url=f"{url}/{SECRET}", headers=headers)
    return await made.send(request, time.monotonic() + within_s)


async def failure(made: Transport, url: str, *, within_s: float = 30) -> PunnetError:
    with pytest.raises(PunnetError) as caught:
        await get(made, url, within_s=within_s)
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None
    assert "shop" in caught.value.what
    return caught.value


async def drip(exchange: Exchange) -> None:
    await exchange.write(b"HTTP/1.1 200 X\r\ncontent-length: 100\r\n\r\nabc")
    await exchange.hang()


async def half_close(exchange: Exchange) -> None:
    exchange.writer.write_eof()
    await exchange.hang()


async def reset(exchange: Exchange) -> None:
    exchange.reset()


async def endless(exchange: Exchange) -> None:
    await exchange.write(b"HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n")
    with suppress(OSError):
        for _ in range(10_000):
            await exchange.write(b"10000\r\n" + b"a" * 65536 + b"\r\n")
            exchange.upstream.hanging += 1
    exchange.upstream.gone += 1
    exchange.upstream.changed.set()
    exchange.close()


def cut(answer: str) -> bytes:
    return answer.replace("\n", "\r\n").encode()


async def test_an_answer_is_read_whole(transport: MakeTransport) -> None:
    async def behave(exchange: Exchange) -> None:
        await exchange.answer(b"hello", 201, X_A="caf\xe9")

    async with upstream(behave) as server, transport() as made:
        response = await get(made, server.url)
    assert (response.status, response.body, response.header("x-a")) == (201, b"hello", "caf\xe9")
    assert server.seen[0].headers["x-key"] == SECRET


async def test_bodies_and_methods_go_out_as_they_are(transport: MakeTransport) -> None:
    async with upstream(fine) as server, transport() as made:
        request = HttpRequest(method="PATCH", url=f"{server.url}/a%2Fb?x=%20", body=b"\x00\xff")
        await made.send(request, time.monotonic() + 30)
    assert (server.seen[0].method, server.seen[0].path, server.seen[0].body) == ("PATCH", "/a%2Fb?x=%20", b"\x00\xff")


async def test_connections_are_kept(transport: MakeTransport) -> None:
    async with upstream(fine) as server, transport() as made:
        await get(made, server.url)
        await get(made, server.url)
    assert server.connections == 1


async def test_a_head_has_no_body_to_wait_for(transport: MakeTransport) -> None:
    async with upstream(raw(b"HTTP/1.1 200 X\r\ncontent-length: 50000000\r\n\r\n")) as server, transport() as made:
        assert (await get(made, server.url, method="HEAD")).body == b""


async def test_redirects_are_not_followed_and_cookies_not_kept(transport: MakeTransport) -> None:
    async def behave(exchange: Exchange) -> None:
        await exchange.answer(b"", 302, location="/elsewhere", set_cookie="a=b")

    async with upstream(behave) as server, transport() as made:
        assert (await get(made, server.url)).status == 302
        await get(made, server.url)
    assert len(server.seen) == 2
    assert "cookie" not in server.seen[1].headers


async def test_packed_answers_are_unpacked(transport: MakeTransport) -> None:
    packed = gzip.compress(b"a" * 5000)
    head = f"HTTP/1.1 200 X\r\ncontent-encoding: gzip\r\ncontent-length: {len(packed)}\r\n\r\n".encode()
    async with upstream(raw(head + packed)) as server, transport() as made:
        assert (await get(made, server.url)).body == b"a" * 5000


async def test_the_limit_of_an_answer_counts_what_is_unpacked(transport: MakeTransport) -> None:
    packed = gzip.compress(b"a" * 20_000_000)
    head = f"HTTP/1.1 200 X\r\ncontent-encoding: gzip\r\ncontent-length: {len(packed)}\r\n\r\n".encode()
    async with upstream(raw(head + packed)) as server, transport() as made:
        assert isinstance(await failure(made, server.url), AnswerTooLarge)


async def test_an_answer_that_says_it_is_too_large_is_not_read(transport: MakeTransport) -> None:
    async with upstream(raw(cut("HTTP/1.1 200 X\ncontent-length: 11000000\n\n"))) as server, transport() as made:
        assert isinstance(await failure(made, server.url), AnswerTooLarge)


async def test_reading_stops_where_an_answer_becomes_too_large(transport: MakeTransport) -> None:
    async with upstream(endless) as server, transport(ServiceConfiguration(max_response_bytes=1_000_000)) as made:
        assert isinstance(await failure(made, server.url), AnswerTooLarge)
        await server.until(lambda server: server.gone == 1)
    assert server.hanging * 65536 < 20_000_000


@pytest.mark.parametrize("behave", [hang, drip], ids=["no head", "no end of the body"])
async def test_a_service_that_hangs_is_given_up_at_the_deadline(behave: Behaviour, transport: MakeTransport) -> None:
    async with upstream(behave) as server, transport() as made:
        assert isinstance(await failure(made, server.url, within_s=0.5), ServiceTimeout)
        await server.until(lambda server: server.gone == len(server.seen))


async def test_a_deadline_that_has_passed_asks_nothing(transport: MakeTransport) -> None:
    async with upstream(fine) as server, transport() as made:
        assert isinstance(await failure(made, server.url, within_s=-1), ServiceTimeout)
    assert server.seen == []


@pytest.mark.parametrize("behave", [hang, drip], ids=["before the head", "in the body"])
async def test_cancelling_a_call_closes_its_connection(behave: Behaviour, transport: MakeTransport) -> None:
    async with upstream(behave) as server, transport() as made:
        call = asyncio.create_task(get(made, server.url))
        await server.until(lambda server: server.hanging == 1)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await server.until(lambda server: server.gone == 1)


async def test_a_cancelled_call_whose_traceback_is_kept_closes_its_connection(
    monkeypatch: pytest.MonkeyPatch, transport: MakeTransport
) -> None:
    async def never(_transport: WreqTransport, _response: object) -> bytes:
        await asyncio.Event().wait()
        return b""

    # As if it were cancelled between the answer's head and its body.
    monkeypatch.setattr(WreqTransport, "_read", never)
    async with upstream(drip) as server, transport() as made:
        call = asyncio.create_task(get(made, server.url))
        await server.until(lambda server: server.hanging == 1)
        await asyncio.sleep(0.05)
        call.cancel()
        with pytest.raises(asyncio.CancelledError) as kept:
            await call
        await server.until(lambda server: server.gone == 1)
    assert kept.tb is not None


@pytest.mark.parametrize(
    ("behave", "error"),
    [
        (reset, ConnectionLost),
        (half_close, ConnectionLost),
        (raw(b""), ConnectionLost),
        (raw(cut("HTTP/1.1 200 X\ncontent-le")), ConnectionLost),
        (raw(cut("HTTP/1.1 200 X\ncontent-length: 100\n\nabc")), ConnectionLost),
        (raw(cut("HTTP/1.1 200 X\ntransfer-encoding: chunked\n\n3\nabc\n")), ConnectionLost),
        (raw(cut("HTTP/1.1 200 X\ntransfer-encoding: chunked\n\nZZ\nabc\n0\n\n")), AnswerMalformed),
        (raw(cut("hello, I am no HTTP\n\n")), AnswerMalformed),
        (raw(cut("HTTP/1.1 200 X\n" + "x: y\n" * 5000 + "\n")), AnswerMalformed),
        (raw(cut("HTTP/1.1 200 X\ncontent-encoding: gzip\ncontent-length: 3\n\nabc")), AnswerMalformed),
    ],
    ids=[
        "reset",
        "half-closed",
        "closed",
        "cut in the head",
        "cut in the body",
        "cut in the chunks",
        "malformed chunks",
        "no HTTP",
        "endless head",
        "not packed as it says",
    ],
)
async def test_trouble_has_a_name(behave: Behaviour, error: type[PunnetError], transport: MakeTransport) -> None:
    async with upstream(behave) as server, transport() as made:
        assert type(await failure(made, server.url)) is error


async def test_nobody_listens(transport: MakeTransport) -> None:
    async with transport() as made:
        error = await failure(made, "http://127.0.0.1:1")
    assert isinstance(error, ConnectFailed)
    assert error.where == "it refused the connection"


async def test_a_name_without_an_address(transport: MakeTransport) -> None:
    async with transport() as made:
        assert isinstance(await failure(made, "http://nowhere.invalid"), ConnectFailed)


async def test_a_connection_that_is_not_made_in_time(transport: MakeTransport) -> None:
    # A queue of one that nobody empties: further connections are not answered.
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, suppress(BlockingIOError):
        port = full.getsockname()[1]
        holding = [socket.socket() for _ in range(3)]
        for each in holding:
            each.setblocking(False)
            with suppress(BlockingIOError):
                each.connect(("127.0.0.1", port))
        async with transport(ServiceConfiguration(connect_timeout_s=0.1)) as made:
            error = await failure(made, f"http://127.0.0.1:{port}")
        for each in holding:
            each.close()
    assert isinstance(error, ConnectFailed)
    assert error.where == "no connection was made within connect_timeout_s"


async def test_a_url_that_is_none(transport: MakeTransport) -> None:
    async with transport() as made:
        with pytest.raises(ServiceMisconfigured) as caught:
            await get(made, "ftp://shop")
    assert SECRET not in str(caught.value)
    assert not caught.value.is_public


async def test_a_closed_transport_ends_its_calls_and_takes_no_more(transport: MakeTransport) -> None:
    async with upstream(hang) as server, transport() as made:
        call = asyncio.create_task(get(made, server.url))
        await server.until(lambda server: server.hanging == 1)
        await made.close()
        with pytest.raises(ServiceClosed):
            await call
        assert isinstance(await failure(made, server.url), ServiceClosed)


async def test_a_call_goes_to_the_addresses_that_it_is_bound_to(transport: MakeTransport) -> None:
    async with upstream(fine) as server, transport() as made:
        port = server.url.rpartition(":")[2]
        bound = HttpRequest(method="GET", url=f"http://bound.invalid:{port}/a", addresses=("127.0.0.1",))
        assert (await made.send(bound, time.monotonic() + 30)).body == b"/a"
    assert server.seen[0].headers["host"] == f"bound.invalid:{port}"


async def test_no_proxy_is_taken_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, transport: MakeTransport
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    async with upstream(fine) as server, transport() as made:
        assert (await get(made, server.url)).status == 200


async def test_a_connection_that_the_service_closed_meanwhile_is_not_used(transport: MakeTransport) -> None:
    async def once(exchange: Exchange) -> None:
        await exchange.answer()
        exchange.close()
        exchange.upstream.gone += 1

    async with upstream(once) as server, transport() as made:
        await get(made, server.url)
        await asyncio.sleep(0.3)
        assert (await get(made, server.url)).status == 200
