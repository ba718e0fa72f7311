"""The catalog of a service whose operations a team declared by hand."""

from __future__ import annotations

from collections.abc import Mapping

from punnet.catalog.endpoints import (
    Endpoint,
    EndpointId,
    EndpointParameter,
    ListShape,
    NamedShape,
    ObjectShape,
    Property,
    ScalarShape,
    ServiceCatalog,
    Shape,
)
from punnet.catalog.scalars import SCALARS
from punnet.configuration.operations import OperationConfiguration
from punnet.configuration.sources import HttpConfiguration
from punnet.configuration.type_references import TypeReference, parse_type_reference


def handwritten_service(name: str, service: HttpConfiguration) -> ServiceCatalog:
    """What a service offers; pure. That all names in it are known the configuration has seen to."""
    return ServiceCatalog(
        name=name,
        base_url=service.url,
        endpoints=tuple(_endpoint(name, *operation) for operation in service.operations.items()),
        objects=tuple(_object(*type_) for type_ in service.types.items()),
        unions=(),
        enums=(),
    )


def shape_of(reference: TypeReference) -> Shape:
    """The shape of what a reference to a type stands for, null or not."""
    if reference.element is not None:
        return ListShape(element=shape_of(reference.element), nullable_elements=not reference.element.required)
    if reference.name in SCALARS:
        return ScalarShape(scalar=reference.name)
    return NamedShape(name=reference.name)


def _object(name: str, members: Mapping[str, str]) -> ObjectShape:
    return ObjectShape(name=name, properties=tuple(_property(*member) for member in members.items()))


def _property(name: str, type_text: str) -> Property:
    reference = parse_type_reference(type_text)
    return Property(name=name, shape=shape_of(reference), required=reference.required, nullable=not reference.required)


def _endpoint(source: str, name: str, operation: OperationConfiguration) -> Endpoint:
    return Endpoint(
        id=EndpointId(source=source, name=name),
        method=operation.method,
        path=operation.path,
        parameters=tuple(_parameter(operation, parameter) for parameter in operation.parameters),
        result=None if operation.result is None else shape_of(parse_type_reference(operation.result)),
        result_path=operation.result_path,
        comment=operation.description,
    )


def _parameter(operation: OperationConfiguration, name: str) -> EndpointParameter:
    parameter = operation.parameters[name]
    reference = parse_type_reference(parameter.type)
    return EndpointParameter(
        name=name,
        place=operation.place_of(name),
        shape=shape_of(reference),
        required=reference.required,
        style=operation.style_of(name),
        explode=operation.explodes(name),
        comment=parameter.description,
    )
