"""Documents that use every word that we read, to be mutated; and one as large as real ones are."""

from __future__ import annotations

from typing import Any

Document = dict[str, Any]

TEXT: Document = {"type": "string"}


def _ref(name: str, section: str = "schemas") -> Document:
    return {"$ref": f"#/components/{section}/{name}"}


def rich_document(version: str) -> Document:
    """One of OpenAPI 3 in which everything stands that a document can say."""
    json_of_pet = {"application/json": {"schema": _ref("Pet")}}
    return {
        "openapi": version,
        "servers": [{"url": "https://{region}.test/v1", "variables": {"region": {"default": "eu", "enum": ["eu"]}}}],
        "paths": {
            "/pets/{pet-id}": {
                "parameters": [_ref("PetId", "parameters"), {"name": "X-Trace", "in": "header", "schema": TEXT}],
                "get": {
                    "operationId": "getPet",
                    "tags": ["pets"],
                    "parameters": [
                        {"name": "fields", "in": "query", "style": "pipeDelimited", "schema": _ref("Tags")},
                        {"name": "filter", "in": "query", "style": "deepObject", "schema": _ref("Owner")},
                        {"name": "where", "in": "query", "content": {"application/json": {"schema": _ref("Owner")}}},
                        {"name": "session", "in": "cookie", "schema": TEXT},
                    ],
                    "responses": {"200": {"content": json_of_pet}, "default": _ref("Failed", "responses")},
                },
                "post": {
                    "operationId": "getPet",
                    "requestBody": _ref("Pet", "requestBodies"),
                    "responses": {"2XX": {"content": {"text/plain": {"schema": TEXT}}}, "204": {}},
                    "servers": [{"url": "https://eu.test/v1/more"}],
                },
            },
            "/trees": {"get": {"responses": {"200": {"content": {"*/*": {"schema": _ref("Tree")}}}}}},
            "/form": {
                "put": {
                    "requestBody": {
                        "required": True,
                        "content": {
                            "application/x-www-form-urlencoded": {
                                "schema": _ref("Owner"),
                                "encoding": {"tags": {"style": "deepObject", "explode": True}},
                            }
                        },
                    },
                    "responses": {"200": {"content": {"application/hal+json": {"schema": {"type": "array"}}}}},
                }
            },
        },
        "components": {
            "parameters": {"PetId": {"name": "pet-id", "in": "path", "required": True, "schema": {"type": "integer"}}},
            "requestBodies": {"Pet": {"required": True, "content": json_of_pet}},
            "responses": {"Failed": {"content": {"application/problem+json": {"schema": {"type": "object"}}}}},
            "schemas": {
                "Pet": {
                    "oneOf": [_ref("Cat"), _ref("Dog"), {"type": "null"}],
                    "discriminator": {"propertyName": "kind", "mapping": {"cat": "#/components/schemas/Cat"}},
                },
                "Cat": {"allOf": [_ref("Animal"), {"properties": {"kind": {"const": "cat"}, "lives": _ref("Count")}}]},
                "Dog": {
                    "allOf": [_ref("Animal")],
                    "type": "object",
                    "properties": {"kind": {"enum": ["dog", "wolf"]}, "friends": {"items": _ref("Pet")}},
                    "required": ["kind"],
                },
                "Animal": {
                    "type": "object",
                    "required": ["kind"],
                    "properties": {"kind": TEXT, "owner": _ref("Owner"), "secret": {**TEXT, "writeOnly": True}},
                },
                "Owner": {
                    "type": ["object", "null"],
                    "properties": {
                        "born": {"type": "string", "format": "date", "nullable": True},
                        "tags": _ref("Tags"),
                        "mood": {"anyOf": [{"type": "string", "enum": ["", "a-b"]}, TEXT, {"type": "integer"}]},
                        "photo": {"type": "string", "format": "binary"},
                        "more": {"additionalProperties": {"type": "integer"}},
                    },
                },
                "Tags": {"type": "array", "items": {"type": "string", "enum": ["x", "y", None]}},
                "Count": {"type": "integer", "format": "int64", "readOnly": True},
                "Tree": {"type": "object", "properties": {"up": _ref("Tree"), "down": _ref("Forest")}},
                "Forest": {"type": "array", "items": {"anyOf": [_ref("Tree"), _ref("Forest")]}},
            },
        },
    }


