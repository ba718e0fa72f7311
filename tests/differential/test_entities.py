"""`_entities` gives what representations name: both ways alike, and by one statement a type."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punnet.catalog.directives import SchemaDirectives, TypeDirectives
from punnet.schema.build import Choices
from tests.conftest import fresh_database
from tests.differential.api import Api, api_of
from tests.differential.comparing import AT_LENGTH, QUICK
from tests.differential.representations import Request, literal_of, representations_of, requests
from tests.engines import Answered, Ways, both_ways
from tests.nasty.database import load_nasty
from tests.plans import bound_of

SUBGRAPH = Choices(federation=True)
PRODUCTS = "query Q($r: [_Any!]!) { _entities(representations: $r) { __typename ... on Product { id sku name } } }"


@pytest.fixture(scope="module")
async def shop(shop_url: str) -> AsyncIterator[Ways]:
    async with both_ways(shop_url, choices=SUBGRAPH) as ways:
        yield ways


@pytest.fixture(scope="module")
async def shop_api(shop: Ways) -> Api:
    return await api_of(shop, is_small=False)


@pytest.fixture(scope="module")
async def keyed_api(shop_url: str) -> AsyncIterator[Api]:
    """The shop with keys that a team chose: through relationships, of more columns than it takes, of a view."""
    keys = {
        "Product": ("sku category { id }", "id"),
        "OrderLine": ("order { id } lineNo", "lineNo orderId product { id }"),
        "Review": ("product { id } customer { id }", "customerId productId", "id"),
        "BestSeller": ("productId", "name"),
    }
    types = tuple(TypeDirectives(type=name, keys=of_type) for name, of_type in keys.items())
    choices = Choices(federation=True, directives=SchemaDirectives(types=types))
    async with both_ways(shop_url, choices=choices) as ways:
        yield await api_of(ways, is_small=False)


@pytest.fixture(scope="module", params=["postgres", "postgres_15"])
async def nasty_api(request: pytest.FixtureRequest) -> AsyncIterator[Api]:
    async with fresh_database(request.getfixturevalue(request.param)) as url:
        await load_nasty(url)
        async with both_ways(url, choices=SUBGRAPH) as ways:
            yield await api_of(ways, is_small=True)


def product(**key: object) -> dict[str, Any]:
    return {"__typename": "Product", **key}


async def products(ways: Ways, *representations: object) -> Answered:
    return await ways.agreed(PRODUCTS, {"r": list(representations)})


# -- what is found ---------------------------------------------------------------------------------


async def test_entities_come_in_the_order_of_their_representations_null_where_there_is_none(shop: Ways) -> None:
    answer = await products(shop, product(id=2), product(id=-1), product(id=1))
    assert [each and each["id"] for each in answer.data["_entities"]] == [2, None, 1]
    assert answer.errors == []


async def test_representations_of_one_type_are_one_statement_however_many(shop: Ways) -> None:
    answer = await products(shop, *(product(id=number) for number in range(500)))
    assert answer.statements == 1


async def test_representations_that_use_several_keys_of_a_type_are_one_statement_too(shop: Ways) -> None:
    [sku] = [each["sku"] for each in (await products(shop, product(id=3))).data["_entities"]]
    answer = await products(shop, product(sku=sku), product(id=1), product(sku="none"), product(id=3, sku="ignored"))
    assert [each and each["id"] for each in answer.data["_entities"]] == [3, 1, None, 3]
    assert answer.statements == 1


async def test_each_type_takes_one_statement(shop: Ways) -> None:
    query = """query Q($r: [_Any!]!) { _entities(representations: $r) {
        ... on Product { name category { name } } ... on Category { name } ... on Node { nodeId }
    } }"""
    mixed = [product(id=1), {"__typename": "Category", "id": 1}, product(id=2), {"__typename": "Category", "id": 2}]
    answer = await shop.agreed(query, {"r": mixed})
    assert list(answer.data["_entities"][0]) == ["name", "category", "nodeId"]
    assert list(answer.data["_entities"][1]) == ["name", "nodeId"]
    assert answer.statements == 2


async def test_a_composite_key_names_a_row(shop: Ways) -> None:
    query = "query Q($r: [_Any!]!) { _entities(representations: $r) { ... on OrderLine { orderId lineNo } } }"
    line = {"__typename": "OrderLine", "lineNo": 1, "orderId": 1}
    answer = await shop.agreed(query, {"r": [line, {**line, "lineNo": 999}]})
    assert answer.data == {"_entities": [{"orderId": 1, "lineNo": 1}, None]}


async def test_children_of_entities_are_read_in_the_same_statement(shop: Ways) -> None:
    query = """query Q($r: [_Any!]!) { _entities(representations: $r) {
        ... on Product { id reviews(first: 2, orderBy: [{id: ASC}]) { totalCount nodes { rating customer { email } } } }
    } }"""
    answer = await shop.agreed(query, {"r": [product(id=1), product(id=2)]})
    assert answer.statements == 1
    assert answer.data["_entities"][0]["reviews"]["nodes"]


async def test_a_field_of_entities_can_be_asked_twice_and_under_other_names(shop: Ways) -> None:
    query = """query Q($a: [_Any!]!, $b: [_Any!]!) {
        first: _entities(representations: $a) { ... on Product { id } }
        _entities(representations: $b) { ...P __typename }
    } fragment P on Product { sku }"""
    answer = await shop.agreed(query, {"a": [product(id=1)], "b": [product(id=2)]})
    assert answer.data["first"] == [{"id": 1}]
    assert answer.data["_entities"][0]["__typename"] == "Product"


async def test_an_entity_can_be_asked_for_nothing_but_its_type(shop: Ways) -> None:
    answer = await shop.agreed(
        "query Q($r: [_Any!]!) { _entities(representations: $r) { __typename } }",
        {"r": [product(id=1), product(id=-1)]},
    )
    assert answer.data == {"_entities": [{"__typename": "Product"}, None]}


async def test_a_type_of_which_nothing_is_selected_is_an_empty_object(shop: Ways) -> None:
    query = "query Q($r: [_Any!]!) { _entities(representations: $r) { ... on Category { name } } }"
    answer = await shop.agreed(query, {"r": [product(id=1), product(id=-1)]})
    assert answer.data == {"_entities": [{}, None]}


async def test_representations_can_stand_in_the_document(shop: Ways) -> None:
    query = "{ _entities(representations: %s) { ... on Product { id } } }"
    answer = await shop.agreed(query % literal_of([product(id=1), product(sku="none")]))
    assert answer.data == {"_entities": [{"id": 1}, None]}
    assert (await shop.agreed(query % literal_of(product(id=2)))).data == {"_entities": [{"id": 2}]}
    assert (await shop.agreed(query % "[]")).data == {"_entities": []}


async def test_representations_in_the_document_can_hold_variables(shop: Ways) -> None:
    given = '[{__typename: "Product", id: $id}]'
    query = f"query Q($id: Int!) {{ _entities(representations: {given}) {{ ... on Product {{ id }} }} }}"
    compiled = await shop.compiled(query, {"id": 2})
    resolved = await shop.resolved(query, {"id": 2})
    assert compiled.has_no_plan
    assert resolved.data == {"_entities": [{"id": 2}]}


async def test_each_representation_can_be_a_variable(shop: Ways) -> None:
    query = "query Q($a: _Any!, $b: _Any!) { _entities(representations: [$b, $a]) { ... on Product { id } } }"
    answer = await shop.agreed(query, {"a": product(id=1), "b": product(id=2)})
    assert answer.data == {"_entities": [{"id": 2}, {"id": 1}]}


async def test_what_the_client_sent_is_not_changed(shop: Ways) -> None:
    sent = [product(id=1, tags=["a"]), {"__typename": "Nope"}]
    before = copy.deepcopy(sent)
    await shop.resolved(PRODUCTS, {"r": sent})
    await shop.compiled(PRODUCTS, {"r": sent})
    assert sent == before


async def test_ten_thousand_representations_are_answered_in_one_statement(shop: Ways) -> None:
    answer = await products(shop, *(product(id=number % 5000) for number in range(10_000)))
    assert answer.statements == 1
    assert len(answer.data["_entities"]) == 10_000


# -- what is wrong ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"__typename": "Nope", "id": 1},
        {"id": 1},
        "Product",
        product(),
        product(name="x"),
        product(id="1"),
        product(id=2**40),
        product(sku={"a": 1}),
        product(sku="\x00"),
    ],
)
async def test_a_wrong_representation_fails_alone(shop: Ways, wrong: object) -> None:
    answer = await products(shop, product(id=1), wrong, product(id=2))
    assert [each and each["id"] for each in answer.data["_entities"]] == [1, None, 2]
    assert [(error["path"], error["extensions"]["code"]) for error in answer.errors] == [
        (["_entities", 1], "BAD_USER_INPUT")
    ]


@pytest.mark.parametrize("given", [None, [None], [[None]]])
async def test_null_is_no_representation(shop: Ways, given: object) -> None:
    answer = await shop.agreed(PRODUCTS, {"r": given})
    assert answer.codes == {"BAD_USER_INPUT"}


# -- any of it -------------------------------------------------------------------------------------


async def compare(api: Api, request: Request) -> None:
    answer = await api.ways.agreed(request.text, {"r": request.representations})
    assert answer.codes <= {"BAD_USER_INPUT", "VALUE_NOT_REPRESENTABLE"}
    entities = representations_of(api).kind_of
    most = len(request.types & set(entities))
    promised = bound_of(api.schema, request.text, {"r": request.representations}).statements
    assert promised <= most
    # What is wrong is decided by resolvers, after the attempt.
    assert answer.statements <= (promised if not answer.errors else 2 * most)
    resolved = await api.ways.resolved(request.text, {"r": request.representations})
    assert resolved.statements <= most


@QUICK
@given(data=st.data())
async def test_both_ways_agree_on_entities_of_the_shop(shop_api: Api, data: st.DataObject) -> None:
    await compare(shop_api, data.draw(requests(shop_api)))


@QUICK
@given(data=st.data())
async def test_both_ways_agree_on_entities_of_the_nasty_database(nasty_api: Api, data: st.DataObject) -> None:
    await compare(nasty_api, data.draw(requests(nasty_api)))


@QUICK
@given(data=st.data())
async def test_both_ways_agree_on_entities_by_keys_that_are_chosen(keyed_api: Api, data: st.DataObject) -> None:
    await compare(keyed_api, data.draw(requests(keyed_api)))


@pytest.mark.judge
@AT_LENGTH
@given(data=st.data())
async def test_both_ways_agree_on_entities_of_the_nasty_database_at_length(nasty_api: Api, data: st.DataObject) -> None:
    await compare(nasty_api, data.draw(requests(nasty_api)))
