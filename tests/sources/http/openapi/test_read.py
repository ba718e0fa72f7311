from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from punnet.catalog.endpoints import ServiceCatalog
from punnet.demo.upstream import create_upstream
from punnet.errors import PunnetError
from punnet.sources.http.openapi.choose import Choose, Picks
from punnet.sources.http.openapi.errors import DocumentMalformed, DocumentTooLarge, DocumentUnreachable, NotOpenApi
from punnet.sources.http.openapi.read import read_service
from punnet.sources.http.transport.errors import ConnectFailed, ServiceTimeout
from tests.sources.http.openapi.reading import (
    enum,
    list_of,
    named,
    object_named,
    only,
    read,
    reasons,
    scalar,
    shapes_of,
    union_named,
)

PET_SHOP = """
openapi: 3.0.3
info: {title: Pet shop, version: "1"}
servers: [{url: "https://pets.test/v1"}]
paths:
  /pets:
    parameters: [{$ref: "#/components/parameters/Limit"}]
    get:
      operationId: listPets
      tags: [pets]
      parameters:
        - {name: status, in: query, schema: {type: array, items: {$ref: "#/components/schemas/Status"}}, explode: false}
      responses:
        200:
          description: A page of pets.
          content: {application/json: {schema: {$ref: "#/components/schemas/Pets"}}}
        default: {$ref: "#/components/responses/Failed"}
    post:
      operationId: addPet
      requestBody: {$ref: "#/components/requestBodies/Pet"}
      responses: {201: {description: Added.}}
  /pets/{petId}:
    get:
      operationId: getPet
      parameters: [{name: petId, in: path, required: true, schema: {type: integer, format: int64}}]
      responses:
        "200": {description: Found., content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}
components:
  parameters:
    Limit: {name: limit, in: query, schema: {type: integer, format: int32, default: 20}}
  requestBodies:
    Pet: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}
  responses:
    Failed: {description: Failed., content: {application/json: {schema: {type: object}}}}
  schemas:
    Status: {type: string, enum: [on-sale, sold, no]}
    Pets: {type: array, items: {$ref: "#/components/schemas/Pet"}}
    Pet:
      type: object
      required: [id, name]
      properties:
        id: {type: integer, format: int64, readOnly: true}
        name: {type: string}
        status: {$ref: "#/components/schemas/Status"}
        born: {type: string, format: date, nullable: true}
        photos: {type: array, items: {type: string, format: uri}}
        mother: {$ref: "#/components/schemas/Pet"}
        labels: {type: object, additionalProperties: {type: string}}
"""


def web(pages: dict[str, Any], asked: list[str] | None = None) -> Callable[[str], Awaitable[bytes]]:
    """A web that holds nothing but the pages given."""

    async def fetch(url: str) -> bytes:
        if asked is not None:
            asked.append(url)
        if url not in pages:
            raise ConnectionError("nobody answers")
        page = pages[url]
        return page if isinstance(page, bytes) else json.dumps(page).encode()

    return fetch


async def read_file(path: Path, pages: dict[str, Any] | None = None, **words: Any) -> ServiceCatalog:
    return await read_service(path, name="svc", fetch=web(pages or {}), **words)


def write(directory: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text)


async def test_a_pet_shop_in_yaml(tmp_path: Path) -> None:
    write(tmp_path, {"shop.yaml": PET_SHOP})
    catalog = await read_file(tmp_path / "shop.yaml")
    assert catalog.base_url == "https://pets.test/v1"
    assert [(one.id.name, one.result) for one in catalog.endpoints] == [
        ("listPets", list_of(named("Pet"))),
        ("addPet", None),
        ("getPet", named("Pet")),
    ]
    status = enum("Status", "on-sale", "sold", "no")
    assert [(one.name, one.shape) for one in catalog.endpoints[0].parameters] == [
        ("limit", scalar("Int")),
        ("status", list_of(status)),
    ]
    assert shapes_of(object_named(catalog, "Pet")) == {
        "id": scalar("BigInt"),
        "name": scalar("String"),
        "status": status,
        "born": scalar("Date"),
        "photos": list_of(scalar("String")),
        "mother": named("Pet"),
        "labels": scalar("JSON"),
    }
    assert catalog.left_out == ()


async def test_the_sample_service_is_carried_whole() -> None:
    catalog = read(create_upstream().openapi())
    batch, single, shipment, stats = catalog.endpoints
    assert (batch.id.name, batch.result) == ("listInventory", list_of(named("Inventory")))
    (sku,) = batch.parameters
    assert (sku.name, sku.place, sku.shape, sku.required) == ("sku", "query", list_of(scalar("String")), True)
    assert (sku.style, sku.explode) == ("form", False)
    assert (single.path, single.result) == ("/inventory/{sku}", named("Inventory"))
    assert shipment.parameters[0].shape == scalar("Int")
    assert stats.tags == ("stats",)
    restocked_on = object_named(catalog, "Inventory").properties[3]
    assert (restocked_on.shape, restocked_on.nullable, restocked_on.required) == (scalar("Date"), True, True)
    assert shapes_of(object_named(catalog, "Shipment")) == {
        "order_id": scalar("Int"),
        "carrier": scalar("String"),
        "tracking_number": scalar("String"),
        "eta": scalar("Date"),
        "delivered": scalar("Boolean"),
        "weight_kg": scalar("Float"),
    }
    assert catalog.left_out == ()


