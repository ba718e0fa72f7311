"""The app beside its endpoint: health, GraphiQL, and a place in a team's own app."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from pydantic import SecretStr
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import Response

from punnet import Configuration, Settings, create_app
from punnet.configuration.problems import ConfigurationWrong
from punnet.configuration.sources import PostgresConfiguration
from punnet.sources.errors import SourceRefused
from tests.server.serving import client_of, serving, started

ASK = {"query": "{ products(first: 1) { nodes { id } } }"}
ANSWER = {"data": {"products": {"nodes": [{"id": 1}]}}}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


# -- health --------------------------------------------------------------------------------------


async def test_a_process_that_answers_is_healthy(shop: httpx2.AsyncClient) -> None:
    answer = await shop.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_a_server_with_its_database_is_ready(shop: httpx2.AsyncClient) -> None:
    answer = await shop.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


async def test_a_server_whose_database_is_down_is_healthy_but_not_ready_and_says_why() -> None:
    async with serving(Settings(database_url="postgresql://nobody:swordfish@127.0.0.1:1/nothing")) as client:
        assert (await client.get("/healthz")).status_code == 200
        ready = await client.get("/readyz")
        answer = await client.post("/graphql", json=ASK)
    assert ready.status_code == 503
    assert ready.json()["reason"] == "cannot reach the source 'default': nothing listens at its address"
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
    assert answer.json()["errors"][0]["extensions"]["code"] == "SOURCE_FAILED"


async def test_a_database_that_refuses_us_stops_the_start(shop_url: str) -> None:
    app = create_app(Settings(database_url=shop_url.replace("postgres:", "nobody:")))
    with pytest.raises(SourceRefused):
        async with app.router.lifespan_context(app):
            pass


async def test_a_configuration_that_excludes_nothing_that_is_there_stops_the_start(shop_url: str) -> None:
    shop = PostgresConfiguration(url=SecretStr(shop_url), exclude=("orders",))
    app = create_app(Configuration(version=1, sources={"shop": shop}))
    with pytest.raises(ConfigurationWrong) as wrong:
        async with app.router.lifespan_context(app):
            pass
    assert [(each.key, each.close) for each in wrong.value.problems] == [("sources.shop.exclude[0]", "public.orders")]
    # `/readyz` repeats this to whoever asks.
    assert "orders" not in wrong.value.what


async def test_an_app_can_be_started_again(shop_url: str) -> None:
    app = create_app(Settings(database_url=shop_url))
    async with started(app) as client:
        assert (await client.post("/graphql", json=ASK)).json() == ANSWER
    async with started(app) as client:
        assert (await client.post("/graphql", json=ASK)).json() == ANSWER


# -- GraphiQL ------------------------------------------------------------------------------------


async def test_a_browser_gets_graphiql(shop: httpx2.AsyncClient) -> None:
    answer = await shop.get("/graphql", headers={"accept": BROWSER})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")


async def test_a_browser_with_a_query_in_the_url_gets_its_answer(shop: httpx2.AsyncClient) -> None:
    answer = await shop.get("/graphql?query={__typename}", headers={"accept": BROWSER})
    assert answer.json() == {"data": {"__typename": "Query"}}


async def test_the_root_leads_to_graphiql(shop: httpx2.AsyncClient) -> None:
    found = await shop.get("/")
    assert (found.status_code, found.headers["location"]) == (307, "/graphql")
    assert [(await shop.post("/")).status_code, (await shop.get("/other")).status_code] == [404, 404]


async def test_a_mounted_apps_root_leads_to_its_own_graphiql(shop_url: str) -> None:
    outer, inner = FastAPI(), create_app(Settings(database_url=shop_url))
    outer.mount("/api", inner)
    async with client_of(outer) as client:
        assert (await client.get("/api/")).headers["location"] == "/api/graphql"


async def test_a_teams_own_root_is_its_own(shop_url: str) -> None:
    app = create_app(Settings(database_url=shop_url))
    app.get("/")(lambda: "ours")
    async with client_of(app) as client:
        assert (await client.get("/")).json() == "ours"


async def test_graphiql_can_be_left_out(shop_url: str) -> None:
    async with serving(Settings(database_url=shop_url, graphiql=False)) as client:
        answer = await client.get("/graphql", headers={"accept": BROWSER})
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("application/json")


async def test_the_endpoint_can_be_elsewhere(shop_url: str) -> None:
    async with serving(Settings(database_url=shop_url, path="/v1/graph")) as client:
        assert (await client.post("/v1/graph", json=ASK)).json() == ANSWER
        assert (await client.post("/graphql", json=ASK)).status_code == 404


# -- mounted -------------------------------------------------------------------------------------


async def test_it_is_mounted_in_a_teams_app_that_has_no_lifespan_of_its_own(shop_url: str) -> None:
    graphql = create_app(Settings(database_url=shop_url))
    app = FastAPI(lifespan=graphql.router.lifespan_context)
    app.mount("/api", graphql)
    async with started(app) as client:
        assert (await client.post("/api/graphql", json=ASK)).json() == ANSWER
        assert (await client.get("/api/readyz")).json() == {"status": "ready"}
        assert (await client.get("/api/graphql", headers={"accept": BROWSER})).status_code == 200


async def test_it_is_mounted_in_a_teams_app_that_has_a_lifespan_of_its_own(shop_url: str) -> None:
    graphql = create_app(Settings(database_url=shop_url))

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.own = "open"
        async with graphql.router.lifespan_context(app):
            yield
        app.state.own = "closed"

    app = FastAPI(lifespan=lifespan)
    app.mount("/api", graphql)
    async with started(app) as client:
        assert (await client.post("/api/graphql", json=ASK)).json() == ANSWER
        assert app.state.own == "open"
    assert app.state.own == "closed"


async def test_a_mounted_app_whose_lifespan_does_not_run_says_so(shop_url: str) -> None:
    app = FastAPI()
    app.mount("/api", create_app(Settings(database_url=shop_url)))
    async with started(app) as client:
        assert (await client.post("/api/graphql", json=ASK)).status_code == 503
        reason = (await client.get("/api/readyz")).json()["reason"]
    assert reason == "not started: the app it is mounted in does not run its lifespan"


async def test_the_teams_cors_rules_hold_for_the_endpoint(shop_url: str) -> None:
    graphql = create_app(Settings(database_url=shop_url))
    app = FastAPI(lifespan=graphql.router.lifespan_context)
    app.add_middleware(CORSMiddleware, allow_origins=["https://shop.test"], allow_methods=["POST"], allow_headers=["*"])
    app.mount("/api", graphql)
    origin = {"origin": "https://shop.test"}
    asked = {**origin, "access-control-request-method": "POST", "access-control-request-headers": "content-type"}
    async with started(app) as client:
        preflight = await client.options("/api/graphql", headers=asked)
        answer = await client.post("/api/graphql", json=ASK, headers=origin)
        stranger = await client.post("/api/graphql", json=ASK, headers={"origin": "https://evil.test"})
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == "https://shop.test"
    assert answer.json() == ANSWER
    assert answer.headers["access-control-allow-origin"] == "https://shop.test"
    assert "access-control-allow-origin" not in stranger.headers


async def test_the_teams_middleware_sees_every_answer(shop_url: str) -> None:
    async def mark(request: Request, call_next: RequestResponseEndpoint) -> Response:
        response = await call_next(request)
        response.headers["x-team"] = "seen"
        return response

    graphql = create_app(Settings(database_url=shop_url))
    app = FastAPI(lifespan=graphql.router.lifespan_context)
    app.add_middleware(BaseHTTPMiddleware, dispatch=mark)
    app.mount("/api", graphql)
    async with started(app) as client:
        answer = await client.post("/api/graphql", json=ASK)
    assert answer.json() == ANSWER
    assert answer.headers["x-team"] == "seen"


async def test_it_needs_no_fastapi_around_it(shop_url: str) -> None:
    graphql = create_app(Settings(database_url=shop_url))
    async with graphql.router.lifespan_context(graphql), client_of(graphql) as client:
        assert (await client.post("/graphql", json=ASK)).json() == ANSWER
