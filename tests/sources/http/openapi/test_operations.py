from __future__ import annotations

from typing import Any

import pytest

from punnet.catalog.endpoints import Endpoint, EndpointId
from punnet.sources.http.openapi.choose import Choose, Picks
from punnet.sources.http.openapi.errors import DocumentTooLarge, NoBaseUrl, NotOpenApi
from punnet.sources.http.openapi.report import report
from tests.sources.http.openapi.reading import (
    Document,
    answering,
    document,
    enum,
    getting,
    list_of,
    named,
    only,
    read,
    reasons,
    ref,
    scalar,
)

TEXT = {"type": "string"}
PETS = {"Pet": {"type": "object", "properties": {"name": TEXT}}}
FINE = {"responses": answering(TEXT)}


def test_an_operation_is_an_endpoint() -> None:
    operation = {
        "operationId": "listPets",
        "summary": "All pets",
        "description": "In no order.",
        "tags": ["pets", 3],
        "deprecated": True,
        "x-internal": {"anything": []},
        "callbacks": {"onPet": {"{$request.body#/url}": {"post": {}}}},
        "responses": answering({"type": "array", "items": ref("Pet")}),
    }
    assert only(read(document({"/pets": {"get": operation}}, schemas=PETS, webhooks={"new": {}}))) == Endpoint(
        id=EndpointId(source="svc", name="listPets"),
        method="GET",
        path="/pets",
        parameters=(),
        result=list_of(named("Pet")),
        media_type="application/json",
        tags=("pets",),
        deprecated=True,
        comment="All pets\n\nIn no order.",
    )


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("get", "/orders/{id}/items", "getOrdersByIdItems"),
        ("delete", "/v1.2/order-items/{order_id}:{lineNo}", "deleteV1_2OrderItemsByOrderIdByLineNo"),
        ("get", "/", "getRoot"),
    ],
)
def test_an_operation_without_an_id_is_named_by_its_method_and_path(method: str, path: str, name: str) -> None:
    assert only(read(document({path: {method: FINE}}))).id.name == name


def test_operations_that_share_an_id_are_told_apart_by_their_method_and_path() -> None:
    operation = {"operationId": "list", **FINE}
    catalog = read(document({"/a": {"get": operation, "post": operation}, "/b": {"get": operation}}))
    assert [one.id.name for one in catalog.endpoints] == ["list_getA", "list_postA", "list_getB"]


def test_a_made_name_gives_way_to_an_id() -> None:
    catalog = read(document({"/a": {"get": FINE}, "/b": {"get": {"operationId": "getA", **FINE}}}))
    assert len({one.id.name for one in catalog.endpoints}) == 2


@pytest.mark.parametrize(
    ("responses", "expected"),
    [
        ({"200": {"$ref": "#/components/responses/Text"}}, scalar("String")),
        ({"201": {"description": "No body."}, "202": answering(TEXT)["200"]}, scalar("String")),
        ({"2XX": answering({"type": "integer"})["200"], "default": answering(TEXT)["200"]}, scalar("Int")),
        ({"default": answering(TEXT)["200"]}, scalar("String")),
        ({"204": {"description": "Gone."}, "default": answering(TEXT)["200"]}, None),
        ({"404": answering(TEXT)["200"]}, None),
        ({}, None),
        (answering(TEXT, "application/hal+json; charset=utf-8"), scalar("String")),
        (answering(TEXT, "*/*"), scalar("String")),
        (answering({"type": "integer"}, "text/plain"), scalar("String")),
        ({"200": {"content": {"application/json": {}}}}, scalar("JSON")),
    ],
)
def test_the_result_is_the_first_success_that_has_a_body(responses: dict[str, Any], expected: object) -> None:
    components = {"responses": {"Text": answering(TEXT)["200"]}}
    found = only(read(document({"/a": {"get": {"responses": responses}}}, components=components)))
    assert found.result == expected


