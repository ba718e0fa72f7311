"""Types that several subgraphs share: referred to, added to, and asked for by keys, alike both ways."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from punnet.catalog.directives import SchemaDirectives, TypeDirectives, parse_directives
from punnet.schema.build import build_schema
from punnet.schema.federation.sdl import print_subgraph
from punnet.server.sources import Sources
from tests.joins.depot import Depot
from tests.joins.ways import Joined, JoinedWays
from tests.sources.http.transport.upstreams import status

Representation = dict[str, Any]


async def entities(subgraph: JoinedWays, selection: str, *representations: Representation) -> Joined:
    query = f"query ($of: [_Any!]!) {{ _entities(representations: $of) {{ {selection} }} }}"
    return await subgraph.agreed(query, {"of": list(representations)})


def article(**fields: object) -> Representation:
    return {"__typename": "Article", **fields}


def definition(subgraph: JoinedWays, name: str) -> str:
    """A type as gateways read it, without descriptions."""
    sdl = re.sub(r'""".*?"""\s*', "", print_subgraph(subgraph.schema), flags=re.DOTALL)
    [found] = re.findall(rf"^type {name} .*?^\}}", sdl, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"\n\s*\n", "\n", found)


# -- types of other subgraphs --------------------------------------------------------------------------


def test_a_type_that_is_only_referred_to_cannot_be_asked_for(built_subgraph: JoinedWays) -> None:
    assert definition(built_subgraph, "Carrier") == (
        'type Carrier @key(fields: "id", resolvable: false) {\n  id: ID!\n}'
    )  # fmt: skip


def test_a_field_that_needs_more_than_the_key_requires_it(built_subgraph: JoinedWays) -> None:
    lines = definition(built_subgraph, "Article").splitlines()
    assert lines[:4] == [
        'type Article @key(fields: "id") {', "  id: ID!", "  sku: String @external", "  note: String @external"
    ]  # fmt: skip
    assert '  item: Item @requires(fields: "sku")' in lines


def test_a_field_that_needs_the_key_alone_requires_nothing(built_subgraph: JoinedWays) -> None:
    assert "  twin: Article\n  item:" in definition(built_subgraph, "Article")
    assert "  shelf: String\n" in definition(built_subgraph, "Place")
    assert "@external" not in definition(built_subgraph, "Place")


def test_objects_of_services_have_the_keys_that_they_are_asked_by(built_subgraph: JoinedWays) -> None:
    assert definition(built_subgraph, "Shipment").startswith('type Shipment @key(fields: "orderId") {')
    assert definition(built_subgraph, "Bin").startswith("type Bin @shareable {")


# -- references ----------------------------------------------------------------------------------------


async def test_a_reference_is_made_of_the_row_itself(subgraph: JoinedWays) -> None:
    answer = await subgraph.agreed("{ products(first: 2) { nodes { article { __typename id } } } }")
    assert answer.data["products"]["nodes"] == [
        {"article": {"__typename": "Article", "id": "1"}},
        {"article": {"__typename": "Article", "id": "2"}},
    ]
    assert (answer.statements, answer.calls) == (1, ())


async def test_a_reference_is_made_of_a_services_object_itself(subgraph: JoinedWays) -> None:
    answer = await entities(subgraph, "... on Shipment { carrier { id } }", {"__typename": "Shipment", "orderId": 5})
    assert answer.data == {"_entities": [{"carrier": {"id": "c/1"}}]}
    assert answer.targets == ["GET /shipments/5"]


async def test_a_reference_is_null_where_its_column_or_member_is(subgraph: JoinedWays) -> None:
    answer = await subgraph.agreed("""{
      categories(first: 9, orderBy: {id: ASC}) { nodes { parentId maker { id } } }
      shipment(orderId: 4) { carrierId carrier { id } }
    }""")
    rows = answer.data["categories"]["nodes"]
    assert [row["maker"] and row["maker"]["id"] for row in rows] == [
        row["parentId"] and str(row["parentId"]) for row in rows
    ]
    assert None in [row["maker"] for row in rows]
    assert answer.data["shipment"] == {"carrierId": None, "carrier": None}


async def test_what_is_added_to_a_type_is_there_under_a_reference(subgraph: JoinedWays) -> None:
    answer = await subgraph.agreed("""{
      products(first: 5) { nodes { article { product { id } reviews(first: 1) { totalCount } } } }
      orderLines(first: 2) { nodes { place { order line shelf } } }
    }""")
    rows = answer.data["products"]["nodes"]
    assert [row["article"]["product"]["id"] for row in rows] == [1, 2, 3, 4, 5]
    assert answer.data["orderLines"]["nodes"][0] == {"place": {"order": 1, "line": 1, "shelf": "1/1"}}
    assert (answer.statements, len(answer.calls)) == (4, 1)


async def test_what_another_subgraph_alone_knows_is_null_under_a_reference(subgraph: JoinedWays) -> None:
    answer = await subgraph.agreed("{ product(id: 1) { article { note since echo item { sku } } } }")
    assert answer.data["product"]["article"] == {"note": None, "since": None, "echo": None, "item": None}


async def test_references_lead_on_to_references(subgraph: JoinedWays) -> None:
    answer = await subgraph.agreed("{ product(id: 1) { article { twin { id twin { product { sku } } } } } }")
    assert answer.data["product"]["article"]["twin"]["twin"]["product"] == {"sku": "BER-0001"}
    assert answer.statements == 2


# -- fields that are added -----------------------------------------------------------------------------


async def test_fields_are_added_to_any_number_of_representations_in_one_batch_each(subgraph: JoinedWays) -> None:
    skus = ("BER-0001", "APL-0001", "CHE-0001")
    answer = await entities(
        subgraph,
        "... on Article { item { onHand } product { name } reviews(first: 1) { totalCount } }",
        *(article(id=str(number), sku=skus[number % 3]) for number in range(1, 60)),
    )
    assert (answer.statements, len(answer.calls)) == (2, 1)
    assert answer.data["_entities"][0]["product"] == {"name": "Hand-picked Strawberries"}


async def test_values_of_a_representation_have_one_form(subgraph: JoinedWays) -> None:
    answer = await entities(
        subgraph,
        "... on Article { id since sinceEcho price priceEcho }",
        article(id=7, since="2024-05-01T12:30:00+02:00", price=12.5),
    )
    moment = "2024-05-01T10:30:00Z"
    assert answer.data["_entities"] == [
        {"id": "7", "since": moment, "sinceEcho": moment, "price": "12.5", "priceEcho": "12.5"}
    ]


async def test_a_key_can_lead_into_an_object(subgraph: JoinedWays) -> None:
    representation = {"__typename": "Variant", "sku": "BER-0001", "maker": {"__typename": "Maker", "id": 15}}
    answer = await entities(
        subgraph, "... on Variant { sku maker { id categories { totalCount } } item { onHand } }", representation
    )
    assert answer.data["_entities"] == [
        {"sku": "BER-0001", "maker": {"id": "15", "categories": {"totalCount": 0}}, "item": {"onHand": 386}}
    ]


async def test_a_field_whose_requirement_is_missing_is_null(subgraph: JoinedWays) -> None:
    answer = await entities(subgraph, "... on Article { echo item { sku } }", article(id=1), article(id=1, note="ü"))
    assert answer.data["_entities"] == [{"echo": None, "item": None}, {"echo": "ü", "item": None}]


async def test_a_key_that_no_row_can_have_is_null(subgraph: JoinedWays) -> None:
    answer = await entities(subgraph, "... on Article { product { id } }", article(id="no number"), article(id="-1"))
    assert answer.data["_entities"] == [{"product": None}, {"product": None}]
    assert answer.errors == []


@pytest.mark.parametrize(
    ("representation", "message"),
    [
        (article(note="x"), "A representation of 'Article' has to have 'id'."),
        (article(id=1.5), "'id' in a representation of 'Article' wants a string or a whole number."),
        (article(id=1, since="soon"), "'since' in a representation of 'Article' wants a moment with an offset"),
        (
            {"__typename": "Variant", "sku": "x", "maker": 3},
            "'maker' in a representation of 'Variant' wants an object.",
        ),
        ({"__typename": "Place", "order": 1}, "A representation of 'Place' has to have 'order' and 'line'."),
        ({"__typename": "Carrier", "id": "1"}, "The '__typename' of a representation has to name a type that has"),
        ({"__typename": "Item"}, "A representation of 'Item' has to have 'sku'."),
        ({"__typename": "Supplier", "id": "x"}, "'id' in a representation of 'Supplier' wants a whole number."),
    ],
)
async def test_a_wrong_representation_fails_alone(
    subgraph: JoinedWays, representation: Representation, message: str
) -> None:
    answer = await entities(subgraph, "__typename", article(id=1), representation)
    assert answer.data["_entities"] == [{"__typename": "Article"}, None]
    [error] = answer.errors
    assert (error["path"], error["extensions"]["code"]) == (["_entities", 1], "BAD_USER_INPUT")
    assert error["message"].startswith(message)


# -- objects of services -------------------------------------------------------------------------------


async def test_objects_of_services_are_asked_for_in_one_batch(subgraph: JoinedWays) -> None:
    answer = await entities(
        subgraph,
        "__typename ... on Item { sku season supplier: supplierId }",
        *({"__typename": "Item", "sku": sku} for sku in ("BER-0001", "APL-0001", "BER-0001", "nothing")),
    )
    assert [each and each["sku"] for each in answer.data["_entities"]][:3] == ["BER-0001", "APL-0001", "BER-0001"]
    assert answer.targets == ["GET /items?sku=BER-0001&sku=APL-0001&sku=nothing"]


async def test_without_a_batch_form_each_key_is_a_call(subgraph: JoinedWays) -> None:
    answer = await entities(
        subgraph,
        "... on Supplier { id name } ... on Shipment { weight }",
        {"__typename": "Supplier", "id": 3},
        {"__typename": "Shipment", "orderId": 1},
        {"__typename": "Supplier", "id": 3},
        {"__typename": "Supplier", "id": 4},
    )
    supplier = {"id": 3, "name": "Supplier 3"}
    assert answer.data["_entities"] == [supplier, {"weight": 0.125}, supplier, None]
    assert answer.targets == ["GET /shipments/1", "GET /suppliers/3", "GET /suppliers/4"]
    assert answer.errors == []


async def test_a_key_that_fails_fails_its_entry_alone(subgraph: JoinedWays, depot: Depot) -> None:
    depot.trouble["/suppliers/5"] = status(500)
    answer = await entities(
        subgraph, "... on Supplier { name }", {"__typename": "Supplier", "id": 5}, {"__typename": "Supplier", "id": 6}
    )
    assert answer.data["_entities"] == [None, {"name": "Supplier 6"}]
    assert [(error["path"], error["extensions"]["code"]) for error in answer.errors] == [
        (["_entities", 0], "SOURCE_FAILED")
    ]


async def test_something_else_than_an_object_is_an_error_of_its_entry(subgraph: JoinedWays, depot: Depot) -> None:
    depot.answers["/suppliers/5"] = lambda _: "no object"
    answer = await entities(
        subgraph, "... on Supplier { name }", {"__typename": "Supplier", "id": 5}, {"__typename": "Supplier", "id": 6}
    )
    assert answer.data["_entities"] == [None, {"name": "Supplier 6"}]
    assert answer.codes == {"VALUE_NOT_REPRESENTABLE"}


# -- what others know better ---------------------------------------------------------------------------


async def test_joined_fields_take_what_they_require_from_the_representation(subgraph: JoinedWays) -> None:
    product = {"__typename": "Product", "id": 1}
    answer = await entities(
        subgraph,
        "... on Product { described stockThing { id } stockMaker { id categories { totalCount } } sku }",
        product | {"description": "theirs", "stock": "2"},
        product | {"description": "others", "stock": 3},
        product | {"stock": None},
    )
    first, second, third = answer.data["_entities"]
    assert (first["described"], first["stockThing"], first["stockMaker"]["id"]) == ("theirs", {"id": 2}, "2")
    assert (second["described"], second["stockThing"], second["stockMaker"]["id"]) == ("others", {"id": 3}, "3")
    assert third["described"].startswith("A favourite of the house")
    assert {first["sku"], second["sku"], third["sku"]} == {"BER-0001"}
    assert answer.statements == 3


async def test_what_is_known_of_an_entity_goes_no_further(subgraph: JoinedWays) -> None:
    answer = await entities(
        subgraph,
        "... on Product { described category { products(first: 1) { nodes { id described } } } }",
        {"__typename": "Product", "id": 2, "description": "theirs"},
    )
    [found] = answer.data["_entities"]
    [other] = found["category"]["products"]["nodes"]
    assert found["described"] == "theirs"
    assert other["described"] != "theirs"


async def test_a_representation_says_what_a_row_does_not_know(subgraph: JoinedWays) -> None:
    rows = await subgraph.agreed("{ products(where: {description: {isNull: true}}, first: 1) { nodes { id } } }")
    [row] = rows.data["products"]["nodes"]
    product = {"__typename": "Product", **row}
    answer = await entities(
        subgraph, "... on Product { description described }", product | {"description": "x"}, product
    )
    assert answer.data["_entities"] == [
        {"description": None, "described": "x"}, {"description": None, "described": None}
    ]  # fmt: skip


async def test_a_representation_knows_more_of_a_services_object(subgraph: JoinedWays) -> None:
    shipment = {"__typename": "Shipment", "orderId": 4}
    answer = await entities(subgraph, "... on Shipment { carried }", shipment | {"carrierId": "z"}, shipment)
    assert answer.data["_entities"] == [{"carried": "z"}, {"carried": None}]
    assert answer.targets == ["GET /echo/z", "GET /shipments/4"]


async def test_a_required_value_that_cannot_be_fails_its_entry_alone(subgraph: JoinedWays) -> None:
    product = {"__typename": "Product", "id": 1}
    answer = await entities(subgraph, "... on Product { sku described }", product | {"stock": "many"}, product)
    assert answer.data["_entities"][0] is None
    assert answer.data["_entities"][1]["sku"] == "BER-0001"
    assert [error["path"] for error in answer.errors] == [["_entities", 0]]


# -- the rest of the schema ----------------------------------------------------------------------------


def test_directives_can_stand_on_types_of_other_subgraphs(built_subgraph: JoinedWays) -> None:
    carrier = SchemaDirectives(types=(TypeDirectives(type="Carrier", directives=parse_directives("@inaccessible")),))
    built = build_schema(
        built_subgraph.catalog,
        choices=replace(Sources(built_subgraph.runtime.configuration).choices(), directives=carrier),
    )
    assert 'type Carrier @key(fields: "id", resolvable: false) @inaccessible {' in print_subgraph(built.graphql)


def test_without_federation_types_of_other_subgraphs_are_plain_types(built_subgraph: JoinedWays) -> None:
    choices = replace(Sources(built_subgraph.runtime.configuration).choices(), federation=False)
    built = build_schema(built_subgraph.catalog, choices=choices)
    assert "Article" in built.graphql.type_map
    assert "_Entity" not in built.graphql.type_map


async def test_ten_thousand_representations_of_another_subgraphs_type_are_one_statement(subgraph: JoinedWays) -> None:
    answer = await entities(
        subgraph, "... on Article { id product { sku } }", *(article(id=number) for number in range(10_000))
    )
    assert (answer.statements, answer.errors) == (1, [])
    assert answer.data["_entities"][1] == {"id": "1", "product": {"sku": "BER-0001"}}
