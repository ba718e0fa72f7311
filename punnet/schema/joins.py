"""Joins, from configuration to fields: their names and types are checked here, when the schema is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from graphql import GraphQLField, GraphQLNullableOutputType

from punnet.catalog.endpoints import (
    Endpoint,
    EndpointParameter,
    EnumShape,
    ListShape,
    NamedShape,
    ObjectShape,
    ScalarShape,
    Shape,
)
from punnet.catalog.joins import DEFAULT_MAX_KEYS, Batch, Join
from punnet.catalog.names import Names
from punnet.catalog.relations import RelationId
from punnet.catalog.types import DataType
from punnet.planning.calls import BatchRule, KeyedCall
from punnet.planning.meaning import JoinedCall, JoinedRows
from punnet.planning.read import Link
from punnet.schema.errors import JoinWrong
from punnet.schema.fields import field_of
from punnet.schema.relations import RelationTypes
from punnet.schema.services import ServiceTypes


@dataclass(frozen=True, slots=True)
class UnbatchedField:
    """A field inside lists whose service has no batch form: a warning, with what it costs."""

    join: Join
    endpoint: Endpoint

    def __str__(self) -> str:
        return (
            f"{self.join}: '{self.endpoint.id}' takes one key a call: 100 rows make up to 100 calls.\n"
            f"  fix: if the service can answer for many keys, call that operation, or declare its batch form"
        )


@dataclass(frozen=True, slots=True)
class Joiner:
    """Adds joined fields to the types that they stand on."""

    names: Names
    relations: Mapping[RelationId, RelationTypes]
    services: Mapping[str, ServiceTypes]

    def add(self, joins: Sequence[Join]) -> list[UnbatchedField]:
        """Add the fields of all joins.

        Returns:
            What is worth a warning.

        Raises:
            JoinWrong: with everything that is wrong with any of them.
        """
        problems: list[str] = []
        warnings: list[UnbatchedField] = []
        for join in joins:
            try:
                warning = self._add(join)
            except _Problem as problem:
                problems.append(f"{join}: {problem}")
            else:
                warnings += [warning] if warning is not None else []
        if problems:
            raise JoinWrong(problems)
        return warnings

    def _add(self, join: Join) -> UnbatchedField | None:
        parent = self._parent(join)
        if join.field in parent.field_names:
            raise _Problem(f"'{join.on}' has a field '{join.field}' already")
        source, _, operation = join.call.partition(".")
        if source in self.services:
            field, warning = self._call_field(join, parent, self.services[source], operation)
        else:
            field, warning = self._rows_field(join, parent, source, operation), None
        parent.joined[join.field] = field
        return warning

    # -- the type that the field stands on ---------------------------------------------------------

    def _parent(self, join: Join) -> _Parent:
        for types in self.relations.values():
            if types.name == join.on:
                return _relation_parent(types, self.names)
        for service in self.services.values():
            shape = service.shape_by_type.get(join.on)
            if shape is not None:
                return _object_parent(service, shape, join.on)
        known = [types.name for types in self.relations.values()]
        known += [name for service in self.services.values() for name in service.shape_by_type]
        raise _Problem(f"there is no type '{join.on}'{_close(join.on, known)}")

    # -- fields that services answer -----------------------------------------------------------------

    def _call_field(
        self, join: Join, parent: _Parent, service: ServiceTypes, operation: str
    ) -> tuple[GraphQLField, UnbatchedField | None]:
        endpoint = _operation(service, operation)
        matched = [(name, parent.place(value)) for name, value in join.match]
        parameters = {name: _parameter(service, endpoint, name) for name, _ in matched}
        for (name, shape), (_, place), (_, value) in zip(parameters.items(), matched, join.match, strict=True):
            if not _takes(shape, place.scalar):
                raise _Problem(
                    f"'{value}' is {place.scalar or 'an enum'}, and '{name}' of '{endpoint.id}' is {_shape_name(shape)}"
                )
        for parameter in endpoint.parameters:
            if parameter.required and not any(_gives(name, parameter.name) for name in parameters):
                raise _Problem(f"'{endpoint.id}' requires '{parameter.name}', which 'match' does not give")
        batch, item = _batch(join, endpoint, parameters, service)
        is_grouped = join.is_list and batch is not None and bool(batch.members)
        shape = ListShape(element=item) if is_grouped else item
        if isinstance(shape, ListShape) and not join.is_list:
            raise _Problem(
                f"'{endpoint.id}' gives a list for each key: say 'list = true', or declare how it answers a batch"
            )
        if join.is_list and not isinstance(shape, ListShape):
            raise _Problem(f"'{endpoint.id}' gives no list for a key: say 'list = false'")
        call = KeyedCall(
            endpoint=endpoint,
            parameters=tuple(name for name, _ in matched),
            batch=batch,
            is_list=join.is_list,
        )
        type_: GraphQLNullableOutputType = service.output(shape)
        meaning = JoinedCall(call, tuple(place.raw for _, place in matched))
        field = field_of(meaning, type_, endpoint.comment)
        return field, None if batch is not None else UnbatchedField(join, endpoint)

    # -- fields that rows answer ---------------------------------------------------------------------

    def _rows_field(self, join: Join, parent: _Parent, source: str, name: str) -> GraphQLField:
        types, is_list = self._relation(source, name)
        if is_list != join.is_list:
            raise _Problem(
                f"'{join.call}' gives {'many rows' if is_list else 'one row'}: "
                f"say 'list = {'true' if is_list else 'false'}'"
            )
        links: list[Link] = []
        by_name = {self.names.column(types.relation.id, each.name): each for each in types.relation.columns}
        for child, value in join.match:
            column = by_name.get(child) or types.relation.column_by_name.get(child)
            if column is None:
                raise _Problem(f"'{types.relation.id}' has no column '{child}'{_close(child, by_name)}")
            place = parent.place(value)
            if not _can_name(place.scalar, column.type):
                raise _Problem(
                    f"'{value}' is {place.scalar or 'an enum'}, and the column '{column.name}' is {_named(column.type)}"
                )
            links.append(Link(child=column.name, parent=place.raw, type=column.type))
        meaning = JoinedRows(types.relation, tuple(links), is_list)
        if is_list:
            return field_of(meaning, types.connection, types.relation.comment, types.connection_arguments())
        keys = {frozenset(key.columns) for key in types.relation.keys}
        if frozenset(link.child for link in links) not in keys:
            raise _Problem(f"'match' names no key of '{types.relation.id}': more than one row can have these values")
        return field_of(meaning, types.row, types.relation.comment)

    def _relation(self, source: str, name: str) -> tuple[RelationTypes, bool]:
        known: list[str] = []
        for types in self.relations.values():
            if types.relation.id.source != source:
                continue
            collection = self.names.collection(types.relation.id)
            lookups = [self.names.lookup(types.relation.id, key.name) for key in types.relation.keys]
            known += [collection, *lookups]
            if name == collection:
                return types, True
            if name in lookups:
                return types, False
        if not known:
            sources = [*self.services, *{types.relation.id.source for types in self.relations.values()}]
            raise _Problem(f"there is no source '{source}'{_close(source, sources)}")
        raise _Problem(f"the source '{source}' has no '{name}'{_close(name, known)}")


class _Problem(Exception):
    """Something is wrong with one join."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A column or member that a key is taken from."""

    raw: str
    scalar: str | None
    """None where it is an enum."""


