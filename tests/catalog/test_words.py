from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punnet.catalog.words import is_lower_snake, split_words, to_camel, to_pascal, to_upper


@pytest.mark.parametrize("raw", ["order_details", "OrderDetails", "orderDetails", "Order Details", "ORDER_DETAILS"])
def test_one_name_in_any_spelling_gives_the_same_words(raw: str) -> None:
    assert split_words(raw) == ("order", "details")


@pytest.mark.parametrize(
    ("raw", "pascal"),
    [
        ("HTTPServer2Log", "HttpServer2Log"),
        ("userIDs", "UserIds"),
        ("X509Cert", "X509Cert"),
        ("sha256", "Sha256"),
        ("order.details/2024", "OrderDetails2024"),
        ("__typename", "Typename"),
        ("V$SESSION", "VSession"),
        ("driver's_licence", "DriversLicence"),
    ],
)
def test_words_end_at_separators_and_changes_of_case(raw: str, pascal: str) -> None:
    assert to_pascal(split_words(raw)) == pascal


def test_the_three_cases() -> None:
    words = split_words("order_details")
    assert (to_pascal(words), to_camel(words), to_upper(words)) == (
        "OrderDetails",
        "orderDetails",
        "ORDER_DETAILS",
    )


@pytest.mark.parametrize(
    ("raw", "camel"),
    [("größe", "grosse"), ("Ünïcode Näme", "unicodeName"), ("e\u0301te\u0301", "ete"), ("Łódź", "lodz")],
)
def test_letters_lose_their_marks(raw: str, camel: str) -> None:
    assert to_camel(split_words(raw)) == camel


def test_letters_without_a_latin_one_become_their_code_points() -> None:
    assert to_pascal(split_words("产品")) == "U4ea7u54c1"


def test_signs_that_carry_a_meaning_are_words() -> None:
    assert to_upper(split_words("A+")) == "A_PLUS"


def test_a_name_of_separators_alone_becomes_their_code_points() -> None:
    assert to_upper(split_words("§")) == "U00A7"


def test_a_leading_digit_gets_an_underscore() -> None:
    assert to_upper(split_words("2xl")) == "_2XL"


def test_neighbouring_numbers_stay_apart() -> None:
    assert to_camel(split_words("line_1_2")) == "line1_2"


def test_the_empty_name_is_an_underscore() -> None:
    assert [to_pascal(()), to_camel(()), to_upper(split_words(""))] == ["_", "_", "_"]


@given(raw=st.text())
def test_every_name_is_valid_in_every_case(raw: str) -> None:
    words = split_words(raw)
    valid = re.compile(r"(?!__)[_A-Za-z][_0-9A-Za-z]*", re.ASCII)
    assert all(valid.fullmatch(case(words)) for case in (to_pascal, to_camel, to_upper))


@given(raw=st.text().filter(split_words))
def test_words_are_lower_snake_case_when_joined(raw: str) -> None:
    assert is_lower_snake("_".join(split_words(raw)))


@given(words=st.lists(st.from_regex(r"[a-z][a-z0-9]{0,5}", fullmatch=True), min_size=1))
def test_lower_snake_case_keeps_its_words(words: list[str]) -> None:
    assert split_words("_".join(words)) == tuple(words)
