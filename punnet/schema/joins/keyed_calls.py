"""Calls of a service that are keyed by what `match` says: their parameters, and how they answer for many keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from punnet.catalog.close_names import did_you_mean
from punnet.catalog.endpoints import (
    Endpoint,
    EnumShape,
    ListShape,
    NamedShape,
    ScalarShape,
    Shape,
)
from punnet.catalog.joins import DEFAULT_MAX_KEYS, Batch
from punnet.catalog.key_places import KeyPlace
from punnet.planning.calls import BatchRule, KeyedCall
from punnet.schema.joins.parents import Parent, Place
from punnet.schema.joins.required import missing
from punnet.schema.problem import Problem
from punnet.schema.services import ServiceTypes

NUMBERS = frozenset({"Int", "BigInt", "Decimal", "Float"})


@dataclass(frozen=True, slots=True)
class Keyed:
    """A call, the columns or members that its keys are made of, and the shape of what it gives for one key."""

    call: KeyedCall
    places: tuple[Place, ...]
    shape: Shape


def keyed_call(
    service: ServiceTypes,
    operation: str,
    parent: Parent,
    match: Sequence[tuple[str, str]],
    *,
    batch: Batch | None,
    is_list: bool,
) -> Keyed:
    """The call of an operation by keys made of a parent's columns or members; raises Problem."""
    endpoint = _operation(service, operation)
    places = [parent.place(value) for _, value in match]
    parameters = {place: _shape_at(service, endpoint, place) for place in _key_places(endpoint, match, batch)}
    for (parameter, shape), place, (_, value) in zip(parameters.items(), places, match, strict=True):
        if not _takes(shape, place.scalar):
            raise Problem(f"'{value}' is {place.kind}, and '{parameter}' of '{endpoint.id}' is {_shape_name(shape)}")
        if parameter.item and isinstance(shape, ListShape):
            raise Problem(f"'{parameter}' of '{endpoint.id}' is a list, and each object of a batch bears one value")
    rule, item = _batch(batch, endpoint, parameters, service)
    if lacking := missing(service, endpoint, parameters):
        required = " and ".join(f"'{place}'" for place in lacking)
        raise Problem(f"'{endpoint.id}' requires {required}, which 'match' does not give")
    is_grouped = is_list and rule is not None and bool(rule.members)
    shape = ListShape(element=item) if is_grouped else item
    call = KeyedCall(
        endpoint=endpoint,
        parameters=tuple(parameters),
        batch=rule,
        is_list=is_list,
        whole_numbers=tuple(place for place, shape in parameters.items() if _is_whole_number(shape)),
        lists=tuple(place for place, shape in parameters.items() if rule is None and isinstance(shape, ListShape)),
    )
    return Keyed(call, tuple(places), shape)


def _operation(service: ServiceTypes, name: str) -> Endpoint:
    known = {service.names.operations[raw]: endpoint for raw, endpoint in service.endpoint_by_name.items()}
    endpoint = service.endpoint_by_name.get(name) or known.get(name)
    if endpoint is None:
        close = did_you_mean(name, service.endpoint_by_name)
        raise Problem(f"the source '{service.service.name}' has no operation '{name}'{close}")
    if endpoint.result is None:
        raise Problem(f"'{endpoint.id}' gives no result that a field could hold")
    return endpoint


def _key_places(endpoint: Endpoint, match: Sequence[tuple[str, str]], batch: Batch | None) -> list[KeyPlace]:
    """What the parts of a key fill, as `match` and `batch.parameter` say it."""
    known = [parameter.name for parameter in endpoint.parameters]
    if batch is None or batch.parameter is None:
        return [KeyPlace.parse(name, known) for name, _ in match]
    objects = KeyPlace.parse(batch.parameter, known)
    return [objects.inner(*name.split("."), of_items=True) for name, _ in match]


def _shape_at(service: ServiceTypes, endpoint: Endpoint, place: KeyPlace) -> Shape:
    """The shape of what a part of a key fills; raises Problem."""
    shapes = {parameter.name: parameter.shape for parameter in endpoint.parameters}
    if place.parameter not in shapes:
        raise Problem(f"'{endpoint.id}' has no parameter '{place}'{did_you_mean(place.parameter, shapes)}")
    shape = _inside(service, endpoint, shapes[place.parameter], place.parameter, place.path[1:])
    if not place.item:
        return shape
    path = ".".join(place.path)
    if not isinstance(shape, ListShape):
        raise Problem(f"'{path}' of '{endpoint.id}' takes no list of objects")
    return _inside(service, endpoint, shape.element, f"{path}[]", place.item)