@dataclass(frozen=True, slots=True)
class _Parent:
    """A type that joins can stand on."""

    name: str
    places: Mapping[str, _Place | None]
    """By field and by raw name; None for what cannot be part of a key."""
    field_names: frozenset[str]
    joined: dict[str, GraphQLField]

    def place(self, name: str) -> _Place:
        if name not in self.places:
            raise _Problem(f"'{self.name}' has no field '{name}'{_close(name, self.places)}")
        place = self.places[name]
        if place is None:
            raise _Problem(f"'{self.name}.{name}' is no single value: it cannot be part of a key")
        return place


def _relation_parent(types: RelationTypes, names: Names) -> _Parent:
    relation = types.relation
    places: dict[str, _Place | None] = {}
    for column in relation.columns:
        base = column.type.base()
        single = base.kind in ("base", "enum") and base.scalar != "JSON"
        place = _Place(column.name, base.scalar or None) if single else None
        places[names.column(relation.id, column.name)] = place
        places.setdefault(column.name, place)
    return _Parent(types.name, places, types.field_names() | types.joined.keys(), types.joined)


def _object_parent(service: ServiceTypes, shape: ObjectShape, type_name: str) -> _Parent:
    names = service.names.members[shape.name]
    places: dict[str, _Place | None] = {}
    for member in shape.properties:
        single = not isinstance(member.shape, ListShape | NamedShape)
        scalar = member.shape.scalar if isinstance(member.shape, ScalarShape) else None
        place = _Place(member.name, scalar) if single and scalar != "JSON" else None
        places[names[member.name]] = place
        places.setdefault(member.name, place)
    joined = service.joined.setdefault(type_name, {})
    return _Parent(type_name, places, frozenset(names.values()) | joined.keys(), joined)


def _operation(service: ServiceTypes, name: str) -> Endpoint:
    known = {service.names.operations[raw]: endpoint for raw, endpoint in service.endpoint_by_name.items()}
    endpoint = service.endpoint_by_name.get(name) or known.get(name)
    if endpoint is None:
        close = _close(name, service.endpoint_by_name)
        raise _Problem(f"the source '{service.service.name}' has no operation '{name}'{close}")
    if endpoint.result is None:
        raise _Problem(f"'{endpoint.id}' gives no result that a field could hold")
    return endpoint


