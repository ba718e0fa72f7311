from __future__ import annotations

import pytest

from tests.sources.http.openapi.reading import enum, list_of, member, ref, result, scalar

STRING, INT, FLOAT, JSON = scalar("String"), scalar("Int"), scalar("Float"), scalar("JSON")


@pytest.mark.parametrize(
    ("type_name", "format_name", "expected"),
    [
        ("string", None, "String"),
        ("string", "date-time", "DateTime"),
        ("string", "date", "Date"),
        ("string", "uuid", "UUID"),
        ("string", "byte", "Base64"),
        ("string", "decimal", "Decimal"),
        ("string", "duration", "Duration"),
        ("string", "int64", "BigInt"),
        ("string", "uri", "String"),
        ("string", "email", "String"),
        ("string", "password", "String"),
        ("string", "somethingOfTheirs", "String"),
        ("integer", None, "Int"),
        ("integer", "int32", "Int"),
        ("integer", "int64", "BigInt"),
        ("integer", "unix-time", "Int"),
        ("number", None, "Float"),
        ("number", "float", "Float"),
        ("number", "double", "Float"),
        ("number", "decimal", "Decimal"),
        ("boolean", None, "Boolean"),
    ],
)
def test_a_type_and_its_format_choose_the_scalar(type_name: str, format_name: str | None, expected: str) -> None:
    schema = {"type": type_name} if format_name is None else {"type": type_name, "format": format_name}
    assert result(schema) == scalar(expected)


def test_a_time_is_text_since_it_may_have_an_offset_or_none() -> None:
    assert result({"type": "string", "format": "time"}) == STRING


def test_base64_can_be_said_as_an_encoding_of_content() -> None:
    assert result({"type": "string", "contentEncoding": "base64"}) == scalar("Base64")


@pytest.mark.parametrize(
    "schema",
    [
        {"type": ["string", "null"]},
        {"anyOf": [{"type": "string"}, {"type": "null"}]},
        {"oneOf": [{"const": None}, {"type": "string"}]},
        {"oneOf": [{"type": "string"}, {"enum": [None]}]},
        {"allOf": [{"type": ["string", "null"]}]},
    ],
)
def test_null_is_allowed_in_3_1(schema: dict[str, object]) -> None:
    found = member(schema)
    assert (found.shape, found.nullable) == (STRING, True)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "nullable": True},
        {"allOf": [ref("Text")], "nullable": True},
        {"allOf": [ref("Text"), {"nullable": True}]},
        {"oneOf": [ref("Text"), {"nullable": True}]},
        {"$ref": "#/components/schemas/Text", "nullable": True},
        ref("NullableText"),
    ],
)
def test_null_is_allowed_in_3_0(schema: dict[str, object]) -> None:
    schemas = {"Text": {"type": "string"}, "NullableText": {"type": "string", "nullable": True}}
    found = member(schema, version="3.0.3", schemas=schemas)
    assert (found.shape, found.nullable) == (STRING, True)


def test_null_must_be_allowed_by_all_of_an_all_of() -> None:
    assert not member({"allOf": [{"type": ["string", "null"]}, {"type": "string", "minLength": 1}]}).nullable


def test_texts_to_choose_from_are_an_enum_named_by_where_it_stands() -> None:
    assert member({"type": "string", "enum": ["a", "b"]}).shape == enum("HolderIt", "a", "b")


def test_an_enum_keeps_values_that_graphql_cannot_name() -> None:
    values = ["", "+1", "in-progress", "é", "123", "true", "a b", "a b"]
    assert member({"enum": values}).shape == enum("HolderIt", *values[:-1])


def test_null_in_an_enum_is_no_value() -> None:
    found = member({"type": ["string", "null"], "enum": ["a", "b", None]})
    assert (found.shape, found.nullable) == (enum("HolderIt", "a", "b"), True)


def test_an_enum_of_one_text_is_a_text_that_says_so() -> None:
    found = member({"type": "string", "enum": ["cat"]})
    assert (found.shape, found.comment) == (STRING, "Always `cat`.")
    assert member({"const": "cat"}).shape == STRING


def test_an_enum_of_one_text_that_has_a_name_may_grow() -> None:
    schemas = {"Status": {"type": "string", "enum": ["ok"], "description": "How it went."}}
    assert result(ref("Status"), schemas=schemas) == enum("Status", "ok", comment="How it went.")


def test_a_choice_of_fixed_texts_is_an_enum() -> None:
    schema = {"oneOf": [{"const": "a", "title": "A"}, {"const": "b"}, {"type": "null"}]}
    found = member(schema)
    assert (found.shape, found.nullable) == (enum("HolderIt", "a", "b"), True)


def test_an_enum_of_texts_whose_values_lost_their_quotes_is_one_of_texts() -> None:
    assert member({"type": "string", "enum": [1, 2.5, True]}).shape == enum("HolderIt", "1", "2.5", "true")


@pytest.mark.parametrize(
    ("values", "expected"),
    [([1, 2], "Int"), ([1, 2**40], "BigInt"), ([1, 2.5], "Float"), ([True, False], "Boolean"), ([1, "a"], "JSON")],
)
def test_an_enum_of_other_values_is_their_scalar(values: list[object], expected: str) -> None:
    assert result({"enum": values}) == scalar(expected)


def test_lists_nest() -> None:
    schema = {"type": "array", "items": {"type": "array", "items": {"type": ["integer", "null"]}}}
    assert result(schema) == list_of(list_of(INT, nullable=True))


@pytest.mark.parametrize("schema", [{"type": "array"}, {"type": "array", "prefixItems": [{"type": "string"}]}])
def test_a_list_of_anything_is_one_of_json(schema: dict[str, object]) -> None:
    assert result(schema) == list_of(JSON, nullable=True)


@pytest.mark.parametrize(
    "schema",
    [
        True,
        {},
        {"type": "object"},
        {"type": "object", "additionalProperties": {"type": "integer"}},
        {"additionalProperties": True},
        {"type": "object", "patternProperties": {"^x": {"type": "string"}}},
        {"type": ["string", "integer"]},
        {"oneOf": [{"type": "string"}, {"type": "integer"}]},
        {"type": "array", "items": {"type": "string"}, "allOf": [{"type": "object"}]},
        {"type": "money"},
        {"not": {"type": "string"}},
    ],
)
def test_what_has_no_shape_is_json(schema: object) -> None:
    assert result(schema) == JSON


def test_the_type_can_be_left_out_where_other_words_give_it_away() -> None:
    assert result({"format": "date-time"}) == scalar("DateTime")
    assert result({"pattern": "^a"}) == STRING
    assert result({"items": {"type": "string"}}) == list_of(STRING)


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ([{"type": "integer"}, {"type": "number"}], FLOAT),
        ([{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}], STRING),
        ([{"type": "string", "enum": ["a", "b"]}, {"type": "string"}], STRING),
        ([{"type": "string"}, {"type": "array", "items": {"type": "string"}}], JSON),
        ([{"type": "integer"}, {"type": "integer", "minimum": 3}], INT),
    ],
)
def test_a_choice_between_values_is_the_one_that_holds_them_all(members: list[object], expected: object) -> None:
    assert result({"anyOf": members}) == expected
    assert result({"oneOf": members}) == expected


def test_a_choice_may_only_narrow_the_type_beside_it() -> None:
    assert result({"type": "string", "anyOf": [{"pattern": "^a"}, {"maxLength": 3}]}) == STRING


def test_a_whole_number_that_must_also_be_a_number_is_whole() -> None:
    assert result({"allOf": [{"type": "number"}, {"type": "integer"}]}) == INT
