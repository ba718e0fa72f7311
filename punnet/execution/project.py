"""What a selection takes of a service's JSON.

It completes values as graphql-core does, by the same coercers of the same types. Whatever it cannot complete it
refuses whole: the resolvers then decide which field is in error and how far a null goes. What comes out is made of
Python's values, with the places of hops as fragments of JSON, so that one call of orjson writes all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import orjson
from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLString,
    GraphQLUnionType,
)

from punnet.errors import PunnetError
from punnet.execution.hops import marker
from punnet.loaders.values import value_in
from punnet.planning.calls import HopFrom, Member, OwnTypename, Projection

Project = Callable[[Any], Any]

# Python finds them faster here than under the library's names for the same.
_MIN_INT, _MAX_INT = -(2**31), 2**31 - 1


class NotProjectable(PunnetError):
    """A service gave a value that its type cannot carry."""

    code = "EXEC-001"

    def __init__(self, why: str) -> None:
        super().__init__(what=why, where="projecting a service's answer")


def projector(type_: GraphQLOutputType, projection: Projection | None) -> Project:
    """A function from a value of the type to what orjson makes its JSON of.

    The function raises NotProjectable, or whatever a coercer raises.
    """
    match type_:
        case GraphQLNonNull():
            return _unless_plain(type_.of_type, _non_null(projector(type_.of_type, projection)))
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


def projected(project: Project, answer: object) -> bytes:
    """The JSON of a service's answer.

    Raises:
        NotProjectable: the answer is an error, or nothing that its type can carry.
        PunnetError: whatever else the function raises on purpose.
    """
    [json] = projected_each(project, (answer,))
    return json


def projected_each(project: Project, answers: Sequence[object]) -> list[bytes]:
    """The JSON of each of a service's answers; raises what `projected` does."""
    failed = [answer for answer in answers if isinstance(answer, Exception)]
    if failed:
        raise NotProjectable("a key failed") from failed[0]
    try:
        return [orjson.dumps(project(answer)) for answer in answers]
    except (GraphQLError, TypeError, ValueError) as error:
        raise NotProjectable(str(error)) from error


def taking(path: tuple[str, ...], inner: Project, *, is_list: bool) -> Project:
    """The same of a value that lies deeper: see `value_in`."""
    return lambda answer: inner(value_in(answer, path, is_list=is_list))


def _non_null(inner: Project) -> Project:
    def project(value: Any) -> Any:
        completed = inner(value)
        if completed is None:
            raise NotProjectable("null where the type says that there is none")
        return completed

    return project


def _list(inner: Project) -> Project:
    def project(value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, list):
            raise NotProjectable("no list where the type is one")
        return [inner(item) for item in value]

    return project


def _leaf(type_: GraphQLScalarType | GraphQLEnumType) -> Project:
    coerce = type_.coerce_output_value
    return _unless_plain(type_, lambda value: None if value is None else coerce(value))


def _unless_plain(type_: GraphQLOutputType, complete: Project) -> Project:
    """The same, without a call for what nearly every text and number is: itself."""
    if type_ is GraphQLString:
        return lambda value: value if type(value) is str else complete(value)
    if type_ is GraphQLInt:
        return lambda value: value if type(value) is int and _MIN_INT <= value <= _MAX_INT else complete(value)
    return complete


def _object(type_name: str, fields: tuple[tuple[str, Member | OwnTypename | HopFrom], ...]) -> Project:
    parts = [(key, *_part(type_name, value)) for key, value in fields]
    all_members = all(member is not None for _, member, _ in parts)

    def project(value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, dict):
            raise NotProjectable("no object where the type is one")
        get = value.get
        if all_members:
            return {key: part(get(member)) for key, member, part in parts}
        return {key: part(get(member)) if member is not None else part(value) for key, member, part in parts}

    return project


def _part(type_name: str, field: Member | OwnTypename | HopFrom) -> tuple[str | None, Project]:
    """(the member that the function takes, or None where it takes the whole object; the function)."""
    match field:
        case OwnTypename():
            return None, lambda _value: type_name
        case Member(name, type_, projection):
            return name, projector(type_, projection)
        case HopFrom(hop, members):
            return None, lambda value: orjson.Fragment(marker(hop, [value.get(member) for member in members]))


def _union(type_: GraphQLUnionType, projection: Projection) -> Project:
    of_type = {name: _object(name, fields) for name, fields in projection.fields}
    resolve: Any = type_.resolve_type

    def project(value: Any) -> Any:
        if value is None:
            return None
        return of_type[resolve(value, None, type_)](value)

    return project
