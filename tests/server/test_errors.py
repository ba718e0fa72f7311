from __future__ import annotations

import re
from typing import Any

import httpx2
import pytest
import strawberry
from graphql import GraphQLError
from strawberry.scalars import JSON
from structlog.testing import capture_logs

from punnet import OwnCode, Settings
from punnet.demo.embedded import PostgresServer
from tests.conftest import fresh_database
from tests.server.serving import ask, codes, serving

GAUGES = """
    create table gauges (id int primary key, level float8);
    insert into gauges values (1, 'NaN'), (2, 'NaN');
"""


@strawberry.type
class Query:
    @strawberry.field
    async def broken(self) -> str:
        raise RuntimeError("the password is swordfish")

    @strawberry.field
    def broken_in_a_sync_resolver(self) -> str | None:
        raise RuntimeError("the password is swordfish")

    @strawberry.field
    def also_broken(self) -> str | None:
        raise RuntimeError("the password is swordfish")

    @strawberry.field
    async def refused(self) -> str | None:
        raise GraphQLError("Not on Sundays.", extensions={"code": "CLOSED", "opens": "Monday"})

    @strawberry.field
    async def wrong_value(self) -> int | None:
        return "swordfish"  # type: ignore[return-value]

    @strawberry.field
    async def not_a_number(self) -> JSON | None:
        return JSON({"a": [None, 1.5, float("nan")]})

    @strawberry.field
    async def beyond_64_bits(self) -> JSON:
        return JSON({"n": 2**70})

    @strawberry.field
    def half_a_pair(self) -> list[str | None]:
        return ["whole", "\ud83d"]

    @strawberry.field
    async def refused_with_a_set(self) -> str | None:
        raise GraphQLError("Not now.", extensions={"days": {"Monday"}, "\ud83d": 2**70, "x": float("inf")})


@pytest.fixture(scope="module")
async def client(shop_url: str) -> Any:
    async with serving(Settings(database_url=shop_url), OwnCode(query=Query)) as client:
        yield client


