"""Who asks, as a gateway says it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
import strawberry
from pydantic import SecretStr
from starlette.types import Message
from structlog.testing import capture_logs

from punnet import OwnCode, create_app
from punnet.access.session import ANONYMOUS, Identity
from punnet.configuration.configuration import Configuration
from punnet.configuration.identity import IdentityConfiguration
from punnet.configuration.operations import OperationConfiguration
from punnet.configuration.server import ServerConfiguration
from punnet.configuration.sources import HttpConfiguration, PostgresConfiguration
from punnet.server.endpoint import GraphQLEndpoint
from punnet.server.identity import Caller, GatewayIdentity
from punnet.server.protocol import NotAnswered
from tests.server.serving import codes, started
from tests.sources.http.transport.upstreams import Exchange, Upstream, upstream

SECRET = "open-sesame"
GATEWAY = {"x-gateway-secret": SECRET}
ADA = {**GATEWAY, "x-role": "customer", "x-user-id": "7"}
WHO = {"query": "{ me { role claims } }"}


def configuration(*, required: bool = False) -> IdentityConfiguration:
    return IdentityConfiguration(
        secret_header="X-Gateway-Secret",
        secret=SecretStr(SECRET),
        role_header="X-Role",
        roles=("customer", "staff"),
        claims={"user_id": "X-User-Id", "team": "X-Team"},
        required=required,
    )


def identified(*headers: tuple[str, str], required: bool = False) -> Caller:
    """The caller of a request with these headers."""
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    return GatewayIdentity(configuration(required=required))(raw)


def refused(*headers: tuple[str, str], required: bool = False) -> tuple[int, str]:
    """The status and the code by which a request with these headers is refused."""
    with pytest.raises(NotAnswered) as caught:
        identified(*headers, required=required)
    assert SECRET not in caught.value.message
    return caught.value.status, caught.value.code


# -- the gateway's word --------------------------------------------------------------------------


def test_the_gateway_says_the_callers_role_and_claims() -> None:
    caller = identified(*ADA.items(), ("x-team", "blue"))
    assert caller.identity == Identity(role="customer", claims={"user_id": "7", "team": "blue"})


def test_claims_that_are_not_said_are_not_there() -> None:
    assert identified(*ADA.items(), ("x-team", "")).identity.claims == {"user_id": "7"}


def test_claims_are_in_utf_8() -> None:
    said = ("x-team", "Zoë".encode().decode("latin-1"))
    assert identified(*ADA.items(), said).identity.claims["team"] == "Zoë"


@pytest.mark.parametrize("role", [(), (("x-role", ""),)])
def test_whom_the_gateway_gives_no_role_is_anonymous_and_has_no_claims(role: tuple[tuple[str, str], ...]) -> None:
    assert identified(*GATEWAY.items(), *role, ("x-user-id", "7")).identity is ANONYMOUS


@pytest.mark.parametrize("role", ["admin", "Customer", "customer, staff", "anonymous", "x" * 10_000])
def test_a_role_that_is_not_listed_is_refused(role: str) -> None:
    assert refused(*GATEWAY.items(), ("x-role", role)) == (403, "FORBIDDEN")


@pytest.mark.parametrize("name", ["x-role", "x-user-id"])
def test_a_header_that_is_there_twice_is_refused_for_one_may_be_the_clients_own(name: str) -> None:
    assert refused(*ADA.items(), (name, "customer")) == (400, "BAD_USER_INPUT")


def test_a_claim_that_is_no_utf_8_is_refused() -> None:
    assert refused(*ADA.items(), ("x-team", "\xff")) == (400, "BAD_USER_INPUT")


# -- anybody's word ------------------------------------------------------------------------------


def test_without_the_secret_nobodys_word_counts() -> None:
    assert identified(("x-role", "staff"), ("x-user-id", "7")).identity is ANONYMOUS


@pytest.mark.parametrize("secret", ["", "open-sesam", "open-sesame!", "OPEN-SESAME", "\xff"])
def test_a_wrong_secret_is_refused(secret: str) -> None:
    assert refused(("x-gateway-secret", secret), ("x-role", "staff")) == (401, "UNAUTHENTICATED")


@pytest.mark.parametrize("other", ["guess", SECRET])
def test_a_secret_that_is_there_twice_is_refused(other: str) -> None:
    assert refused(*ADA.items(), ("x-gateway-secret", other)) == (401, "UNAUTHENTICATED")


@pytest.mark.parametrize("headers", [{}, GATEWAY, {"x-role": "staff"}])
def test_where_an_identity_is_required_others_are_refused(headers: dict[str, str]) -> None:
    assert refused(*headers.items(), required=True) == (401, "UNAUTHENTICATED")


def test_where_an_identity_is_required_it_is_enough() -> None:
    assert identified(*ADA.items(), required=True).identity.role == "customer"


# -- what goes further ---------------------------------------------------------------------------


def test_the_secret_goes_no_further() -> None:
    names = [name for name, _ in identified(*ADA.items(), ("accept", "*/*")).headers]
    assert names == [b"x-role", b"x-user-id", b"accept"]


def test_of_what_is_not_the_gateways_word_nothing_goes_further() -> None:
    caller = identified(("x-role", "staff"), ("x-user-id", "7"), ("x-team", "blue"), ("accept", "*/*"))
    assert list(caller.headers) == [(b"accept", b"*/*")]


# -- a server ------------------------------------------------------------------------------------


@strawberry.type
class Me:
    role: str
    claims: str


@strawberry.type
class Query:
    @strawberry.field
    def me(self, info: strawberry.Info[Any, None]) -> Me:
        identity = info.context.identity
        return Me(role=identity.role, claims=json.dumps(dict(identity.claims)))


@asynccontextmanager
async def served(shop_url: str, service_url: str = "", *, required: bool = False) -> AsyncIterator[httpx2.AsyncClient]:
    shop = PostgresConfiguration(url=SecretStr(shop_url))
    service = HttpConfiguration(
        url=service_url or "http://127.0.0.1:9",
        forward_headers=("x-user-id", "x-gateway-secret", "traceparent"),
        operations={"whoami": OperationConfiguration(path="/whoami", result="String")},
        prefix="",
    )
    server = ServerConfiguration(identity=configuration(required=required))
    app = create_app(Configuration(version=1, server=server, sources={"shop": shop, "service": service}), OWN)
    async with started(app) as client:
        yield client


OWN = OwnCode(query=Query)


@pytest.fixture(scope="module")
async def client(shop_url: str) -> AsyncIterator[httpx2.AsyncClient]:
    async with served(shop_url) as client:
        yield client


@pytest.fixture(scope="module")
async def closed(shop_url: str) -> AsyncIterator[httpx2.AsyncClient]:
    """One where an identity is required."""
    async with served(shop_url, required=True) as client:
        yield client


async def test_own_code_finds_the_identity_in_its_context(client: httpx2.AsyncClient) -> None:
    answer = await client.post("/graphql", json=WHO, headers=ADA)
    assert answer.json()["data"] == {"me": {"role": "customer", "claims": '{"user_id": "7"}'}}


async def test_a_query_that_came_by_get_has_an_identity_too(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/graphql?query={me{role}}", headers=ADA)
    assert answer.json()["data"] == {"me": {"role": "customer"}}


async def test_strangers_are_anonymous(client: httpx2.AsyncClient) -> None:
    answer = await client.post("/graphql", json=WHO, headers={"x-role": "staff", "x-user-id": "1"})
    assert answer.json()["data"] == {"me": {"role": "anonymous", "claims": "{}"}}


async def test_every_role_has_an_answer_from_the_same_document(client: httpx2.AsyncClient) -> None:
    body = {"query": "{ products(first: 1) { nodes { id } } }"}
    answers = [
        await client.post("/graphql", json=body, headers={**GATEWAY, "x-role": role}) for role in ("customer", "staff")
    ]
    assert [answer.json() for answer in answers] == [{"data": {"products": {"nodes": [{"id": 1}]}}}] * 2


async def test_who_is_refused_is_told_with_status_and_code(closed: httpx2.AsyncClient) -> None:
    answer = await closed.post("/graphql", json=WHO)
    assert answer.status_code == 401
    assert codes(answer.json()) == ["UNAUTHENTICATED"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
async def test_health_is_told_to_everybody(closed: httpx2.AsyncClient, path: str) -> None:
    assert (await closed.get(path)).status_code == 200


async def test_graphiql_is_shown_to_everybody(closed: httpx2.AsyncClient) -> None:
    answer = await closed.get("/graphql", headers={"accept": "text/html"})
    assert answer.headers["content-type"].startswith("text/html")


async def test_whoever_is_refused_is_so_before_the_body_is_read() -> None:
    endpoint = GraphQLEndpoint(
        lambda: None, graphiql=False, max_body_bytes=1, identify=GatewayIdentity(configuration(required=True))
    )
    sent: list[Message] = []

    async def receive() -> Message:
        raise AssertionError("the body was read")

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "headers": [(b"content-type", b"application/json")]}
    await endpoint(scope, receive, send)
    assert sent[0]["status"] == 401


async def test_the_secret_is_in_no_log_and_no_representation(client: httpx2.AsyncClient) -> None:
    with capture_logs() as logs:
        answers = [
            await client.post("/graphql", json=body, headers=headers)
            for body in (WHO, {"query": "{ whoami }"}, {"query": "{"})
            for headers in (ADA, {**ADA, "x-role": "admin"}, {**ADA, "x-gateway-secret": f"{SECRET}!"})
        ]
    told = [str(logs), str([answer.text for answer in answers]), repr(configuration()), str(configuration())]
    assert [text for text in told if SECRET in text] == []


# -- services ------------------------------------------------------------------------------------


async def who_is_told(exchange: Exchange) -> None:
    """Answer, to be cached for long, with the user that the request is for."""
    user = json.dumps(exchange.seen.headers.get("x-user-id"))
    await exchange.answer(user.encode(), content_type="application/json", cache_control="public, max-age=60")


async def who_is_told_once_two_have_asked(exchange: Exchange) -> None:
    await exchange.upstream.until(lambda server: len(server.seen) == 2)
    await who_is_told(exchange)


async def whoami(client: httpx2.AsyncClient, headers: Mapping[str, str]) -> Any:
    answer = await client.post("/graphql", json={"query": "{ whoami }"}, headers=headers)
    return answer.json()["data"]["whoami"]


async def test_users_who_ask_a_service_at_the_same_time_share_no_call(shop_url: str) -> None:
    async with upstream(who_is_told_once_two_have_asked) as service, served(shop_url, service.url) as client:
        users = await asyncio.gather(whoami(client, ADA), whoami(client, {**ADA, "x-user-id": "8"}))
    assert list(users) == ["7", "8"]


async def test_users_share_no_cached_answer_of_a_service(shop_url: str) -> None:
    async with upstream(who_is_told) as service, served(shop_url, service.url) as client:
        users = [await whoami(client, {**ADA, "x-user-id": user}) for user in ("7", "8", "7")]
    assert users == ["7", "8", "7"]
    assert len(service.seen) == 2


async def test_a_stranger_cannot_tell_a_service_to_be_somebody(shop_url: str) -> None:
    async with upstream(who_is_told) as service, served(shop_url, service.url) as client:
        assert await whoami(client, {"x-user-id": "7"}) is None


async def test_a_service_is_told_the_secret_by_no_means(shop_url: str) -> None:
    async with upstream(who_is_told) as service, served(shop_url, service.url) as client:
        await whoami(client, ADA)
    assert SECRET not in str(seen_by(service))


async def test_a_call_of_a_service_belongs_to_the_trace_of_its_request(shop_url: str) -> None:
    trace_id = "4bf92f3577b34da6a3ce929d0e0e4736"
    async with upstream(who_is_told) as service, served(shop_url, service.url) as client:
        await whoami(client, {**ADA, "traceparent": f"00-{trace_id}-00f067aa0ba902b7-01"})
    assert seen_by(service)[0]["traceparent"].split("-")[1] == trace_id


def seen_by(service: Upstream) -> list[dict[str, str]]:
    return [seen.headers for seen in service.seen]
