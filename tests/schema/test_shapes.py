"""What a configuration says about the shape of the API: ids, lists, what is always there, what Query leads to."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, GraphQLObjectType

from punnet.configuration.configuration import Configuration
from punnet.demo.embedded import PostgresServer
from punnet.schema.build import Choices, build_schema
from punnet.schema.errors import DirectivesWrong, NothingToServe
from punnet.schema.federation.service import subgraph_sdl
from punnet.server.sources import Sources
from tests.conftest import fresh_database
from tests.engines import Answered, Ways, both_ways

HERE = Path(__file__).parent
AUTHORS = {"from": "public.reviews(author_id)", "to": "public.authors(id)", "non_null": True, "reverse": False}
REVIEWS = {"from": "public.reviews(product_id)", "to": "public.products(id)", "list": True}
PRODUCTS = {"from": "public.products(maker_id)", "to": "public.makers(id)", "reverse": "goods", "list": True}
KEYS: dict[str, Any] = {
    "Product": {"keys": ["sku package", "id", "maker { id } sku"]},
    "Author": {"keys": ["id", "id makerByMakerLevel { level }"]},
    "Audit": {"keys": ["product { id }"]},
    "Offer": {"keys": ["productId size", "size"]},
}


def choices(
    *relationships: Mapping[str, object],
    schema: Mapping[str, object] | None = None,
    relations: Mapping[str, object] | None = None,
) -> Choices:
    source = {"type": "postgres", "url": "postgresql://h/d", "relations": relations or {}}
    document = {
        "version": 1,
        "schema": schema or {},
        "sources": {"default": source},
        "relationships": relationships,
    }
    return Sources(Configuration.model_validate(document)).choices()


@pytest.fixture(scope="module")
async def url(postgres: PostgresServer) -> AsyncIterator[str]:
    async with fresh_database(postgres, (HERE / "shapes.sql").read_text()) as url:
        yield url


@pytest.fixture(scope="module")
async def plain(url: str) -> AsyncIterator[Ways]:
    """Nothing is said."""
    async with both_ways(url) as ways:
        yield ways


@pytest.fixture(scope="module")
async def shaped(url: str) -> AsyncIterator[Ways]:
    async with both_ways(url, choices=choices(AUTHORS, REVIEWS, PRODUCTS)) as ways:
        yield ways


@pytest.fixture(scope="module")
async def short_ids(url: str) -> AsyncIterator[Ways]:
    async with both_ways(url, choices=choices(schema={"node_id": "id"})) as ways:
        yield ways


@pytest.fixture(scope="module")
async def subgraph(url: str) -> AsyncIterator[Ways]:
    schema = {"federation": True, "node_id": False, "types": KEYS}
    hidden = {"public.makers": {"queries": False}}
    async with both_ways(url, choices=choices(REVIEWS, AUTHORS, schema=schema, relations=hidden)) as ways:
        yield ways


def fields(ways: Ways, type_name: str) -> dict[str, str]:
    type_ = ways.built.graphql.type_map[type_name]
    assert isinstance(type_, GraphQLObjectType | GraphQLInputObjectType)
    return {name: str(field.type) for name, field in type_.fields.items()}


def arguments(ways: Ways, type_name: str, field: str) -> list[str]:
    type_ = ways.built.graphql.type_map[type_name]
    assert isinstance(type_, GraphQLObjectType)
    return list(type_.fields[field].args)


def node_id(type_name: str, *key: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([type_name, *key], separators=(",", ":")).encode()).decode().rstrip("=")


def failures(answer: Answered) -> list[tuple[list[object], str]]:
    """The path and code of each error."""
    return [(error["path"], error["extensions"]["code"]) for error in answer.errors]


class TestNodeIds:
    def test_nothing_of_them_is_there_where_they_are_off(self, plain: Ways) -> None:
        built = build_schema(plain.catalog, choices=choices(schema={"node_id": False}))
        assert "Node" not in built.graphql.type_map
        assert {"node", "nodes"}.isdisjoint(built.graphql.type_map["Query"].fields)  # type: ignore[attr-defined]
        assert built.graphql.type_map["Product"].interfaces == ()  # type: ignore[attr-defined]

    def test_a_column_has_their_name_where_they_are_off(self, plain: Ways, subgraph: Ways) -> None:
        assert "nodeId_" in fields(plain, "Product")
        assert fields(subgraph, "Product")["nodeId"] == "String"

    async def test_cursors_stay_where_they_are_off(self, subgraph: Ways) -> None:
        query = "query ($at: String) { products(first: 2, after: $at) { nodes { id } pageInfo { endCursor } } }"
        first = await subgraph.agreed(query)
        second = await subgraph.agreed(query, {"at": first.data["products"]["pageInfo"]["endCursor"]})
        assert second.data["products"]["nodes"] == [{"id": 3}, {"id": 4}]

    def test_where_their_field_is_id_a_column_of_this_name_is_row_id(self, short_ids: Ways) -> None:
        product = fields(short_ids, "Product")
        assert (product["id"], product["rowId"], product["nodeId"]) == ("ID!", "Int!", "String")
        assert fields(short_ids, "ProductWhere")["rowId"] == "IntFilter"
        assert next(iter(fields(short_ids, "ProductOrder"))) == "rowId"
        assert arguments(short_ids, "Query", "product") == ["rowId"]
        assert arguments(short_ids, "Query", "node") == ["id"]
        assert arguments(short_ids, "Query", "nodes") == ["ids"]

    async def test_rows_are_found_by_them_under_the_other_name(self, short_ids: Ways) -> None:
        wanted = node_id("Product", "2")
        query = f"""{{
          product(rowId: 2) {{ id rowId }}
          node(id: "{wanted}") {{ id ... on Product {{ sku }} }}
          nodes(ids: ["{wanted}", "{node_id("Product", "9")}"]) {{ id }}
          products(where: {{rowId: {{eq: 2}}}}, orderBy: [{{rowId: DESC}}]) {{ nodes {{ rowId }} }}
        }}"""
        answer = await short_ids.agreed(query)
        assert answer.data == {
            "product": {"id": wanted, "rowId": 2},
            "node": {"id": wanted, "sku": "bolt"},
            "nodes": [{"id": wanted}, None],
            "products": {"nodes": [{"rowId": 2}]},
        }


class TestPlainLists:
    def test_one_has_the_arguments_of_a_connection_but_for_cursors(self, shaped: Ways) -> None:
        assert fields(shaped, "Product")["reviews"] == "[Review!]!"
        assert arguments(shaped, "Product", "reviews") == ["where", "orderBy", "first", "offset"]

    def test_it_has_the_name_that_is_given(self, shaped: Ways) -> None:
        assert fields(shaped, "Maker")["goods"] == "[Product!]!"

    async def test_its_rows_come_in_the_order_of_their_key(self, shaped: Ways) -> None:
        answer = await shaped.agreed("{ products { nodes { id reviews { id stars __typename } } } }")
        assert answer.data["products"]["nodes"] == [
            {
                "id": 1,
                "reviews": [
                    {"id": 10, "stars": 5, "__typename": "Review"},
                    {"id": 11, "stars": 3, "__typename": "Review"},
                    {"id": 12, "stars": 4, "__typename": "Review"},
                ],
            },
            {"id": 2, "reviews": [{"id": 13, "stars": 1, "__typename": "Review"}]},
            {"id": 3, "reviews": []},
            {"id": 4, "reviews": []},
        ]
        assert answer.statements == 1

    async def test_it_is_one_statement_a_level_by_resolvers(self, shaped: Ways) -> None:
        answer = await shaped.resolved("{ makers { nodes { goods { reviews { id } } } } }")
        assert answer.statements == 3

    async def test_filter_order_and_page_are_those_of_a_connection(self, shaped: Ways) -> None:
        query = """query ($least: Int!, $first: Int) { product(id: 1) {
          few: reviews(where: {stars: {gte: $least}}, orderBy: [{stars: DESC}], first: $first) { stars }
          rest: reviews(orderBy: [{stars: ASC}], offset: 1) { stars }
        } }"""
        answer = await shaped.agreed(query, {"least": 4, "first": 1})
        assert answer.data == {"product": {"few": [{"stars": 5}], "rest": [{"stars": 4}, {"stars": 5}]}}

    async def test_lists_stand_in_lists_and_connections(self, shaped: Ways) -> None:
        query = """{ makers { nodes { name goods(where: {sku: {isNull: false}}) {
          sku maker { goods(first: 1) { id reviews(first: 1) { product { reviews(offset: 2) { id } } } } }
        } } } }"""
        answer = await shaped.agreed(query)
        first = {"id": 1, "reviews": [{"product": {"reviews": [{"id": 12}]}}]}
        second = {"id": 2, "reviews": [{"product": {"reviews": []}}]}
        assert answer.data["makers"]["nodes"] == [
            {"name": "Acme", "goods": [{"sku": "bolt", "maker": {"goods": [first]}}]},
            {"name": "Zenith", "goods": [{"sku": "bolt", "maker": {"goods": [second]}}]},
        ]

    @pytest.mark.parametrize("arguments", ["first: -1", "offset: -1", "where: {stars: {eq: null}}"])
    async def test_a_wrong_argument_is_told_and_fails_the_row(self, shaped: Ways, arguments: str) -> None:
        answer = await shaped.resolved(f"{{ product(id: 1) {{ reviews({arguments}) {{ id }} }} }}")
        assert answer.data == {"product": None}
        assert failures(answer) == [(["product", "reviews"], "BAD_USER_INPUT")]

    def test_there_is_no_way_back_where_none_is_wanted(self, plain: Ways, shaped: Ways) -> None:
        assert "reviews" not in fields(plain, "Author")
        assert {"reviews", "reviewsByAuthor"}.isdisjoint(fields(shaped, "Author"))

    def test_its_name_is_free_for_another(self, plain: Ways) -> None:
        own = {"from": "public.reviews(product_id)", "to": "public.products(id)", "reverse": False}
        offers = {"from": "public.offers(product_id)", "to": "public.products(id)", "reverse": "reviews"}
        built = build_schema(plain.catalog, choices=choices(own, offers))
        assert str(built.graphql.type_map["Product"].fields["reviews"].type) == "OfferConnection"  # type: ignore[attr-defined]


class TestWhatIsAlwaysThere:
    def test_its_field_is_not_null(self, plain: Ways, shaped: Ways) -> None:
        assert "author" not in fields(plain, "Review")
        assert fields(shaped, "Review")["author"] == "Author!"

    async def test_it_is_answered_where_it_is_there(self, shaped: Ways) -> None:
        answer = await shaped.agreed("{ review(id: 10) { author { id } } }")
        assert (answer.data, answer.errors) == ({"review": {"author": {"id": 1}}}, [])

    @pytest.mark.parametrize("review", [11, 12])
    async def test_where_it_is_not_there_the_row_fails(self, shaped: Ways, review: int) -> None:
        answer = await shaped.agreed(f"{{ review(id: {review}) {{ id author {{ id }} }} }}")
        assert answer.data == {"review": None}
        assert failures(answer) == [(["review", "author"], "VALUE_NOT_REPRESENTABLE")]

    async def test_an_entity_without_it_fails_alone(self, subgraph: Ways) -> None:
        reviews = ({"__typename": "Review", "id": number} for number in (10, 11, 13))
        answer = await entities(subgraph, "... on Review { author { id } }", *reviews)
        assert answer.data == {"_entities": [{"author": {"id": 1}}, None, {"author": {"id": 2}}]}
        assert failures(answer) == [(["_entities", 1, "author"], "VALUE_NOT_REPRESENTABLE")]

    async def test_every_row_fails_alone_where_it_can(self, shaped: Ways) -> None:
        answer = await shaped.agreed(
            "{ products { edges { node { id } } } product(id: 1) { reviews { author { id } } } }"
        )
        assert answer.data["product"] is None
        assert answer.data["products"]["edges"][0] == {"node": {"id": 1}}


class TestWithoutQueries:
    def test_query_has_neither_collection_nor_look_ups(self, plain: Ways, subgraph: Ways) -> None:
        gone = fields(plain, "Query").keys() - fields(subgraph, "Query").keys() - {"node", "nodes"}
        assert gone == {"makers", "maker", "makerByLevel"}

    async def test_relationships_lead_there(self, subgraph: Ways) -> None:
        answer = await subgraph.agreed("{ product(id: 1) { maker { name products { totalCount } } } }")
        assert answer.data == {"product": {"maker": {"name": "Acme", "products": {"totalCount": 2}}}}

    async def test_gateways_find_it_by_its_keys(self, subgraph: Ways) -> None:
        answer = await entities(subgraph, "... on Maker { name }", {"__typename": "Maker", "level": "VERY_HIGH"})
        assert answer.data == {"_entities": [{"name": "Zenith"}]}

    async def test_its_rows_are_found_by_their_ids(self, url: str) -> None:
        async with both_ways(url, choices=choices(relations={"public.makers": {"queries": False}})) as ways:
            answer = await ways.agreed(f'{{ node(nodeId: "{node_id("Maker", "2")}") {{ ... on Maker {{ name }} }} }}')
        assert answer.data == {"node": {"name": "Zenith"}}

    async def test_a_subgraph_can_be_there_for_its_entities_alone(self, url: str, plain: Ways) -> None:
        hidden = {str(relation): {"queries": False} for relation in plain.catalog.relation_by_id}
        async with both_ways(url, choices=choices(schema={"federation": True}, relations=hidden)) as ways:
            answer = await entities(ways, "... on Maker { name }", {"__typename": "Maker", "id": 1})
            assert "type Query" not in subgraph_sdl(ways.built.graphql)
        assert answer.data == {"_entities": [{"name": "Acme"}]}

    def test_otherwise_there_has_to_be_something_to_ask(self, plain: Ways) -> None:
        hidden = {str(relation): {"queries": False} for relation in plain.catalog.relation_by_id}
        with pytest.raises(NothingToServe):
            build_schema(plain.catalog, choices=choices(schema={"node_id": False}, relations=hidden))


async def entities(ways: Ways, selection: str, *representations: Mapping[str, object]) -> Answered:
    query = f"query ($them: [_Any!]!) {{ _entities(representations: $them) {{ {selection} }} }}"
    return await ways.agreed(query, {"them": representations})


def product(**fields: object) -> dict[str, object]:
    return {"__typename": "Product", **fields}


class TestDeclaredKeys:
    def test_they_are_printed_first_in_the_order_that_is_given(self, subgraph: Ways) -> None:
        sdl = subgraph_sdl(subgraph.built.graphql)
        assert 'type Product @key(fields: "sku package") @key(fields: "id") @key(fields: "maker { id } sku") {\n' in sdl

    async def test_one_of_nullable_columns_finds_rows(self, subgraph: Ways) -> None:
        answer = await entities(
            subgraph,
            "... on Product { id }",
            product(sku="bolt", package="bag"),
            product(sku="bolt", package="tin"),
            product(sku="nut", package=None, id=3),
        )
        assert answer.data == {"_entities": [{"id": 2}, None, {"id": 3}]}

    async def test_one_with_a_null_in_it_is_not_whole(self, subgraph: Ways) -> None:
        answer = await entities(subgraph, "... on Product { id }", product(sku="nut", package=None))
        assert [error["message"] for error in answer.errors] == [
            "A representation of 'Product' has to have 'sku' and 'package', or 'id', or 'maker { id }' and 'sku'."
        ]

    async def test_one_goes_through_the_row_that_is_pointed_to(self, subgraph: Ways) -> None:
        answer = await entities(
            subgraph,
            "... on Product { id maker { name } }",
            product(maker={"id": "2"}, sku="bolt"),
            product(maker={"__typename": "Maker", "id": 1, "name": "wrong"}, sku="bolt"),
            product(maker={"id": "3"}, sku="bolt"),
        )
        assert answer.data == {
            "_entities": [{"id": 2, "maker": {"name": "Zenith"}}, {"id": 1, "maker": {"name": "Acme"}}, None]
        }
        assert answer.statements == 1

    async def test_its_values_are_of_the_type_that_the_field_has(self, subgraph: Ways) -> None:
        """The column is an int4; the field, of what it points to, a BigInt."""
        answer = await entities(subgraph, "... on Product { id }", product(maker={"id": "5000000000"}, sku="bolt"))
        assert (answer.data, answer.errors) == ({"_entities": [None]}, [])

    async def test_enums_go_by_their_names_there_too(self, subgraph: Ways) -> None:
        answer = await entities(
            subgraph, "... on Author { id }",
            {"__typename": "Author", "makerByMakerLevel": {"level": "VERY_HIGH"}, "id": 2},
        )  # fmt: skip
        assert answer.data == {"_entities": [{"id": 2}]}

    async def test_the_only_field_of_a_key_can_be_nested(self, subgraph: Ways) -> None:
        answer = await entities(
            subgraph, "... on Audit { note }", *({"__typename": "Audit", "product": {"id": id}} for id in (2, 1, 2, 3))
        )
        assert answer.data == {"_entities": [{"note": "late"}, {"note": "fine"}, {"note": "late"}, None]}

    @pytest.mark.parametrize("maker", [None, 7, "x", [], {}, {"id": None}, [{"id": 1}]])
    async def test_without_its_object_it_is_not_whole(self, subgraph: Ways, maker: object) -> None:
        answer = await entities(subgraph, "... on Product { id }", product(maker=maker, sku="bolt"))
        assert failures(answer) == [(["_entities", 0], "BAD_USER_INPUT")]

    async def test_a_value_that_the_scalar_cannot_parse_is_told_with_its_place(self, subgraph: Ways) -> None:
        answer = await entities(subgraph, "... on Product { id }", product(maker={"id": "x"}, sku="bolt"))
        [error] = answer.errors
        assert error["message"].startswith("'maker { id }' in a representation of 'Product' ")

    async def test_all_keys_of_a_type_are_asked_in_one_statement(self, subgraph: Ways) -> None:
        answer = await entities(
            subgraph, "... on Product { id }",
            product(id=4), product(sku="bolt", package="box"), product(sku="bolt", maker={"id": 2}), product(id=9),
        )  # fmt: skip
        assert answer.data == {"_entities": [{"id": 4}, {"id": 1}, {"id": 2}, None]}
        assert answer.statements == 1

    async def test_any_columns_of_a_view_are_taken_at_your_word(self, subgraph: Ways) -> None:
        answer = await entities(
            subgraph,
            "... on Offer { price }",
            {"__typename": "Offer", "productId": 2, "size": "small"},
            {"__typename": "Offer", "productId": 2, "size": "large"},
        )
        assert answer.data == {"_entities": [{"price": "6.0"}, None]}
        assert failures(answer) == [(["_entities", 1], "VALUE_NOT_REPRESENTABLE")]

    @pytest.mark.parametrize(
        ("type_name", "key", "problem"),
        [
            (
                "Product", "sku",
                "several rows of 'public.products' could have these values: its keys are 'id', 'makerId sku', "
                "'sku package'; if they tell rows apart, say so by 'key' of "
                '[sources.default.relations."public.products"]',
            ),
            ("Product", "maker { name }", "of 'maker', a 'Product' itself knows 'id', not 'name'"),
            ("Review", "product { maker { id } } id",
             "'product { maker { id } }' leads through several relationships, and one will do"),
            ("Offer", "price product", "'Offer' has no field 'product'"),
            ("Offer", "prize", "'Offer' has no field 'prize'; did you mean 'price'?"),
        ],
    )  # fmt: skip
    def test_one_that_rows_cannot_be_asked_by_is_told(
        self, plain: Ways, type_name: str, key: str, problem: str
    ) -> None:
        schema = {"federation": True, "types": {type_name: {"keys": [key]}}}
        with pytest.raises(DirectivesWrong) as caught:
            build_schema(plain.catalog, choices=choices(schema=schema))
        assert caught.value.problems[0].startswith(f"the key '{key}' of '{type_name}': {problem}")

    def test_it_is_printed_where_gateways_need_not_ask_by_it(self, plain: Ways) -> None:
        schema = {"federation": True, "types": {"Product": {"keys": ["sku"], "resolvable": False}}}
        sdl = subgraph_sdl(build_schema(plain.catalog, choices=choices(schema=schema)).graphql)
        assert '@key(fields: "sku", resolvable: false)' in sdl
