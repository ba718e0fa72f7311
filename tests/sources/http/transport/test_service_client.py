"""A service put together, against servers on loopback."""

from __future__ import annotations

import asyncio
import gc
import time
from email.utils import formatdate

import psutil
import pytest
from pydantic import SecretStr

from punnet.configuration.services import ServiceConfiguration
from punnet.errors import ClientCode, PunnetError
from punnet.sources.http.transport.budget import CallBudget
from punnet.sources.http.transport.errors import (
    AnswerTooLarge,
    BreakerOpen,
    ConnectFailed,
    QueueFull,
    RedirectRefused,
    ServiceClosed,
    ServiceTimeout,
    StatusFailed,
    TooManyCalls,
)
from tests.sources.http.transport.services import TRACEPARENT, Asker, FakeClock, asking
from tests.sources.http.transport.upstreams import Behaviour, Exchange, fine, hang, in_turn, raw, status, upstream


async def reset(exchange: Exchange) -> None:
    exchange.reset()


async def who(exchange: Exchange) -> None:
    """Answer with the credentials, a moment later."""
    await asyncio.sleep(0.02)
    await exchange.answer(exchange.seen.headers.get("authorization", "nobody").encode())


def cached(**headers: str) -> Behaviour:
    async def behave(exchange: Exchange) -> None:
        body = f"{exchange.seen.headers.get('authorization')} {len(exchange.upstream.seen)}"
        await exchange.answer(body.encode(), **headers)

    return behave


# Retries


async def test_a_burst_of_errors_is_got_over() -> None:
    async with upstream(in_turn(status(503), status(502), fine)) as server, asking(server.url) as asker:
        assert (await asker.get("/a")).body == b"/a"
    assert asker.sleeps.waited == [0.1, 0.2]


async def test_a_reset_connection_is_tried_again() -> None:
    async with upstream(in_turn(reset, fine)) as server, asking(server.url) as asker:
        assert (await asker.get()).status == 200


async def test_a_service_that_cannot_be_reached_is_tried_three_times() -> None:
    async with asking("http://127.0.0.1:1") as asker:
        with pytest.raises(ConnectFailed):
            await asker.get()
    assert len(asker.sleeps.waited) == 2


async def test_the_last_answer_is_given_whatever_it_says() -> None:
    async with upstream(status(503)) as server, asking(server.url) as asker:
        assert (await asker.get()).status == 503
    assert len(server.seen) == 3


@pytest.mark.parametrize("code", [400, 401, 403, 404, 500, 501])
async def test_other_statuses_are_answers(code: int) -> None:
    async with upstream(status(code)) as server, asking(server.url) as asker:
        assert (await asker.get()).status == code
    assert len(server.seen) == 1


@pytest.mark.parametrize(("method", "times"), [("POST", 1), ("PATCH", 1), ("PUT", 3), ("DELETE", 3)])
async def test_only_idempotent_calls_are_tried_again(method: str, times: int) -> None:
    async with upstream(status(503)) as server, asking(server.url) as asker:
        assert (await asker.send(method, body=b"x")).status == 503
    assert len(server.seen) == times


@pytest.mark.parametrize("asked", ["2", formatdate(1002, usegmt=True)])
async def test_a_service_that_asks_for_time_gets_it(asked: str) -> None:
    behave = in_turn(status(429, retry_after=asked), fine)
    settings = ServiceConfiguration(backoff_base_s=0)
    async with upstream(behave) as server, asking(server.url, settings, wall_clock=FakeClock(1000)) as asker:
        assert (await asker.get()).status == 200
    assert asker.sleeps.waited == [2]


async def test_more_time_than_there_is_is_not_waited() -> None:
    async with upstream(status(429, retry_after="60")) as server, asking(server.url) as asker:
        assert (await asker.get()).status == 429
    assert asker.sleeps.waited == []


# Deadlines and cancelling


