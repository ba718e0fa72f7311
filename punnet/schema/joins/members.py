"""A member of what a service gives, as the value of a field: `value = "price.amount"`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from punnet.catalog.close_names import did_you_mean
from punnet.catalog.endpoints import Endpoint, ListShape, NamedShape, Property, ScalarShape, Shape
from punnet.schema.problem import Problem
from punnet.schema.services import ServiceTypes


@dataclass(frozen=True, slots=True)
class Member:
    """Where a value stands in an object, and what it is."""

    path: tuple[str, ...]
    """As the JSON has it."""
    shape: Shape
    nullable: bool


def member_at(service: ServiceTypes, shape: Shape, names: Sequence[str], endpoint: Endpoint) -> Member:
    """Follow names of members, as the API or the JSON has them, into objects that a call gives; raises Problem."""
    path: list[str] = []
    nullable = False
    for name in names:
        member = _member(service, shape, name, endpoint)
        path.append(member.name)
        shape, nullable = member.shape, nullable or member.nullable or not member.required
    return Member(tuple(path), shape, nullable)


def _member(service: ServiceTypes, shape: Shape, name: str, endpoint: Endpoint) -> Property:
    if shape == ScalarShape(scalar="JSON"):
        # Anything may be there.
        return Property(name=name, shape=shape, required=False, nullable=True)
    if isinstance(shape, ListShape):
        raise Problem(f"'value' leads through a list: '{name}' would be of each of its items")
    known = _members(service, shape)
    if name not in known:
        raise Problem(f"what '{endpoint.id}' gives has no '{name}'{did_you_mean(name, known)}")
    return known[name]


def _members(service: ServiceTypes, shape: Shape) -> Mapping[str, Property]:
    """The members of an object by both their names; none of anything else, unions among it."""
    for each in service.service.objects:
        if isinstance(shape, NamedShape) and each.name == shape.name:
            by_name = {member.name: member for member in each.output_properties}
            names = service.names.members[each.name]
            return {names[raw]: member for raw, member in by_name.items()} | by_name
    return {}
