"""The schema of a catalog."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import strawberry
from graphql import GraphQLSchema

from punnet.catalog.names import Names, name_catalog
from punnet.catalog.relations import Catalog, RelationId
from punnet.schema.errors import NothingToServe
from punnet.schema.merge import graphql_schema, merge
from punnet.schema.query import query_fields
from punnet.schema.relations import RelationTypes, Shared
from punnet.schema.shared import direction_type, node_interface, page_info_type
from punnet.schema.values import ValueTypes


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCode:
    """A team's Strawberry types, which sit beside what is generated."""

    query: type | None = None
    mutation: type | None = None
    types: Sequence[type] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltSchema:
    """A schema, and the names that it was made with."""

    strawberry: strawberry.Schema
    graphql: GraphQLSchema
    names: Names


def build_schema(
    catalog: Catalog, own: OwnCode | None = None, *, plain_namespaces: dict[str, str] | None = None
) -> BuiltSchema:
    """Make the schema; pure.

    Args:
        catalog: what the sources offer.
        own: a team's code beside it.
        plain_namespaces: by source, the namespace whose types bear no prefix.

    Raises:
        NothingToServe: neither the catalog nor the team's code has a field for Query.
        NameTaken: the team's code uses a generated name.
    """
    own = own or OwnCode()
    names = name_catalog(catalog, plain_namespaces=plain_namespaces)
    values = ValueTypes(names)
    shared = Shared(
        names=names,
        values=values,
        node=node_interface("nodeId"),
        node_id="nodeId",
        page_info=page_info_type(),
        direction=direction_type(),
    )
    types = relation_types(catalog, shared)
    fields = query_fields(types, shared)
    if not fields and own.query is None:
        raise NothingToServe
    generated = [type_ for each in types.values() for type_ in each.linked]
    scalars = {name: values.scalar(name) for name in ("DateTime", "Date", "Decimal", "UUID", "JSON")}
    merged = merge(fields, generated, scalars, query=own.query, mutation=own.mutation, extra_types=own.types)
    return BuiltSchema(strawberry=merged, graphql=graphql_schema(merged), names=names)


def relation_types(catalog: Catalog, shared: Shared) -> dict[RelationId, RelationTypes]:
    """The types of every relation that has a column, linked with each other."""
    types = {
        relation.id: RelationTypes(relation, shared)
        for source in catalog.sources
        for relation in source.relations
        if relation.columns
    }
    for each in types.values():
        each.others = types
        for foreign_key in each.relation.foreign_keys:
            if foreign_key.target in types:
                types[foreign_key.target].referrers.append((each.relation, foreign_key))
    return types
