from __future__ import annotations

import pytest

from punnet.configuration.environment import Filling

ENVIRONMENT = {"HOST": "db.example", "_1": "one", "EMPTY": "", "NESTED": "${HOST}"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("postgresql://${HOST}/shop", "postgresql://db.example/shop"),
        ("${_1}${_1}", "oneone"),
        ("${EMPTY}", ""),
        ("$${HOST}", "${HOST}"),
        ("$$${HOST}", "$${HOST}"),
        ("$HOST costs $5", "$HOST costs $5"),
        ("${NESTED}", "${HOST}"),
    ],
)
def test_variables_are_put_into_texts_once(text: str, expected: str) -> None:
    assert Filling(ENVIRONMENT).fill(text) == expected


def test_texts_are_filled_wherever_they_are_and_nothing_else_is() -> None:
    document = {"${HOST}": [{"a": "${HOST}"}, 1, True], "b": "plain"}
    filling = Filling(ENVIRONMENT)
    assert filling.fill(document) == {"${HOST}": [{"a": "db.example"}, 1, True], "b": "plain"}
    assert filling.filled == {("${HOST}", 0, "a")}


def test_a_missing_variable_is_named() -> None:
    filling = Filling({})
    assert filling.fill({"url": "x${DATABASE_URL}"}) == {"url": "x${DATABASE_URL}"}
    [finding] = filling.findings
    assert (finding.location, finding.what) == (("url",), "the environment has no variable DATABASE_URL")


@pytest.mark.parametrize("text", ["${", "pa${ss", "${}", "${A-B}", "${A:-b}", "${1}"])
def test_what_is_no_reference_is_refused_without_being_shown(text: str) -> None:
    filling = Filling(ENVIRONMENT)
    filling.fill(text)
    [finding] = filling.findings
    assert str(finding) == "holds a ${ that names no variable: write ${NAME}, or $${ for ${ itself"
