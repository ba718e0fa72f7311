"""What the API answers for values of every supported type, how they filter, order and page.

Everything is compared with what Postgres itself says on a connection that Punnet has no part in.
"""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import asyncpg
import orjson
import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLObjectType, get_named_type

from punnet.catalog.relations import RelationId
from punnet.server.settings import Way
from tests.conftest import fresh_database
from tests.engines import Ways, both_ways
from tests.nasty.database import load_values
from tests.nasty.values import COLUMNS, TYPES, Abilities, Value, literal, values_of

if TYPE_CHECKING:
    Db = asyncpg.Connection[asyncpg.Record]

EVERYTHING = RelationId(source="default", namespace="public", name="everything")

COMPARISONS = {"eq": "=", "ne": "<>", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
PATTERNS = {
    "contains": "strpos({column}::text, {value}) > 0",
    "startsWith": "starts_with({column}::text, {value})",
    "endsWith": "right({column}::text, length({value})) = {value}",
    "iContains": "strpos(lower({column}::text), lower({value})) > 0",
    "iStartsWith": "starts_with(lower({column}::text), lower({value}))",
    "iEndsWith": "right(lower({column}::text), length({value})) = lower({value})",
}
DIRECTIONS = {
    "ASC": "asc nulls last",
    "DESC": "desc nulls first",
    "ASC_NULLS_FIRST": "asc nulls first",
    "ASC_NULLS_LAST": "asc nulls last",
    "DESC_NULLS_FIRST": "desc nulls first",
    "DESC_NULLS_LAST": "desc nulls last",
}

EQUAL = ("bytea", "mood")
BOOLEAN = ("bool",)
ORDERED = (
    "int2", "int4", "int8", "numeric", "numeric(12,3)", "numeric(4,-2)", "float4", "float8", "text", "varchar(60)",
    'text collate "C"', "bpchar", "char(4)", "name", '"char"', "citext", "uuid", "timestamptz", "timestamptz(0)",
    "timestamp", "date", "time", "timetz", "interval", "inet", "cidr", "macaddr", "macaddr8", "positive",
    "very_positive", "email", "price",
)  # fmt: skip
COMPARED = (*ORDERED, *EQUAL, *BOOLEAN)
OPERATORS = {**dict.fromkeys(ORDERED, tuple(COMPARISONS)), **dict.fromkeys((*EQUAL, *BOOLEAN), ("eq", "ne"))}

PRINTED_AS_JSON = ("bool", "int2", "int4", "json", "jsonb", "document", "positive", "very_positive")
PRINTED_BY_TO_JSON = (
    "float4", "float8", "timestamp", "date", "text", "varchar(60)", "name", "email", "int4[]", "text[]", "inet",
)  # fmt: skip
PRINTED_AS_TEXT = (
    "int8", "numeric", "numeric(12,3)", "numeric(4,-2)", "uuid", "time", "interval", "cidr", "macaddr",
    "macaddr8", "money", "bit(3)", "varbit", "tsvector", "tsquery", "point", "path", "circle", "xml", "pg_lsn",
    "oid", "regclass", "jsonpath", "hstore", "int2vector", "citext", '"char"', "price",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tried:
    """A database with the table `everything`, reached by the API and directly."""

    ways: Ways
    db: Db
    abilities: Abilities

    def field(self, type_: str) -> str:
        return self.ways.built.names.column(EVERYTHING, COLUMNS[type_])

    def values(self, type_: str) -> list[Value]:
        return list(values_of(type_, self.abilities))

    async def ids(self, sql: str) -> list[int]:
        return [row["id"] for row in await self.db.fetch(f"select id from everything {sql}")]

    async def found(self, way: Way, arguments: str, variables: dict[str, Any] | None = None) -> list[int]:
        """The ids that the API finds."""
        head = ""
        if variables:
            head = "query(" + " ".join(f"${name}: {kind}" for name, (kind, _) in variables.items()) + ") "
        values = {name: value for name, (_, value) in (variables or {}).items()}
        answer = await self.ways.ask(way, f"{head}{{ everythings{arguments} {{ nodes {{ id }} }} }}", values)
        assert "errors" not in orjson.loads(answer.body), answer.body
        return [node["id"] for node in answer.data["everythings"]["nodes"]]


@pytest.fixture(scope="module", params=["postgres", "postgres_15"])
async def tried(request: pytest.FixtureRequest) -> AsyncIterator[Tried]:
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(fresh_database(request.getfixturevalue(request.param)))
        abilities = await load_values(url)
        ways = await stack.enter_async_context(both_ways(url))
        db: Db = await asyncpg.connect(url)
        stack.push_async_callback(db.close)
        await db.execute("set timezone to 'UTC'; set intervalstyle to 'iso_8601'")
        yield Tried(ways, db, abilities)


@pytest.fixture(params=[Way.COMPILED, Way.RESOLVERS])
def way(request: pytest.FixtureRequest) -> Way:
    return Way(request.param)


def full_selection(type_: Any) -> str:
    """All parts of a value, and of the values in it."""
    named = get_named_type(type_)
    if not isinstance(named, GraphQLObjectType):
        return ""
    return "{ " + " ".join(name + full_selection(field.type) for name, field in named.fields.items()) + " }"


def row_field(tried: Tried, type_: str) -> Any:
    row = tried.ways.built.graphql.type_map["Everything"]
    assert isinstance(row, GraphQLObjectType)
    return row.fields[tried.field(type_)]


def operators(tried: Tried, type_: str) -> set[str]:
    where = tried.ways.built.graphql.type_map["EverythingWhere"]
    assert isinstance(where, GraphQLInputObjectType)
    return set(get_named_type(where.fields[tried.field(type_)].type).fields)


# -- output --------------------------------------------------------------------------------------


@pytest.mark.parametrize("type_", TYPES)
async def test_each_value_is_put_out_as_the_table_says(tried: Tried, way: Way, type_: str) -> None:
    values = tried.values(type_)
    field = tried.field(type_) + full_selection(row_field(tried, type_).type)
    answer = await tried.ways.ask(way, f"{{ everythings(first: {len(values)}) {{ nodes {{ value: {field} }} }} }}")
    nodes = ",".join(f'{{"value":{value.answer}}}' for value in values)
    assert answer.data_bytes.decode() == f'{{"data":{{"everythings":{{"nodes":[{nodes}]}}}}' + (
        "" if answer.errors else "}"
    )
    assert sorted((error["path"], error["extensions"]["code"]) for error in answer.errors) == sorted(
        (["everythings", "nodes", number, "value", *path], "VALUE_NOT_REPRESENTABLE")
        for number, value in enumerate(values)
        for path in value.uncarried
    )


@pytest.mark.parametrize("type_", TYPES)
async def test_a_null_is_put_out_as_null(tried: Tried, way: Way, type_: str) -> None:
    field = tried.field(type_) + full_selection(row_field(tried, type_).type)
    answer = await tried.ways.ask(
        way, f"{{ everythings(orderBy: [{{id: DESC}}], first: 1) {{ nodes {{ value: {field} }} }} }}"
    )
    assert answer.body == b'{"data":{"everythings":{"nodes":[{"value":null}]}}}'


async def printed(tried: Tried, type_: str, expression: str) -> list[Any]:
    column = COLUMNS[type_]
    rows = await tried.db.fetch(
        f"select {expression.format(column)} as printed from everything where {column} is not null order by id"
    )
    return [row["printed"] for row in rows]


def carried_answers(tried: Tried, type_: str, printed: list[Any]) -> list[tuple[str, Any]]:
    pairs = zip(tried.values(type_), printed, strict=True)
    carried = [(value.answer, text) for value, text in pairs if not value.uncarried]
    # A server that knows no XML has no value of it.
    assert carried or not printed
    return carried


@pytest.mark.parametrize("type_", PRINTED_AS_JSON)
async def test_the_table_agrees_with_what_postgres_prints(tried: Tried, type_: str) -> None:
    answers = carried_answers(tried, type_, await printed(tried, type_, "{}::text"))
    assert [answer for answer, _ in answers] == [text for _, text in answers]


@pytest.mark.parametrize("type_", PRINTED_BY_TO_JSON)
async def test_the_table_agrees_with_what_to_json_prints(tried: Tried, type_: str) -> None:
    answers = carried_answers(tried, type_, await printed(tried, type_, "to_json({})::text"))
    assert [answer for answer, _ in answers] == [text for _, text in answers]


@pytest.mark.parametrize("type_", PRINTED_AS_TEXT)
async def test_the_table_agrees_with_the_text_that_postgres_prints(tried: Tried, type_: str) -> None:
    answers = carried_answers(tried, type_, await printed(tried, type_, "{}::text"))
    assert [orjson.loads(answer) for answer, _ in answers] == [text for _, text in answers]


async def test_the_table_agrees_with_the_bytes_that_postgres_holds(tried: Tried) -> None:
    answers = carried_answers(tried, "bytea", await printed(tried, "bytea", "{}"))
    assert [base64.b64decode(orjson.loads(answer)) for answer, _ in answers] == [bytes_ for _, bytes_ in answers]


async def test_the_table_agrees_with_the_moments_that_postgres_prints(tried: Tried) -> None:
    answers = carried_answers(tried, "timestamptz", await printed(tried, "timestamptz", "to_json({})::text"))
    assert [answer.replace("Z", "+00:00") for answer, _ in answers] == [text for _, text in answers]


# -- filters -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Given:
    """A value that a client can give back: as the API put it out, and as SQL has it."""

    value: Any
    sql: str


def given(tried: Tried, type_: str) -> list[Given]:
    found = [
        Given(orjson.loads(value.answer), f"{literal(value.text)}::{type_.partition(' collate')[0]}")
        for value in tried.values(type_)
        if not value.uncarried
    ]
    assert found
    return found


def as_literal(tried: Tried, type_: str, value: Any) -> str:
    named = get_named_type(row_field(tried, type_).type)
    if isinstance(named, GraphQLEnumType):
        return str(value)
    return orjson.dumps(value).decode()


def kind_of(tried: Tried, type_: str) -> str:
    return str(get_named_type(row_field(tried, type_).type))


@pytest.mark.parametrize("type_", TYPES)
async def test_the_operators_are_those_of_the_types_family(tried: Tried, type_: str) -> None:
    lists = {"in", "notIn"} if type_ in (*ORDERED, *EQUAL) else set()
    assert operators(tried, type_) - set(PATTERNS) - {"like", "iLike"} == {*OPERATORS.get(type_, ()), *lists, "isNull"}


@pytest.mark.parametrize("type_", COMPARED)
async def test_a_comparison_finds_what_sql_finds(tried: Tried, type_: str) -> None:
    field, column, kind = tried.field(type_), COLUMNS[type_], kind_of(tried, type_)
    for operator, each in product(OPERATORS[type_], given(tried, type_)):
        expected = await tried.ids(f"where {column} {COMPARISONS[operator]} {each.sql} order by id")
        variable = f"(where: {{{field}: {{{operator}: $value}}}})"
        assert await tried.found(Way.COMPILED, variable, {"value": (kind, each.value)}) == expected


@pytest.mark.parametrize("type_", COMPARED)
async def test_a_constant_finds_its_own_row(tried: Tried, way: Way, type_: str) -> None:
    for each in given(tried, type_):
        expected = await tried.ids(f"where {COLUMNS[type_]} = {each.sql} order by id")
        constant = as_literal(tried, type_, each.value)
        assert await tried.found(way, f"(where: {{{tried.field(type_)}: {{eq: {constant}}}}})") == expected
        assert expected


@pytest.mark.parametrize("type_", [*ORDERED, *EQUAL])
async def test_lists_find_what_sql_finds(tried: Tried, way: Way, type_: str) -> None:
    field, column, kind, some = tried.field(type_), COLUMNS[type_], kind_of(tried, type_), given(tried, type_)[::2]
    constants = ", ".join(as_literal(tried, type_, each.value) for each in some)
    variables = {"values": (f"[{kind}!]", [each.value for each in some])}
    for operator, sql in (("in", "in"), ("notIn", "not in")):
        expected = await tried.ids(f"where {column} {sql} ({', '.join(each.sql for each in some)}) order by id")
        assert await tried.found(way, f"(where: {{{field}: {{{operator}: [{constants}]}}}})") == expected
        assert await tried.found(way, f"(where: {{{field}: {{{operator}: $values}}}})", variables) == expected


@pytest.mark.parametrize("type_", TYPES)
async def test_nulls_are_found(tried: Tried, way: Way, type_: str) -> None:
    field, column = tried.field(type_), COLUMNS[type_]
    # Of composites too: `is null` would also say it of one whose attributes are all null.
    nulls = await tried.ids(f"where {column}::text is null order by id")
    others = await tried.ids(f"where {column}::text is not null order by id")
    assert await tried.found(way, f"(where: {{{field}: {{isNull: true}}}})") == nulls
    assert await tried.found(way, f"(where: {{{field}: {{isNull: false}}}})") == others
    for value, expected in ((True, nulls), (False, others)):
        variables = {"value": ("Boolean", value)}
        assert await tried.found(way, f"(where: {{{field}: {{isNull: $value}}}})", variables) == expected


@pytest.mark.parametrize("operator", PATTERNS)
@pytest.mark.parametrize("type_", ["text", "varchar(60)", "bpchar", "name", "email"])
async def test_text_is_found_by_its_parts(tried: Tried, way: Way, type_: str, operator: str) -> None:
    field, column = tried.field(type_), COLUMNS[type_]
    for text in ("it's", "\\", '"', "%", "_", "n", "N", "👧", "\t", "É", "$1", "e\u0301", ""):
        condition = PATTERNS[operator].format(column=column, value=literal(text))
        expected = await tried.ids(f"where {condition} order by id")
        variables = {"value": ("String", text)}
        assert await tried.found(way, f"(where: {{{field}: {{{operator}: $value}}}})", variables) == expected


@pytest.mark.parametrize("operator", ["like", "iLike"])
async def test_text_is_found_by_its_pattern(tried: Tried, way: Way, operator: str) -> None:
    field, column = tried.field("text"), COLUMNS["text"]
    for pattern in ("%", "_", "it_s", "%\\%%", "%\\\\%", "NA_VE%", "%\t%", ""):
        expected = await tried.ids(f"where {column} {operator} {literal(pattern)} order by id")
        variables = {"value": ("String", pattern)}
        assert await tried.found(way, f"(where: {{{field}: {{{operator}: $value}}}})", variables) == expected


# -- orders and cursors --------------------------------------------------------------------------


async def pages(tried: Tried, way: Way, order: str, size: int) -> list[int]:
    """All ids, page by page."""
    query = f"""query($after: String) {{ everythings(orderBy: [{order}], first: {size}, after: $after) {{
        nodes {{ id }} pageInfo {{ hasNextPage endCursor }} }} }}"""
    found: list[int] = []
    cursor = None
    while True:
        answer = await tried.ways.ask(way, query, {"after": cursor})
        assert answer.errors == []
        page = answer.data["everythings"]
        found += [node["id"] for node in page["nodes"]]
        cursor = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return found


@pytest.mark.parametrize("type_", COMPARED)
async def test_orders_and_cursors_go_as_in_sql(tried: Tried, way: Way, type_: str) -> None:
    field = tried.field(type_)
    for direction, sql in DIRECTIONS.items():
        expected = await tried.ids(f"order by {COLUMNS[type_]} {sql}, id")
        assert await pages(tried, way, f"{{{field}: {direction}}}", 7) == expected


async def test_an_order_of_several_columns_pages_as_in_sql(tried: Tried, way: Way) -> None:
    first, second = tried.field("bool"), tried.field("float8")
    expected = await tried.ids(f"order by {COLUMNS['bool']} desc nulls last, {COLUMNS['float8']} nulls first, id")
    order = f"{{{first}: DESC_NULLS_LAST}}, {{{second}: ASC_NULLS_FIRST}}"
    assert await pages(tried, way, order, 4) == expected
