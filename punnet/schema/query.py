"""The generated fields of Query."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLID,
    GraphQLList,
    GraphQLNonNull,
)

from punnet.catalog.relations import Key, RelationId
from punnet.planning.ids import GlobalIds
from punnet.planning.meaning import Collection, RowByKey, RowsById
from punnet.schema.fields import field_of
from punnet.schema.relations import RelationTypes, Shared


def query_fields(
    types: Mapping[RelationId, RelationTypes], shared: Shared, *, with_nodes: bool
) -> dict[str, GraphQLField]:
    """A collection and look-ups for each relation, and `node` and `nodes` over all of them.

    A subgraph is without these two: the ids of all subgraphs together are not its own to find.
    """
    fields: dict[str, GraphQLField] = {}
    for relation_types in (each for each in types.values() if each.relation.has_queries):
        fields |= dict(_relation_fields(relation_types, shared))
    if with_nodes:
        fields |= dict(_node_fields(types, shared))
    return fields


def _relation_fields(types: RelationTypes, shared: Shared) -> Iterator[tuple[str, GraphQLField]]:
    relation = types.relation
    yield (
        shared.names.collection(relation.id),
        field_of(
            Collection(relation),
            types.connection,
            relation.comment or f"All rows of the {relation.kind} `{relation.id.name}`.",
            args=types.connection_arguments(),
        ),
    )
    for key in relation.keys:
        arguments = _key_arguments(types, key, shared)
        if arguments is not None:
            columns = " and ".join(f"`{name}`" for name in arguments)
            by = tuple((shared.names.column(relation.id, column), column) for column in key.columns)
            yield (
                shared.names.lookup(relation.id, key.name),
                field_of(
                    RowByKey(relation, by),
                    types.row,
                    f"The {types.name} with this {columns}.",
                    args=arguments,
                ),
            )


def _key_arguments(types: RelationTypes, key: Key, shared: Shared) -> dict[str, GraphQLArgument] | None:
    """The arguments of a look-up; None where a column of the key cannot be given."""
    relation = types.relation
    arguments: dict[str, GraphQLArgument] = {}
    for name in key.columns:
        column = relation.column_by_name[name]
        type_ = shared.values.input(column.type, relation.id.source)
        if type_ is None:
            return None
        arguments[shared.names.column(relation.id, name)] = GraphQLArgument(
            GraphQLNonNull(type_), description=column.comment
        )
    return arguments


def _node_fields(types: Mapping[RelationId, RelationTypes], shared: Shared) -> Iterator[tuple[str, GraphQLField]]:
    with_ids = tuple((each.name, each.relation) for each in types.values() if each.has_key)
    node = shared.node
    if node is None or not with_ids:
        return
    one, several = node.field, f"{node.field}s"
    yield (
        "node",
        field_of(
            RowsById(GlobalIds(with_ids), one, is_list=False),
            node.type,
            "The object with this id, null where there is none.",
            args={one: GraphQLArgument(GraphQLNonNull(GraphQLID))},
        ),
    )
    ids = GraphQLNonNull(GraphQLList(GraphQLNonNull(GraphQLID)))
    yield (
        "nodes",
        field_of(
            RowsById(GlobalIds(with_ids), several, is_list=True),
            GraphQLNonNull(GraphQLList(node.type)),
            "The objects with these ids, in their order, null where there is none.",
            args={several: GraphQLArgument(ids)},
        ),
    )
