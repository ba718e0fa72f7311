from __future__ import annotations

import pytest

from punnet.sources.http.openapi.parse import Malformed, TooLarge, parse_document
from punnet.sources.http.openapi.yaml_events import load_yaml


def test_keys_are_always_texts() -> None:
    assert load_yaml(b"200: a\non: b\nnull: c\n1.5: d\n") == {"200": "a", "on": "b", "null": "c", "1.5": "d"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"no", "no"),
        (b"on", "on"),
        (b"true", True),
        (b"False", False),
        (b"~", None),
        (b"", None),
        (b"null", None),
        (b"12", 12),
        (b"-12", -12),
        (b"+3", 3),
        (b"0", 0),
        (b"0123", "0123"),
        (b"0x1F", 31),
        (b"0o17", 15),
        (b"1_000", "1_000"),
        (b"12:30", "12:30"),
        (b"2024-05-01", "2024-05-01"),
        (b"1.50", 1.5),
        (b".5", 0.5),
        (b"1e3", 1000.0),
        (b"3.1.0", "3.1.0"),
        (b".inf", ".inf"),
        (b"1e999", "1e999"),
        (b"'12'", "12"),
        (b'"true"', "true"),
        (b"!!str 12", "12"),
        (b"|\n  12\n", "12\n"),
    ],
)
def test_plain_words_are_what_json_has_for_them(text: bytes, expected: object) -> None:
    assert load_yaml(text) == expected


def test_lists_and_mappings_nest() -> None:
    assert load_yaml(b"a:\n  - b: [1, {c: d}]\n  - []\ne: {}\n") == {"a": [{"b": [1, {"c": "d"}]}, []], "e": {}}


def test_aliases_stand_for_what_they_name() -> None:
    assert load_yaml(b"a: &x {b: 1}\nc: *x\nd: &y text\ne: *y\n*y : f\n") == {
        "a": {"b": 1},
        "c": {"b": 1},
        "d": "text",
        "e": "text",
        "text": "f",
    }


def test_a_merge_key_adds_what_is_not_there() -> None:
    text = b"a: &a {x: 1, y: 1}\nb: &b {z: 2}\nc:\n  <<: [*a, *b]\n  y: 3\nd:\n  <<: *a\n"
    assert load_yaml(text) == {
        "a": {"x": 1, "y": 1},
        "b": {"z": 2},
        "c": {"y": 3, "x": 1, "z": 2},
        "d": {"x": 1, "y": 1},
    }


def test_only_the_first_of_several_documents_is_read() -> None:
    assert load_yaml(b"--- a\n--- b\n") == "a"


def test_very_deep_lists_are_refused_at_once() -> None:
    assert isinstance(load_yaml(b"[" * 900 + b"]" * 900), list)
    with pytest.raises(Malformed):
        parse_document(b"[" * 1_000_000)


@pytest.mark.parametrize(
    "text", [b"{", b"a: b: c", b"&a [*a]", b"*a", b"? [a]\n: b", b"\x00", b"a: \xff\xfe", b'"\\q"']
)
def test_what_is_neither_json_nor_yaml_says_so(text: bytes) -> None:
    with pytest.raises(Malformed):
        parse_document(text)


def test_aliases_must_not_multiply_beyond_measure() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
    with pytest.raises(TooLarge, match="aliases"):
        parse_document("\n".join(lines).encode())


def test_json_is_told_from_yaml_by_its_first_character() -> None:
    assert parse_document(b'\xef\xbb\xbf {"a": "no"}') == {"a": "no"}
    assert parse_document(b"{a: no}") == {"a": "no"}
    assert parse_document('{"ä": 1}'.encode("utf-16")) == {"ä": 1}


def test_malformed_json_is_told_by_line_and_column() -> None:
    with pytest.raises(Malformed, match="line 2, column"):
        parse_document(b'{"a": 1,\n "b": ]')
