"""Fields that refer to an object of another subgraph: made of this object's own columns or members."""

from __future__ import annotations

from collections.abc import Iterable

from graphql import GraphQLEnumType, GraphQLField, GraphQLScalarType

from punnet.catalog.close_names import did_you_mean
from punnet.catalog.directives import Directive
from punnet.catalog.joins import Reference
from punnet.planning.meaning import ReferenceTo
from punnet.schema.federation.stubs import StubType
from punnet.schema.fields import field_of
from punnet.schema.joins.parents import Parent, Place
from punnet.schema.problem import Problem

_TEXTS = frozenset({"String", "ID"})
_FITTING = {
    "Int": frozenset({"BigInt", "Float", "Decimal"}),
    "BigInt": frozenset({"Decimal"}),
    "ID": frozenset({"BigInt"}),
}
"""By the scalar of a column or member, the scalars beside its own and those of texts that carry its values."""


def reference_field(reference: Reference, parent: Parent, stub: StubType) -> GraphQLField:
    """The field; raises Problem."""
    _check_key(stub, [name for name, _ in reference.match])
    members = tuple((name, _place(stub, name, parent, value).raw) for name, value in reference.match)
    return field_of(ReferenceTo(members), stub.type)


def _check_key(stub: StubType, given: list[str]) -> None:
    for name in given:
        if name not in stub.key:
            raise Problem(f"'{name}' is not in the key of '{stub.name}'{did_you_mean(name, stub.key)}")
    if len(given) != len(stub.key):
        raise Problem(f"'match' wants the whole key of '{stub.name}': {' and '.join(map(repr, stub.key))}")


def _place(stub: StubType, name: str, parent: Parent, value: str) -> Place:
    type_ = stub.leaves[name]
    if type_ is None:
        raise Problem(f"'{stub.name}.{name}' is no single value")
    place = parent.place(value)
    if not _carries(type_, place.scalar):
        raise Problem(f"'{value}' is {place.kind}, and '{stub.name}.{name}' is {type_.name}")
    return place


def _carries(type_: GraphQLScalarType | GraphQLEnumType, scalar: str | None) -> bool:
    """Whether the type carries values of a scalar, or of an enum."""
    if type_.name == "String":
        return scalar not in ("Int", "Float", "Boolean")
    if type_.name == "ID":
        return scalar in (None, "Int", "BigInt", "UUID", *_TEXTS)
    return scalar == type_.name or type_.name in _FITTING.get(scalar or "", ())


def fields_directive(name: str, fields: Iterable[str]) -> Directive:
    """A directive over fields of a type, such as `@requires`."""
    return Directive(name=name, arguments=(("fields", f'"{" ".join(fields)}"'),))
