"""Two large OpenAPI documents in the manner of real ones, and a service that answers as any document says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from tests.sources.http.transport.upstreams import Behaviour, Exchange

Json = Any

TEXT, NUMBER = {"type": "string"}, {"type": "integer", "format": "int64"}
ENUMS = (
    ["asc", "desc", "-created", "+created"],
    ["1", "2", "10.5"],
    ["", " ", "a b", "a-b", "a_b"],
    ["true", "false", "null"],
    ["é", "日本", "/", "*"],
)


def ref(name: str) -> Json:
    return {"$ref": "#/components/schemas/" + name}


def listed(schema: Json) -> Json:
    return {"type": "array", "items": schema}


def answers(schema: Json) -> Json:
    return {
        "200": {"description": "Well.", "content": {"application/json": {"schema": schema}}},
        "default": {"description": "Not well.", "content": {"application/json": {"schema": TEXT}}},
    }


def in_path(name: str) -> Json:
    return {"name": name, "in": "path", "required": True, "schema": TEXT}


# -- as of a cluster: dotted names, circles, hyphens, allOf ------------------------------------------


def cluster(kinds: int, circle: int = 25) -> Json:
    """A document of four operations and three schemas a kind; so many kinds in a row refer to each other."""
    schemas = {
        "io.example.meta.v1.ListMeta": {"type": "object", "properties": {"continue": TEXT, "remaining-count": NUMBER}},
        "io.example.any": {},
    }
    paths: dict[str, Json] = {}
    for number in range(kinds):
        name = _kind(number)
        paths |= dict(_cluster_paths(number, name))
        begin = number - number % circle
        following = begin + (number + 1 - begin) % min(circle, kinds - begin)
        schemas |= dict(_cluster_schemas(number, name, _kind(following)))
    return {
        "openapi": "3.0.1",
        "info": {"title": "A cluster", "version": "v1"},
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _kind(number: int) -> str:
    return f"io.example.api-{number % 7}.v1beta{number % 3}.Kind{number}"


def _cluster_paths(number: int, name: str) -> Iterator[tuple[str, Json]]:
    body = {"content": {"application/json": {"schema": ref(name)}, "application/yaml": {}}, "required": True}
    namespaced = f"/apis/group-{number}.example.io/v1/namespaces/{{namespace}}/kinds"
    sort = {"name": "sort.by", "in": "query", "schema": {"type": "string", "enum": ENUMS[number % len(ENUMS)]}}
    yield (
        namespaced,
        {
            "parameters": [in_path("namespace")],
            "get": {
                "operationId": f"listNamespaced.Kind-{number}",
                "tags": [f"group-{number % 7}"],
                "parameters": [sort, {"name": "watch", "in": "query", "schema": {"type": "boolean"}}],
                "responses": answers(ref(f"{name}List")),
            },
            "post": {
                "operationId": f"createNamespaced.Kind-{number}",
                "requestBody": body,
                "responses": answers(ref(name)),
            },
        },
    )
    yield (
        f"{namespaced}/{{name}}",
        {
            "parameters": [in_path("namespace"), in_path("name")],
            "get": {"operationId": f"read_Kind-{number}", "responses": answers(ref(name))},
            "delete": {"responses": answers(ref("io.example.any"))},
        },
    )


def _cluster_schemas(number: int, name: str, following: str) -> Iterator[tuple[str, Json]]:
    spec = {
        "type": "object",
        "required": ["replicas"],
        "properties": {
            "replicas": NUMBER,
            "x-kubernetes.io/order": {"type": "string", "enum": ENUMS[(number + 1) % len(ENUMS)]},
            "template": ref(following),
            "labels": {"type": "object", "additionalProperties": TEXT},
            "$ref-like": listed(ref(name)),
        },
    }
    yield f"{name}.Spec", spec
    yield (
        name,
        {
            "allOf": [
                {"type": "object", "required": ["apiVersion"], "properties": {"apiVersion": TEXT}},
                {"type": "object", "properties": {"spec": ref(f"{name}.Spec"), "spec.raw": ref("io.example.any")}},
            ]
        },
    )
    yield (
        f"{name}List",
        {
            "type": "object",
            "required": ["items"],
            "properties": {"items": listed(ref(name)), "metadata": ref("io.example.meta.v1.ListMeta")},
        },
    )


# -- as of a payment service: forms, unions, expansions, nullable ---------------------------------------


def payments(objects: int) -> Json:
    """A document of four operations and four schemas an object."""
    paths: dict[str, Json] = {}
    schemas: dict[str, Json] = {}
    for number in range(objects):
        paths |= dict(_payment_paths(number))
        schemas |= dict(_payment_schemas(number, objects))
    return {
        "openapi": "3.1.0",
        "info": {"title": "Payments", "version": "2024-06-20"},
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _payment_paths(number: int) -> Iterator[tuple[str, Json]]:
    expand = {"name": "expand", "in": "query", "style": "deepObject", "explode": True, "schema": listed(TEXT)}
    created = {
        "name": "created",
        "in": "query",
        "style": "deepObject",
        "schema": {"anyOf": [{"type": "object", "properties": {"gt": NUMBER, "lt": NUMBER}}, NUMBER]},
    }
    form = {
        "content": {
            "application/x-www-form-urlencoded": {
                "encoding": {"expand": {"style": "deepObject", "explode": True}},
                "schema": {
                    "type": "object",
                    "required": ["amount"],
                    "properties": {
                        "amount": NUMBER,
                        "expand": listed(TEXT),
                        "metadata": {"anyOf": [{"type": "object", "additionalProperties": TEXT}, {"enum": [""]}]},
                        "mode": {"type": "string", "enum": ENUMS[number % len(ENUMS)]},
                    },
                },
            }
        }
    }
    yield (
        f"/v1/object_{number}s",
        {
            "get": {
                "operationId": f"GetObject{number}s",
                "parameters": [expand, created],
                "responses": answers(_page(number)),
            },
            "post": {
                "operationId": f"PostObject{number}s",
                "requestBody": form,
                "responses": answers(ref(f"object.{number}")),
            },
        },
    )
    yield (
        f"/v1/object_{number}s/{{id}}",
        {
            "parameters": [in_path("id")],
            "get": {
                "operationId": f"GetObject{number}sId",
                "parameters": [expand],
                "responses": answers(ref(f"object.{number}")),
            },
            "delete": {
                "operationId": f"DeleteObject{number}sId",
                "responses": answers(ref(f"deleted_object.{number}")),
            },
        },
    )


def _page(number: int) -> Json:
    return {
        "type": "object",
        "required": ["data", "has_more", "object"],
        "properties": {
            "data": listed(ref(f"object.{number}")),
            "has_more": {"type": "boolean"},
            "object": {"type": "string", "enum": ["list"]},
        },
    }


def _payment_schemas(number: int, objects: int) -> Iterator[tuple[str, Json]]:
    other = (number * 7 + 1) % objects
    yield (
        f"object.{number}",
        {
            "type": "object",
            "required": ["id", "amount"],
            "properties": {
                "id": {"type": "string", "maxLength": 5000},
                "amount": {"type": ["integer", "null"]},
                "other": {"anyOf": [TEXT, ref(f"object.{other}"), ref(f"deleted_object.{other}")]},
                "source": {
                    "oneOf": [ref(f"card-{number}"), ref(f"bank-{number}")],
                    "discriminator": {"propertyName": "object"},
                },
                "status": {"type": ["string", "null"], "enum": [*ENUMS[number % len(ENUMS)], None]},
                "history": listed(ref(f"object.{number}")),
            },
        },
    )
    yield (
        f"deleted_object.{number}",
        {
            "type": "object",
            "required": ["id", "deleted"],
            "properties": {"id": TEXT, "deleted": {"type": "boolean", "const": True}},
        },
    )
    for kind in ("card", "bank"):
        yield (
            f"{kind}-{number}",
            {
                "type": "object",
                "required": ["object"],
                "properties": {
                    "object": {"enum": [f"{kind}-{number}"]},
                    f"{kind}.number": TEXT,
                    "parent": ref(f"object.{number}"),
                },
            },
        )


# -- a service that answers as its document says -----------------------------------------------------------


def mock(document: Json) -> Behaviour:
    """Answer each operation of a document with an example of its answer."""
    routes = [(re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path) + "$"), item) for path, item in document["paths"].items()]

    async def behave(exchange: Exchange) -> None:
        path = urlsplit(exchange.seen.path).path
        [item, *_] = [item for pattern, item in routes if pattern.match(path)]
        content = item[exchange.seen.method.lower()]["responses"]["200"]["content"]
        found = example(document, content["application/json"]["schema"], 4)
        await exchange.answer(json.dumps(found).encode(), 200, content_type="application/json")

    return behave


def with_examples(document: Json) -> Json:
    """The same document, with an example of every answer: Prism makes none of objects that go in circles."""
    for item in document["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict):
                media = operation["responses"]["200"]["content"]["application/json"]
                media["example"] = example(document, media["schema"], 3)
    return document


def example(document: Json, schema: Json, depth: int) -> Json:
    """A value of the schema; what is not required ends at the depth."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return example(document, document["components"]["schemas"][name], depth)
    if "allOf" in schema:
        return {key: value for part in schema["allOf"] for key, value in example(document, part, depth).items()}
    for word in ("anyOf", "oneOf"):
        if word in schema:
            return example(document, schema[word][-1], depth)
    if "enum" in schema:
        return schema["enum"][0]
    type_ = schema.get("type", "string")
    match type_ if isinstance(type_, str) else type_[0]:
        case "object":
            required = schema.get("required", ())
            return {
                name: example(document, each, depth - 1)
                for name, each in schema.get("properties", {}).items()
                if name in required or depth > 0
            }
        case "array":
            return [example(document, schema["items"], depth - 1)] if depth > 0 else []
        case "integer":
            return 7
        case "boolean":
            return True
        case _:
            return "text"
