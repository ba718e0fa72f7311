"""Operations through real gateways, across subgraphs in both directions, with what they cost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.federation.loopback import Served, ask
from tests.federation.loyalty import TIERS, popularity_of, public_id
from tests.federation.node import GATEWAYS, Subgraph, compose, gateway

pytestmark = pytest.mark.judge


@dataclass(frozen=True, slots=True, kw_only=True)
class Supergraph:
    """A gateway, and the subgraphs behind it."""

    url: str
    shop: Served
    lending: Served
    loyalty: Served

    def ask(self, query: str, **variables: Any) -> Any:
        """The data of an answer without errors; what is counted is counted from here."""
        for subgraph in (self.shop, self.lending, self.loyalty):
            subgraph.forget()
        answer = ask(self.url, query, variables)
        assert "errors" not in answer, answer
        return answer["data"]


@pytest.fixture(scope="module", params=GATEWAYS)
def supergraph(
    request: pytest.FixtureRequest,
    running_shop: Served,
    running_lending: Served,
    running_loyalty: Served,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Supergraph]:
    """Two Punnets and a subgraph that is not one, behind a gateway."""
    running = {"shop": running_shop, "lending": running_lending, "loyalty": running_loyalty}
    composed = compose(
        GATEWAYS[request.param], [Subgraph(name=name, url=each.url, sdl=each.sdl) for name, each in running.items()]
    )
    assert composed.supergraph is not None, composed.errors
    with gateway(request.param, composed.supergraph, tmp_path_factory.mktemp("gateway")) as url:
        yield Supergraph(url=url, **running)


@pytest.fixture(scope="session")
def skus(running_shop: Served) -> list[str]:
    """A thousand of the shop's."""
    answer = running_shop.ask("{ products(first: 1000) { nodes { sku } } }")
    return [node["sku"] for node in answer["data"]["products"]["nodes"]]


def test_rows_are_extended_by_another_subgraph_in_one_request(supergraph: Supergraph) -> None:
    data = supergraph.ask("{ products(first: 50) { nodes { sku popularity } } }")
    nodes = data["products"]["nodes"]
    assert [node["popularity"] for node in nodes] == [popularity_of(node["sku"]) for node in nodes]
    assert [len(asked) for asked in supergraph.loyalty.asked_for_entities] == [50]
    assert supergraph.shop.statements == 1


def test_another_subgraph_may_require_a_column(supergraph: Supergraph) -> None:
    data = supergraph.ask("{ products(first: 3) { nodes { price reward } } }")
    nodes = data["products"]["nodes"]
    assert [node["reward"] for node in nodes] == [int(float(node["price"])) for node in nodes]
    assert [len(asked) for asked in supergraph.loyalty.asked_for_entities] == [3]
    assert supergraph.shop.statements == 1


def test_a_thousand_references_are_one_request_and_one_statement(supergraph: Supergraph, skus: list[str]) -> None:
    query = "query($skus: [String!]!) { favourites(skus: $skus) { sku name price } }"
    data = supergraph.ask(query, skus=skus)
    assert [each["sku"] for each in data["favourites"]] == skus
    assert all(each["name"] and each["price"] for each in data["favourites"])
    assert [len(asked) for asked in supergraph.shop.asked_for_entities] == [1000]
    assert supergraph.shop.statements == 1


def test_relationships_of_what_is_referred_to_are_answered(supergraph: Supergraph, skus: list[str]) -> None:
    query = "query($skus: [String!]!) { favourites(skus: $skus) { category { products(first: 1) { totalCount } } } }"
    data = supergraph.ask(query, skus=skus[:20])
    assert all(each["category"]["products"]["totalCount"] > 0 for each in data["favourites"])
    assert [len(asked) for asked in supergraph.shop.asked_for_entities] == [20]


def test_references_by_a_uuid_take_one_statement(supergraph: Supergraph) -> None:
    data = supergraph.ask('{ memberships(numbers: ["1", "7"]) { tier customer { publicId fullName id } } }')
    customers = [each["customer"] for each in data["memberships"]]
    assert [(each["publicId"], each["id"]) for each in customers] == [(str(public_id(1)), 1), (str(public_id(7)), 7)]
    assert len(supergraph.shop.asked_for_entities) == 1
    assert supergraph.shop.statements == 1


def test_references_by_a_64_bit_number_take_one_statement(supergraph: Supergraph) -> None:
    data = supergraph.ask('{ refunds(payments: ["3", "1"]) { id amount } }')
    assert [each["id"] for each in data["refunds"]] == ["3", "1"]
    assert all(each["amount"] for each in data["refunds"])
    assert supergraph.shop.statements == 1


