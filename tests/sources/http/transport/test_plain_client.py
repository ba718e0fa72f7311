"""What only our own client for plain http can get wrong; the rest is in test_client.py, for both clients."""

from __future__ import annotations

import asyncio
import gzip
import socket
import struct
import time
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from punnet.configuration.services import ServiceConfiguration
from punnet.errors import PunnetError
from punnet.sources.http.transport.errors import (
    AnswerMalformed,
    AnswerTooLarge,
    ConnectionLost,
    HeaderRefused,
    ServiceTimeout,
)
from punnet.sources.http.transport.plain_client import PlainTransport
from punnet.sources.http.transport.values import HttpRequest, HttpResponse
from tests.faults.waiting import eventually
from tests.sources.http.transport.upstreams import Behaviour, Exchange, Upstream, fine, in_turn, raw, upstream

OTHERS = b"HTTP/1.1 200 X\r\ncontent-length: 6\r\n\r\nothers"


@asynccontextmanager
async def plain(settings: ServiceConfiguration | None = None) -> AsyncIterator[PlainTransport]:
    made = PlainTransport("shop", settings or ServiceConfiguration(), time.monotonic)
    try:
        yield made
    finally:
        await made.close()


async def send(made: PlainTransport, url: str, method: str = "GET", body: bytes | None = None) -> HttpResponse:
    return await made.send(HttpRequest(method=method, url=url, body=body), time.monotonic() + 30)


def head(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


def keeping(answer: bytes) -> Behaviour:
    """Write these bytes, and leave the connection open."""

    async def behave(exchange: Exchange) -> None:
        await exchange.write(answer)

    return behave


async def close_unseen(exchange: Exchange) -> None:
    """Close a connection without having answered, as a service does whose time for idle ones is over."""
    exchange.close()


# -- how the end of an answer is told -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (head("HTTP/1.1 200 X\ncontent-length: 3\n\nabc"), b"abc"),
        (head("HTTP/1.1 200 X\ntransfer-encoding: chunked\n\n2;x=y\nab\n1\nc\n0\nx-trailer: z\n\n"), b"abc"),
        (head("HTTP/1.1 204 X\n\n"), b""),
        (head("HTTP/1.1 304 X\ncontent-length: 3\n\n"), b""),
        (head("HTTP/1.1 100 X\n\nHTTP/1.1 103 X\nlink: y\n\nHTTP/1.1 200 X\ncontent-length: 3\n\nabc"), b"abc"),
    ],
    ids=["length", "chunks", "no content", "not modified", "behind interim answers"],
)
async def test_an_answer_ends_where_it_says_and_the_connection_is_kept(answer: bytes, body: bytes) -> None:
    async with upstream(keeping(answer)) as server, plain() as made:
        first, second = await send(made, server.url), await send(made, server.url)
    assert (first.body, second.body, server.connections) == (body, body, 1)
    assert first.header("x-trailer") is None
    assert first.header("link") is None


async def test_an_answer_that_says_nothing_of_its_end_ends_with_the_connection() -> None:
    async with upstream(raw(head("HTTP/1.1 200 X\n\nabc"))) as server, plain() as made:
        assert (await send(made, server.url)).body == b"abc"


async def test_such_an_answer_is_not_whole_if_the_connection_is_reset() -> None:
    async def behave(exchange: Exchange) -> None:
        await exchange.write(head("HTTP/1.1 200 X\n\nabc"))
        await asyncio.sleep(0.05)
        # Without it the connection would end as if all had been said.
        exchange.writer.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )
        exchange.reset()

    async with upstream(behave) as server, plain() as made:
        with pytest.raises(ConnectionLost):
            await send(made, server.url)


@pytest.mark.parametrize(
    "first",
    [
        head("HTTP/1.1 200 X\nconnection: close\ncontent-length: 3\n\nabc"),
        head("HTTP/1.0 200 X\ncontent-length: 3\n\nabc"),
        head("HTTP/1.1 200 X\ncontent-length: 3\n\nabc") + OTHERS,
        head("HTTP/1.1 200 X\ncontent-length: 3\n\nabcgarbage"),
    ],
    ids=["closing", "HTTP/1.0", "another answer behind it", "garbage behind it"],
)
async def test_a_connection_that_cannot_be_trusted_with_another_call_is_closed(first: bytes) -> None:
    async with upstream(in_turn(keeping(first), fine)) as server, plain() as made:
        assert (await send(made, f"{server.url}/a")).body == b"abc"
        assert (await send(made, f"{server.url}/b")).body == b"/b"
    assert server.connections == 2


