"""The GraphQL names of what an HTTP service offers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from punnet.catalog.contest import Claim, Collision, settle
from punnet.catalog.endpoints import ServiceCatalog
from punnet.catalog.words import split_words, to_camel, to_pascal, to_upper


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceNames:
    """Names of one service's shapes, members and operations."""

    types: Mapping[str, str]
    """Of objects, unions and enums as results."""
    inputs: Mapping[str, str]
    """Of objects as arguments."""
    members: Mapping[str, Mapping[str, str]]
    """By object, the field of each property; by enum, the name of each value."""
    operations: Mapping[str, str]
    """The field of Query or Mutation, by the operation's own name."""
    arguments: Mapping[str, Mapping[str, str]]
    """By operation, the argument of each parameter."""
    collisions: tuple[Collision, ...]


def name_service(
    service: ServiceCatalog, *, prefix: str, taken_types: Iterable[str] = (), taken_fields: Iterable[str] = ()
) -> ServiceNames:
    """Name a service.

    Args:
        service: what it offers.
        prefix: what the names of its types and operations begin with; may be empty.
        taken_types: names that other sources' types have.
        taken_fields: names that other sources' fields of Query and Mutation have.
    """
    collisions: list[Collision] = []
    head = split_words(prefix) if prefix else ()
    types, inputs = _settle_types(service, head, dict.fromkeys(taken_types, "another source"), collisions)
    members = {
        shape.name: _named(f"fields of {shape.name}", [each.name for each in shape.properties], collisions)
        for shape in service.objects
    }
    members |= {shape.name: _named_values(shape.name, shape.values, collisions) for shape in service.enums}
    return ServiceNames(
        types=types,
        inputs=inputs,
        members=members,
        operations=_settle_operations(service, head, dict.fromkeys(taken_fields, "another source"), collisions),
        arguments={
            each.id.name: _named(f"arguments of {each.id}", [one.name for one in each.parameters], collisions)
            for each in service.endpoints
        },
        collisions=tuple(collisions),
    )


def _settle_types(
    service: ServiceCatalog, head: tuple[str, ...], taken: Mapping[str, str], collisions: list[Collision]
) -> tuple[dict[str, str], dict[str, str]]:
    """The names of shapes as results, and of objects as arguments; all of them are in one contest."""
    objects = [shape.name for shape in service.objects]
    shapes = objects + [shape.name for shape in service.unions] + [shape.name for shape in service.enums]
    claims = [Claim((to_pascal((*head, *split_words(raw))),), ("", len(raw), raw), raw) for raw in shapes]
    for raw in objects:
        wanted = to_pascal((*head, *split_words(raw), "input"))
        claims.append(Claim((wanted,), (" as input", len(raw), raw), f"{raw} as input"))
    names = settle(f"types of {service.name}", claims, collisions, taken=taken, mark=str.upper)
    return (
        dict(zip(shapes, names[: len(shapes)], strict=True)),
        dict(zip(objects, names[len(shapes) :], strict=True)),
    )


def _settle_operations(
    service: ServiceCatalog, head: tuple[str, ...], taken: Mapping[str, str], collisions: list[Collision]
) -> dict[str, str]:
    names = [endpoint.id.name for endpoint in service.endpoints]
    claims = [Claim((to_camel((*head, *split_words(name))),), (len(name), name), name) for name in names]
    return dict(zip(names, settle(f"operations of {service.name}", claims, collisions, taken=taken), strict=True))


def _named(place: str, raw_names: list[str], collisions: list[Collision]) -> dict[str, str]:
    claims = [Claim((to_camel(split_words(raw)),), (len(raw), raw), raw) for raw in raw_names]
    return dict(zip(raw_names, settle(place, claims, collisions), strict=True))


def _named_values(enum: str, values: tuple[str, ...], collisions: list[Collision]) -> dict[str, str]:
    reserved = {"TRUE", "FALSE", "NULL"}
    claims = []
    for value in values:
        name = to_upper(split_words(value))
        claims.append(Claim((f"{name}_" if name in reserved else name,), (len(value), value), value))
    return dict(zip(values, settle(f"values of {enum}", claims, collisions, mark=str.upper), strict=True))
