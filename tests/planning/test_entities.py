"""Which object a representation names; pure, so without a database."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punnet.access.policy import UNRESTRICTED
from punnet.catalog.relations import Column, Relation, RelationId
from punnet.catalog.types import DataType
from punnet.errors import BadUserInput
from punnet.planning.choice import asked_by_type
from punnet.planning.entities import EntityKey, KeyField, OwnEntity, Representations, RowEntity
from punnet.planning.plain_keys import PlainKeys
from punnet.planning.read import Read, Row, key_of_several

SCALARS = {
    "int2": "Int", "int4": "Int", "int8": "BigInt", "numeric": "Decimal", "text": "String", "name": "String",
    "char": "String", "uuid": "UUID", "bool": "Boolean", "timestamptz": "DateTime", "timetz": "OffsetTime",
    "interval": "Duration", "bytea": "Base64", "macaddr": "MacAddr", "macaddr8": "MacAddr",
}  # fmt: skip
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def type_of(name: str) -> DataType:
    if name == "mood":
        return DataType(namespace="public", name="mood", kind="enum", labels=("so so", "sad"))
    return DataType(namespace="pg_catalog", name=name, scalar=SCALARS[name])


def key_field(name: str, type_name: str) -> KeyField:
    names = (("SO_SO", "so so"), ("SAD", "sad")) if type_name == "mood" else ()
    return KeyField(name, f"{name}_column", type_of(type_name), names)


def row_entity(name: str, *keys: dict[str, str]) -> RowEntity:
    """A type by the fields of its keys, each with the type of its column."""
    made = tuple(EntityKey(tuple(key_field(field, type_) for field, type_ in key.items())) for key in keys)
    columns = tuple(
        Column(name=field.column, type=field.type, nullable=False)
        for field in dict.fromkeys(field for key in made for field in key.fields)
    )
    relation = Relation(
        id=RelationId(source="main", namespace="public", name=name.lower()), kind="table", columns=columns
    )
    return RowEntity(name, relation, made)


PRODUCT = row_entity("Product", {"id": "int4"}, {"sku": "text"})
ORDER_LINE = row_entity("OrderLine", {"orderId": "int8", "lineNo": "int2"}, {"code": "uuid"})
SHOP = Representations((PRODUCT, ORDER_LINE))


def only_key(type_name: str, value: object) -> tuple[str, ...] | None:
    """The key of a representation whose type has one field, of this type of Postgres."""
    address = Representations((row_entity("Thing", {"id": type_name}),)).address({"__typename": "Thing", "id": value})
    return None if address is None else address[2]


INTS = st.lists(st.integers(-(2**31), 2**31 - 1), min_size=1)
ASCII = st.lists(st.text(st.characters(min_codepoint=1, max_codepoint=127)), min_size=1)


@given(case=st.tuples(st.sampled_from(["int4", "int8"]), INTS) | st.tuples(st.just("text"), ASCII))
def test_what_is_told_at_a_glance_is_what_a_closer_look_finds(case: tuple[str, list[object]]) -> None:
    type_name, values = case
    things = Representations((row_entity("Thing", {"id": type_name}),))
    items = [{"__typename": "Thing", "id": value} for value in values]
    plain = things.plain_keys(items)
    assert plain is not None
    assert [("Thing", 0, (text,)) for text in plain.texts] == [things.address(item) for item in items]


@pytest.mark.parametrize(
    ("type_name", "value"),
    [
        ("int4", 2**31), ("int4", True), ("int4", 1.0), ("int8", 2**63), ("int2", 1), ("int8", "1"), ("name", "a"),
        ("text", "é"), ("text", "\x00"), ("text", 1), ("uuid", "00000000-0000-0000-0000-000000000000"),
    ],
)  # fmt: skip
def test_what_wants_a_closer_look_gets_one(type_name: str, value: object) -> None:
    things = Representations((row_entity("Thing", {"id": type_name}),))
    assert things.plain_keys([{"__typename": "Thing", "id": value}]) is None


def test_many_of_one_type_by_a_number_or_a_text_are_told_at_a_glance() -> None:
    names = Representations((row_entity("Name", {"name": "text"}),))
    assert SHOP.plain_keys([{"__typename": "Product", "id": 2}, {"__typename": "Product", "id": 1}]) == PlainKeys(
        "Product", ["2", "1"]
    )
    assert names.plain_keys([{"__typename": "Name", "name": "a"}]) == PlainKeys("Name", ["a"])


@pytest.mark.parametrize(
    "items",
    [
        [],
        [{"__typename": "Product", "id": 1}, {"__typename": "OrderLine", "code": "x"}],
        [{"__typename": "Product", "id": 1}, {"__typename": "Product", "sku": "a"}],
        [{"__typename": "Product", "id": None}],
        [{"__typename": "Product", "id": "1"}],
        [{"__typename": ["Product"], "id": 1}],
        [{"id": 1}],
        ["Product"],
        [None],
    ],
)
def test_all_else_takes_a_closer_look(items: list[object]) -> None:
    assert SHOP.plain_keys(items) is None


def test_the_first_key_whose_fields_are_all_there_is_used() -> None:
    assert SHOP.address({"__typename": "Product", "id": 1, "sku": "a"}) == ("Product", 0, ("1",))
    assert SHOP.address({"__typename": "Product", "sku": "a"}) == ("Product", 1, ("a",))
    assert SHOP.address({"__typename": "Product", "id": None, "sku": "a"}) == ("Product", 1, ("a",))


def test_a_key_of_several_fields_needs_all_of_them() -> None:
    uuid = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"
    assert SHOP.address({"__typename": "OrderLine", "lineNo": 2, "orderId": "1"}) == ("OrderLine", 0, ("1", "2"))
    assert SHOP.address({"__typename": "OrderLine", "lineNo": 2, "code": uuid}) == ("OrderLine", 1, (uuid,))


def test_a_field_of_a_key_can_be_within_an_object() -> None:
    key = EntityKey((key_field("sku", "text"), replace(key_field("id", "int8"), within="variation")))
    things = Representations((RowEntity("Thing", PRODUCT.relation, (key,)),))
    assert str(key) == "sku variation { id }"
    assert things.address({"__typename": "Thing", "sku": "a", "variation": {"id": "7"}}) == ("Thing", 0, ("a", "7"))
    with pytest.raises(BadUserInput, match=r"has to have 'sku' and 'variation \{ id \}'"):
        things.address({"__typename": "Thing", "sku": "a", "id": "7", "variation": None})


@given(ANY_JSON)
def test_whatever_stands_in_the_place_of_that_object_has_an_address_or_is_refused(value: Any) -> None:
    key = EntityKey((replace(key_field("id", "text"), within="variation"),))
    things = Representations((RowEntity("Thing", PRODUCT.relation, (key,)),))
    found = address_or_refusal({"__typename": "Thing", "variation": value}, things)
    assert isinstance(found, BadUserInput) or found == ("Thing", 0, (value["id"],))


def test_what_a_representation_has_beside_its_key_is_left_to_others() -> None:
    representation = {"__typename": "Product", "id": 1, "weight": 2.5, "dimensions": {"height": [1]}}
    assert SHOP.address(representation) == ("Product", 0, ("1",))


@pytest.mark.parametrize(
    ("type_name", "value", "text"),
    [
        ("int4", 7, "7"),
        ("int8", 9007199254740993, "9007199254740993"),
        ("int8", "9007199254740993", "9007199254740993"),
        ("int8", "007", "7"),
        ("numeric", "12.50", "12.50"),
        ("numeric", 12.5, "12.5"),
        ("text", "it's", "it's"),
        ("bool", True, "true"),
        ("bool", False, "false"),
        ("uuid", "F81D4FAE7DEC11D0A76500A0C91E6BF6", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
        ("uuid", "{f81d4fae-7dec-11d0-a765-00a0c91e6bf6}", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
        ("timestamptz", "2024-05-01T14:30:00+02:00", "2024-05-01 12:30:00+00:00"),
        ("timestamptz", "2024-05-01T12:30:00Z", "2024-05-01 12:30:00+00:00"),
        ("bytea", "AP8=", "\\x00ff"),
        ("mood", "SO_SO", "so so"),
    ],
)
def test_values_are_read_as_their_scalars_and_enums_read_them(type_name: str, value: object, text: str) -> None:
    assert only_key(type_name, value) == (text,)


@pytest.mark.parametrize(
    ("type_name", "value"),
    [
        ("int2", 32768),
        ("name", "x" * 64),
        ("char", "ab"),
        ("macaddr", "08:00:2b:01:02:03:04:05"),
        ("interval", "P999999999999Y"),
        ("timetz", "12:30:00+16:00"),
    ],
)
def test_a_value_of_the_scalar_that_the_columns_type_does_not_have_names_no_row(type_name: str, value: str) -> None:
    assert only_key(type_name, value) is None


@pytest.mark.parametrize(
    ("type_name", "value", "message"),
    [
        ("int4", "1", "'id' in a representation of 'Thing' wants a whole number."),
        ("int4", 2**31, "'id' in a representation of 'Thing' wants a whole number of 32 bits."),
        ("int8", 1.5, "'id' in a representation of 'Thing' wants a whole number of 64 bits, best as a string."),
        ("text", {"a": 1}, "'id' in a representation of 'Thing' wants text as a string."),
        ("text", "a\x00", "'id' in a representation of 'Thing' cannot hold the character U+0000."),
        ("bool", 1, "'id' in a representation of 'Thing' wants true or false."),
        ("mood", "so so", "'id' in a representation of 'Thing' wants one of the enum's values."),
        ("mood", ["SAD"], "'id' in a representation of 'Thing' wants one of the enum's values."),
    ],
)
def test_a_value_that_its_scalar_cannot_parse_is_refused_with_what_it_wants(
    type_name: str, value: object, message: str
) -> None:
    with pytest.raises(BadUserInput) as raised:
        only_key(type_name, value)
    assert raised.value.what == message


@pytest.mark.parametrize(
    ("representation", "message"),
    [
        (1, "A representation has to be an object with '__typename' and the fields of a key."),
        ([], "A representation has to be an object with '__typename' and the fields of a key."),
        ({}, "The '__typename' of a representation has to name a type that has a '@key' in this subgraph."),
        (
            {"__typename": "Nope", "id": 1},
            "The '__typename' of a representation has to name a type that has a '@key' in this subgraph.",
        ),
        (
            {"__typename": ["Product"], "id": 1},
            "The '__typename' of a representation has to name a type that has a '@key' in this subgraph.",
        ),
        ({"__typename": "Product", "name": "x"}, "A representation of 'Product' has to have 'id', or 'sku'."),
        (
            {"__typename": "OrderLine", "lineNo": 1},
            "A representation of 'OrderLine' has to have 'orderId' and 'lineNo', or 'code'.",
        ),
    ],
)
def test_what_names_nothing_is_refused_with_what_is_missing(representation: object, message: str) -> None:
    with pytest.raises(BadUserInput) as raised:
        SHOP.address(representation)
    assert raised.value.what == message


def test_own_code_is_given_every_representation_that_has_a_whole_key() -> None:
    own = Representations((OwnEntity("Greeting", (("lang", "place"), ("id",)), lambda: None),))
    assert own.address({"__typename": "Greeting", "id": 1}) == ("Greeting", 1, ())
    with pytest.raises(BadUserInput, match="'lang' and 'place', or 'id'"):
        own.address({"__typename": "Greeting", "lang": "de"})


REPRESENTATIONS = st.fixed_dictionaries(
    {"__typename": st.sampled_from(["Product", "OrderLine"])},
    optional={
        "id": st.integers(-(2**31), 2**31 - 1),
        "sku": st.text(st.characters(blacklist_characters="\x00", blacklist_categories=["Cs"])),
        "orderId": st.integers(-(2**63), 2**63 - 1).map(str),
        "lineNo": st.integers(-(2**15), 2**15 - 1),
        "code": st.uuids().map(str),
        "other": ANY_JSON,
    },
)


def address_or_refusal(
    representation: object, representations: Representations = SHOP
) -> tuple[str, int, tuple[str, ...]] | BadUserInput | None:
    try:
        return representations.address(representation)
    except BadUserInput as refused:
        return refused


@given(REPRESENTATIONS | ANY_JSON)
def test_any_json_has_an_address_or_is_refused_and_stays_as_it_is(representation: Any) -> None:
    before = copy.deepcopy(representation)
    address = address_or_refusal(representation)
    assert repr(representation) == repr(before)
    assert isinstance(address, BadUserInput | None) or address[0] == representation["__typename"]


@given(
    st.lists(
        REPRESENTATIONS.filter(lambda each: "id" in each or "sku" in each).map(
            lambda each: {**each, "__typename": "Product"}
        )
    )
)
def test_each_key_is_asked_once_and_every_place_is_answered_by_it(representations: list[dict[str, Any]]) -> None:
    addresses = [SHOP.address(each) for each in representations]
    asked = asked_by_type(addresses).get("Product")
    found = {} if asked is None else {place: key for key, places in asked.places.items() for place in places}
    assert [("Product", *found[place]) for place in range(len(representations))] == addresses


def test_a_batch_that_mixes_keys_has_nulls_in_the_columns_of_the_others() -> None:
    keys = tuple(key.links for key in ORDER_LINE.keys)
    read = Read(relation=ORDER_LINE.relation, policy=UNRESTRICTED, output=Row(()), keyed_by=keys[0], or_by=keys[1:])
    assert key_of_several(("1", "2"), 0, read) == ("1", "2", None)
    assert key_of_several(("u",), 1, read) == (None, None, "u")
    assert read.asked_by((1,)).keyed_by == keys[1]
    assert read.asked_by((1,)).or_by == ()