def _inside(service: ServiceTypes, endpoint: Endpoint, shape: Shape, path: str, members: Sequence[str]) -> Shape:
    """The shape that members lead to, from the one at the end of a path; raises Problem."""
    for member in members:
        known = service.member_shapes(shape)
        if member not in known:
            raise Problem(f"'{path}' of '{endpoint.id}' has no member '{member}'{did_you_mean(member, known)}")
        shape, path = known[member], f"{path}.{member}"
    return shape


def _takes(shape: Shape, scalar: str | None) -> bool:
    """Whether a parameter takes values of the scalar, or of an enum. A text takes everything."""
    match shape:
        case ListShape():
            return _takes(shape.element, scalar)
        case ScalarShape() if shape.scalar in NUMBERS:
            return scalar in NUMBERS or scalar == "ID"
        case ScalarShape() if shape.scalar == "Boolean":
            return scalar == "Boolean"
        case EnumShape():
            return scalar in (None, "String", "ID")
        case _:
            return not isinstance(shape, NamedShape)


def _is_whole_number(shape: Shape) -> bool:
    element = shape.element if isinstance(shape, ListShape) else shape
    return isinstance(element, ScalarShape) and element.scalar == "Int"


def _shape_name(shape: Shape) -> str:
    match shape:
        case ListShape():
            return _shape_name(shape.element)
        case ScalarShape():
            return shape.scalar
        case _:
            return shape.name


def _batch(
    declared: Batch | None, endpoint: Endpoint, parameters: Mapping[KeyPlace, Shape], service: ServiceTypes
) -> tuple[BatchRule | None, Shape]:
    """How the call answers for many keys, and the shape of what it gives for one."""
    result = endpoint.result
    if result is None:
        raise Problem(f"'{endpoint.id}' gives no result")
    if not _takes_many(parameters):
        if declared is not None:
            raise Problem(
                f"'{endpoint.id}' takes one value for {' and '.join(map(str, parameters))}: it cannot be batched"
            )
        return None, result
    if not isinstance(result, ListShape):
        raise Problem(f"'{endpoint.id}' takes many keys, but gives no list of items: its answer cannot be matched")
    members = _key_members(declared or Batch(), endpoint, parameters, result.element, service)
    max_keys = DEFAULT_MAX_KEYS if declared is None else declared.max_keys
    return BatchRule(members=members, max_keys=max_keys), result.element


def _takes_many(parameters: Mapping[KeyPlace, Shape]) -> bool:
    takes_many = bool(parameters) and all(
        isinstance(shape, ListShape) or place.item for place, shape in parameters.items()
    )
    has_items = any(place.item for place in parameters)
    if (takes_many or has_items) and len({place.item and place.path for place in parameters}) > 1:
        raise Problem("keys go as one list of objects, or as a list for each parameter: 'match' mixes them")
    return takes_many


def _key_members(
    declared: Batch, endpoint: Endpoint, parameters: Mapping[KeyPlace, Shape], item: Shape, service: ServiceTypes
) -> tuple[str, ...]:
    """The members of an item that hold its key; none where the order tells."""
    members = () if declared.in_order else declared.key or tuple(place.name for place in parameters)
    for member in members:
        missing = _missing_member(service, item, member)
        if missing is not None:
            hint = missing or ": say by 'batch = { key = \"...\" }' which member holds the key"
            raise Problem(f"the items that '{endpoint.id}' gives have no '{member}'{hint}")
    if members and len(members) != len(parameters):
        raise Problem(f"'batch.key' names {len(members)} members for {len(parameters)} parameters")
    return members


def _missing_member(service: ServiceTypes, shape: Shape, path: str) -> str | None:
    """What is close to a member that the items have not; None where they have it, or where anything can be there."""
    if shape == ScalarShape(scalar="JSON"):
        return None
    known = _item_members(service, shape)
    if path in known:
        return None
    head, _, rest = path.partition(".")
    if head not in known or not rest:
        return did_you_mean(path, known)
    return _missing_member(service, known[head], rest)


def _item_members(service: ServiceTypes, shape: Shape) -> Mapping[str, Shape]:
    """The members of an object, or those that all objects of a union have."""
    for union in service.service.unions:
        if isinstance(shape, NamedShape) and union.name == shape.name:
            first, *others = [service.member_shapes(NamedShape(name=name)) for name in union.members]
            return {name: member for name, member in first.items() if all(name in each for each in others)}
    return service.member_shapes(shape)
