"""Arguments that are any JSON, as literals with variables in them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from punnet.server.settings import Way
from tests.joins.ways import JoinedWays

WITHIN = [
    ("about: {a: $x}", {"about": {"a": 7}}),
    ("about: {a: [{b: $x}]}", {"about": {"a": [{"b": 7}]}}),
    ("about: [$x, 1]", {"about": [7, 1]}),
    ("each: [{a: $x}]", {"each": [{"a": 7}]}),
    ("wanted: {about: {a: $x}}", {"wanted": {"about": {"a": 7}}}),
]
WHOLE = [
    ("wanted: {number: $x, about: {a: 1}}", {"wanted": {"number": 7, "about": {"a": 1}}}),
    ("about: $x", {"about": 7}),
    ("each: [$x, 1]", {"each": [7, 1]}),
    ("wanted: {about: $x}", {"wanted": {"about": 7}}),
]


def facts(answer: Any) -> dict[str, Any]:
    return {name: json.loads(text) for name, text in answer.data["facts"].items()}


@pytest.mark.parametrize("way", [Way.AUTO, Way.RESOLVERS])
@pytest.mark.parametrize(("arguments", "expected"), WITHIN)
async def test_a_variable_within_a_literal_reaches_the_service(
    ways: JoinedWays, way: Way, arguments: str, expected: Any
) -> None:
    type_ = "Int" if "number" in arguments else "JSON"
    answer = await ways.ask(way, f"query($x: {type_}) {{ facts({arguments}) }}", {"x": 7})
    assert facts(answer) == expected


@pytest.mark.parametrize(("arguments", "expected"), WHOLE)
async def test_a_variable_that_is_a_whole_value_stays_open_in_a_plan(
    ways: JoinedWays, arguments: str, expected: Any
) -> None:
    type_ = "Int" if "number" in arguments else "JSON!"
    answer = await ways.agreed(f"query($x: {type_}) {{ facts({arguments}) }}", {"x": 7})
    assert facts(answer) == expected


async def test_null_is_no_json_where_json_is_required(ways: JoinedWays) -> None:
    answer = await ways.agreed("query($x: JSON!) { facts(about: $x) }", {"x": None})
    assert answer.codes == {"BAD_USER_INPUT"}
    assert answer.calls == ()


@pytest.mark.parametrize(
    "literal", ["about: 1e400", "about: {a: [1e400]}", "about: {a: [$x, 1e400]}", "wanted: {about: {a: 1e400}}"]
)
async def test_a_number_that_no_double_can_hold_is_refused_where_it_stands(ways: JoinedWays, literal: str) -> None:
    query = f"query($x: JSON) {{ facts({literal}) other: facts(about: $x) }}"
    answers = [await ways.ask(way, query, {"x": 7}) for way in (Way.AUTO, Way.RESOLVERS)]
    [error] = answers[0].errors
    assert error["message"] == "JSON wants numbers within the range of a double."
    assert error["locations"] == [{"line": 1, "column": query.index("1e400") + 1}]
    assert [answer.body for answer in answers] == [answers[0].body] * 2
    assert [answer.calls for answer in answers] == [(), ()]
