"""Every field of a generated schema can be asked, three levels deep, both ways and with one answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import pytest
from graphql import GraphQLField, GraphQLObjectType, GraphQLOutputType, get_named_type, get_nullable_type, is_list_type

from punnet.planning.meaning import Collection, EdgePart, RowByKey, ToMany, ToOne, meaning_of
from tests.engines import Ways

DEPTH = 3
ROWS = 2
MANY = 30
"""All rows of any relation in the nasty database."""

UNBOUNDED = {"Float", "Decimal", "DateTime", "LocalDateTime", "Date", "Duration"}
"""Scalars that do not carry every value of their type in the database."""


@dataclass(frozen=True, slots=True)
class Crawled:
    """One operation that asks all there is below a field of Query."""

    text: str
    variables: dict[str, Any]


def selection(type_: GraphQLOutputType, depth: int) -> str:
    """All fields of a type; those that lead to other rows only so deep."""
    named = get_named_type(type_)
    if not isinstance(named, GraphQLObjectType):
        return ""
    fields = [name + below for name, field in named.fields.items() if (below := _below(field, depth)) is not None]
    return f" {{ __typename {' '.join(fields)} }}"


def _below(field: GraphQLField, depth: int) -> str | None:
    match meaning_of(field):
        case EdgePart("node"):
            # The same rows as `nodes` has.
            return " { __typename }"
        case ToOne():
            return selection(field.type, depth - 1) if depth else None
        case ToMany():
            return f"(first: {ROWS})" + selection(field.type, depth - 1) if depth else None
        case _:
            return selection(field.type, depth)


def collections(ways: Ways) -> Iterator[tuple[str, GraphQLField]]:
    query = ways.built.graphql.query_type
    assert query is not None
    return (
        (name, field)
        for name, field in query.fields.items()
        if isinstance(meaning_of(field), Collection) and name != "failingViews"
    )


def row_type(field: GraphQLField) -> GraphQLObjectType:
    connection = get_named_type(field.type)
    assert isinstance(connection, GraphQLObjectType)
    row = get_named_type(connection.fields["nodes"].type)
    assert isinstance(row, GraphQLObjectType)
    return row


def over_collections(ways: Ways) -> Iterator[Crawled]:
    for name, field in collections(ways):
        yield Crawled(f"{{ {name}(first: {ROWS}){selection(field.type, DEPTH)} }}", {})
        yield Crawled(f"{{ {name}(first: {MANY}){selection(field.type, 0)} }}", {})


async def over_lookups(ways: Ways) -> list[Crawled]:
    query = ways.built.graphql.query_type
    assert query is not None
    crawled: list[Crawled] = []
    by_type = {row_type(field).name: name for name, field in collections(ways)}
    for name, field in query.fields.items():
        if isinstance(meaning_of(field), RowByKey):
            collection = by_type[get_named_type(field.type).name]
            answer = await ways.compiled(f"{{ {collection}(first: {MANY}) {{ nodes {{ {' '.join(field.args)} }} }} }}")
            heads = ", ".join(f"${argument}: {value.type}" for argument, value in field.args.items())
            arguments = ", ".join(f"{argument}: ${argument}" for argument in field.args)
            text = f"query({heads}) {{ {name}({arguments}){selection(field.type, 1)} }}"
            nodes = (answer.data[collection] or {"nodes": []})["nodes"]
            crawled += [Crawled(text, row) for row in nodes if None not in row.values()][:1]
    return crawled


async def over_ids(ways: Ways) -> list[Crawled]:
    with_ids = [(name, row_type(field)) for name, field in collections(ways) if "nodeId" in row_type(field).fields]
    aliased = " ".join(f"{name}(first: {ROWS}) {{ nodes {{ nodeId }} }}" for name, _ in with_ids)
    answer = await ways.compiled(f"{{ {aliased} }}")
    ids = [[node["nodeId"] for node in answer.data[name]["nodes"]] for name, _ in with_ids]
    return [
        Crawled(
            "query($ids: [ID!]!) { nodes(nodeIds: $ids) { __typename nodeId } }",
            {"ids": [node_id for ids_of_type in ids for node_id in ids_of_type]},
        ),
        *(
            Crawled(
                f"query($id: ID!) {{ node(nodeId: $id) {{ __typename ... on {type_.name}{selection(type_, 1)} }} }}",
                {"id": node_id},
            )
            for (_, type_), ids_of_type in zip(with_ids, ids, strict=True)
            for node_id in ids_of_type[:1]
        ),
    ]


async def everything(ways: Ways) -> list[Crawled]:
    ways_in = list(over_collections(ways)), await over_lookups(ways), await over_ids(ways)
    assert all(ways_in)
    return list(chain.from_iterable(ways_in))


def type_at(ways: Ways, path: Sequence[str | int], crawled: Crawled) -> GraphQLOutputType:
    """The type of what stands at a path of an answer; a path through `node` is of the one type asked for."""
    type_: Any = ways.built.graphql.query_type
    for step in path:
        if isinstance(step, int):
            type_ = get_nullable_type(type_).of_type
            continue
        named = get_named_type(type_)
        if not isinstance(named, GraphQLObjectType):
            named = ways.built.graphql.type_map[crawled.text.partition("... on ")[2].partition(" ")[0]]
        type_ = named.fields[step].type
    found: GraphQLOutputType = get_nullable_type(type_)
    return found


async def test_every_field_of_the_shop_can_be_asked(shop: Ways) -> None:
    for crawled in await everything(shop):
        answer = await shop.agreed(crawled.text, crawled.variables)
        assert answer.errors == [], crawled


@pytest.mark.parametrize("nasty", ["postgres", pytest.param("postgres_15", marks=pytest.mark.judge)], indirect=True)
async def test_only_what_cannot_be_carried_fails_in_the_nasty_database(nasty: Ways) -> None:
    for crawled in await everything(nasty):
        answer = await nasty.agreed(crawled.text, crawled.variables)
        assert answer.codes <= {"VALUE_NOT_REPRESENTABLE"}, crawled
        for error in answer.errors:
            failed = type_at(nasty, error["path"], crawled)
            assert is_list_type(failed) or get_named_type(failed).name in UNBOUNDED, error


async def test_a_row_that_was_found_is_found_again_by_its_id(nasty: Ways) -> None:
    with_ids = [name for name, field in collections(nasty) if "nodeId" in row_type(field).fields]
    pages = " ".join(f"{name} {{ nodes {{ nodeId }} }}" for name in with_ids)
    found = (await nasty.compiled(f"{{ {pages} }}")).data
    nodes = [node for name in with_ids for node in found[name]["nodes"]]
    assert len(nodes) > len(with_ids) > 0
    ids = [node["nodeId"] for node in nodes]
    again = await nasty.agreed("query($ids: [ID!]!) { nodes(nodeIds: $ids) { nodeId } }", {"ids": ids})
    assert again.data == {"nodes": nodes}


async def test_a_source_that_fails_fails_its_own_field(nasty: Ways) -> None:
    answer = await nasty.agreed("{ failingViews { nodes { share } } people { nodes { id } } }")
    assert answer.codes == {"SOURCE_FAILED"}
    assert answer.data["failingViews"] is None
    assert len(answer.data["people"]["nodes"]) == 5
