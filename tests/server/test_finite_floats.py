from __future__ import annotations

import httpx2
import pytest
from graphql import build_schema, parse

from punnet.server.documents import validate_document
from tests.server.serving import codes

SCHEMA = build_schema("""
    input Where { floats: [Float] decimal: Decimal }
    scalar Decimal
    type Query { rows(ratio: Float, where: Where): [Int] }
""")


@pytest.mark.parametrize(
    "document",
    [
        "{ rows(ratio: 1e400) }",
        "{ rows(ratio: -1.5e999) }",
        f"{{ rows(ratio: 1{'0' * 400}) }}",
        "{ rows(where: {floats: [1, 1e400]}) }",
        "query($x: Float = 1e400) { rows(ratio: $x) }",
    ],
)
def test_a_float_that_no_double_can_hold_is_refused_where_it_stands(document: str) -> None:
    [error] = validate_document(SCHEMA, parse(document))
    assert error.message == "Float wants a finite number."
    assert error.locations is not None


@pytest.mark.parametrize("document", ["{ rows(ratio: 1.7e308) }", "{ rows(ratio: 1e-400) }", "{ rows(ratio: 1) }"])
def test_a_float_that_a_double_can_hold_is_taken(document: str) -> None:
    assert validate_document(SCHEMA, parse(document)) == []


def test_numbers_of_other_types_are_those_types_matter() -> None:
    assert validate_document(SCHEMA, parse("{ rows(where: {decimal: 1e400}) }")) == []


async def test_as_a_variable_it_is_no_json_that_could_be_read(shop: httpx2.AsyncClient) -> None:
    body = b'{"query": "{ __typename }", "variables": {"x": 1e400}}'
    answer = await shop.post("/graphql", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, codes(answer.json())) == (400, ["BAD_USER_INPUT"])
