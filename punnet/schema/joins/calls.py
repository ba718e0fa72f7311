"""Joined fields that an HTTP service answers."""

from __future__ import annotations

from graphql import GraphQLField

from punnet.catalog.endpoints import Endpoint, ListShape, Shape
from punnet.catalog.joins import Join
from punnet.planning.meaning import JoinedCall
from punnet.schema.fields import field_of
from punnet.schema.joins.keyed_calls import keyed_call
from punnet.schema.joins.members import member_at
from punnet.schema.joins.parents import Parent
from punnet.schema.joins.warnings import JoinWarning, warnings_of
from punnet.schema.problem import Problem
from punnet.schema.services import ServiceTypes


def call_field(
    join: Join, parent: Parent, service: ServiceTypes, operation: str
) -> tuple[GraphQLField, list[JoinWarning]]:
    """The field, and what is worth a warning; raises Problem."""
    keyed = keyed_call(service, operation, parent, join.match, batch=join.batch, is_list=join.is_list)
    endpoint = keyed.call.endpoint
    is_list = isinstance(keyed.shape, ListShape)
    if is_list and not join.is_list:
        raise Problem(
            f"'{endpoint.id}' gives a list for each key: say 'list = true', or declare how it answers a batch"
        )
    if join.is_list and not is_list:
        raise Problem(f"'{endpoint.id}' gives no list for a key: say 'list = false'")
    shape, path = _value(service, keyed.shape, join, endpoint)
    meaning = JoinedCall(keyed.call, tuple(place.raw for place in keyed.places), path)
    return field_of(meaning, service.output(shape), endpoint.comment), warnings_of(join, keyed.call)


def _value(service: ServiceTypes, shape: Shape, join: Join, endpoint: Endpoint) -> tuple[Shape, tuple[str, ...]]:
    """The shape of the field, and the members that lead to it from what the call gives, or from each of its items."""
    if not join.value:
        return shape, ()
    if isinstance(shape, ListShape) and join.is_list:
        member = member_at(service, shape.element, join.value, endpoint)
        return ListShape(
            element=member.shape, nullable_elements=member.nullable or shape.nullable_elements
        ), member.path
    member = member_at(service, shape, join.value, endpoint)
    return member.shape, member.path
