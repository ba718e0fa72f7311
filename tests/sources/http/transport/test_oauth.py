from __future__ import annotations

import asyncio
from base64 import b64encode

import orjson
import pytest
from pydantic import SecretStr

from punnet.configuration.services import OAuth2Configuration, ServiceConfiguration
from punnet.sources.http.transport.errors import ConnectFailed, TokenRefused
from punnet.sources.http.transport.oauth import Tokens, read_token, token_request
from punnet.sources.http.transport.values import HttpRequest, HttpResponse
from tests.sources.http.transport.services import FakeClock, asking
from tests.sources.http.transport.upstreams import Behaviour, Exchange, Upstream, upstream


def settings(**more: object) -> OAuth2Configuration:
    fixed = {"token_url": "http://auth/token", "client_id": "pun:net", "client_secret": SecretStr("hush hush")}
    return OAuth2Configuration.model_validate(fixed | more)


def granted(token: str = "t1", **more: object) -> HttpResponse:
    answer = {"access_token": token, "token_type": "Bearer", "expires_in": 100} | more
    return HttpResponse(status=200, body=orjson.dumps(answer))


class Granting:
    """An authorization server that gives t1, t2, t3."""

    def __init__(self) -> None:
        self.asked = 0
        self.answer: HttpResponse | None = None
        self.error: Exception | None = None

    async def __call__(self, _request: HttpRequest, _deadline: float) -> HttpResponse:
        self.asked += 1
        await asyncio.sleep(0)
        if self.error is not None:
            raise self.error
        return self.answer or granted(f"t{self.asked}")


def tokens(server: Granting, clock: FakeClock) -> Tokens:
    return Tokens("shop", settings(), send=server, clock=clock, timeout_s=5)


def test_the_form_and_the_password_are_as_the_rfc_has_them() -> None:
    request = token_request(settings(scopes=("read", "write"), audience="shop"))
    assert request.body == b"grant_type=client_credentials&scope=read+write&audience=shop"
    expected = b64encode(b"pun%3Anet:hush+hush").decode()
    assert dict(request.headers)["authorization"] == f"Basic {expected}"


def test_the_password_can_be_in_the_form() -> None:
    request = token_request(settings(secret_in_body=True))
    assert request.body == b"grant_type=client_credentials&client_id=pun%3Anet&client_secret=hush+hush"
    assert "authorization" not in dict(request.headers)


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse(status=400, body=b'{"error": "invalid_client"}'),
        HttpResponse(status=302),
        HttpResponse(status=200, body=b"no JSON"),
        HttpResponse(status=200, body=b"[]"),
        HttpResponse(status=200, body=b"{}"),
        granted(""),
        granted("a\r\nb"),
        granted(token_type="mac"),
        granted(expires_in="soon"),
        granted(access_token=7),
    ],
)
def test_an_answer_without_a_bearer_token_is_refused(response: HttpResponse) -> None:
    with pytest.raises(TokenRefused):
        read_token("shop", response, 0, 30)


def test_a_token_is_renewed_before_its_end() -> None:
    token = read_token("shop", granted(expires_in=100), 1000, 30)
    assert (token.renew_at, token.ends_at) == (1070, 1100)
    short = read_token("shop", granted(expires_in=20), 1000, 30)
    assert (short.renew_at, short.ends_at) == (1010, 1020)


def test_a_token_is_not_in_its_repr() -> None:
    assert "t1" not in repr(read_token("shop", granted(), 0, 30))


async def test_a_token_is_fetched_once_for_all() -> None:
    server, clock = Granting(), FakeClock()
    source = tokens(server, clock)
    found = await asyncio.gather(*(source.token(2000) for _ in range(10)))
    assert {token.value for token in found} == {"t1"}
    assert (await source.token(2000)).value == "t1"
    assert server.asked == 1


async def test_a_token_near_its_end_is_replaced() -> None:
    server, clock = Granting(), FakeClock()
    source = tokens(server, clock)
    await source.token(2000)
    clock.now += 70
    assert (await source.token(2000)).value == "t2"


async def test_the_old_token_serves_while_there_is_no_new_one() -> None:
    server, clock = Granting(), FakeClock()
    source = tokens(server, clock)
    await source.token(2000)
    server.error = ConnectFailed("shop", why="down")
    clock.now += 70
    assert (await source.token(2000)).value == "t1"
    clock.now += 30
    with pytest.raises(ConnectFailed):
        await source.token(2000)


async def test_a_server_of_tokens_that_is_down_is_not_taken_for_the_service() -> None:
    server, clock = Granting(), FakeClock()
    server.error = ConnectFailed("shop", why="it refused the connection")
    with pytest.raises(ConnectFailed) as caught:
        await tokens(server, clock).token(2000)
    assert caught.value.where == "asking the authorization server for a token, it refused the connection"
    assert caught.value.fix == "start it, or correct the token_url of the source's oauth2"


async def test_a_refused_token_is_replaced_and_a_newer_one_left_alone() -> None:
    server, clock = Granting(), FakeClock()
    source = tokens(server, clock)
    first = await source.token(2000)
    source.refuse(first)
    second = await source.token(2000)
    source.refuse(first)
    assert await source.token(2000) is second
    assert server.asked == 2


def guarded(good: str) -> tuple[list[str], Behaviour]:
    given: list[str] = []

    async def behave(exchange: Exchange) -> None:
        if exchange.seen.path == "/token":
            given.append(f"t{len(given) + 1}")
            await exchange.answer(orjson.dumps({"access_token": given[-1], "token_type": "bearer"}))
        elif exchange.seen.headers.get("authorization") == f"Bearer {good}":
            await exchange.answer()
        else:
            await exchange.answer(b"", 401)

    return given, behave


def with_tokens(server: Upstream) -> ServiceConfiguration:
    oauth = OAuth2Configuration(token_url=f"{server.url}/token", client_id="p", client_secret=SecretStr("s"))
    return ServiceConfiguration(oauth2=oauth)


async def test_calls_carry_the_token() -> None:
    given, behave = guarded("t1")
    async with upstream(behave) as server, asking(server.url, with_tokens(server)) as asker:
        answers = await asyncio.gather(*(asker.get(f"/{number}") for number in range(10)))
    assert {answer.status for answer in answers} == {200}
    assert given == ["t1"]


async def test_a_token_that_the_service_refuses_is_replaced_once() -> None:
    given, behave = guarded("t2")
    async with upstream(behave) as server, asking(server.url, with_tokens(server)) as asker:
        assert (await asker.get("/a")).status == 200
        assert (await asker.get("/b")).status == 200
    assert given == ["t1", "t2"]


async def test_a_second_refusal_is_the_answer() -> None:
    given, behave = guarded("never")
    async with upstream(behave) as server, asking(server.url, with_tokens(server)) as asker:
        assert (await asker.get("/a")).status == 401
    assert given == ["t1", "t2"]