def test_the_media_type_of_the_answer_is_what_is_to_be_asked_for() -> None:
    content = {"text/csv": {"schema": TEXT}, "application/vnd.acme+json": {"schema": TEXT}, "*/*": {"schema": TEXT}}
    found = only(read(document({"/a": {"get": {"responses": {"200": {"content": content}}}}})))
    assert found.media_type == "application/vnd.acme+json"


@pytest.mark.parametrize(
    ("media_type", "schema", "reason"),
    [
        ("application/pdf", TEXT, "answers only application/pdf"),
        ("text/event-stream", TEXT, "answers only text/event-stream"),
        ("application/json", {"type": "string", "format": "binary"}, "answers binary content"),
    ],
)
def test_an_operation_that_answers_something_else_is_left_out(
    media_type: str, schema: dict[str, object], reason: str
) -> None:
    catalog = read(document({"/a": {"get": {"responses": answering(schema, media_type)}}}))
    assert catalog.endpoints == ()
    assert reasons(catalog) == {"GET /a": reason}


def test_a_shared_answer_names_its_object_itself() -> None:
    components = {"responses": {"Listing": answering(PETS["Pet"])["200"]}}
    shared = {"200": {"$ref": "#/components/responses/Listing"}}
    paths = {"/a": {"get": {"responses": shared}}, "/b": {"get": {"responses": shared}}}
    assert {one.result for one in read(document(paths, components=components)).endpoints} == {named("ListingResponse")}


def test_a_path_item_may_stand_elsewhere() -> None:
    words: Document = {"components": {"pathItems": {"a": {"get": FINE}}}}
    assert only(read(document({"/a": {"$ref": "#/components/pathItems/a"}}, **words))).path == "/a"


@pytest.mark.parametrize(
    ("path_item", "place"),
    [
        ({"$ref": "#/nowhere"}, "/a"),
        ("text", "/a"),
        ({"get": []}, "GET /a"),
        ({"head": FINE}, "HEAD /a"),
        ({"get": {"parameters": [{"$ref": "#/nowhere"}]}}, "GET /a"),
        ({"post": {"requestBody": {"$ref": "#/nowhere"}}}, "POST /a"),
        ({"get": {"responses": {"200": {"$ref": "#/nowhere"}}}}, "GET /a"),
    ],
)
def test_a_malformed_operation_is_left_out_alone(path_item: object, place: str) -> None:
    catalog = read(document({"/a": path_item, "/b": {"get": FINE}}))
    assert only(catalog).path == "/b"
    assert list(reasons(catalog)) == [place]


@pytest.mark.parametrize(
    "reference",
    [
        "#/components/schemas/Nothing",
        "#/components/schemas/Loop/properties/x",
        "#anchor",
        "#/openapi/x",
        "http://[",
        "ftp://a/b",
        "file:///etc/passwd",
        "",
        "#/paths/0/999999999999999999999",
    ],
)
def test_a_schema_that_refers_to_nothing_is_json(reference: str) -> None:
    schema = {"type": "object", "properties": {"a": {"$ref": reference}, "b": TEXT}}
    schemas = {"Loop": {"$ref": "#/components/schemas/Loop/properties/x"}}
    catalog = read(document(getting(schema), schemas=schemas))
    assert [one.shape for one in catalog.objects[0].properties if one.name == "b"] == [scalar("String")]


def test_pointers_are_unescaped() -> None:
    schemas = {"a/b~c {d}": {"enum": ["x", "y"]}}
    found = read(document(getting({"$ref": "#/components/schemas/a~1b~0c%20%7Bd%7D"}), schemas=schemas))
    assert only(found).result == enum("a/b~c {d}", "x", "y")