def rich_swagger() -> Document:
    """The same for Swagger 2.0."""
    pet = {"$ref": "#/definitions/Pet"}
    return {
        "swagger": "2.0",
        "host": "pets.test",
        "basePath": "/v1",
        "schemes": ["https"],
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "parameters": {"Limit": {"name": "limit", "in": "query", "type": "integer", "format": "int32"}},
        "responses": {"Pets": {"schema": {"type": "array", "items": pet}}},
        "paths": {
            "/pets": {
                "parameters": [{"$ref": "#/parameters/Limit"}],
                "get": {
                    "parameters": [
                        {"name": "id", "in": "query", "type": "array", "items": TEXT, "collectionFormat": "multi"}
                    ],
                    "responses": {"200": {"$ref": "#/responses/Pets"}},
                },
                "post": {
                    "parameters": [{"name": "pet", "in": "body", "schema": pet}],
                    "responses": {"200": {"schema": pet}},
                },
            },
            "/form": {
                "post": {
                    "consumes": ["application/x-www-form-urlencoded"],
                    "parameters": [
                        {"name": "a", "in": "formData", "type": "string", "required": True},
                        {"name": "f", "in": "formData", "type": "file"},
                    ],
                    "responses": {"default": {"schema": {"type": "file"}}},
                }
            },
        },
        "definitions": {
            "Pet": {
                "discriminator": "kind",
                "properties": {"kind": TEXT, "mother": pet, "at": {"type": "string", "x-nullable": True}},
            }
        },
    }  # fmt: skip


def large_document(operations: int) -> Document:
    """A document of some 13 kB an operation, in the proportions of real ones: mostly examples and descriptions."""
    schemas = {f"resource-{number}": _resource(number, operations) for number in range(operations)}
    paths: Document = {}
    for number in range(operations):
        paths[f"/groups/{{group}}/resource-{number}/{{id}}"] = {"get": _operation(number)}
    return {
        "openapi": "3.0.3",
        "servers": [{"url": "https://large.test"}],
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _resource(number: int, count: int) -> Document:
    members: Document = {
        f"member_{index}": {
            "type": ("string", "integer", "boolean", "number")[index % 4],
            "nullable": index % 3 == 0,
            "description": f"Member {index} of resource {number}, which says at some length what it is there for.",
            "example": f"an example of member {index}",
        }
        for index in range(22)
    }
    members["status"] = {"type": "string", "enum": ["open", "in-progress", "done"]}
    members["owner"] = {"allOf": [_ref(f"resource-{(number * 7 + 1) % count}")], "nullable": True}
    members["parts"] = {"type": "array", "items": _ref(f"resource-{(number * 13 + 5) % count}")}
    members["detail"] = {
        "oneOf": [_ref(f"resource-{(number + 1) % count}"), _ref(f"resource-{(number + 2) % count}")],
    }
    return {"type": "object", "description": "x" * 400, "required": ["member_0", "status"], "properties": members}


def _operation(number: int) -> Document:
    example = {f"member_{index}": f"an example of member {index}, in an answer" for index in range(125)}
    return {
        "operationId": f"resources/get-{number}",
        "description": "y" * 800,
        "parameters": [
            {"name": name, "in": "path" if name in ("group", "id") else "query", "required": True, "schema": TEXT,
             "description": "z" * 100}
            for name in ("group", "id", "page", "sort", "direction")
        ],
        "responses": {
            "200": {
                "description": "Fine.",
                "content": {"application/json": {"schema": _ref(f"resource-{number}"), "example": example}},
            },
        },
    }  # fmt: skip
