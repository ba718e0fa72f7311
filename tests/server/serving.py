"""A Punnet app, started, with a client that speaks HTTP to it without a network."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from fastapi import FastAPI
from starlette.types import ASGIApp

from punnet import OwnCode, Settings, create_app

GRAPHQL_RESPONSE = "application/graphql-response+json"
JSON = "application/json"


@asynccontextmanager
async def serving(settings: Settings, own: OwnCode | None = None) -> AsyncIterator[httpx2.AsyncClient]:
    """Serve what the settings say for as long as the block lasts."""
    async with started(create_app(settings, own)) as client:
        yield client


@asynccontextmanager
async def started(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """Run the app's lifespan, and give a client of the app."""
    async with app.router.lifespan_context(app), client_of(app) as client:
        yield client


def client_of(app: ASGIApp) -> httpx2.AsyncClient:
    """A client that calls the app directly."""
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://punnet.test")


async def ask(client: httpx2.AsyncClient, query: str, variables: Mapping[str, Any] | None = None) -> Any:
    """The JSON of an answer to a POST."""
    answer = await client.post("/graphql", json={"query": query, "variables": variables})
    return answer.json()


def codes(answer: Any) -> list[str]:
    """The codes of an answer's errors."""
    return [error["extensions"]["code"] for error in answer["errors"]]
