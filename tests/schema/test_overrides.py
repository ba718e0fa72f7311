"""What a configuration says about relations: names, keys, IDs and relationships, served both ways."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, GraphQLObjectType

from punnet.catalog.saved import load_catalog, save_catalog
from punnet.configuration.configuration import Configuration
from punnet.demo.embedded import PostgresServer
from punnet.schema.build import Choices, build_schema
from punnet.schema.errors import OverridesWrong
from punnet.server.sources import Sources
from tests.conftest import fresh_database
from tests.engines import Ways, both_ways

HERE = Path(__file__).parent
ID_TYPE = {"type": "ID"}
RELATIONS: dict[str, Any] = {
    "public.po_header": {
        "name": "PurchaseOrder",
        "columns": {"po_no": {"name": "number", **ID_TYPE}, "cust_ref": {"name": "customerId"}},
    },
    "public.customers": {"columns": {"id": ID_TYPE, "token": ID_TYPE, "code": ID_TYPE, "score": ID_TYPE}},
    "reports.sales": {
        "name": "Sale",
        "plural": "allSales",
        "key": ["customer_id"],
        "columns": {"customer_id": {"name": "customerId", **ID_TYPE}, "total": {"non_null": True}},
    },
    "reports.lines": {"name": "Line", "key": ["order_no", "line_no"]},
    "reports.deliveries": {"name": "Delivery"},
    "reports.doubtful": {"name": "Doubtful", "key": ["id"], "columns": {"label": {"non_null": True}}},
}
RELATIONSHIPS = [
    {"from": "reports.sales(customer_id)", "to": "public.customers(id)", "name": "buyer", "reverse": "sales"},
    {"from": "public.po_header(cust_ref)", "to": "public.customers(id)", "reverse": "orders"},
    {"from": "reports.deliveries(order_no, line_no)", "to": "reports.lines(order_no, line_no)"},
]


def choices(relations: object = RELATIONS, relationships: object = RELATIONSHIPS) -> Choices:
    source = {"type": "postgres", "url": "postgresql://h/d", "relations": relations}
    document = {"version": 1, "sources": {"default": source}, "relationships": relationships}
    return Sources(Configuration.model_validate(document)).choices()


@pytest.fixture(scope="module")
async def url(postgres: PostgresServer) -> AsyncIterator[str]:
    async with fresh_database(postgres, (HERE / "overrides.sql").read_text()) as url:
        yield url


@pytest.fixture(scope="module")
async def ways(url: str) -> AsyncIterator[Ways]:
    async with both_ways(url, choices=choices()) as both:
        yield both


@pytest.fixture(scope="module")
async def subgraph(url: str) -> AsyncIterator[Ways]:
    async with both_ways(url, choices=replace(choices(), federation=True)) as both:
        yield both


def fields(ways: Ways, type_name: str) -> dict[str, str]:
    type_ = ways.built.graphql.type_map[type_name]
    assert isinstance(type_, GraphQLObjectType | GraphQLInputObjectType)
    return {name: str(field.type) for name, field in type_.fields.items()}


def node_id(type_name: str, *key: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([type_name, *key], separators=(",", ":")).encode()).decode().rstrip("=")


async def code_of(ways: Ways, query: str) -> list[tuple[list[object], str]]:
    """The path and code of each error."""
    answer = await ways.agreed(query)
    return [(error["path"], error["extensions"]["code"]) for error in answer.errors]


class TestSchema:
    def test_types_and_fields_have_the_names_that_are_given(self, ways: Ways) -> None:
        query = fields(ways, "Query")
        assert query["purchaseOrders"] == "PurchaseOrderConnection"
        assert query["purchaseOrder"] == "PurchaseOrder"
        assert query["allSales"] == "SaleConnection"
        assert fields(ways, "PurchaseOrder") == {
            "nodeId": "ID!", "number": "ID!", "customerId": "Int", "total": "Decimal!", "customer": "Customer",
        }  # fmt: skip

    def test_filters_and_orders_have_them_too(self, ways: Ways) -> None:
        assert fields(ways, "PurchaseOrderWhere")["number"] == "IDFilter"
        assert list(fields(ways, "PurchaseOrderOrder")) == ["number", "customerId", "total"]
        assert list(fields(ways, "IDFilter")) == ["eq", "ne", "in", "notIn", "isNull"]

    def test_a_key_gives_a_view_what_a_table_has(self, ways: Ways) -> None:
        sale = ways.built.graphql.type_map["Sale"]
        assert isinstance(sale, GraphQLObjectType)
        assert [interface.name for interface in sale.interfaces] == ["Node"]
        [(name, argument)] = ways.built.graphql.type_map["Query"].fields["sale"].args.items()  # type: ignore[attr-defined]
        assert (name, str(argument.type)) == ("customerId", "ID!")

    def test_columns_of_a_key_and_those_said_to_be_are_not_null(self, ways: Ways) -> None:
        sale = fields(ways, "Sale")
        assert (sale["customerId"], sale["total"], sale["orders"]) == ("ID!", "Decimal!", "BigInt")

    def test_relationships_stand_on_both_sides(self, ways: Ways) -> None:
        assert fields(ways, "Sale")["buyer"] == "Customer"
        assert fields(ways, "Customer")["sales"] == "SaleConnection"
        assert fields(ways, "Delivery")["lineByOrderNoAndLineNo"] == "Line"
        assert fields(ways, "Line")["deliveries"] == "DeliveryConnection"

    def test_a_saved_catalog_is_served_with_what_is_said(self, ways: Ways, tmp_path: Path) -> None:
        save_catalog(ways.catalog, tmp_path / "catalog.json")
        built = build_schema(load_catalog(tmp_path / "catalog.json"), choices=choices())
        assert built.names == ways.built.names

    def test_nothing_is_changed_where_nothing_is_said(self, ways: Ways) -> None:
        assert build_schema(ways.catalog).graphql.type_map.keys() >= {"PoHeader", "ReportsSale"}

    def test_everything_wrong_is_told_at_once(self, ways: Ways) -> None:
        relations = RELATIONS | {
            "public.customer": {"name": "Client"},
            "reports.sales": {"name": "Delivery", "columns": {"totals": {"non_null": True}}},
        }
        links = [{"from": "public.po_header(cust_ref)", "to": "public.customers(name)"}]
        with pytest.raises(OverridesWrong) as caught:
            build_schema(ways.catalog, choices=choices(relations, links))
        assert caught.value.problems == (
            '[sources.default.relations."reports.sales"] columns: '
            "'reports.sales' has no column 'totals'; did you mean 'total'?",
            '[sources.default.relations."public.customer"]: '
            "'default' has no relation 'public.customer'; did you mean 'public.customers'?",
            "[[relationships]] from public.po_header(cust_ref) to public.customers(name): "
            "'cust_ref' is int2, and 'name' is text",
            "'reports.sales' cannot have the name 'Delivery': 'Delivery' is a type of 'reports.deliveries'",
        )


class TestIds:
    async def test_they_are_strings_whatever_the_column_is(self, ways: Ways) -> None:
        answer = await ways.agreed("{ customers(first: 1) { nodes { id code token score } } }")
        assert answer.data["customers"]["nodes"] == [
            {
                "id": "1",
                "code": "AA  ",
                "token": "11111111-1111-1111-1111-111111111111",
                "score": "9007199254740993",
            }
        ]

    @pytest.mark.parametrize(
        "where",
        [
            "id: {eq: 2}",
            'id: {eq: "2"}',
            'id: {in: [2, "7"]}',
            "id: {notIn: [1, 3]}",
            'score: {eq: "7"}',
            'token: {in: ["22222222222222222222222222222222"]}',
            'code: {eq: "BB"}',
            'token: {ne: "11111111-1111-1111-1111-111111111111"}',
            "id: {ne: 1} code: {isNull: false}",
        ],
    )
    async def test_filters_take_strings_and_numbers(self, ways: Ways, where: str) -> None:
        answer = await ways.agreed(f"{{ customers(where: {{{where}}}) {{ nodes {{ name }} }} }}")
        assert answer.data == {"customers": {"nodes": [{"name": "Ben"}]}}

    @pytest.mark.parametrize("value", [2, "2"])
    async def test_variables_take_them_too(self, ways: Ways, value: object) -> None:
        query = """query ($id: ID!, $ids: [ID!]) {
          customer(id: $id) { name } customers(where: {id: {in: $ids}}) { totalCount }
        }"""
        answer = await ways.agreed(query, {"id": value, "ids": [value, 3]})
        assert answer.data == {"customer": {"name": "Ben"}, "customers": {"totalCount": 2}}

    @pytest.mark.parametrize(
        ("field", "wanted"),
        [
            ('customer(id: "x") { id }', "An ID wants a whole number of 32 bits."),
            ("customer(id: 99999999999) { id }", "An ID wants a whole number of 32 bits."),
            ('customers(where: {id: {in: [1, "1.0"]}}) { totalCount }', "An ID wants a whole number of 32 bits."),
            (
                'customers(where: {score: {eq: "a"}}) { totalCount }',
                "An ID wants a whole number of 64 bits in decimal digits.",
            ),
            (
                'customerByToken(token: "t") { id }',
                "An ID wants a UUID such as 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6'.",
            ),
            ('customerByCode(code: "\\u0000") { id }', "An ID cannot hold the character U+0000."),
        ],
    )
    async def test_what_no_row_can_have_is_told(self, ways: Ways, field: str, wanted: str) -> None:
        answer = await ways.agreed(f"{{ {field} }}")
        assert [(error["message"], error["extensions"]["code"]) for error in answer.errors] == [
            (wanted, "BAD_USER_INPUT")
        ]

    async def test_one_that_a_row_could_have_names_none(self, ways: Ways) -> None:
        assert (await ways.agreed("{ customer(id: 40000) { id } }")).data == {"customer": None}

    async def test_they_order_as_their_column_does(self, ways: Ways) -> None:
        answer = await ways.agreed("{ purchaseOrders(orderBy: [{number: DESC}]) { nodes { number } } }")
        assert [node["number"] for node in answer.data["purchaseOrders"]["nodes"]] == ["13", "12", "11", "10"]

    async def test_pages_go_on_behind_them(self, ways: Ways) -> None:
        query = (
            "query ($at: String) { purchaseOrders(first: 2, after: $at) { nodes { number } pageInfo { endCursor } } }"
        )
        first = await ways.agreed(query)
        second = await ways.agreed(query, {"at": first.data["purchaseOrders"]["pageInfo"]["endCursor"]})
        assert [node["number"] for node in second.data["purchaseOrders"]["nodes"]] == ["12", "13"]

    async def test_node_ids_are_made_of_them(self, ways: Ways) -> None:
        wanted = node_id("PurchaseOrder", "12")
        query = f'{{ node(nodeId: "{wanted}") {{ nodeId ... on PurchaseOrder {{ number customer {{ name }} }} }} }}'
        answer = await ways.agreed(query)
        assert answer.data == {"node": {"nodeId": wanted, "number": "12", "customer": {"name": "Ben"}}}

    async def test_a_node_id_that_no_row_can_have_names_none(self, ways: Ways) -> None:
        assert (await ways.agreed(f'{{ node(nodeId: "{node_id("PurchaseOrder", "x")}") {{ nodeId }} }}')).data == {
            "node": None
        }


class TestKeysAndRelationships:
    async def test_rows_of_views_are_looked_up_and_followed(self, ways: Ways) -> None:
        answer = await ways.agreed(
            "{ sale(customerId: 1) { nodeId total buyer { name sales { nodes { customerId } } } } }"
        )
        assert answer.data == {
            "sale": {
                "nodeId": node_id("Sale", "1"),
                "total": "12.50",
                "buyer": {"name": "Ada", "sales": {"nodes": [{"customerId": "1"}]}},
            }
        }
        assert answer.statements == 1

    async def test_rows_of_views_page_by_cursor(self, ways: Ways) -> None:
        query = (
            "query ($at: String) { lines(first: 3, after: $at) { nodes { orderNo lineNo } pageInfo { endCursor } } }"
        )
        first = await ways.agreed(query)
        second = await ways.agreed(query, {"at": first.data["lines"]["pageInfo"]["endCursor"]})
        assert second.data["lines"]["nodes"] == [
            {"orderNo": 11, "lineNo": 2}, {"orderNo": 12, "lineNo": 1}, {"orderNo": 12, "lineNo": 2},
        ]  # fmt: skip

    async def test_several_columns_link_two_views(self, ways: Ways) -> None:
        query = """{ deliveries(where: {orderNo: {eq: 10}}, orderBy: [{lineNo: DESC}], first: 1) {
          nodes { carrier lineByOrderNoAndLineNo { quantity deliveries { totalCount } } }
        } }"""
        answer = await ways.agreed(query)
        assert answer.data["deliveries"]["nodes"] == [
            {"carrier": "van 2", "lineByOrderNoAndLineNo": {"quantity": 20, "deliveries": {"totalCount": 1}}}
        ]


class TestEntities:
    async def test_gateways_name_rows_by_the_key_that_is_said(self, subgraph: Ways) -> None:
        query = """query ($them: [_Any!]!) { _entities(representations: $them) {
          ... on Sale { total } ... on PurchaseOrder { number customer { id } }
        } }"""
        them = [
            {"__typename": "Sale", "customerId": "2"},
            {"__typename": "Sale", "customerId": 1},
            {"__typename": "PurchaseOrder", "number": 12},
            {"__typename": "PurchaseOrder", "number": "99"},
        ]
        answer = await subgraph.agreed(query, {"them": them})
        assert answer.data == {
            "_entities": [{"total": "1.25"}, {"total": "12.50"}, {"number": "12", "customer": {"id": "2"}}, None]
        }

    async def test_an_id_that_no_row_can_have_is_told(self, subgraph: Ways) -> None:
        query = "query ($them: [_Any!]!) { _entities(representations: $them) { __typename } }"
        them = [{"__typename": "PurchaseOrder", "number": "x"}]
        answer = await subgraph.agreed(query, {"them": them})
        assert answer.codes == {"BAD_USER_INPUT"}


class TestWhatIsNotSo:
    """The configuration says it, and the database does not keep to it."""

    async def test_a_null_is_an_error_of_its_field(self, ways: Ways) -> None:
        query = "{ doubtfuls(orderBy: [{label: ASC}]) { edges { node { label } } } }"
        assert await code_of(ways, query) == [(["doubtfuls", "edges", 4, "node", "label"], "VALUE_NOT_REPRESENTABLE")]

    async def test_other_fields_are_answered(self, ways: Ways) -> None:
        answer = await ways.agreed("{ doubtful(id: 3) { id } }")
        assert (answer.data, answer.errors) == ({"doubtful": {"id": 3}}, [])

    async def test_a_row_whose_key_is_null_has_no_id(self, ways: Ways) -> None:
        query = "{ doubtfuls(where: {id: {isNull: true}}) { nodes { label nodeId } } }"
        assert await code_of(ways, query) == [(["doubtfuls", "nodes", 0, "nodeId"], "VALUE_NOT_REPRESENTABLE")]

    @pytest.mark.parametrize("field", ["doubtful(id: 2)", f'node(nodeId: "{node_id("Doubtful", "2")}")'])
    async def test_a_key_of_several_rows_is_an_error(self, ways: Ways, field: str) -> None:
        name = field.partition("(")[0]
        assert await code_of(ways, f"{{ {field} {{ nodeId }} }}") == [([name], "VALUE_NOT_REPRESENTABLE")]