async def test_a_slow_service_is_waited_for() -> None:
    async with upstream(who) as server, asking(server.url) as asker:
        assert (await asker.get()).status == 200


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_hanging_service_is_given_up_after_the_total_timeout(method: str) -> None:
    async with upstream(hang) as server, asking(server.url, ServiceConfiguration(total_timeout_s=0.5)) as asker:
        with pytest.raises(ServiceTimeout, match=r"The source 'shop' did not answer in time\.") as caught:
            await asker.send(method)
        await server.until(lambda server: server.gone == len(server.seen))
    assert caught.value.client_code is ClientCode.SOURCE_TIMEOUT


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_hanging_service_is_given_up_at_the_operations_deadline(method: str) -> None:
    async with upstream(hang) as server, asking(server.url) as asker:
        with pytest.raises(ServiceTimeout):
            await asker.send(method, within_s=0.5)
        await server.until(lambda server: server.gone == len(server.seen))


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_an_operation_without_time_asks_nothing(method: str) -> None:
    async with upstream(fine) as server, asking(server.url) as asker:
        with pytest.raises(ServiceTimeout):
            await asker.send(method, within_s=0)
    assert server.seen == []


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_cancelling_closes_the_call_at_the_service(method: str) -> None:
    async with upstream(hang) as server, asking(server.url) as asker:
        call = asyncio.create_task(asker.send(method))
        await server.until(lambda server: server.hanging == 1)
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        await server.until(lambda server: server.gone == 1)
    assert call.cancelled()


async def test_a_closed_service_ends_its_calls_and_takes_no_more() -> None:
    async with upstream(hang) as server, asking(server.url) as asker:
        calls = [asyncio.create_task(asker.send(method)) for method in ("GET", "POST")]
        await server.until(lambda server: server.hanging == 2)
        await asker.service.close()
        results = await asyncio.gather(*calls, return_exceptions=True)
        await server.until(lambda server: server.gone == 2)
        with pytest.raises(ServiceClosed):
            await asker.get()
    assert [type(result) for result in results] == [ServiceClosed, ServiceClosed]


# Places, budget, breaker


async def test_no_more_calls_at_a_time_than_there_are_places() -> None:
    at_work, most = 0, 0

    async def count(exchange: Exchange) -> None:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        await exchange.upstream.until(lambda _server: most >= 3)
        await asyncio.sleep(0.005)
        at_work -= 1
        await exchange.answer()

    async with upstream(count) as server, asking(server.url, ServiceConfiguration(concurrency=3)) as asker:
        answers = await asyncio.gather(*(asker.get(f"/{number}") for number in range(20)))
    assert {answer.status for answer in answers} == {200}
    assert most == 3


async def test_what_the_queue_does_not_take_fails_at_once() -> None:
    settings = ServiceConfiguration(concurrency=1, queue=2, total_timeout_s=0.2)
    async with upstream(hang) as server, asking(server.url, settings) as asker:
        calls = [asyncio.create_task(asker.get(f"/{number}")) for number in range(5)]
        refused = await asyncio.gather(*calls[3:], return_exceptions=True)
        assert [type(error) for error in refused] == [QueueFull, QueueFull]
        results = await asyncio.gather(*calls[:3], return_exceptions=True)
    assert sum(isinstance(result, ServiceTimeout) for result in results) == 3


async def test_an_operation_has_so_many_calls_and_answers_from_the_cache_are_free() -> None:
    settings = ServiceConfiguration(max_calls=2)
    async with upstream(cached(cache_control="max-age=60")) as server, asking(server.url, settings) as asker:
        budget = CallBudget()
        await asker.get("/a", budget=budget)
        await asker.get("/a", budget=budget)
        await asker.get("/b", budget=budget)
        with pytest.raises(TooManyCalls):
            await asker.get("/c", budget=budget)
        await asker.get("/c")
    assert server.paths == ["/a", "/b", "/c"]


async def test_the_breaker_opens_half_opens_and_closes() -> None:
    well = False

    async def behave(exchange: Exchange) -> None:
        await exchange.answer(b"", 200 if well else 500)

    clock = FakeClock(time.monotonic())
    settings = ServiceConfiguration(breaker_failures=3, breaker_open_s=5)
    async with upstream(behave) as server, asking(server.url, settings, clock=clock) as asker:
        [await asker.get() for _ in range(3)]
        with pytest.raises(BreakerOpen) as caught:
            await asker.get()
        assert caught.value.client_code is ClientCode.SOURCE_FAILED
        assert len(server.seen) == 3
        clock.now += 5
        assert (await asker.get(within_s=60)).status == 500
        with pytest.raises(BreakerOpen):
            await asker.get(within_s=60)
        assert len(server.seen) == 4
        clock.now += 5
        well = True
        assert (await asker.get(within_s=60)).status == 200
        assert (await asker.get(within_s=60)).status == 200


