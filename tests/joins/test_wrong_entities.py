"""Entities and references that cannot be: each is told by its name, what is wrong with it, and the closest name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from punnet.schema.build import BuiltSchema
from punnet.schema.errors import EntitiesWrong, JoinWrong
from tests.joins.made_joins import schema_of
from tests.joins.ways import JoinedWays

Table = dict[str, Any]

ARTICLE: Table = {"type": "Article", "key": "id", "fields": {"id": "ID!"}}
KNOWN: Table = ARTICLE | {"fields": {"id": "ID!", "sku": "String!"}}
PLACE: Table = {"type": "Place", "key": "line region", "fields": {"line": "String!", "region": "Int!"}}
ITEM: Table = {"type": "Item", "key": "sku", "call": "depot.listItems", "match": {"sku": "sku"}}
REFERENCE: Table = {"on": "Product", "field": "x", "entity": "Article", "match": {"id": "id"}}
ADDED: Table = {"on": "Article", "field": "x", "call": "depot.listItems", "match": {"sku": "sku"}}


def schema_with(ways: JoinedWays, entities: Sequence[Table], joins: Sequence[Table] = ()) -> BuiltSchema:
    """The subgraph's schema of these entities and joins alone."""
    return schema_of(ways, "federated.toml", joins=list(joins), entities=list(entities), schema={"federation": True})


def test_entities_that_are_right(built_subgraph: JoinedWays) -> None:
    built = schema_with(built_subgraph, [KNOWN, PLACE, ITEM], [REFERENCE, ADDED])
    assert {"Article", "Item", "_Entity"} <= built.graphql.type_map.keys()


@pytest.mark.parametrize(
    ("entity", "what"),
    [
        (
            ARTICLE | {"type": "Product"},
            "Product: there is a type of this name here already: rename that one, or leave this one out",
        ),
        (
            ARTICLE | {"type": "Stop"},
            "Stop: there is a type of this name here already: rename that one, or leave this one out",
        ),
        (
            ARTICLE | {"fields": ARTICLE["fields"] | {"maker": "Artcle!"}},
            "Article: 'Artcle' is neither a scalar nor a type of another subgraph; did you mean 'Article'?",
        ),
        (
            ARTICLE | {"fields": ARTICLE["fields"] | {"labels": "[String!]!"}},
            "Article: '[String!]!' is a list, which neither a key nor a join takes: leave it out",
        ),
        (
            ARTICLE | {"fields": ARTICLE["fields"] | {"price": "Decimal"}},
            "Article: 'price' is not in the key, and no join takes it: leave it out",
        ),
        (
            ARTICLE | {"key": "id { sku }"},
            "Article: the key 'id { sku }': 'Article.id' has no fields to choose from",
        ),
        (ITEM | {"type": "Itm"}, "Itm: there is no type 'Itm'; did you mean 'Item'?"),
        (ITEM | {"type": "Bin"}, "Bin: 'Bin' has no field 'sku'"),
        (
            ITEM | {"call": "depot.listItms"},
            "Item: the source 'depot' has no operation 'listItms'; did you mean 'listItems'?",
        ),
        (
            ITEM | {"match": {"skus": "sku"}},
            "Item: 'depot.listItems' has no parameter 'skus'; did you mean 'sku'?",
        ),
        (
            ITEM | {"key": "bins", "match": {"sku": "bins"}},
            "Item: 'Item.bins' is no single value: it cannot be part of a key",
        ),
        (
            ITEM | {"call": "depot.listNotes", "batch": {"key": "sku"}},
            "Item: 'depot.listNotes' gives no 'Item' for a key",
        ),
        (
            ITEM | {"call": "depot.search", "key": "onHand", "match": {"limit": "onHand"}},
            "Item: 'depot.search' gives no 'Item' for a key",
        ),
        (
            {"type": "Supplier", "key": "name", "call": "depot.getSupplier", "match": {"id": "name"}},
            "Supplier: 'name' is String, and 'id' of 'depot.getSupplier' is Int",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_entity(built_subgraph: JoinedWays, entity: Table, what: str) -> None:
    with pytest.raises(EntitiesWrong) as caught:
        schema_with(built_subgraph, [entity])
    assert caught.value.what == what


@pytest.mark.parametrize(
    ("join", "what"),
    [
        (REFERENCE | {"match": {"id": "ids"}}, "Product.x: 'Product' has no field 'ids'; did you mean 'id'?"),
        (REFERENCE | {"match": {"idd": "id"}}, "Product.x: 'idd' is not in the key of 'Article'; did you mean 'id'?"),
        (REFERENCE | {"match": {"sku": "sku"}}, "Product.x: 'sku' is not in the key of 'Article'"),
        (
            REFERENCE | {"entity": "Place", "match": {"line": "sku"}},
            "Product.x: 'match' wants the whole key of 'Place': 'line' and 'region'",
        ),
        (
            REFERENCE | {"entity": "Place", "match": {"line": "sku", "region": "name"}},
            "Product.x: 'name' is String, and 'Place.region' is Int",
        ),
        (REFERENCE | {"match": {"id": "price"}}, "Product.x: 'price' is Decimal, and 'Article.id' is ID"),
        (
            REFERENCE | {"match": {"id": "tags"}},
            "Product.x: 'Product.tags' is no single value: it cannot be part of a key",
        ),
        (REFERENCE | {"field": "sku"}, "Product.sku: 'Product' has a field 'sku' already"),
        (ADDED | {"field": "sku"}, "Article.sku: 'Article' has a field 'sku' already"),
        (ADDED | {"match": {"sku": "skus"}}, "Article.x: 'Article' has no field 'skus'; did you mean 'sku'?"),
        (ADDED | {"on": "Artcle"}, "Artcle.x: there is no type 'Artcle'; did you mean 'Article'?"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_join(built_subgraph: JoinedWays, join: Table, what: str) -> None:
    with pytest.raises(JoinWrong) as caught:
        schema_with(built_subgraph, [KNOWN, PLACE], [join])
    assert caught.value.what == what


def test_a_key_without_a_batch_form_is_told_with_what_it_costs(built_subgraph: JoinedWays) -> None:
    supplier = {"type": "Supplier", "key": "id", "call": "depot.getSupplier", "match": {"id": "id"}}
    [warning] = schema_with(built_subgraph, [ITEM, supplier]).warnings
    assert str(warning).startswith("Supplier: 'depot.getSupplier' takes one key a call: 100 rows make up to 100 calls.")


def test_everything_that_is_wrong_is_told_at_once(built_subgraph: JoinedWays) -> None:
    with pytest.raises(EntitiesWrong) as caught:
        schema_with(built_subgraph, [ARTICLE | {"type": "Product"}, ITEM | {"type": "Itm"}])
    assert caught.value.what.startswith("2 entities are wrong:\n  - Product: ")
    assert "\n  - Itm: " in caught.value.what
