"""Where the two ways could part: what one of them never gets to, or sees another way. Each was found or feared."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from punnet.demo.embedded import PostgresServer
from tests.conftest import MakeDatabase, fresh_database
from tests.differential.operations import as_id
from tests.engines import Ways, both_ways

BAD_CURSOR = "WyJub25lIl0"

STRUCTURE = """
    create type spot as (x int, y int);
    create type "od::d" as enum ('a', 'b');
    create table things (id int primary key, kind "od::d", spot spot, label text, ratio float8);
    insert into things values
        (1, 'a', '(1,)', 'x', 0.1), (2, 'b', '(,)', 'y', null),
        (3, null, null, null, 'NaN'), (4, 'a', '(1,2)', 'x', 1e20);
    create table parents (id int primary key, label text);
    create table children (primary key (id)) inherits (parents);
    insert into parents values (1, 'same'), (2, 'parent');
    insert into children values (1, 'same'), (3, 'child');
    create table pets (id int primary key, parent_id int);
    insert into pets values (1, 1), (2, 3);
    create table pointers (id int primary key, parent_id int references parents);
    insert into pointers values (1, 1), (2, 2);
    create view casts as select id, ('x' || id)::int as n from things;
"""


@pytest.fixture(scope="module")
async def ways(postgres: PostgresServer) -> AsyncIterator[Ways]:
    async with fresh_database(postgres, STRUCTURE) as url, both_ways(url) as ways:
        yield ways


async def ids(ways: Ways, arguments: str, variables: dict[str, Any] | None = None, head: str = "") -> list[int]:
    answer = await ways.agreed(f"{head} {{ things{arguments} {{ nodes {{ id }} }} }}", variables)
    assert answer.errors == []
    return [node["id"] for node in answer.data["things"]["nodes"]]


@pytest.mark.parametrize(
    "selection",
    [
        "nodes { id }",
        "edges { cursor }",
        "pageInfo { hasNextPage }",
        "pageInfo { hasPreviousPage }",
        "pageInfo { startCursor }",
        "pageInfo { __typename }",
        "totalCount",
        "__typename",
        "nodes { id @skip(if: true) }",
        "nodes @skip(if: true) { id }",
    ],
)
@pytest.mark.parametrize(
    "arguments",
    [
        f'after: "{BAD_CURSOR}"',
        "first: -1",
        "offset: -1",
        "first: 0",
        "first: null",
        "offset: 0",
        'first: -1, after: ""',
    ],
)
async def test_odd_pages_are_answered_alike_whatever_is_asked_of_them(
    ways: Ways, arguments: str, selection: str
) -> None:
    await ways.agreed(f"{{ things({arguments}) {{ {selection} }} }}")


async def test_a_cursor_in_an_order_by_a_type_with_colons_in_its_name(ways: Ways) -> None:
    assert await ids(ways, "(orderBy: [{kind: ASC}])") == [1, 4, 2, 3]
    page = await ways.agreed("{ things(orderBy: [{kind: ASC}], first: 2) { pageInfo { endCursor } } }")
    cursor = page.data["things"]["pageInfo"]["endCursor"]
    head = "query($after: String)"
    assert await ids(ways, "(orderBy: [{kind: ASC}], after: $after)", {"after": cursor}, head) == [2, 3]


async def test_a_composite_of_nulls_is_not_null(ways: Ways) -> None:
    assert await ids(ways, "(where: {spot: {isNull: false}})") == [1, 2, 4]
    head = "query($is: Boolean!)"
    assert await ids(ways, "(where: {spot: {isNull: $is}})", {"is": False}, head) == [1, 2, 4]
    assert await ids(ways, "(where: {spot: {isNull: $is}})", {"is": True}, head) == [3]


async def test_a_pattern_that_ends_in_a_backslash_is_the_clients_error(ways: Ways) -> None:
    answer = await ways.agreed('{ things(where: {label: {like: "\\\\"}}) { nodes { id } } }')
    assert answer.codes == {"BAD_USER_INPUT"}


@pytest.mark.parametrize("key", [["--5"], ["-"], [""], ["1", "1"], ["99999999999999999999"], ["1.5"], ["\x00"], ["é"]])
async def test_an_id_that_can_be_of_no_row_finds_none(ways: Ways, key: list[str]) -> None:
    answer = await ways.agreed("query($id: ID!) { node(nodeId: $id) { nodeId } }", {"id": as_id(["Thing", *key])})
    assert answer.body == b'{"data":{"node":null}}'


@pytest.mark.parametrize("parts", [[], ["Thing"], ["Thing", 1], ["Thing", None], {}, "Thing", None])
async def test_an_id_that_is_none_is_the_clients_error(ways: Ways, parts: object) -> None:
    answer = await ways.agreed("query($id: ID!) { node(nodeId: $id) { nodeId } }", {"id": as_id(parts)})
    assert answer.codes == {"BAD_USER_INPUT"}


async def test_two_rows_of_one_key_under_a_parent_table_are_no_answer(ways: Ways) -> None:
    answer = await ways.agreed("{ parent(id: 1) { label } other: parent(id: 3) { label } }")
    assert answer.data == {"parent": None, "other": {"label": "child"}}
    assert [(error["path"], error["extensions"]["code"]) for error in answer.errors] == [
        (["parent"], "VALUE_NOT_REPRESENTABLE")
    ]


async def test_a_value_that_is_wrong_is_no_error_where_nothing_depends_on_it(ways: Ways) -> None:
    refused = r'label: {like: "%\\"}'
    assert (await ways.agreed(f"{{ things(where: {{{refused}}}) {{ nodes {{ id }} }} }}")).codes == {"BAD_USER_INPUT"}
    assert (await ways.agreed(f"{{ things(where: {{{refused}, or: []}}) {{ nodes {{ id }} }} }}")).errors == []
    query = f"query($ids: [Int!]) {{ things(where: {{{refused}, id: {{in: $ids}}}}) {{ nodes {{ id }} }} }}"
    assert (await ways.agreed(query, {"ids": []})).errors == []


async def test_a_null_for_an_operator_is_the_clients_error(ways: Ways) -> None:
    query = "query($x: Int) { things(where: {id: {eq: $x}}) { nodes { id } } }"
    assert (await ways.resolved(query, {"x": None})).codes == {"BAD_USER_INPUT"}
    assert (await ways.compiled(query, {"x": None})).has_no_plan
    assert len((await ways.agreed(query, {})).data["things"]["nodes"]) == 4


async def test_a_value_that_cannot_be_carried_is_the_error_of_its_field(ways: Ways) -> None:
    answer = await ways.agreed("{ things(where: {id: {gte: 3}}) { nodes { id ratio } } }")
    assert answer.data == {"things": {"nodes": [{"id": 3, "ratio": None}, {"id": 4, "ratio": 1e20}]}}
    assert [error["path"] for error in answer.errors] == [["things", "nodes", 0, "ratio"]]


async def test_a_value_beyond_the_page_hurts_nobody(ways: Ways) -> None:
    answer = await ways.agreed("{ things(first: 2) { nodes { ratio } pageInfo { hasNextPage } } }")
    assert answer.errors == []
    assert answer.statements == 1


async def test_a_label_added_later_is_not_carried(empty_database: MakeDatabase) -> None:
    url = await empty_database()
    connection = await asyncpg.connect(url)
    await connection.execute("create type mood as enum ('happy'); create table people (id int primary key, mood mood)")
    async with both_ways(url) as ways:
        await connection.execute("alter type mood add value 'sad'")
        await connection.execute("insert into people values (1, 'happy'), (2, 'sad'), (3, null)")
        answer = await ways.agreed("{ people { nodes { mood } } }")
    await connection.close()
    assert answer.data == {"people": {"nodes": [{"mood": "HAPPY"}, {"mood": None}, {"mood": None}]}}
    assert answer.codes == {"VALUE_NOT_REPRESENTABLE"}


async def test_a_row_that_points_to_several_heirs_is_there_once(ways: Ways) -> None:
    answer = await ways.agreed("{ pointers { nodes { id parent { label } } } }")
    assert answer.data["pointers"]["nodes"] == [{"id": 1, "parent": None}, {"id": 2, "parent": {"label": "parent"}}]
    assert answer.codes == {"VALUE_NOT_REPRESENTABLE"}


async def test_a_value_that_no_client_gave_is_the_sources_failure(ways: Ways) -> None:
    assert (await ways.agreed("{ casts { nodes { n } } }")).codes == {"SOURCE_FAILED"}