async def test_connections_that_fail_open_the_breaker() -> None:
    async with asking("http://127.0.0.1:1", ServiceConfiguration(breaker_failures=4, attempts=1)) as asker:
        results = [await asyncio.gather(asker.get(), return_exceptions=True) for _ in range(5)]
    assert [type(result[0]) for result in results] == [ConnectFailed] * 4 + [BreakerOpen]


async def test_a_breaker_that_opens_ends_the_retries() -> None:
    settings = ServiceConfiguration(breaker_failures=2, attempts=5)
    async with upstream(status(503)) as server, asking(server.url, settings) as asker:
        with pytest.raises(BreakerOpen):
            await asker.get()
    assert len(server.seen) == 2


async def test_memory_is_bounded_while_a_service_hangs() -> None:
    """200 operations of ten calls each, three times over."""
    settings = ServiceConfiguration(concurrency=20, queue=100, total_timeout_s=0.1, breaker_failures=100_000)
    process = psutil.Process()

    async def operate(asker: Asker, number: int) -> list[object]:
        return await asyncio.gather(*(asker.get(f"/{number}/{call}") for call in range(10)), return_exceptions=True)

    async with upstream(hang) as server, asking(server.url, settings) as asker:
        await asyncio.gather(*(operate(asker, number) for number in range(200)))
        gc.collect()
        before = process.memory_info().rss
        for _ in range(2):
            answers = await asyncio.gather(*(operate(asker, number) for number in range(200)))
        gc.collect()
        grown = process.memory_info().rss - before
        kinds = {type(error) for operation in answers for error in operation}
        await server.until(lambda server: server.gone == server.hanging)
        assert len(asker.service._flights) == 0
    assert kinds <= {QueueFull, ServiceTimeout}
    assert grown < 20_000_000


async def test_an_answer_that_is_too_large_is_no_reason_to_leave_the_service_alone() -> None:
    settings = ServiceConfiguration(max_response_bytes=10, breaker_failures=1)
    long = raw(b"HTTP/1.1 200 X\r\ncontent-length: 20\r\n\r\n")
    async with upstream(long) as server, asking(server.url, settings) as asker:
        with pytest.raises(AnswerTooLarge):
            await asker.get()
        with pytest.raises(AnswerTooLarge):
            await asker.get()


# One flight, and whose answer it is


async def test_identical_calls_at_the_same_time_are_one() -> None:
    async with upstream(who) as server, asking(server.url) as asker:
        answers = await asyncio.gather(*(asker.get() for _ in range(10)))
    assert len(answers) == 10
    assert len(server.seen) == 1


async def test_calls_that_change_something_are_never_one() -> None:
    async with upstream(who) as server, asking(server.url) as asker:
        await asyncio.gather(*(asker.send("POST", body=b"x") for _ in range(3)))
    assert len(server.seen) == 3


async def test_other_headers_make_another_call() -> None:
    async with upstream(who) as server, asking(server.url) as asker:
        await asyncio.gather(*(asker.get(headers={"Accept-Language": language}) for language in ("de", "fr", "de")))
    assert sorted(seen.headers["accept-language"] for seen in server.seen) == ["de", "fr"]


async def test_other_traces_make_no_other_call() -> None:
    async with upstream(who) as server, asking(server.url) as asker:
        await asyncio.gather(asker.get(incoming={"traceparent": TRACEPARENT}), asker.get())
    assert [seen.headers["traceparent"] for seen in server.seen] == [TRACEPARENT]


async def test_users_never_share_a_flight() -> None:
    settings = ServiceConfiguration(forward_headers=("authorization",))
    async with upstream(who) as server, asking(server.url, settings) as asker:
        answers = await asyncio.gather(
            *(asker.get(incoming={"authorization": name}) for name in ("alice", "bob", "alice", "bob")), asker.get()
        )
    assert [answer.body for answer in answers] == [b"alice", b"bob", b"alice", b"bob", b"nobody"]
    assert len(server.seen) == 3


@pytest.mark.parametrize("control", ["max-age=60", "public, max-age=60", "private, max-age=60"])
async def test_users_never_share_a_cached_answer(control: str) -> None:
    settings = ServiceConfiguration(forward_headers=("authorization",))
    async with upstream(cached(cache_control=control)) as server, asking(server.url, settings) as asker:
        names = ("alice", "bob", "alice", "bob")
        answers = [await asker.get(incoming={"authorization": name}) for name in names]
        stranger = await asker.get()
    assert [answer.body for answer in answers] == [b"alice 1", b"bob 2", b"alice 1", b"bob 2"]
    assert stranger.body == b"None 3"