async def test_what_nobody_asked_for_answers_nobody() -> None:
    async def later(exchange: Exchange) -> None:
        await exchange.answer(b"mine")
        await asyncio.sleep(0.02)
        await exchange.write(OTHERS)

    async with upstream(in_turn(later, fine)) as server, plain() as made:
        await send(made, server.url)
        await eventually(lambda: is_unconnected(made))
        assert (await send(made, f"{server.url}/b")).body == b"/b"


@pytest.mark.parametrize(
    "answer",
    [
        head("HTTP/1.1 200 X\ncontent-length: 3\ncontent-length: 5\n\nabcde"),
        head("HTTP/1.1 200 X\ncontent-length: 3\ntransfer-encoding: chunked\n\n3\nabc\n0\n\n"),
        head("HTTP/1.1 200 X\ncontent-length: -1\n\n"),
        head("HTTP/1.1 101 X\nconnection: upgrade\nupgrade: x\n\n"),
        head("HTTP/1.1 200 X\nx: " + "y" * 500_000 + "\n\n"),
        head("HTTP/1.1 100 X\n\n" * 30_000),
        head("HTTP/1.1 200 X\ntransfer-encoding: chunked\n\n1\na\n0\nx: " + "y" * 1_000_000 + "\n\n"),
    ],
    ids=["two lengths", "length and chunks", "no length", "upgrade", "endless header", "interim for ever", "trailer"],
)
async def test_answers_that_cannot_be_meant_well_are_refused(answer: bytes) -> None:
    async with upstream(raw(answer)) as server, plain() as made:
        with pytest.raises(AnswerMalformed):
            await send(made, server.url)


# -- connections that the service closes ------------------------------------------------------------------


async def is_unconnected(made: PlainTransport) -> bool:
    return made.connections == 0


async def two_calls(made: PlainTransport, server: Upstream, method: str) -> HttpResponse:
    await send(made, f"{server.url}/a")
    return await send(made, f"{server.url}/b", method)


async def test_a_call_over_a_kept_connection_that_ends_unanswered_is_sent_once_more() -> None:
    async with upstream(in_turn(fine, close_unseen, fine)) as server, plain() as made:
        assert (await two_calls(made, server, "GET")).body == b"/b"
    assert server.paths == ["/a", "/b", "/b"]


async def test_it_is_not_sent_a_third_time() -> None:
    async with upstream(in_turn(fine, close_unseen)) as server, plain() as made:
        with pytest.raises(ConnectionLost):
            await two_calls(made, server, "GET")
    assert len(server.seen) == 3


async def test_a_call_that_may_change_something_is_never_sent_again() -> None:
    async with upstream(in_turn(fine, close_unseen, fine)) as server, plain() as made:
        with pytest.raises(ConnectionLost):
            await two_calls(made, server, "POST")
    assert len(server.seen) == 2


async def test_a_call_whose_answer_had_begun_is_not_sent_again() -> None:
    async with upstream(in_turn(fine, raw(b"HTTP/1.1 200 X\r\ncont"), fine)) as server, plain() as made:
        with pytest.raises(ConnectionLost):
            await two_calls(made, server, "GET")
    assert len(server.seen) == 2


async def test_a_cancelled_call_does_not_disturb_the_next() -> None:
    async def slow(exchange: Exchange) -> None:
        await asyncio.sleep(0.05)
        await exchange.answer(exchange.seen.path.encode())

    async with upstream(slow) as server, plain() as made:
        leaving = asyncio.create_task(send(made, f"{server.url}/a"))
        await server.until(lambda server: len(server.seen) == 1)
        leaving.cancel()
        await asyncio.wait([leaving])
        assert (await send(made, f"{server.url}/b")).body == b"/b"
    assert server.connections == 2


