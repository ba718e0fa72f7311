"""A value that a scalar refuses in a document is shown at its place there, so that editors can point at it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
    execute_sync,
    parse,
    validate,
)

from punnet.catalog.scalars import SCALARS, scalar_named
from punnet.demo.embedded import PostgresServer
from punnet.schema.scalars import scalar_type
from tests.conftest import fresh_database
from tests.engines import Ways, both_ways

# JSON takes everything.
REFUSING = sorted({*SCALARS, "ID", "Tsvector"} - {"JSON"})
FILTERED = sorted(set(SCALARS) - {"JSON"})
WRONG = {"Boolean": '"maybe"'}
"""Literals that a scalar refuses, where it is not `true`."""

EVERY_SCALAR = """
    create table things (
        id int primary key, an_int int, a_float float8, a_string text, a_boolean bool, a_big_int int8,
        a_decimal numeric, a_uuid uuid, a_date_time timestamptz, a_local_date_time timestamp, a_date date,
        a_local_time time, an_offset_time timetz, a_duration interval, a_base64 bytea, an_inet inet, a_cidr cidr,
        a_mac_addr macaddr
    );
"""
COLUMNS = {
    "Int": "anInt", "Float": "aFloat", "String": "aString", "Boolean": "aBoolean", "BigInt": "aBigInt",
    "Decimal": "aDecimal", "UUID": "aUuid", "DateTime": "aDateTime", "LocalDateTime": "aLocalDateTime",
    "Date": "aDate", "LocalTime": "aLocalTime", "OffsetTime": "anOffsetTime", "Duration": "aDuration",
    "Base64": "aBase64", "Inet": "anInet", "Cidr": "aCidr", "MacAddr": "aMacAddr",
}  # fmt: skip


@pytest.fixture(scope="module")
async def ways(postgres: PostgresServer) -> AsyncIterator[Ways]:
    async with fresh_database(postgres, EVERY_SCALAR) as url, both_ways(url) as ways:
        yield ways


def taking(scalar: str) -> GraphQLSchema:
    """A schema whose one field takes the scalar."""
    field = GraphQLField(GraphQLString, args={"value": GraphQLArgument(scalar_type(scalar))})
    return GraphQLSchema(GraphQLObjectType("Query", {"field": field}))


def places(errors: object) -> list[list[tuple[int, int]]]:
    assert isinstance(errors, list)
    return [[(at.line, at.column) for at in error.locations or ()] for error in errors]


@pytest.mark.parametrize("scalar", REFUSING)
def test_a_refused_literal_has_its_location(scalar: str) -> None:
    document = parse(f"{{\n  field(value: {WRONG.get(scalar, 'true')}) }}")
    assert places(validate(taking(scalar), document)) == [[(2, 16)]]


@pytest.mark.parametrize("scalar", REFUSING)
def test_a_literal_that_is_refused_when_its_field_is_resolved_has_its_location(scalar: str) -> None:
    document = parse(f"{{\n  field(value: {WRONG.get(scalar, 'true')}) }}")
    assert places(execute_sync(taking(scalar), document).errors) == [[(2, 16)]]


@pytest.mark.parametrize("scalar", REFUSING)
def test_a_refused_default_of_a_variable_has_its_location(scalar: str) -> None:
    document = parse(f"query (\n  $given: {scalar} = {WRONG.get(scalar, 'true')}) {{ field(value: $given) }}")
    assert places(validate(taking(scalar), document)) == [[(2, 14 + len(scalar))]]


@pytest.mark.parametrize("scalar", FILTERED)
async def test_a_refused_literal_in_a_filter_has_its_location_both_ways(ways: Ways, scalar: str) -> None:
    wrong = WRONG.get(scalar, "true")
    answer = await ways.agreed(
        f"{{ things(where: {{ {COLUMNS[scalar]}: {{\n  eq: {wrong} }} }}) {{ nodes {{ id }} }} }}"
    )
    assert [error["locations"] for error in answer.errors] == [[{"line": 2, "column": 7}]]
    assert answer.codes == {"GRAPHQL_VALIDATION_FAILED"}


@pytest.mark.parametrize("scalar", FILTERED)
async def test_a_refused_variable_has_the_location_of_its_definition_both_ways(ways: Ways, scalar: str) -> None:
    where = f"where: {{ {COLUMNS[scalar]}: {{ eq: $given }} }}"
    query = f"query (\n  $given: {scalar}!) {{ things({where}) {{ nodes {{ id }} }} }}"
    answer = await ways.agreed(query, {"given": [] if scalar != "Boolean" else "maybe"})
    assert [error["locations"] for error in answer.errors] == [[{"line": 2, "column": 3}]]
    assert answer.codes == {"BAD_USER_INPUT"}


def test_every_scalar_that_can_be_refused_is_tried() -> None:
    assert set(COLUMNS) == set(FILTERED)
    assert scalar_named("Tsvector").family == "opaque"
