from __future__ import annotations

from punnet.catalog.endpoints import ObjectShape, Property
from tests.sources.http.openapi.reading import (
    document,
    enum,
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
)

TEXT = {"type": "string"}


def test_an_object_has_its_component_s_name_and_members() -> None:
    pet = {
        "type": "object",
        "description": "An animal.",
        "required": ["name"],
        "properties": {"name": {"type": "string", "description": "What it is called."}, "age": {"type": "integer"}},
    }
    assert read(document(getting(ref("Pet")), schemas={"Pet": pet})).objects == (
        ObjectShape(
            name="Pet",
            comment="An animal.",
            properties=(
                Property(
                    name="name", shape=scalar("String"), required=True, nullable=False, comment="What it is called."
                ),
                Property(name="age", shape=scalar("Int"), required=False, nullable=False),
            ),
        ),
    )


def test_dotted_and_hyphenated_names_stay_as_they_are() -> None:
    schemas = {"com.acme.Pet-Shop": {"properties": {"owner.name": TEXT, "x-tra": TEXT, "__it": TEXT}}}
    found = object_named(read(document(getting(ref("com.acme.Pet-Shop")), schemas=schemas)), "com.acme.Pet-Shop")
    assert [one.name for one in found.properties] == ["owner.name", "x-tra", "__it"]


def test_an_object_without_a_name_is_named_by_where_it_stands() -> None:
    schema = {
        "type": "object",
        "properties": {
            "address": {"type": "object", "properties": {"city": TEXT}},
            "order-items": {"type": "array", "items": {"type": "object", "properties": {"sku": TEXT}}},
        },
    }
    catalog = read(document(getting(schema)))
    assert only(catalog).result == named("GetThingResponse")
    assert shapes_of(object_named(catalog, "GetThingResponse")) == {
        "address": named("GetThingResponseAddress"),
        "order-items": list_of(named("GetThingResponseOrderItemsItem")),
    }


def test_a_name_made_of_a_place_gives_way_to_a_component() -> None:
    inline = {"type": "object", "properties": {"inner": ref("GetThingResponse")}}
    schemas = {"GetThingResponse": {"properties": {"own": TEXT}}}
    catalog = read(document(getting(inline), schemas=schemas))
    assert only(catalog).result == named("GetThingResponse2")
    assert shapes_of(object_named(catalog, "GetThingResponse")) == {"own": scalar("String")}


def test_objects_may_lead_back_to_themselves() -> None:
    schemas = {
        "Node": {"properties": {"parent": ref("Node"), "children": {"type": "array", "items": ref("Node")}}},
    }
    found = object_named(read(document(getting(ref("Node")), schemas=schemas)), "Node")
    assert shapes_of(found) == {"parent": named("Node"), "children": list_of(named("Node"))}


def test_components_that_refer_to_another_are_that_one() -> None:
    schemas = {"A": ref("B"), "B": ref("C"), "C": {"properties": {"x": TEXT}}}
    assert result(ref("A"), schemas=schemas) == named("C")


def test_what_leads_back_to_itself_without_an_object_is_json() -> None:
    schemas = {
        "Ring": ref("Ring"),
        "Rows": {"type": "array", "items": ref("Rows")},
        "Value": {"oneOf": [TEXT, {"type": "array", "items": ref("Value")}]},
    }
    assert result(ref("Ring"), schemas=schemas) == scalar("JSON")
    assert result(ref("Rows"), schemas=schemas) == list_of(scalar("JSON"))
    assert result(ref("Value"), schemas=schemas) == scalar("JSON")


def test_all_of_makes_one_object() -> None:
    schemas = {
        "Base": {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, "at": TEXT}},
        "Dog": {
            "allOf": [ref("Base"), {"properties": {"barks": {"type": "boolean"}}, "required": ["barks"]}],
            "required": ["at"],
            "description": "Barks.",
        },
    }
    found = object_named(read(document(getting(ref("Dog")), schemas=schemas)), "Dog")
    assert [(one.name, one.required) for one in found.properties] == [("id", True), ("at", True), ("barks", True)]
    assert found.comment == "Barks."


def test_all_of_one_reference_is_what_it_refers_to() -> None:
    found = member({"allOf": [ref("Pet")], "description": "Whose.", "readOnly": True}, schemas={"Pet": _pet()})
    assert (found.shape, found.comment, found.direction) == (named("Pet"), "Whose.", "output")


def test_a_reference_that_is_narrowed_is_a_shape_of_its_own_in_3_1_only() -> None:
    schema = {**ref("Pet"), "required": ["name"]}
    assert member(schema, schemas={"Pet": _pet()}).shape == named("HolderIt")
    assert member(schema, version="3.0.0", schemas={"Pet": _pet()}).shape == named("Pet")


