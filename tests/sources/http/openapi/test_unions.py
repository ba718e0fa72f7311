from __future__ import annotations

import pytest

from punnet.catalog.endpoints import UnionShape
from tests.sources.http.openapi.reading import (
    document,
    getting,
    list_of,
    member,
    named,
    object_named,
    only,
    read,
    reasons,
    ref,
    result,
    scalar,
    shapes_of,
    union_named,
)

TEXT = {"type": "string"}
CAT = {"type": "object", "properties": {"lives": {"type": "integer"}}}
DOG = {"type": "object", "properties": {"barks": {"type": "boolean"}}}
ANIMALS = {"Cat": CAT, "Dog": DOG}


@pytest.mark.parametrize("word", ["oneOf", "anyOf"])
def test_a_choice_between_objects_is_a_union(word: str) -> None:
    schemas = {**ANIMALS, "Pet": {word: [ref("Cat"), ref("Dog")], "description": "Either."}}
    catalog = read(document(getting({"type": "array", "items": ref("Pet")}), schemas=schemas))
    assert only(catalog).result == list_of(named("Pet"))
    assert catalog.unions == (UnionShape(name="Pet", members=("Cat", "Dog"), comment="Either."),)
    assert [one.name for one in catalog.objects] == ["Cat", "Dog"]


def test_a_discriminator_maps_values_to_members() -> None:
    pet = {
        "oneOf": [ref("Cat"), ref("Dog")],
        "discriminator": {"propertyName": "kind", "mapping": {"c": "#/components/schemas/Cat", "d": "Dog"}},
    }
    found = union_named(read(document(getting(ref("Pet")), schemas={**ANIMALS, "Pet": pet})), "Pet")
    assert (found.discriminator, found.mapping) == ("kind", (("c", "Cat"), ("d", "Dog")))


def test_without_a_mapping_the_values_are_the_names_of_the_components() -> None:
    pet = {"oneOf": [ref("Cat"), ref("Dog")], "discriminator": {"propertyName": "kind"}}
    found = union_named(read(document(getting(ref("Pet")), schemas={**ANIMALS, "Pet": pet})), "Pet")
    assert found.mapping == (("Cat", "Cat"), ("Dog", "Dog"))


def test_without_a_discriminator_a_member_that_is_always_another_text_is_one() -> None:
    pet = {"oneOf": [_marked("cat"), _marked("dog", "wolf")]}
    catalog = read(document(getting(ref("Pet")), schemas={"Pet": pet}))
    assert union_named(catalog, "Pet") == UnionShape(
        name="Pet",
        members=("PetOption1", "PetOption2"),
        discriminator="kind",
        mapping=(("cat", "PetOption1"), ("dog", "PetOption2"), ("wolf", "PetOption2")),
    )


def test_members_without_a_name_are_called_by_their_title() -> None:
    pet = {"anyOf": [{**CAT, "title": "House cat"}, DOG]}
    assert union_named(read(document(getting(pet))), "GetThingResponse").members == (
        "GetThingResponseHouseCat",
        "GetThingResponseOption2",
    )


def test_null_among_the_choices_makes_them_nullable() -> None:
    found = member({"anyOf": [ref("Cat"), ref("Dog"), {"type": "null"}]}, schemas=ANIMALS)
    assert (found.shape, found.nullable) == (named("HolderIt"), True)


def test_a_choice_between_one_object_and_null_is_that_object() -> None:
    found = member({"oneOf": [{"type": "null"}, ref("Cat")]}, schemas=ANIMALS)
    assert (found.shape, found.nullable) == (named("Cat"), True)


def test_unions_within_a_union_are_part_of_it() -> None:
    schemas = {
        **ANIMALS,
        "Bird": {"properties": {"flies": {"type": "boolean"}}},
        "Mammal": {"oneOf": [ref("Cat"), ref("Dog")]},
        "Pet": {"oneOf": [ref("Mammal"), ref("Bird"), ref("Cat"), ref("Pet")]},
    }
    catalog = read(document(getting(ref("Pet")), schemas=schemas))
    assert union_named(catalog, "Pet").members == ("Cat", "Dog", "Bird")


def test_members_beside_a_choice_belong_to_each_of_its_objects() -> None:
    pet = {"properties": {"id": {"type": "integer"}}, "required": ["id"], "oneOf": [ref("Cat"), ref("Dog")]}
    catalog = read(document(getting(ref("Pet")), schemas={**ANIMALS, "Pet": pet}))
    assert union_named(catalog, "Pet").members == ("PetCat", "PetDog")
    assert list(shapes_of(object_named(catalog, "PetCat"))) == ["id", "lives"]


def test_the_same_goes_for_a_choice_within_an_all_of() -> None:
    schemas = {
        **ANIMALS,
        "Base": {"properties": {"id": TEXT}},
        "Pet": {"allOf": [ref("Base"), {"oneOf": [ref("Cat"), ref("Dog")]}]},
    }
    catalog = read(document(getting(ref("Pet")), schemas=schemas))
    assert list(shapes_of(object_named(catalog, "PetDog"))) == ["id", "barks"]


def test_choices_of_what_must_be_there_tell_no_shapes() -> None:
    schema = {**CAT, "anyOf": [{"required": ["lives"]}, {"required": ["name"]}]}
    assert result(ref("Cat"), schemas={"Cat": schema}) == named("Cat")
    assert read(document(getting(ref("Cat")), schemas={"Cat": schema})).unions == ()


def test_a_choice_between_objects_and_values_is_json_and_told() -> None:
    catalog = read(document(getting({"anyOf": [ref("Cat"), TEXT]}), schemas=ANIMALS))
    assert only(catalog).result == scalar("JSON")
    assert catalog.objects == ()
    assert reasons(catalog) == {
        "GET /thing, answer": "carried as JSON, since it may be of several shapes that are not all objects"
    }


def test_of_several_choices_at_once_only_the_common_members_are_kept() -> None:
    schema = {"properties": {"id": TEXT}, "oneOf": [ref("Cat"), ref("Dog")], "anyOf": [ref("Cat"), ref("Dog")]}
    catalog = read(document(getting(schema), schemas=ANIMALS))
    assert list(shapes_of(object_named(catalog, "GetThingResponse"))) == ["id"]


def test_a_mapping_to_what_is_not_there_is_passed_over() -> None:
    discriminator = {"propertyName": "kind", "mapping": {"a": "Nothing", "b": "other.yaml#/x", "c": 3, "d": "#/nope"}}
    pet = {"oneOf": [ref("Cat"), ref("Dog")], "discriminator": discriminator}
    found = union_named(read(document(getting(ref("Pet")), schemas={**ANIMALS, "Pet": pet})), "Pet")
    assert found.mapping == (("Cat", "Cat"), ("Dog", "Dog"))


def _marked(*kinds: str) -> dict[str, object]:
    return {"type": "object", "properties": {"name": TEXT, "kind": {"type": "string", "enum": [*kinds]}}}