def test_a_pointer_may_lead_into_other_places_of_the_document() -> None:
    paths = {
        **getting({"type": "object", "properties": {"pet": {"properties": {"n": TEXT}}, "x": TEXT}}),
        "/b": {
            "get": {
                "operationId": "getB",
                "responses": answering(
                    {"$ref": "#/paths/~1thing/get/responses/200/content/application~1json/schema/properties/pet"}
                ),
            }
        },
        "/c": {"get": {"operationId": "getC", "responses": answering({"$ref": "#/components/schemas/A/properties/b"})}},
    }
    schemas = {"A": {"properties": {"b": {"properties": {"n": TEXT}}}}}
    results = [one.result for one in read(document(paths, schemas=schemas)).endpoints]
    assert results == [named("GetThingResponse"), named("GetBResponse"), named("AB")]


@pytest.mark.parametrize(
    ("servers", "expected"),
    [
        ([{"url": "https://a.test/v1/"}], "https://a.test/v1"),
        ([{"url": "/v2"}], "https://api.test/v2"),
        ([{"url": "v3"}], "https://api.test/v3"),
        (
            [{"url": "{scheme}://{host}", "variables": {"scheme": {"default": "http"}, "host": {"enum": ["b.test"]}}}],
            "http://b.test",
        ),
        ([{"url": "https://{unknown}.test"}, {"url": "https://c.test"}], "https://c.test"),
        ([], "https://api.test"),
        (None, "https://api.test"),
    ],
)
def test_the_first_usable_server_is_the_base(servers: object, expected: str) -> None:
    assert read(document(servers=servers)).base_url == expected


def test_the_base_that_is_given_wins() -> None:
    found = read(document(servers=[{"url": "https://a.test/"}]), base_url="http://localhost:4010/")
    assert found.base_url == "http://localhost:4010"


def test_an_operation_with_a_server_below_the_base_has_a_longer_path() -> None:
    words: Document = {"servers": [{"url": "https://a.test/api"}]}
    paths = {"/a": {"get": {**FINE, "servers": [{"url": "https://a.test/api/v2"}]}}}
    assert only(read(document(paths, **words))).path == "/v2/a"


def test_an_operation_with_a_server_elsewhere_is_left_out() -> None:
    words: Document = {"servers": [{"url": "https://a.test"}]}
    paths = {"/a": {"servers": [{"url": "https://a.test.evil.test"}], "get": FINE}, "/b": {"get": FINE}}
    catalog = read(document(paths, **words))
    assert only(catalog).path == "/b"
    assert reasons(catalog)["GET /a"].startswith("is served elsewhere, at https://a.test.evil.test")


def test_where_only_operations_name_servers_the_commonest_is_the_base() -> None:
    there, here = {"servers": [{"url": "https://b.test"}]}, {"servers": [{"url": "https://c.test"}]}
    paths = {"/a": {**there, "get": FINE}, "/b": {**there, "get": FINE}, "/c": {**here, "get": FINE}}
    catalog = read(document(paths))
    assert catalog.base_url == "https://b.test"
    assert [one.path for one in catalog.endpoints] == ["/a", "/b"]


def test_a_document_that_names_no_address_needs_one() -> None:
    with pytest.raises(NoBaseUrl):
        read(document(servers=[{"url": "https://{region}.test"}]))


ORDERS = {
    "/orders": {"get": {"operationId": "listOrders", "tags": ["orders"], **FINE}},
    "/orders/all": {"delete": {"operationId": "deleteOrder", "tags": ["orders", "admin"], **FINE}},
    "/pets": {"get": FINE},
}


@pytest.mark.parametrize(
    ("choose", "expected"),
    [
        (Choose(), ["listOrders", "deleteOrder", "getPets"]),
        (Choose(include=Picks(tags=("orders",))), ["listOrders", "deleteOrder"]),
        (Choose(include=Picks(paths=("/orders*",)), exclude=Picks(tags=("admin",))), ["listOrders"]),
        (Choose(include=Picks(operations=("getPets",), tags=("admin",))), ["deleteOrder", "getPets"]),
        (Choose(exclude=Picks(operations=("listOrders",), paths=("/pets",))), ["deleteOrder"]),
    ],
)
def test_operations_are_chosen_by_tag_path_and_id(choose: Choose, expected: list[str]) -> None:
    assert [one.id.name for one in read(document(ORDERS), choose=choose).endpoints] == expected


