"""What a selection takes of a service's JSON, as bytes.

It completes values as graphql-core does, by the same coercers of the same types. Whatever it cannot complete it
refuses whole: the resolvers then decide which field is in error and how far a null goes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
from graphql import (
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLUnionType,
)

from punnet.errors import PunnetError
from punnet.execution.hops import marker
from punnet.planning.calls import HopFrom, Member, OwnTypename, Projection

Project = Callable[[Any], bytes]


class NotProjectable(PunnetError):
    """A service gave a value that its type cannot carry."""

    code = "EXEC-001"

    def __init__(self, why: str) -> None:
        super().__init__(what=why, where="projecting a service's answer")


def projector(type_: GraphQLOutputType, projection: Projection | None) -> Project:
    """A function from a value of the type to its JSON.

    The function raises NotProjectable, or whatever a coercer raises.
    """
    match type_:
        case GraphQLNonNull():
            return _non_null(projector(type_.of_type, projection))
        case GraphQLList():
            return _list(projector(type_.of_type, projection))
        case GraphQLScalarType() | GraphQLEnumType():
            return _leaf(type_)
        case GraphQLObjectType() if projection is not None:
            return _object(type_.name, dict(projection.fields)[type_.name])
        case GraphQLUnionType() if projection is not None:
            return _union(type_, projection)
        case _:
            raise NotProjectable(f"no way to project '{type_}'")


def _non_null(inner: Project) -> Project:
    def project(value: Any) -> bytes:
        text = inner(value)
        if text == b"null":
            raise NotProjectable("null where the type says that there is none")
        return text

    return project


def _list(inner: Project) -> Project:
    def project(value: Any) -> bytes:
        if value is None:
            return b"null"
        if not isinstance(value, list):
            raise NotProjectable("no list where the type is one")
        return b"[" + b",".join([inner(item) for item in value]) + b"]"

    return project


def _leaf(type_: GraphQLScalarType | GraphQLEnumType) -> Project:
    coerce = type_.coerce_output_value

    def project(value: Any) -> bytes:
        return b"null" if value is None else orjson.dumps(coerce(value))

    return project


def _object(type_name: str, fields: tuple[tuple[str, Member | OwnTypename | HopFrom], ...]) -> Project:
    parts = [
        (orjson.dumps(key) + b":" if number == 0 else b"," + orjson.dumps(key) + b":", _part(type_name, value))
        for number, (key, value) in enumerate(fields)
    ]

    def project(value: Any) -> bytes:
        if value is None:
            return b"null"
        if not isinstance(value, dict):
            raise NotProjectable("no object where the type is one")
        return b"{" + b"".join([key + part(value) for key, part in parts]) + b"}"

    return project


def _part(type_name: str, field: Member | OwnTypename | HopFrom) -> Callable[[dict[str, Any]], bytes]:
    match field:
        case OwnTypename():
            constant = orjson.dumps(type_name)
            return lambda _value: constant
        case Member(name, type_, projection):
            project = projector(type_, projection)
            return lambda value: project(value.get(name))
        case HopFrom(hop, members):
            return lambda value: marker(hop, [value.get(member) for member in members])


def _union(type_: GraphQLUnionType, projection: Projection) -> Project:
    of_type = {name: _object(name, fields) for name, fields in projection.fields}
    resolve: Any = type_.resolve_type

    def project(value: Any) -> bytes:
        if value is None:
            return b"null"
        name = resolve(value, None, type_)
        if name not in of_type:
            raise NotProjectable("an object of none of the union's types")
        return of_type[name](value)

    return project
