from __future__ import annotations

import pytest

from punnet.catalog.endpoints import EndpointParameter, MemberEncoding
from tests.sources.http.openapi.reading import (
    answering,
    body,
    document,
    enum,
    getting,
    list_of,
    named,
    only,
    parameter,
    read,
    reasons,
    ref,
    scalar,
)

TEXT = {"type": "string"}
LIST = {"type": "array", "items": TEXT}
PETS = {"Pet": {"type": "object", "properties": {"name": TEXT}}}


@pytest.mark.parametrize(
    ("place", "words", "style", "explode"),
    [
        ("path", {}, "simple", False),
        ("path", {"explode": True}, "simple", True),
        ("path", {"style": "label"}, "label", False),
        ("path", {"style": "matrix", "explode": True}, "matrix", True),
        ("query", {}, "form", True),
        ("query", {"explode": False}, "form", False),
        ("query", {"style": "form"}, "form", True),
        ("query", {"style": "spaceDelimited"}, "spaceDelimited", False),
        ("query", {"style": "pipeDelimited", "explode": False}, "pipeDelimited", False),
        ("query", {"style": "deepObject"}, "deepObject", True),
        ("header", {}, "simple", False),
        ("cookie", {}, "form", True),
    ],
)
def test_a_parameter_is_written_in_the_style_of_its_place(
    place: str, words: dict[str, object], style: str, explode: bool
) -> None:
    found = parameter(
        {"name": "key", "in": place, "schema": LIST, **words}, path="/a/{key}" if place == "path" else "/a"
    )
    assert (found.place, found.style, found.explode) == (place, style, explode)
    assert (found.shape, found.required) == (list_of(scalar("String")), place == "path")


def test_a_parameter_may_be_a_json_text() -> None:
    found = parameter({"name": "filter", "in": "query", "content": {"application/json": {"schema": LIST}}})
    assert (found.style, found.explode, found.shape) == ("json", False, list_of(scalar("String")))


def test_a_parameter_without_a_schema_is_text() -> None:
    assert parameter({"name": "q", "in": "query"}).shape == scalar("String")


def test_parameters_of_the_path_come_first_and_an_operation_overrides_them() -> None:
    operation = {
        "parameters": [
            {"name": "limit", "in": "query", "required": True, "schema": {"type": "integer"}},
            {"name": "id", "in": "query", "schema": TEXT},
        ],
        "responses": answering(TEXT),
    }
    shared = [
        {"name": "id", "in": "path", "required": True, "schema": TEXT},
        {"name": "limit", "in": "query", "schema": TEXT},
    ]
    found = only(read(document({"/a/{id}": {"parameters": shared, "get": operation}}))).parameters
    assert [(one.name, one.place, one.shape, one.required) for one in found] == [
        ("id", "path", scalar("String"), True),
        ("limit", "query", scalar("Int"), True),
        ("id", "query", scalar("String"), False),
    ]


def test_a_shared_parameter_names_its_enum_itself() -> None:
    components = {"parameters": {"sort-order": {"name": "sort", "in": "query", "schema": {"enum": ["asc", "desc"]}}}}
    shared = {"$ref": "#/components/parameters/sort-order"}
    catalog = read(document(getting(TEXT, parameters=[shared]), components=components))
    assert only(catalog).parameters[0].shape == enum("SortOrder", "asc", "desc")


def test_an_enum_of_an_operation_s_parameter_is_named_by_both() -> None:
    found = parameter({"name": "sort_by", "in": "query", "schema": {"enum": ["asc", "desc"]}})
    assert found.shape == enum("GetThingSortBy", "asc", "desc")


@pytest.mark.parametrize("name", ["Accept", "content-type", "Authorization"])
def test_headers_that_are_not_the_document_s_to_describe_are_passed_over(name: str) -> None:
    found = read(document(getting(TEXT, parameters=[{"name": name, "in": "header", "required": True, "schema": TEXT}])))
    assert only(found).parameters == ()
    assert found.left_out == ()


