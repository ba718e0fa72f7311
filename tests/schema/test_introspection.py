"""Introspection without the executor says what the executor says."""

from __future__ import annotations

import pytest
from graphql import (
    GraphQLBoolean,
    GraphQLField,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
    MaxIntrospectionDepthRule,
    get_introspection_query,
    introspection_types,
    parse,
    specified_rules,
    validate,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.schema.introspection_samples import SCHEMAS, WRITTEN, directly, executed, introspection_queries

SWITCHES = (
    "descriptions",
    "specified_by_url",
    "directive_is_repeatable",
    "schema_description",
    "input_value_deprecation",
    "experimental_directive_deprecation",
    "one_of",
)
every_schema = pytest.mark.parametrize("schema", SCHEMAS.values(), ids=SCHEMAS.keys())
# The depth is for limits to bound, not for the encoding.
RULES = [rule for rule in specified_rules if rule is not MaxIntrospectionDepthRule]


@every_schema
@given(
    switches=st.fixed_dictionaries({name: st.booleans() for name in SWITCHES}),
    type_depth=st.integers(min_value=0, max_value=12),
)
@settings(deadline=None, max_examples=12)
def test_the_standard_query_has_the_executors_bytes(
    schema: GraphQLSchema, switches: dict[str, bool], type_depth: int
) -> None:
    query = get_introspection_query(**switches, type_depth=type_depth)
    assert directly(schema, query) == executed(schema, query) is not None


@every_schema
@given(data=st.data())
@settings(deadline=None, max_examples=50)
def test_any_introspection_has_the_executors_bytes(schema: GraphQLSchema, data: st.DataObject) -> None:
    query = data.draw(introspection_queries(schema))
    variables = {"yes": data.draw(st.booleans()), "name": data.draw(st.sampled_from(["Query", "__Type", "Nothing"]))}
    assert validate(schema, parse(query), RULES) == []
    assert directly(schema, query, variables) == executed(schema, query, variables)


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("{ __typename }", b'{"__typename":"Root"}'),
        ("mutation { a: __typename }", b'{"a":"Change"}'),
        ('{ __type(name: "Nothing") { name } }', b'{"__type":null}'),
        (
            "{ __schema { queryType { __typename n: name } } }",
            b'{"__schema":{"queryType":{"__typename":"__Type","n":"Root"}}}',
        ),
        (
            '{ __type(name: "By") { name } __type(name: "By") { k: kind } }',
            b'{"__type":{"name":"By","k":"INPUT_OBJECT"}}',
        ),
        ("{ __typename @skip(if: true) }", b"{}"),
        ("{ ...F } fragment F on Root { __typename }", b'{"__typename":"Root"}'),
        (
            '{ __type(name: "Role") { enumValues { name } } }',
            b'{"__type":{"enumValues":[{"name":"READER"},{"name":"WRITER"}]}}',
        ),
    ],
)
def test_an_answer_holds_what_was_asked_in_that_order(query: str, answer: bytes) -> None:
    assert directly(WRITTEN, query) == answer == executed(WRITTEN, query)


@pytest.mark.parametrize(
    "query",
    [
        "{ named { id } }",
        "{ __typename named { id } }",
        "{ __schema { description } ... on Root { named { id } } }",
        "subscription { __typename }",
        "mutation { __typename rename(id: 1) { id } }",
        "{ ...F @defer __typename } fragment F on Root { __schema { description } }",
        "{ __schema { ... @defer { description } } }",
        "{ __schema { description @plain } }",
    ],
)
def test_what_is_more_than_introspection_is_left_to_the_executor(query: str) -> None:
    assert directly(WRITTEN, query) is None


def test_a_schema_without_mutations_leaves_them_to_the_executor() -> None:
    assert directly(SCHEMAS["small"], "mutation { __typename }") is None


def test_what_is_patched_into_the_introspection_types_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    patch_type_field(monkeypatch, GraphQLField(GraphQLString, resolve=lambda type_, _: f"<{type_}>"))
    query = '{ __type(name: "Seed") { isOneOf fields { type { isOneOf } } } }'
    assert directly(WRITTEN, query) == executed(WRITTEN, query)
    assert directly(WRITTEN, '{ __type(name: "Seed") { isOneOf } }') == b'{"__type":{"isOneOf":"<Seed>"}}'


@pytest.mark.parametrize(
    "field",
    [
        GraphQLField(GraphQLBoolean, resolve=lambda type_, _: type_.no_such_attribute),
        GraphQLField(GraphQLBoolean, resolve=lambda *_: "neither true nor false"),
        GraphQLField(GraphQLNonNull(GraphQLBoolean), resolve=lambda *_: None),
        GraphQLField(GraphQLBoolean, resolve=lambda _, info: info.path),
        GraphQLField(GraphQLBoolean),
    ],
    ids=["raises", "is refused", "is null", "wants more", "has no resolver"],
)
def test_an_answer_with_errors_is_left_to_the_executor(monkeypatch: pytest.MonkeyPatch, field: GraphQLField) -> None:
    patch_type_field(monkeypatch, field)
    assert directly(WRITTEN, '{ __type(name: "Seed") { isOneOf } }') is None


def test_an_argument_that_turns_out_wrong_is_left_to_the_executor() -> None:
    query = "query ($all: Boolean = true) { __schema { types { fields(includeDeprecated: $all) { name } } } }"
    assert directly(WRITTEN, query, {"all": None}) is None
    assert directly(WRITTEN, query) == executed(WRITTEN, query) is not None


def patch_type_field(monkeypatch: pytest.MonkeyPatch, field: GraphQLField) -> None:
    type_ = introspection_types["__Type"]
    assert isinstance(type_, GraphQLObjectType)
    monkeypatch.setitem(type_.fields, "isOneOf", field)