async def test_private_answers_are_not_kept_where_nobody_is_named() -> None:
    async with upstream(cached(cache_control="private, max-age=60")) as server, asking(server.url) as asker:
        await asker.get(incoming={"authorization": "alice"})
        await asker.get(incoming={"authorization": "bob"})
    assert len(server.seen) == 2


async def test_a_cancelled_caller_leaves_the_others_their_answer() -> None:
    async with upstream(who) as server, asking(server.url) as asker:
        first, second = (asyncio.create_task(asker.get()) for _ in range(2))
        await server.until(lambda server: len(server.seen) == 1)
        first.cancel()
        assert (await second).status == 200
    assert len(server.seen) == 1


async def test_when_the_last_caller_has_gone_the_call_is_closed() -> None:
    async with upstream(hang) as server, asking(server.url) as asker:
        calls = [asyncio.create_task(asker.get()) for _ in range(3)]
        await server.until(lambda server: server.hanging == 1)
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
        await server.until(lambda server: server.gone == 1)


async def test_a_caller_in_a_hurry_does_not_hurry_the_others() -> None:
    async with upstream(who) as server, asking(server.url) as asker:
        hasty, patient = asyncio.create_task(asker.get(within_s=0.005)), asyncio.create_task(asker.get())
        with pytest.raises(ServiceTimeout):
            await hasty
        assert (await patient).status == 200
    assert len(server.seen) == 1


# Cache


async def test_a_stale_answer_is_confirmed_by_the_service() -> None:
    async def behave(exchange: Exchange) -> None:
        if exchange.seen.headers.get("if-none-match") == '"1"':
            await exchange.write(b'HTTP/1.1 304 X\r\netag: "1"\r\n\r\n')
        else:
            await exchange.answer(b"whole", etag='"1"', cache_control="no-cache")

    async with upstream(behave) as server, asking(server.url) as asker:
        answers = [await asker.get() for _ in range(3)]
    assert [(answer.status, answer.body) for answer in answers] == [(200, b"whole")] * 3
    assert [("if-none-match" in seen.headers) for seen in server.seen] == [False, True, True]


async def test_a_change_drops_what_is_cached_of_its_url() -> None:
    async with upstream(cached(cache_control="max-age=60")) as server, asking(server.url) as asker:
        await asker.get("/a")
        await asker.get("/b")
        await asker.send("PUT", "/a", body=b"x")
        await asker.get("/a")
        await asker.get("/b")
    assert server.paths == ["/a", "/b", "/a", "/a"]


async def test_a_change_that_failed_drops_nothing() -> None:
    behave = in_turn(cached(cache_control="max-age=60"), status(409))
    async with upstream(behave) as server, asking(server.url) as asker:
        await asker.get("/a")
        await asker.send("PUT", "/a", body=b"x")
        assert (await asker.get("/a")).status == 200
    assert len(server.seen) == 2


async def test_the_cache_can_be_switched_off() -> None:
    settings = ServiceConfiguration(cache_bytes=0)
    async with upstream(cached(cache_control="max-age=60")) as server, asking(server.url, settings) as asker:
        await asker.get()
        await asker.get()
    assert len(server.seen) == 2


# Redirects


def to(location: str, code: int = 302) -> Behaviour:
    return status(code, location=location, cache_control="max-age=60")


def by_path(**paths: Behaviour) -> Behaviour:
    async def behave(exchange: Exchange) -> None:
        await paths.get(exchange.seen.path.strip("/"), fine)(exchange)

    return behave


KEYED = {"headers": {"x-key": SecretStr("secret")}, "forward_headers": ("authorization",)}


async def test_within_the_service_a_redirect_is_followed_with_credentials() -> None:
    keyed = ServiceConfiguration.model_validate(KEYED)
    async with upstream(by_path(a=to("/b"))) as server, asking(server.url, keyed) as asker:
        answer = await asker.get("/a", incoming={"authorization": "alice"})
    assert answer.body == b"/b"
    assert (server.seen[1].headers["x-key"], server.seen[1].headers["authorization"]) == ("secret", "alice")