def test_a_path_parameter_that_is_not_declared_is_text() -> None:
    catalog = read(document(getting(TEXT, path="/a/{order-id}")))
    assert only(catalog).parameters == (
        EndpointParameter(name="order-id", place="path", shape=scalar("String"), required=True, style="simple"),
    )
    assert list(reasons(catalog)) == ["GET /a/{order-id}, parameter 'order-id'"]


def test_a_path_parameter_that_the_path_does_not_hold_is_left_out() -> None:
    catalog = read(document(getting(TEXT, parameters=[{"name": "id", "in": "path", "schema": TEXT}])))
    assert only(catalog).parameters == ()
    assert reasons(catalog) == {"GET /thing, parameter 'id'": "left out, since its path does not hold it"}


@pytest.mark.parametrize(
    "unfit",
    [
        {"name": "p", "in": "query", "style": "tabDelimited", "schema": LIST},
        {"name": "p", "in": "query", "style": "simple", "schema": LIST},
        {"name": "p", "in": "query", "content": {"application/xml": {"schema": TEXT}}},
        {"name": "p", "in": "query", "schema": {"type": "string", "format": "binary"}},
    ],
)
def test_a_parameter_that_cannot_be_written_is_left_out_with_its_operation_if_required(
    unfit: dict[str, object],
) -> None:
    optional = read(document(getting(TEXT, parameters=[unfit])))
    assert only(optional).parameters == ()
    assert list(reasons(optional)) == ["GET /thing, parameter 'p'"]
    required = read(document(getting(TEXT, parameters=[{**unfit, "required": True}])))
    assert required.endpoints == ()
    assert reasons(required)["GET /thing"].startswith("has a required parameter that ")


def test_a_json_body_is_a_parameter() -> None:
    assert body({"application/json": {"schema": ref("Pet")}}, schemas=PETS) == EndpointParameter(
        name="body", place="body", shape=named("Pet"), required=True, style="json", media_type="application/json"
    )


def test_a_body_without_a_name_is_named_by_its_operation() -> None:
    found = body({"application/merge-patch+json": {"schema": PETS["Pet"]}}, required=False)
    assert found is not None
    assert (found.shape, found.media_type) == (named("CreateThingRequest"), "application/merge-patch+json")


def test_json_is_preferred_to_forms_and_forms_to_anything() -> None:
    media = {"schema": ref("Pet")}
    first = body({"application/x-www-form-urlencoded": media, "application/json": media}, schemas=PETS)
    second = body({"*/*": media, "application/x-www-form-urlencoded": media}, schemas=PETS)
    assert first is not None
    assert second is not None
    assert (first.style, second.style) == ("json", "urlencoded")


def test_a_form_body_says_how_its_members_are_written() -> None:
    schema = {"type": "object", "properties": {"expand": LIST, "address": ref("Pet"), "tags": LIST, "meta": ref("Pet")}}
    encoding = {
        "expand": {"style": "deepObject", "explode": True},
        "address": {"contentType": "application/json"},
        "tags": {"explode": False},
        "meta": {"style": "form"},
        "odd": 3,
    }
    media = {"schema": schema, "encoding": encoding}
    found = body({"application/x-www-form-urlencoded": media}, schemas=PETS)
    assert found is not None
    assert (found.style, found.shape) == ("urlencoded", named("CreateThingRequest"))
    assert found.encodings == (
        MemberEncoding(name="expand", style="deepObject", explode=True),
        MemberEncoding(name="address", style="json", explode=False),
        MemberEncoding(name="tags", style="form", explode=False),
    )


def test_an_operation_that_needs_a_body_of_another_kind_is_left_out() -> None:
    operation = {
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": PETS["Pet"]}}},
        "responses": answering(TEXT),
    }
    catalog = read(document({"/upload": {"post": operation}}))
    assert catalog.endpoints == ()
    assert reasons(catalog) == {"POST /upload": "takes only multipart/form-data"}


def test_an_optional_body_of_another_kind_is_left_out_alone() -> None:
    assert body({"multipart/form-data": {"schema": PETS["Pet"]}}, required=False) is None
