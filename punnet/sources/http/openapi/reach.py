"""The shapes that operations lead to; a document's others are not kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from punnet.catalog.endpoints import (
    Endpoint,
    EnumShape,
    ListShape,
    NamedShape,
    ObjectShape,
    ScalarShape,
    Shape,
    UnionShape,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """Endpoints, and all that they lead to, in the order of their names."""

    endpoints: tuple[Endpoint, ...]
    objects: tuple[ObjectShape, ...]
    unions: tuple[UnionShape, ...]
    enums: tuple[EnumShape, ...]


def reach(
    endpoints: tuple[Endpoint, ...], objects: Mapping[str, ObjectShape], unions: Mapping[str, UnionShape]
) -> Reached:
    """Keep what endpoints lead to. What has no members, once binary ones are gone, becomes JSON."""
    empty = _empty(objects, unions)
    kept = tuple(_filled_endpoint(endpoint, empty) for endpoint in endpoints)
    found_objects: dict[str, ObjectShape] = {}
    found_unions: dict[str, UnionShape] = {}
    enums: dict[str, EnumShape] = {}
    waiting = [shape for endpoint in kept for shape in _shapes_of(endpoint)]
    while waiting:
        shape = waiting.pop()
        if isinstance(shape, ListShape):
            waiting.append(shape.element)
        elif isinstance(shape, EnumShape):
            enums.setdefault(shape.name, shape)
        elif isinstance(shape, NamedShape) and shape.name in unions and shape.name not in found_unions:
            union = found_unions[shape.name] = _filled_union(unions[shape.name], empty)
            waiting.extend(NamedShape(name=member) for member in union.members)
        elif isinstance(shape, NamedShape) and shape.name in objects and shape.name not in found_objects:
            filled = found_objects[shape.name] = _filled_object(objects[shape.name], empty)
            waiting.extend(member.shape for member in filled.properties)
    return Reached(
        endpoints=kept,
        objects=tuple(found_objects[name] for name in sorted(found_objects)),
        unions=tuple(found_unions[name] for name in sorted(found_unions)),
        enums=tuple(enums[name] for name in sorted(enums)),
    )


def _empty(objects: Mapping[str, ObjectShape], unions: Mapping[str, UnionShape]) -> frozenset[str]:
    empty = {name for name, shape in objects.items() if not shape.properties}
    return frozenset(empty | {name for name, union in unions.items() if empty.issuperset(union.members)})


def _shapes_of(endpoint: Endpoint) -> Iterator[Shape]:
    yield from (parameter.shape for parameter in endpoint.parameters)
    if endpoint.result is not None:
        yield endpoint.result


def _filled(shape: Shape, empty: frozenset[str]) -> Shape:
    if isinstance(shape, NamedShape) and shape.name in empty:
        return ScalarShape(scalar="JSON")
    return replace(shape, element=_filled(shape.element, empty)) if isinstance(shape, ListShape) else shape


def _filled_endpoint(endpoint: Endpoint, empty: frozenset[str]) -> Endpoint:
    return replace(
        endpoint,
        parameters=tuple(replace(one, shape=_filled(one.shape, empty)) for one in endpoint.parameters),
        result=None if endpoint.result is None else _filled(endpoint.result, empty),
    )


def _filled_object(shape: ObjectShape, empty: frozenset[str]) -> ObjectShape:
    properties = tuple(replace(member, shape=_filled(member.shape, empty)) for member in shape.properties)
    return replace(shape, properties=properties)


def _filled_union(union: UnionShape, empty: frozenset[str]) -> UnionShape:
    return replace(
        union,
        members=tuple(member for member in union.members if member not in empty),
        mapping=tuple((value, member) for value, member in union.mapping if member not in empty),
    )