async def test_a_redirect_to_another_port_is_refused() -> None:
    async with upstream(fine) as other, upstream(to(f"{other.url}/x")) as server, asking(server.url) as asker:
        with pytest.raises(RedirectRefused, match=r"The source 'shop' failed\."):
            await asker.get()
    assert other.seen == []


async def test_an_allowed_host_gets_no_credentials() -> None:
    async with upstream(fine) as other, upstream(to(f"{other.url}/x")) as server:
        allowed = {"redirect_hosts": (other.url.removeprefix("http://"),)}
        async with asking(server.url, ServiceConfiguration.model_validate(KEYED | allowed)) as asker:
            answer = await asker.get(incoming={"authorization": "alice"}, headers={"X-Own": "1"})
    assert answer.body == b"/x"
    assert set(other.seen[0].headers) == {"accept", "accept-encoding", "host", "traceparent", "user-agent"}


async def test_an_allowed_host_with_a_private_address_is_refused() -> None:
    async def resolve(host: str, _port: int) -> tuple[str, ...]:
        return {"files.example": ("10.0.0.1",)}.get(host, ("127.0.0.1",))

    settings = ServiceConfiguration(redirect_hosts=("files.example",))
    away = to("http://files.example/")
    async with upstream(away) as server, asking(server.url, settings, resolve=resolve) as asker:
        with pytest.raises(RedirectRefused) as caught:
            await asker.get()
    assert caught.value.where == "it redirects to a private address"


async def test_the_metadata_of_a_cloud_machine_is_out_of_reach() -> None:
    settings = ServiceConfiguration(redirect_hosts=("169.254.169.254",))
    async with upstream(to("http://169.254.169.254/latest/")) as server, asking(server.url, settings) as asker:
        with pytest.raises(RedirectRefused) as caught:
            await asker.get()
    assert caught.value.where == "it redirects to a link-local address"


async def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    async def resolve(_host: str, _port: int) -> tuple[str, ...]:
        return ("127.0.0.1",)

    settings = ServiceConfiguration(redirect_hosts=("Moved.Invalid",))
    async with upstream(fine) as other:
        moved = to(f"http://moved.invalid:{other.url.rpartition(':')[2]}/x")
        async with upstream(moved) as server, asking(server.url, settings, resolve=resolve) as asker:
            assert (await asker.get()).body == b"/x"
    assert other.paths == ["/x"]


async def test_a_redirect_loop_ends() -> None:
    async with upstream(by_path(a=to("/b"), b=to("/a"))) as server, asking(server.url) as asker:
        with pytest.raises(RedirectRefused) as caught:
            await asker.get("/a")
    assert len(server.seen) == 6
    assert caught.value.where == "it redirects more than 5 times"


async def test_what_another_url_answered_is_not_cached_for_this_one() -> None:
    behave = by_path(a=to("/b"), b=cached(cache_control="max-age=60"))
    async with upstream(behave) as server, asking(server.url) as asker:
        await asker.get("/a")
        await asker.get("/a")
    assert server.paths == ["/a", "/b", "/a", "/b"]


# What leaves


async def test_static_headers_and_the_trace_go_out() -> None:
    async with upstream(fine) as server, asking(server.url, ServiceConfiguration.model_validate(KEYED)) as asker:
        await asker.get(incoming={"traceparent": TRACEPARENT, "tracestate": "v=1", "cookie": "c", "x-key": "guess"})
    headers = server.seen[0].headers
    assert (headers["x-key"], headers["traceparent"], headers["tracestate"]) == ("secret", TRACEPARENT, "v=1")
    assert "cookie" not in headers


async def test_errors_show_neither_url_nor_headers_nor_bodies() -> None:
    settings = ServiceConfiguration.model_validate(KEYED | {"attempts": 1, "total_timeout_s": 0.2})
    troubles = [reset, hang, raw(b"secret\r\n\r\n"), to("http://secret.example/"), to("http://[secret/")]
    errors: list[PunnetError] = []
    for trouble in troubles:
        async with upstream(trouble) as server, asking(server.url, settings) as asker:
            with pytest.raises(PunnetError) as caught:
                await asker.get("/secret?key=secret", incoming={"authorization": "secret"})
            errors.append(caught.value)
    assert "secret" not in "".join(f"{error} {error.__cause__}" for error in errors)
    assert {error.is_public for error in errors} == {True}


def test_a_status_is_named() -> None:
    assert StatusFailed("shop", status=503).what == "The source 'shop' answered with status 503."