async def test_a_document_from_the_web_says_where_its_service_is() -> None:
    root = "http://127.0.0.1:9/openapi.json"
    fetch = web({root: create_upstream().openapi()})
    catalog = await read_service(root, name="svc", fetch=fetch, choose=Choose(include=Picks(tags=("shipments",))))
    assert catalog.base_url == "http://127.0.0.1:9"
    assert [one.id.name for one in catalog.endpoints] == ["getShipment"]
    assert [one.name for one in catalog.objects] == ["Shipment"]


async def test_references_lead_through_files_and_back(tmp_path: Path) -> None:
    files = {
        "api/openapi.yaml": """
            openapi: 3.1.0
            servers: [{url: "https://a.test"}]
            paths:
              /orders/{id}: {$ref: "paths/order.yaml"}
            components:
              schemas:
                Order: {$ref: "../schemas/order.yaml"}
        """,
        "api/paths/order.yaml": """
            parameters: [{$ref: "../shared.yaml#/parameters/id"}]
            get:
              operationId: getOrder
              responses:
                200:
                  content: {application/json: {schema: {$ref: "../../schemas/order.yaml"}}}
        """,
        "api/shared.yaml": "parameters: {id: {name: id, in: path, required: true, schema: {type: integer}}}",
        "schemas/order.yaml": """
            type: object
            properties:
              lines: {type: array, items: {$ref: "order-line.json"}}
              pay: {$ref: "types.yaml#/definitions/pay%20method"}
              same: {$ref: "../api/openapi.yaml#/components/schemas/Order"}
        """,
        "schemas/order-line.json": '{"type": "object", "properties": {"order": {"$ref": "order.yaml"}}}',
        "schemas/types.yaml": """
            definitions:
              pay method: {oneOf: [{$ref: "#/definitions/Card"}, {$ref: "#/definitions/Cash"}]}
              Card: {properties: {number: {type: string}}}
              Cash: {properties: {change: {type: boolean}}}
        """,
    }
    write(tmp_path, files)
    catalog = await read_file(tmp_path / "api/openapi.yaml")
    assert only(catalog).result == named("Order")
    assert only(catalog).parameters[0].shape == scalar("Int")
    assert shapes_of(object_named(catalog, "Order")) == {
        "lines": list_of(named("order-line")),
        "pay": named("pay method"),
        "same": named("Order"),
    }
    assert shapes_of(object_named(catalog, "order-line")) == {"order": named("Order")}
    assert union_named(catalog, "pay method").members == ("Card", "Cash")
    assert catalog.left_out == ()


async def test_components_of_several_files_that_share_a_name_are_told_apart(tmp_path: Path) -> None:
    root = _referring("a.yaml#/definitions/Item", "b.yaml#/definitions/Item")
    item = "definitions: {Item: {properties: {x: {type: string}}}}"
    write(tmp_path, {"openapi.json": root, "a.yaml": item, "b.yaml": item})
    catalog = await read_file(tmp_path / "openapi.json")
    assert [one.name for one in catalog.objects] == ["Item", "Item2"]


async def test_references_of_a_web_document_are_relative_to_it() -> None:
    asked: list[str] = []
    root = "https://docs.test/v1/openapi.json"
    pages = {
        root: json.loads(_referring("../shared/pet.yaml?v=2#/Pet", "//other.test/p.json")),
        "https://docs.test/shared/pet.yaml?v=2": b"Pet: {properties: {name: {type: string}}}",
        "https://other.test/p.json": {"enum": ["a", "b"]},
    }
    catalog = await read_service(root, name="svc", fetch=web(pages, asked))
    assert [one.result for one in catalog.endpoints] == [named("Pet"), enum("p", "a", "b")]
    assert sorted(asked) == sorted(pages)


async def test_a_web_document_reaches_no_local_file(tmp_path: Path) -> None:
    write(tmp_path, {"secret.yaml": "type: string"})
    root = "https://docs.test/openapi.json"
    pages = {root: json.loads(_referring((tmp_path / "secret.yaml").as_uri()))}
    catalog = await read_service(root, name="svc", fetch=web(pages))
    assert only(catalog).result == scalar("JSON")
    assert list(reasons(catalog).values()) == [
        "carried as JSON, since it comes from the web and refers to a local file"
    ]


