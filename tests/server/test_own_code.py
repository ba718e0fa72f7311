"""A team's Strawberry types beside the generated ones."""

from __future__ import annotations

import warnings
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx2
import pytest
import strawberry
from starlette.types import Scope
from structlog.testing import capture_logs

from punnet import OwnCode, Settings, Way, create_app
from tests.server.serving import ask, codes, serving, started


@strawberry.type
class Weather:
    city: str
    degrees: float


def trimmed(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("It wants a text.")
    if value == "broken":
        raise RuntimeError("the password is swordfish")
    return value.strip()


# Of this form, which teams have.
with warnings.catch_warnings(action="ignore", category=DeprecationWarning):

    @strawberry.scalar(serialize=str, parse_value=trimmed)
    class Trimmed(str): ...


@strawberry.type
class Query:
    @strawberry.field
    def word(self, trimmed: Trimmed | None = None) -> str:
        return repr(trimmed)

    @strawberry.field
    def greeting(self, name: str = "you") -> str:
        return f"Hello, {name}"

    @strawberry.field
    async def weather(self, cities: list[str]) -> list[Weather]:
        return [Weather(city=city, degrees=20.5) for city in cities]

    @strawberry.field
    async def caller(self, info: strawberry.Info[Any, None]) -> str:
        return str(info.context.extra["caller"])


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def shout(self, word: str) -> str:
        return word.upper()


OWN = OwnCode(query=Query, mutation=Mutation)


@pytest.fixture(scope="module")
async def client(shop_url: str) -> AsyncIterator[httpx2.AsyncClient]:
    async with serving(Settings(database_url=shop_url), OWN) as client:
        yield client


async def test_own_fields_are_answered(client: httpx2.AsyncClient) -> None:
    answer = await ask(client, '{ greeting(name: "Ada") weather(cities: ["Rome", "Oslo"]) { city degrees } }')
    assert answer == {
        "data": {
            "greeting": "Hello, Ada",
            "weather": [{"city": "Rome", "degrees": 20.5}, {"city": "Oslo", "degrees": 20.5}],
        }
    }


async def test_own_and_generated_fields_are_answered_in_one_operation(client: httpx2.AsyncClient) -> None:
    generated = "products(first: 3) { nodes { name category { name } reviews(first: 2) { nodes { rating } } } }"
    alone = await ask(client, f"{{ {generated} }}")
    together = await ask(client, f"query ($name: String!) {{ {generated} greeting(name: $name) }}", {"name": "Ada"})
    assert together == {"data": {**alone["data"], "greeting": "Hello, Ada"}}


async def test_an_own_scalar_is_given_no_null(client: httpx2.AsyncClient) -> None:
    query = "query ($word: Trimmed) { word(trimmed: $word) }"
    answers = [await ask(client, query, {"word": word}) for word in (None, " a ")]
    assert answers == [{"data": {"word": "None"}}, {"data": {"word": "'a'"}}]


async def test_what_an_own_scalar_does_not_take_is_the_callers_mistake(client: httpx2.AsyncClient) -> None:
    variable = await ask(client, "query ($word: Trimmed) { word(trimmed: $word) }", {"word": 3})
    literal = await ask(client, "{ word(trimmed: 3) }")
    assert (codes(variable), codes(literal)) == (["BAD_USER_INPUT"], ["GRAPHQL_VALIDATION_FAILED"])
    assert "It wants a text." in variable["errors"][0]["message"]
    assert "It wants a text." in literal["errors"][0]["message"]


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param(("query ($word: Trimmed) { word(trimmed: $word) }", {"word": "broken"}), id="a variable"),
        pytest.param(('{ word(trimmed: "broken") }', None), id="a literal"),
    ],
)
async def test_what_else_an_own_scalar_raises_is_masked_and_logged(
    client: httpx2.AsyncClient, request_: tuple[str, dict[str, str] | None]
) -> None:
    with capture_logs() as lines:
        answer = await ask(client, *request_)
    assert [error["message"] for error in answer["errors"]] == ["Internal server error."]
    assert [line["error"] for line in lines] == ["RuntimeError('the password is swordfish')"]


async def test_an_operation_with_own_fields_has_no_plan(shop_url: str) -> None:
    async with serving(Settings(database_url=shop_url, way=Way.COMPILED), OWN) as client:
        answer = await ask(client, "{ greeting products(first: 1) { nodes { id } } }")
    assert answer["errors"][0]["message"] == "Internal server error."


async def test_own_mutations_come_by_post(client: httpx2.AsyncClient) -> None:
    assert await ask(client, 'mutation { shout(word: "hey") }') == {"data": {"shout": "HEY"}}


async def test_own_mutations_do_not_come_by_get(client: httpx2.AsyncClient) -> None:
    answer = await client.get('/graphql?query=mutation{shout(word:"hey")}')
    assert answer.json()["errors"][0]["message"] == "GET may only ask queries; send mutations by POST."
    assert "data" not in answer.json()


async def test_the_context_of_a_request_reaches_own_resolvers(shop_url: str) -> None:
    async def context_of(scope: Scope) -> Mapping[str, Any]:
        return {"caller": dict(scope["headers"])[b"x-caller"].decode()}

    app = create_app(Settings(database_url=shop_url), OWN, context_of)
    async with started(app) as client:
        answer = await client.post("/graphql", json={"query": "{ caller }"}, headers={"x-caller": "Ada"})
    assert answer.json() == {"data": {"caller": "Ada"}}


async def test_a_context_that_cannot_be_made_is_an_internal_error(shop_url: str) -> None:
    async def context_of(_scope: Scope) -> Mapping[str, Any]:
        raise RuntimeError("swordfish")

    app = create_app(Settings(database_url=shop_url), OWN, context_of)
    async with started(app) as client:
        answer = await client.post("/graphql", json={"query": "{ caller }"})
    assert answer.status_code == 500
    assert answer.json()["errors"][0]["message"] == "Internal server error."
    assert "swordfish" not in answer.text