def test_references_by_two_columns_take_one_statement(supergraph: Supergraph) -> None:
    data = supergraph.ask("{ gifts(orderId: 1, lineNos: [1]) { orderId lineNo quantity unitPrice } }")
    assert [(each["orderId"], each["lineNo"]) for each in data["gifts"]] == [(1, 1)]
    assert data["gifts"][0]["quantity"] > 0
    assert supergraph.shop.statements == 1


def test_there_and_back_again(supergraph: Supergraph) -> None:
    query = """{ customer(id: 7) { fullName membership { tier customer {
        id orders(first: 1) { nodes { orderLines(first: 1) { nodes { product { sku popularity } } } } } } } } }"""
    customer = supergraph.ask(query)["customer"]
    assert customer["membership"]["customer"]["id"] == 7
    [order] = customer["membership"]["customer"]["orders"]["nodes"]
    product = order["orderLines"]["nodes"][0]["product"]
    assert product["popularity"] == popularity_of(product["sku"])


def test_a_key_that_nobody_has_is_null_without_an_error(supergraph: Supergraph, skus: list[str]) -> None:
    query = "query($skus: [String!]!) { favourites(skus: $skus) { sku description weightKg popularity } }"
    data = supergraph.ask(query, skus=["NONE-0000", skus[0]])
    unknown, known = data["favourites"]
    assert unknown == {
        "sku": "NONE-0000",
        "description": None,
        "weightKg": None,
        "popularity": popularity_of("NONE-0000"),
    }
    assert known["sku"] == skus[0]


def test_the_same_reference_twice_is_asked_once(supergraph: Supergraph, skus: list[str]) -> None:
    query = "query($skus: [String!]!) { favourites(skus: $skus) { name } }"
    first, second = supergraph.ask(query, skus=[skus[0], skus[0]])["favourites"]
    assert first == second
    assert supergraph.shop.statements == 1


def test_two_punnets_are_asked_side_by_side(supergraph: Supergraph) -> None:
    data = supergraph.ask("{ lendingAppliances { nodes { name } } products(first: 1) { nodes { name } } }")
    assert [each["name"] for each in data["lendingAppliances"]["nodes"]] == ["Ice cream machine", "Fondue pot"]
    assert len(data["products"]["nodes"]) == 1


def test_a_row_refers_to_an_entity_of_another_subgraph(supergraph: Supergraph) -> None:
    data = supergraph.ask("{ lendingMembers { nodes { membership { number tier } } } }")
    memberships = [each["membership"] for each in data["lendingMembers"]["nodes"]]
    assert memberships == [{"number": "7", "tier": TIERS[7 % len(TIERS)]}, None]
    assert [len(asked) for asked in supergraph.loyalty.asked_for_entities] == [1]
    # Hive's gateway asks for the members once more, by their keys.
    assert supergraph.lending.statements == supergraph.lending.requests


def test_a_field_is_added_to_rows_of_another_punnet_in_one_statement(supergraph: Supergraph, skus: list[str]) -> None:
    query = """query($skus: [String!]) { products(where: {sku: {in: $skus}}) { nodes {
        sku name borrow { nodes { name } } } } }"""
    data = supergraph.ask(query, skus=["BER-0001", *skus[-20:]])
    borrowed = {each["sku"]: [one["name"] for one in each["borrow"]["nodes"]] for each in data["products"]["nodes"]}
    assert {sku: names for sku, names in borrowed.items() if names} == {"BER-0001": ["Ice cream machine", "Fondue pot"]}
    assert [len(asked) for asked in supergraph.lending.asked_for_entities] == [21]
    assert (supergraph.shop.statements, supergraph.lending.statements) == (1, 1)


def test_services_of_the_shop_answer_behind_a_gateway(supergraph: Supergraph, skus: list[str]) -> None:
    query = "query($skus: [String!]!) { favourites(skus: $skus) { inventory { sku } } }"
    data = supergraph.ask(query, skus=skus[:10])
    stocked = {sku: each["inventory"] for sku, each in zip(skus[:10], data["favourites"], strict=True)}
    assert {"BER-0001"} <= {sku for sku, inventory in stocked.items() if inventory is not None}
    assert stocked == {sku: inventory and {"sku": sku} for sku, inventory in stocked.items()}
    assert supergraph.shop.statements == 1
