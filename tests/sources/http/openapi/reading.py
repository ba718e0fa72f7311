"""Small documents, and short ways to what was read from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from punnet.catalog.endpoints import (
    Endpoint,
    EndpointParameter,
    EnumShape,
    ListShape,
    NamedShape,
    ObjectShape,
    Property,
    ScalarShape,
    ServiceCatalog,
    Shape,
    UnionShape,
)
from punnet.sources.http.openapi.choose import Choose
from punnet.sources.http.openapi.documents import Documents
from punnet.sources.http.openapi.service import service_catalog

Document = dict[str, Any]

ROOT = "https://api.test/openapi.json"


def document(
    paths: Document | None = None, *, version: str = "3.1.0", schemas: Document | None = None, **words: Any
) -> Document:
    """A document with the words given."""
    return {
        "openapi": version,
        "info": {"title": "Test", "version": "1"},
        "paths": paths or {},
        "components": {"schemas": schemas or {}},
        **words,
    }


def getting(schema: Any, *, path: str = "/thing", **words: Any) -> Document:
    """A path whose GET answers a schema as JSON."""
    return {path: {"get": {"operationId": "getThing", "responses": answering(schema), **words}}}


def answering(schema: Any, media_type: str = "application/json") -> Document:
    return {"200": {"description": "Fine.", "content": {media_type: {"schema": schema}}}}


def ref(name: str) -> Document:
    return {"$ref": f"#/components/schemas/{name}"}


def read(root: Document, *, choose: Choose | None = None, base_url: str | None = None) -> ServiceCatalog:
    """Read one document, as if it came from ROOT."""
    documents = Documents(root=ROOT, loaded={ROOT: root})
    return service_catalog(documents, name="svc", base_url=base_url, choose=choose)


def result(schema: Any, *, version: str = "3.1.0", schemas: Document | None = None) -> Shape | None:
    """The shape of an answer."""
    return only(read(document(getting(schema), version=version, schemas=schemas))).result


def member(schema: Any, *, version: str = "3.1.0", schemas: Document | None = None) -> Property:
    """A schema as the member `it` of an object `Holder`."""
    holder = {"type": "object", "properties": {"it": schema}}
    catalog = read(document(getting(ref("Holder")), version=version, schemas={"Holder": holder, **(schemas or {})}))
    return object_named(catalog, "Holder").properties[0]


def only(catalog: ServiceCatalog) -> Endpoint:
    """The only endpoint."""
    (endpoint,) = catalog.endpoints
    return endpoint


def parameter(parameter: Document, *, path: str = "/thing") -> EndpointParameter:
    """The only parameter of an operation."""
    (found,) = only(read(document(getting({"type": "string"}, path=path, parameters=[parameter])))).parameters
    return found


def body(content: Document, *, required: bool = True, schemas: Document | None = None) -> EndpointParameter | None:
    """The body of an operation that takes the content given."""
    operation = {
        "operationId": "createThing",
        "requestBody": {"required": required, "content": content},
        "responses": {"204": {"description": "Done."}},
    }
    found = only(read(document({"/thing": {"post": operation}}, schemas=schemas))).parameters
    return found[0] if found else None


def object_named(catalog: ServiceCatalog, name: str) -> ObjectShape:
    return next(shape for shape in catalog.objects if shape.name == name)


def union_named(catalog: ServiceCatalog, name: str) -> UnionShape:
    return next(shape for shape in catalog.unions if shape.name == name)


def shapes_of(found: ObjectShape) -> Mapping[str, Shape]:
    """The shapes of an object's members, by name."""
    return {member.name: member.shape for member in found.properties}


def reasons(catalog: ServiceCatalog) -> dict[str, str]:
    """Reasons by place."""
    return {one.place: one.reason for one in catalog.left_out}


def scalar(name: str) -> ScalarShape:
    return ScalarShape(scalar=name)


def named(name: str) -> NamedShape:
    return NamedShape(name=name)


def list_of(element: Shape, *, nullable: bool = False) -> ListShape:
    return ListShape(element=element, nullable_elements=nullable)


def enum(name: str, *values: str, comment: str | None = None) -> EnumShape:
    return EnumShape(name=name, values=values, comment=comment)
