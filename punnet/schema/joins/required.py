"""What a call cannot be made without, and `match` does not give."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from punnet.catalog.endpoints import Endpoint, EndpointParameter, ListShape, NamedShape, Property, Shape
from punnet.catalog.key_places import KeyPlace
from punnet.schema.services import ServiceTypes


def missing(service: ServiceTypes, endpoint: Endpoint, given: Collection[KeyPlace]) -> list[KeyPlace]:
    """What the operation requires beyond what is given: parameters, members of bodies."""
    return [
        place
        for parameter in endpoint.parameters
        for place in _missing(service, parameter, KeyPlace((parameter.name,)), given)
    ]


def _missing(
    service: ServiceTypes, part: EndpointParameter | Property, place: KeyPlace, given: Collection[KeyPlace]
) -> Iterator[KeyPlace]:
    """A parameter or member that is required; of one that is given in part, what it requires itself."""
    if place in given:
        return
    if any(each.is_in(place) for each in given):
        is_list = isinstance(part.shape, ListShape)
        for member in _sent_members(service, part.shape):
            yield from _missing(service, member, place.inner(member.name, of_items=is_list), given)
    elif part.required:
        yield place


def _sent_members(service: ServiceTypes, shape: Shape) -> tuple[Property, ...]:
    """The members of an object, or of each in a list; none of anything else."""
    if isinstance(shape, ListShape):
        shape = shape.element
    for each in service.service.objects:
        if isinstance(shape, NamedShape) and each.name == shape.name:
            return each.input_properties
    return ()
