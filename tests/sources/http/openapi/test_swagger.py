from __future__ import annotations

from typing import Any

import pytest

from punnet.catalog.endpoints import EndpointParameter, MemberEncoding
from tests.sources.http.openapi.reading import (
    Document,
    enum,
    list_of,
    named,
    object_named,
    only,
    read,
    reasons,
    scalar,
    shapes_of,
)

TEXT = {"type": "string"}
FINE = {"responses": {"200": {"description": "Fine.", "schema": TEXT}}}


def swagger(paths: Document, **words: Any) -> Document:
    return {"swagger": "2.0", "info": {}, "host": "shop.test", "basePath": "/api", "paths": paths, **words}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({}, "https://shop.test/api"),
        ({"schemes": ["http"]}, "http://shop.test/api"),
        ({"schemes": ["http", "https"], "basePath": "/"}, "https://shop.test"),
        ({"host": None}, "https://api.test/api"),
        ({"host": None, "basePath": None}, "https://api.test"),
        ({"host": "shop.test:8080", "basePath": "v1/"}, "https://shop.test:8080/v1"),
    ],
)
def test_scheme_host_and_base_path_make_the_base_url(words: dict[str, Any], expected: str) -> None:
    assert read(swagger({"/a": {"get": FINE}}, **words)).base_url == expected


def test_definitions_are_components() -> None:
    definitions = {
        "api.Order-Line": {
            "type": "object",
            "required": ["sku"],
            "properties": {"sku": TEXT, "note": {"type": "string", "x-nullable": True}, "next": _ref("api.Order-Line")},
        }
    }
    operation = {"responses": {"200": {"schema": {"type": "array", "items": _ref("api.Order-Line")}}}}
    catalog = read(swagger({"/a": {"get": operation}}, definitions=definitions))
    assert only(catalog).result == list_of(named("api.Order-Line"))
    line = object_named(catalog, "api.Order-Line")
    assert shapes_of(line) == {"sku": scalar("String"), "note": scalar("String"), "next": named("api.Order-Line")}
    assert [one.nullable for one in line.properties] == [False, True, False]


@pytest.mark.parametrize(
    ("words", "style", "explode"),
    [
        ({}, "form", False),
        ({"collectionFormat": "csv"}, "form", False),
        ({"collectionFormat": "ssv"}, "spaceDelimited", False),
        ({"collectionFormat": "pipes"}, "pipeDelimited", False),
        ({"collectionFormat": "multi"}, "form", True),
    ],
)
def test_a_list_is_written_as_its_collection_format_says(words: dict[str, Any], style: str, explode: bool) -> None:
    listed = {"name": "id", "in": "query", "type": "array", "items": {"type": "integer", "format": "int64"}, **words}
    assert only(read(swagger({"/a": {"get": {"parameters": [listed], **FINE}}}))).parameters == (
        EndpointParameter(
            name="id",
            place="query",
            shape=list_of(scalar("BigInt")),
            required=False,
            style=style,  # type: ignore[arg-type]
            explode=explode,
        ),
    )


def test_a_list_in_a_path_or_header_is_written_simply() -> None:
    listed = {"name": "ids", "in": "path", "required": True, "type": "array", "items": TEXT}
    found = only(read(swagger({"/a/{ids}": {"get": {"parameters": [listed], **FINE}}}))).parameters[0]
    assert (found.style, found.explode) == ("simple", False)


def test_a_list_parted_by_tabs_is_left_out() -> None:
    listed = {"name": "ids", "in": "query", "type": "array", "items": TEXT, "collectionFormat": "tsv"}
    catalog = read(swagger({"/a": {"get": {"parameters": [listed], **FINE}}}))
    assert reasons(catalog) == {
        "GET /a, parameter 'ids'": "left out, since it has the style 'tsv', which is none of a query parameter"
    }


def test_a_shared_parameter_has_one_enum_wherever_it_is_used() -> None:
    parameters = {"sort": {"name": "sort", "in": "query", "type": "string", "enum": ["asc", "desc"]}}
    operation = {"parameters": [{"$ref": "#/parameters/sort"}], **FINE}
    catalog = read(swagger({"/a": {"get": operation}, "/b": {"get": operation}}, parameters=parameters))
    assert catalog.enums == (enum("Sort", "asc", "desc"),)


def test_a_body_is_a_json_body() -> None:
    definitions = {"Order": {"type": "object", "properties": {"id": TEXT}}}
    given = {"name": "order", "in": "body", "required": True, "schema": _ref("Order"), "description": "To make."}
    operation = {"parameters": [given], "responses": {"201": {"description": "Made."}}}
    found = only(read(swagger({"/a": {"post": operation}}, definitions=definitions, consumes=["application/json"])))
    assert found.result is None
    assert found.parameters == (
        EndpointParameter(
            name="body",
            place="body",
            shape=named("Order"),
            required=True,
            style="json",
            media_type="application/json",
            comment="To make.",
        ),
    )


def test_form_fields_are_one_form_body() -> None:
    fields = [
        {"name": "name", "in": "formData", "type": "string", "required": True, "description": "Who."},
        {"name": "tags", "in": "formData", "type": "array", "items": TEXT},
        {"name": "all", "in": "formData", "type": "array", "items": TEXT, "collectionFormat": "multi"},
    ]
    operation = {"operationId": "save", "parameters": fields, **FINE}
    catalog = read(swagger({"/a": {"post": operation}}))
    (found,) = only(catalog).parameters
    assert (found.style, found.shape, found.required) == ("urlencoded", named("SaveRequest"), True)
    assert found.encodings == (MemberEncoding(name="tags", style="form", explode=False),)
    members = object_named(catalog, "SaveRequest").properties
    assert [(one.name, one.required, one.comment) for one in members] == [
        ("name", True, "Who."),
        ("tags", False, None),
        ("all", False, None),
    ]


def test_files_are_left_out() -> None:
    upload = {"name": "file", "in": "formData", "type": "file", "required": True}
    download = {"responses": {"200": {"schema": {"type": "file"}}}}
    catalog = read(swagger({"/a": {"post": {"parameters": [upload], **FINE}, "get": download}}))
    assert catalog.endpoints == ()
    assert reasons(catalog) == {
        "POST /a": "takes only multipart/form-data",
        "GET /a": "answers binary content",
    }


def test_what_is_produced_decides_how_an_answer_is_read() -> None:
    as_xml = {"/a": {"get": {**FINE, "produces": ["application/xml"]}}}
    assert reasons(read(swagger(as_xml))) == {"GET /a": "answers only application/xml"}
    assert only(read(swagger({"/a": {"get": FINE}}, produces=["text/plain"]))).media_type == "text/plain"


def _ref(name: str) -> Document:
    return {"$ref": f"#/definitions/{name}"}