async def test_further_documents_that_cannot_be_had_leave_out_what_needs_them(tmp_path: Path) -> None:
    root = _referring("gone.yaml", "https://gone.test/x.json", "broken.yaml", "fine.yaml#/definitions/It")
    write(tmp_path, {"openapi.json": root, "broken.yaml": "{", "fine.yaml": "definitions: {It: {type: string}}"})
    catalog = await read_file(tmp_path / "openapi.json")
    assert [one.result for one in catalog.endpoints] == [scalar("JSON")] * 3 + [scalar("String")]
    assert "No such file or directory" in reasons(catalog)["GET /0, answer"]
    assert "nobody answers" in reasons(catalog)["GET /1, answer"]
    assert "cannot be read" in reasons(catalog)["GET /2, answer"]


async def test_documents_that_only_unwanted_operations_need_are_not_asked_for(tmp_path: Path) -> None:
    asked: list[str] = []
    write(tmp_path, {"openapi.json": _referring("https://a.test/a.json", "https://b.test/b.json")})
    choose = Choose(include=Picks(paths=("/1",)))
    await read_service(tmp_path / "openapi.json", name="svc", fetch=web({}, asked), choose=choose)
    assert asked == ["https://b.test/b.json"]


async def test_a_chain_of_documents_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("punnet.sources.http.openapi.read.MAX_DOCUMENTS", 20)

    async def fetch(url: str) -> bytes:
        number = int(url.rsplit("/", 1)[1])
        link = f"https://docs.test/{number + 1}"
        page = {"properties": {"next": {"$ref": link}}} if number else json.loads(_referring(link))
        return json.dumps(page).encode()

    with pytest.raises(DocumentTooLarge, match="more than 20 documents"):
        await read_service("https://docs.test/0", name="svc", fetch=fetch)


async def test_a_document_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(DocumentUnreachable, match="No such file or directory"):
        await read_file(tmp_path / "gone.yaml")
    with pytest.raises(DocumentUnreachable, match="nobody answers"):
        await read_service("https://gone.test/openapi.json", name="svc", fetch=web({}))
    with pytest.raises(DocumentUnreachable):
        await read_service("file:///a%00b", name="svc", fetch=web({}))


async def test_a_document_that_is_something_else_says_so(tmp_path: Path) -> None:
    write(tmp_path, {"page.html": "<html><body>Not found: it</body></html>", "broken.json": '{"openapi": '})
    with pytest.raises(NotOpenApi):
        await read_file(tmp_path / "page.html")
    with pytest.raises(DocumentMalformed, match="line 1"):
        await read_file(tmp_path / "broken.json")


async def test_an_error_of_fetching_the_document_is_passed_on() -> None:
    async def fetch(url: str) -> bytes:
        raise PunnetError(what=f"{url} is forbidden")

    with pytest.raises(PunnetError, match="is forbidden"):
        await read_service("https://a.test/x", name="svc", fetch=fetch)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://u:hunter2@a.test:8080/x?key=hunter2", "a.test:8080"),
        ("https://a.test/x", "a.test:443"),
        ("http://[::1]/x", "[::1]:80"),
    ],
)
async def test_a_server_that_cannot_be_connected_to_is_named(url: str, host: str) -> None:
    async def fetch(_url: str) -> bytes:
        raise ConnectFailed("stock", why="it refused the connection")

    with pytest.raises(ConnectFailed) as caught:
        await read_service(url, name="stock", fetch=fetch)
    assert str(caught.value) == (
        "HTTP-101: The source 'stock' failed.\n"
        f"  where: reading its OpenAPI document from {host}, it refused the connection\n"
        "  fix: correct the source's url, or start what serves the document there"
    )


async def test_a_document_that_does_not_come_in_time_is_told_with_its_server() -> None:
    async def fetch(_url: str) -> bytes:
        raise ServiceTimeout("stock", why="it had not answered whole at the deadline")

    with pytest.raises(ServiceTimeout) as caught:
        await read_service("https://a.test/x", name="stock", fetch=fetch)
    assert caught.value.where == (
        "reading its OpenAPI document from a.test:443, it had not answered whole at the deadline"
    )


async def test_the_error_tells_what_where_and_how_to_fix() -> None:
    with pytest.raises(DocumentUnreachable) as caught:
        await read_service("https://gone.test/openapi.json", name="stock", fetch=web({}))
    assert str(caught.value) == (
        "HTTP-001: cannot read the OpenAPI document 'https://gone.test/openapi.json': nobody answers\n"
        "  where: reading the service 'stock'\n"
        "  fix: correct the path or URL of the document, or make it readable"
    )


def _referring(*references: str) -> str:
    paths = {
        f"/{number}": {"get": {"responses": {"200": {"content": {"application/json": {"schema": {"$ref": one}}}}}}}
        for number, one in enumerate(references)
    }
    return json.dumps({"openapi": "3.1.0", "servers": [{"url": "https://a.test"}], "paths": paths})
