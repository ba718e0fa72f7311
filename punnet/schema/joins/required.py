"""What a call cannot be made without, and `match` does not give."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from punnet.catalog.endpoints import Endpoint, ListShape, NamedShape, Property, Shape
from punnet.schema.services import ServiceTypes


def missing(service: ServiceTypes, endpoint: Endpoint, given: Collection[str]) -> list[str]:
    """What the operation requires beyond what is given, as `match` would name it: parameters, members of bodies."""
    found: list[str] = []
    for parameter in endpoint.parameters:
        if parameter.name in given:
            continue
        if _has_part(parameter.name, given):
            found += _missing_members(service, parameter.shape, parameter.name, given)
        elif parameter.required:
            found.append(parameter.name)
    return found


def _missing_members(service: ServiceTypes, shape: Shape, way: str, given: Collection[str]) -> Iterator[str]:
    """Those of the object at the end of a way, and of the objects in it that are given in part."""
    if isinstance(shape, ListShape):
        shape, way = shape.element, f"{way}[]"
    for member in _sent_members(service, shape):
        name = f"{way}.{member.name}"
        if name in given:
            continue
        if _has_part(name, given):
            yield from _missing_members(service, member.shape, name, given)
        elif member.required:
            yield name


def _sent_members(service: ServiceTypes, shape: Shape) -> tuple[Property, ...]:
    for each in service.service.objects:
        if isinstance(shape, NamedShape) and each.name == shape.name:
            return each.input_properties
    return ()


def _has_part(name: str, given: Collection[str]) -> bool:
    return any(each.startswith((f"{name}.", f"{name}[].")) for each in given)