def test_a_choice_that_matches_nothing_is_told() -> None:
    choose = Choose(include=Picks(tags=("orders", "order")), exclude=Picks(paths=("/x",), operations=("y",)))
    assert list(reasons(read(document(ORDERS), choose=choose))) == [
        "include tag 'order'",
        "exclude path '/x'",
        "exclude operation 'y'",
    ]


@pytest.mark.parametrize("root", [None, [], "text", 3, {}, {"openapi": "4.0.0"}, {"swagger": "1.2"}, {"openapi": {}}])
def test_what_is_no_openapi_document_says_so(root: Any) -> None:
    with pytest.raises(NotOpenApi, match="is no OpenAPI document"):
        read(root)


@pytest.mark.parametrize("version", ["3.0.0", "3.0.4", "3.1.0", "3.1.1", "3.2.0", 3.1, 3])
def test_every_version_of_three_is_read(version: Any) -> None:
    assert only(read(document(getting(TEXT), version=version))).path == "/thing"


def test_a_document_without_operations_is_an_empty_service_that_says_so() -> None:
    assert reasons(read({"openapi": "3.1.0"})) == {"the document": "has no operations"}


def test_references_that_multiply_beyond_measure_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("punnet.sources.http.openapi.notes.MAX_STEPS", 1_000)
    schemas = {f"A{i}": {"allOf": [ref(f"A{j}") for j in range(i)], "properties": {f"p{i}": TEXT}} for i in range(30)}
    with pytest.raises(DocumentTooLarge):
        read(document(getting(ref("A29")), schemas=schemas))


def test_the_report_groups_what_is_left_out_by_reason() -> None:
    pdf = {"responses": answering(TEXT, "application/pdf")}
    upload = {"requestBody": {"required": True, "content": {"image/png": {}}}, **FINE}
    paths = {f"/file/{i}": {"get": pdf} for i in range(3)} | {"/up": {"post": upload}, "/a": {"get": FINE}}
    assert report(read(document(paths)), mutations=True, places=2) == (
        "svc: 1 operation, 0 objects, 0 unions, 0 enums; "
        "4 left out or carried with less than the document says:\n"
        "  answers only application/pdf (3)\n"
        "    GET /file/0; GET /file/1; and 1 more\n"
        "  takes only image/png (1)\n"
        "    POST /up"
    )


def test_the_report_of_a_service_that_is_carried_whole_is_a_line() -> None:
    assert report(read(document({"/a": {"get": FINE}})), mutations=False).endswith("; nothing is left out.")


def test_the_report_names_operations_that_are_no_fields() -> None:
    gone = {"responses": {"204": {"description": "Gone."}}}
    paths = {"/a": {"get": FINE, "post": FINE, "delete": gone}, "/ping": {"get": gone}}
    service = read(document(paths))
    assert report(service, mutations=False) == (
        "svc: 4 operations, 0 objects, 0 unions, 0 enums; 3 operations without a field:\n"
        "  is no GET, and the source does not say 'mutations = true': only joins can call it (2)\n"
        "    postA; deleteA\n"
        "  is a GET whose answer has no result (1)\n"
        "    getPing"
    )
    assert report(service, mutations=True) == (
        "svc: 4 operations, 0 objects, 0 unions, 0 enums; 1 operation without a field:\n"
        "  is a GET whose answer has no result (1)\n"
        "    getPing"
    )


def test_the_report_tells_what_is_left_out_beside_what_is_no_field() -> None:
    pdf = {"responses": answering(TEXT, "application/pdf")}
    told = report(read(document({"/file": {"get": pdf}, "/a": {"post": FINE}})), mutations=False)
    assert told.splitlines()[0].endswith(
        "; 1 left out or carried with less than the document says, 1 operation without a field:"
    )