def test_a_member_that_is_described_twice_is_both() -> None:
    schemas = {
        "Base": {"properties": {"kind": TEXT, "inner": {"type": "object", "properties": {"a": TEXT}}}},
        "Cat": {
            "allOf": [
                ref("Base"),
                {"properties": {"kind": {"enum": ["x", "y"]}, "inner": {"properties": {"b": TEXT}}}},
            ]
        },
    }
    catalog = read(document(getting(ref("Cat")), schemas=schemas))
    assert shapes_of(object_named(catalog, "Cat")) == {
        "kind": enum("CatKind", "x", "y"),
        "inner": named("CatInner"),
    }
    assert list(shapes_of(object_named(catalog, "CatInner"))) == ["a", "b"]


def test_members_that_cannot_be_both_are_json_and_told() -> None:
    schemas = {"A": {"allOf": [{"properties": {"x": TEXT}}, {"properties": {"x": {"type": "integer"}}}]}}
    catalog = read(document(getting(ref("A")), schemas=schemas))
    assert shapes_of(object_named(catalog, "A")) == {"x": scalar("JSON")}
    assert reasons(catalog) == {"A.x": "carried as JSON, since it is said to be both string and integer"}


def test_an_all_of_that_holds_itself_adds_nothing() -> None:
    schemas = {"A": {"allOf": [ref("A"), {"properties": {"x": TEXT}}]}}
    assert result(ref("A"), schemas=schemas) == named("A")


def test_members_that_only_one_side_sends_say_so() -> None:
    account = {
        "properties": {"id": {**TEXT, "readOnly": True}, "password": {**TEXT, "writeOnly": True}, "name": TEXT},
    }
    found = object_named(read(document(getting(ref("Account")), schemas={"Account": account})), "Account")
    assert [one.name for one in found.output_properties] == ["id", "name"]
    assert [one.name for one in found.input_properties] == ["password", "name"]


def test_named_members_are_kept_beside_those_of_any_name() -> None:
    schema = {"type": "object", "properties": {"a": TEXT}, "additionalProperties": {"type": "integer"}}
    catalog = read(document(getting(schema)))
    assert list(shapes_of(object_named(catalog, "GetThingResponse"))) == ["a"]
    assert reasons(catalog) == {"GetThingResponse": "its members beyond the named ones are left out"}


def test_binary_members_are_left_out_and_an_object_of_nothing_else_is_json() -> None:
    binary = {"type": "string", "format": "binary"}
    schemas = {
        "Both": {"properties": {"a": TEXT, "b": binary, "c": ref("Empty"), "d": {"type": "array", "items": binary}}},
        "Empty": {"properties": {"e": binary}},
    }
    catalog = read(document(getting(ref("Both")), schemas=schemas))
    assert shapes_of(object_named(catalog, "Both")) == {"a": scalar("String"), "c": scalar("JSON")}
    assert reasons(catalog)["Both.b"] == "left out, since it is binary content"


def test_only_what_operations_reach_is_kept() -> None:
    schemas = {"Pet": _pet(), "Unused": {"properties": {"pet": ref("Pet")}}, "Mood": {"enum": ["a", "b"]}}
    catalog = read(document(getting(ref("Pet")), schemas=schemas))
    assert [one.name for one in catalog.objects] == ["Pet"]
    assert catalog.enums == ()


def test_shapes_are_listed_by_name_and_enums_are_found_within_them() -> None:
    schemas = {
        "Zoo": {"properties": {"mood": ref("Mood"), "pets": {"type": "array", "items": ref("Pet")}}},
        "Pet": _pet(),
        "Mood": {"enum": ["a", "b"]},
    }
    catalog = read(document(getting(ref("Zoo")), schemas=schemas))
    assert [one.name for one in catalog.objects] == ["Pet", "Zoo"]
    assert catalog.enums == (enum("Mood", "a", "b"),)


def test_objects_may_stand_very_deep_in_one_another() -> None:
    schema: dict[str, object] = {"properties": {"end": TEXT}}
    for _ in range(2_000):
        schema = {"properties": {"a": schema}}
    catalog = read(document(getting(schema)))
    assert len(catalog.objects) == 2_001
    assert max(len(one.name) for one in catalog.objects) < 120


def test_lists_that_stand_too_deep_in_one_another_end_as_json() -> None:
    schema: dict[str, object] = {"type": "string"}
    for _ in range(2_000):
        schema = {"type": "array", "items": schema}
    assert reasons(read(document(getting(schema)))) == {
        "GET /thing, answer": "carried as JSON, since it is nested too deeply"
    }


def _pet() -> dict[str, object]:
    return {"type": "object", "properties": {"name": TEXT}}
