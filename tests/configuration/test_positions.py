from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given, settings

from punnet.configuration.positions import find_lines, line_of
from tests.configuration.toml_writer import TomlWriter, written_documents


@given(written_documents())
@settings(max_examples=150, deadline=None)
def test_every_key_of_any_document_has_the_line_that_it_was_written_in(
    written: tuple[dict[str, Any], TomlWriter],
) -> None:
    document, writer = written
    assert tomllib.loads(writer.text) == document
    assert find_lines(writer.text) == writer.lines


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = 1\nb = 2", {("a",): 1, ("b",): 2}),
        ("\n[a.b]\nc = 1", {("a",): 2, ("a", "b"): 2, ("a", "b", "c"): 3}),
        ("[a.b]\n[a]\nc = 1", {("a",): 2, ("a", "b"): 1, ("a", "c"): 3}),
        ("a.b = 1\na.c = 2", {("a",): 1, ("a", "b"): 1, ("a", "c"): 2}),
        ("[[a]]\nb = 1\n[[a]]\n[a.c]", {("a",): 1, ("a", 0): 1, ("a", 0, "b"): 2, ("a", 1): 3, ("a", 1, "c"): 4}),
        ("a = [\n1,\n{ b = 2 }]", {("a",): 1, ("a", 0): 2, ("a", 1): 3, ("a", 1, "b"): 3}),
        ("'a.b'.\"c\\td\" = 1", {("a.b",): 1, ("a.b", "c\td"): 1}),
        ('a = """\n"x\\\n""""\nb = 1', {("a",): 1, ("b",): 4}),
        ("a = 1979-05-27 07:32:00 # x\r\nb = '''\n\n'''''\r\nc = 1", {("a",): 1, ("b",): 2, ("c",): 5}),
    ],
    ids=[
        "keys", "a table", "a table after what is in it", "dotted keys", "an array of tables", "an array over lines",
        "quoted keys", "quotes in a text over lines", "a date, and line ends of Windows",
    ],
)  # fmt: skip
def test_lines_of_small_documents(text: str, expected: dict[tuple[str | int, ...], int]) -> None:
    assert find_lines(text) == expected


def test_a_key_that_is_not_there_has_the_line_of_its_table() -> None:
    lines = find_lines("\n[sources.stock]\ntype = 'http'")
    assert line_of(("sources", "stock", "url"), lines) == 2
    assert line_of(("version",), lines) == 1


def test_a_long_text_takes_no_time() -> None:
    text = "a = '''" + "x'" * 300_000 + "'''\nb = " + '"' + 'x\\"' * 300_000 + '"'
    assert find_lines(text) == {("a",): 1, ("b",): 2}