def _parameter(service: ServiceTypes, endpoint: Endpoint, name: str) -> Shape:
    """The shape of what `match` names: a parameter, its member (`body.sku`), or that of its items (`body[].sku`)."""
    by_name: dict[str, EndpointParameter] = {each.name: each for each in endpoint.parameters}
    if name in by_name:
        return by_name[name].shape
    head, _, path = name.partition(".")
    parameter = by_name.get(head.removesuffix("[]"))
    if parameter is None or not path:
        raise _Problem(f"'{endpoint.id}' has no parameter '{name}'{_close(head.removesuffix('[]'), by_name)}")
    shape, way = parameter.shape, head
    for step in path.split("."):
        if way.endswith("[]"):
            if not isinstance(shape, ListShape):
                raise _Problem(f"'{way.removesuffix('[]')}' of '{endpoint.id}' takes no list of objects")
            shape = shape.element
        members = service.member_shapes(shape)
        if step.removesuffix("[]") not in members:
            raise _Problem(f"'{way}' of '{endpoint.id}' has no member '{step}'{_close(step, members)}")
        shape, way = members[step.removesuffix("[]")], f"{way}.{step}"
    return shape


def _gives(name: str, parameter: str) -> bool:
    """Whether what `match` names is the parameter, or stands in it."""
    return name == parameter or name.startswith((f"{parameter}.", f"{parameter}[]."))


_NUMBERS = {"Int", "BigInt", "Decimal", "Float"}


def _takes(shape: Shape, scalar: str | None) -> bool:
    """Whether a parameter takes values of the scalar, or of an enum. A text takes everything."""
    match shape:
        case ListShape():
            return _takes(shape.element, scalar)
        case ScalarShape() if shape.scalar in _NUMBERS:
            return scalar in _NUMBERS
        case ScalarShape() if shape.scalar == "Boolean":
            return scalar == "Boolean"
        case EnumShape():
            return scalar in (None, "String")
        case _:
            return not isinstance(shape, NamedShape)


def _shape_name(shape: Shape) -> str:
    match shape:
        case ListShape():
            return _shape_name(shape.element)
        case ScalarShape():
            return shape.scalar
        case _:
            return shape.name


def _batch(
    join: Join, endpoint: Endpoint, parameters: Mapping[str, Shape], service: ServiceTypes
) -> tuple[BatchRule | None, Shape]:
    """How the call answers for many keys, and the shape of what it gives for one."""
    result = endpoint.result
    if result is None:
        raise _Problem(f"'{endpoint.id}' gives no result")
    takes_many = bool(parameters) and all(
        isinstance(shape, ListShape) or "[]." in name for name, shape in parameters.items()
    )
    lists_of_objects = {name.partition("[].")[0] if "[]." in name else "" for name in parameters}
    if takes_many and len(lists_of_objects) > 1:
        raise _Problem("keys go as one list of objects, or as a list for each parameter: 'match' mixes them")
    if not takes_many:
        if join.batch is not None:
            raise _Problem(f"'{endpoint.id}' takes one value for {' and '.join(parameters)}: it cannot be batched")
        return None, result
    if not isinstance(result, ListShape):
        raise _Problem(f"'{endpoint.id}' takes many keys, but gives no list of items: its answer cannot be matched")
    declared = join.batch or Batch()
    members = () if declared.in_order else declared.key or tuple(name.rpartition(".")[2] for name in parameters)
    for member in members:
        missing = _missing_member(service, result.element, member)
        if missing is not None:
            hint = missing or ": say by 'batch = { key = \"...\" }' which member holds the key"
            raise _Problem(f"the items that '{endpoint.id}' gives have no '{member}'{hint}")
    if members and len(members) != len(parameters):
        raise _Problem(f"'batch.key' names {len(members)} members for {len(parameters)} parameters")
    item = result.element
    return BatchRule(members=members, max_keys=declared.max_keys or DEFAULT_MAX_KEYS), item


def _missing_member(service: ServiceTypes, shape: Shape, path: str) -> str | None:
    """What is close to a member that the items have not; None where they have it, or where anything can be there."""
    if shape == ScalarShape(scalar="JSON"):
        return None
    known = _item_members(service, shape)
    if path in known:
        return None
    head, _, rest = path.partition(".")
    if head not in known or not rest:
        return _close(path, known)
    return _missing_member(service, known[head], rest)


def _item_members(service: ServiceTypes, shape: Shape) -> Mapping[str, Shape]:
    """The members of an object, or those that all objects of a union have."""
    for union in service.service.unions:
        if isinstance(shape, NamedShape) and union.name == shape.name:
            first, *others = [service.member_shapes(NamedShape(name=name)) for name in union.members]
            return {name: member for name, member in first.items() if all(name in each for each in others)}
    return service.member_shapes(shape)


def _can_name(scalar: str | None, data_type: DataType) -> bool:
    """Whether values of the scalar, or of an enum, can be the column's: numbers and texts may stand for each other."""
    base = data_type.base()
    if base.kind == "enum" or scalar is None:
        return base.kind in ("base", "enum") and {scalar, base.scalar or None} <= {None, "String"}
    numbers = _NUMBERS - {"Float"}
    is_like = scalar == base.scalar or (scalar in numbers and base.scalar in numbers)
    return base.kind == "base" and (is_like or "String" in (scalar, base.scalar))


def _named(data_type: DataType) -> str:
    return data_type.base().scalar or data_type.name


def _close(name: str, known: Mapping[str, object] | Sequence[str]) -> str:
    close = get_close_matches(name, list(known), n=1)
    return f"; did you mean '{close[0]}'?" if close else ""