async def test_an_error_has_a_message_a_place_a_path_a_code_and_the_requests_id(client: httpx2.AsyncClient) -> None:
    answer = await ask(client, '{\n  first: products(after: "nonsense") { nodes { id } }\n}')
    [error] = answer["errors"]
    assert set(error) == {"message", "locations", "path", "extensions"}
    assert error["locations"] == [{"line": 2, "column": 3}]
    assert error["path"] == ["first"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert re.fullmatch(r"[0-9a-f]{12}-[0-9a-f]+", error["extensions"]["requestId"])


async def test_an_error_of_a_document_has_its_place(client: httpx2.AsyncClient) -> None:
    answer = await ask(client, "{\n  noSuchField }")
    assert answer["errors"][0]["locations"] == [{"line": 2, "column": 3}]
    assert "path" not in answer["errors"][0]


async def test_all_errors_of_a_request_bear_one_id_and_another_request_another(client: httpx2.AsyncClient) -> None:
    one, other = [await ask(client, "{ noSuchField noSuchOther }") for _ in range(2)]
    ids = [{error["extensions"]["requestId"] for error in answer["errors"]} for answer in (one, other)]
    assert [len(each) for each in ids] == [1, 1]
    assert ids[0] != ids[1]


async def test_an_unknown_exception_is_masked_and_logged(client: httpx2.AsyncClient) -> None:
    with capture_logs() as logs:
        answer = await ask(client, "{ broken }")
    assert answer["data"] is None
    [error] = answer["errors"]
    assert error["message"] == "Internal server error."
    assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    [logged] = [entry for entry in logs if entry["log_level"] == "error"]
    assert logged["request_id"] == error["extensions"]["requestId"]
    assert "the password is swordfish" in logged["error"]


async def test_an_exception_that_many_fields_have_is_one_line(client: httpx2.AsyncClient) -> None:
    with capture_logs() as logs:
        answer = await ask(client, "{ first: brokenInASyncResolver second: brokenInASyncResolver }")
    assert len(answer["errors"]) == 2
    [logged] = [entry for entry in logs if entry["log_level"] == "error"]
    assert (logged["path"], logged["places"]) == (["first"], 2)


async def test_equal_words_from_different_lines_of_code_are_a_line_each(client: httpx2.AsyncClient) -> None:
    with capture_logs() as logs:
        await ask(client, "{ brokenInASyncResolver another: alsoBroken }")
    assert [entry["path"] for entry in logs if entry["log_level"] == "error"] == [
        ["brokenInASyncResolver"],
        ["another"],
    ]


async def test_an_unknown_exception_takes_only_its_own_field_with_it(client: httpx2.AsyncClient) -> None:
    answer = await ask(client, "{ brokenInASyncResolver products(first: 1) { nodes { id } } }")
    assert answer["data"] == {"brokenInASyncResolver": None, "products": {"nodes": [{"id": 1}]}}
    assert codes(answer) == ["INTERNAL_SERVER_ERROR"]
    assert "swordfish" not in str(answer)


async def test_a_graphql_error_of_a_team_is_shown_as_it_is(client: httpx2.AsyncClient) -> None:
    answer = await ask(client, "{ refused }")
    [error] = answer["errors"]
    assert error["message"] == "Not on Sundays."
    assert error["path"] == ["refused"]
    assert error["extensions"].items() >= {"code": "CLOSED", "opens": "Monday"}.items()


async def test_a_value_that_a_scalar_cannot_carry_is_an_error_of_its_field(client: httpx2.AsyncClient) -> None:
    answer = await ask(client, "{ wrongValue __typename }")
    assert answer["data"] == {"wrongValue": None, "__typename": "Query"}
    assert codes(answer) == ["INTERNAL_SERVER_ERROR"]


async def test_a_value_of_a_row_that_cannot_be_carried_is_logged(postgres: PostgresServer) -> None:
    async with fresh_database(postgres, GAUGES) as url, serving(Settings(database_url=url)) as client:
        with capture_logs() as logs:
            answer = await ask(client, "{ gauges { nodes { id level } } }")
    assert codes(answer) == ["VALUE_NOT_REPRESENTABLE"] * 2
    [logged] = [entry for entry in logs if entry["event"] == "field failed"]
    assert (logged["log_level"], logged["path"], logged["places"]) == ("warning", ["gauges", "nodes", 0, "level"], 2)
    assert "API-002: The value cannot be carried as Float." in logged["error"]


async def test_a_value_that_json_cannot_have_fails_its_own_field(client: httpx2.AsyncClient) -> None:
    answer = await ask(client, "{ halfAPair __typename }")
    assert answer["data"] == {"halfAPair": ["whole", None], "__typename": "Query"}
    [error] = answer["errors"]
    assert error["message"] == "A resolver gave a value of String that JSON cannot have."
    assert error["path"] == ["halfAPair", 1]
    assert error["extensions"]["code"] == "VALUE_NOT_REPRESENTABLE"


async def test_a_field_that_may_not_be_null_takes_its_parent_along(client: httpx2.AsyncClient) -> None:
    answer = await ask(client, "{ beyond64Bits }")
    assert answer["data"] is None
    assert [error["path"] for error in answer["errors"]] == [["beyond64Bits"]]
    assert codes(answer) == ["VALUE_NOT_REPRESENTABLE"]


async def test_what_is_no_number_is_no_null(client: httpx2.AsyncClient) -> None:
    answer = await ask(client, "{ notANumber }")
    assert answer["data"] == {"notANumber": None}
    assert codes(answer) == ["VALUE_NOT_REPRESENTABLE"]


async def test_null_where_an_argument_takes_none_is_the_callers_mistake(client: httpx2.AsyncClient) -> None:
    # The specification lets such a variable stand there, for its default.
    answer = await ask(client, "query ($id: Int = 1) { product(id: $id) { id } }", {"id": None})
    assert answer["data"] == {"product": None}
    assert codes(answer) == ["BAD_USER_INPUT"]


async def test_extensions_that_json_cannot_have_are_their_text(client: httpx2.AsyncClient) -> None:
    [error] = (await ask(client, "{ refusedWithASet }"))["errors"]
    assert error["message"] == "Not now."
    assert error["extensions"]["days"] == "{'Monday'}"
    assert error["extensions"]["x"] == "Infinity"