async def test_an_answer_before_the_request_had_gone_out_whole_ends_the_connection() -> None:
    is_answered = asyncio.Event()

    async def serve(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(head("HTTP/1.1 413 X\ncontent-length: 2\n\nno"))
        await is_answered.wait()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server, plain() as made:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        answer = await send(made, url, "POST", b"x" * 50_000_000)
        is_answered.set()
        assert (answer.status, answer.body) == (413, b"no")
        assert made.connections == 0


async def test_connections_that_have_ended_are_not_remembered() -> None:
    async with upstream(raw(head("HTTP/1.1 200 X\ncontent-length: 2\n\nab"))) as server, plain() as made:
        await send(made, server.url)
        await eventually(lambda: is_unconnected(made))


async def test_each_waits_for_its_own_deadline() -> None:
    async def hang(exchange: Exchange) -> None:
        await exchange.hang()

    async def is_waited_out(made: PlainTransport, url: str, within_s: float) -> bool:
        deadline = time.monotonic() + within_s
        with pytest.raises(ServiceTimeout):
            await made.send(HttpRequest(method="GET", url=url), deadline)
        return time.monotonic() >= deadline

    async with upstream(hang) as server, plain() as made:
        patient = asyncio.create_task(is_waited_out(made, server.url, 600))
        assert await asyncio.gather(*(is_waited_out(made, server.url, seconds) for seconds in (0.2, 0.1))) == [True] * 2
        assert not patient.done()
        patient.cancel()
        await asyncio.wait([patient])


# -- what is sent -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    ["https://shop/a", "http://u@shop/a", "http://shop/a#b", "http://shop/a b", "http://sh\u00f6p/", "http://shop\\a"],
)
def test_what_is_not_plain_is_left_to_the_other_client(url: str) -> None:
    assert not PlainTransport.takes(HttpRequest(method="GET", url=url))


@pytest.mark.parametrize("header", [("x", "a\r\ny: b"), ("x y", "a"), ("x:", "a"), ("x", "\ud800")])
async def test_a_header_that_would_be_another_is_not_sent(header: tuple[str, str]) -> None:
    async with upstream(fine) as server, plain() as made:
        with pytest.raises(HeaderRefused):
            await made.send(HttpRequest(method="GET", url=server.url, headers=(header,)), time.monotonic() + 5)
    assert server.seen == []


async def test_a_body_is_told_by_its_length() -> None:
    async with upstream(fine) as server, plain() as made:
        await send(made, server.url, "POST", b"abc")
        await send(made, server.url, "POST")
    assert [seen.headers["content-length"] for seen in server.seen] == ["3", "0"]
    assert [seen.body for seen in server.seen] == [b"abc", b""]


# -- packed answers -------------------------------------------------------------------------------------------


def packed(coding: str, body: bytes) -> Behaviour:
    return keeping(head(f"HTTP/1.1 200 X\ncontent-encoding: {coding}\ncontent-length: {len(body)}\n\n") + body)


RAW_DEFLATE = zlib.compressobj(wbits=-15)


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(b"a" * 100)),
        ("x-gzip", gzip.compress(b"a" * 60) + gzip.compress(b"a" * 40)),
        ("deflate", zlib.compress(b"a" * 100)),
        ("deflate", RAW_DEFLATE.compress(b"a" * 100) + RAW_DEFLATE.flush()),
        ("deflate, gzip", gzip.compress(zlib.compress(b"a" * 100))),
        ("identity", b"a" * 100),
    ],
    ids=["gzip", "gzip of two members", "deflate", "deflate without its header", "twice", "not at all"],
)
async def test_answers_are_unpacked(coding: str, body: bytes) -> None:
    async with upstream(packed(coding, body)) as server, plain() as made:
        answer = await send(made, server.url)
    assert answer.body == b"a" * 100
    assert answer.header("content-length") is None


@pytest.mark.parametrize(
    ("coding", "body", "error"),
    [
        ("gzip", gzip.compress(b"abc" * 100)[:-10], AnswerMalformed),
        ("br", b"abc", AnswerMalformed),
        ("gzip", gzip.compress(b"a" * 20_000_000), AnswerTooLarge),
        ("gzip, gzip", gzip.compress(gzip.compress(b"a" * 20_000_000)), AnswerTooLarge),
    ],
    ids=["cut", "not asked for", "too large", "too large, twice"],
)
async def test_what_cannot_be_unpacked_is_an_error(coding: str, body: bytes, error: type[PunnetError]) -> None:
    async with upstream(packed(coding, body)) as server, plain() as made:
        with pytest.raises(error):
            await send(made, server.url)
