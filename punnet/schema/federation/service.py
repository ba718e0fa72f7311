"""The fields of Query by which a gateway asks a subgraph: `_service` and `_entities`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from graphql import (
    GraphQLArgument,
    GraphQLError,
    GraphQLField,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLString,
    GraphQLUnionType,
    get_named_type,
)

from punnet.planning.entities import EntityKind, Representations
from punnet.planning.meaning import Entities, Subgraph, SubgraphSdl, meaning_of
from punnet.resolvers.entities import entity_type_resolver
from punnet.schema.federation.sdl import print_subgraph
from punnet.schema.fields import field_of

_ARGUMENT = "representations"


def add_subgraph_fields(
    schema: GraphQLSchema, entities: Sequence[EntityKind], name_of_own: Callable[[object], str | None], max_version: str
) -> None:
    """Let a gateway ask the schema as a subgraph.

    Args:
        schema: complete otherwise; it is changed in place, before it answers anything.
        entities: whose objects can be asked for.
        name_of_own: the type's name of an object of a team's code, None for what is no entity.
        max_version: of federation, what the printed schema may ask for.
    """
    query = schema.query_type
    if query is None:
        raise TypeError("a subgraph without queries")
    printed = cache(lambda: print_subgraph(schema, max_version=max_version))
    query.fields["_service"] = _service_field(printed)
    if entities:
        query.fields["_entities"] = _entities_field(schema, entities, name_of_own)
    for name in ("_service", "_entities") if entities else ("_service",):
        schema.type_map |= _new_types(query.fields[name])


def subgraph_sdl(schema: GraphQLSchema) -> str:
    """The text of a schema that is a subgraph."""
    query = schema.query_type
    meaning = None if query is None else meaning_of(query.fields["_service"])
    if not isinstance(meaning, Subgraph):
        raise TypeError("the schema is no subgraph")
    return meaning.sdl()


def _new_types(field: GraphQLField) -> dict[str, GraphQLNamedType]:
    """The types that came with a field of a subgraph."""
    named = [get_named_type(field.type), *(get_named_type(argument.type) for argument in field.args.values())]
    return {type_.name: type_ for type_ in named}


def _service_field(sdl: Callable[[], str]) -> GraphQLField:
    text = field_of(SubgraphSdl(), GraphQLNonNull(GraphQLString), "The schema, as composition takes it.")
    service = GraphQLObjectType("_Service", {"sdl": text}, description="This subgraph.")
    return field_of(Subgraph(sdl), GraphQLNonNull(service), "What this subgraph tells about itself.")


def _entities_field(
    schema: GraphQLSchema, entities: Sequence[EntityKind], name_of_own: Callable[[object], str | None]
) -> GraphQLField:
    types = [schema.type_map[each.name] for each in entities]
    entity = GraphQLUnionType(
        "_Entity",
        [type_ for type_ in types if isinstance(type_, GraphQLObjectType)],
        resolve_type=entity_type_resolver(name_of_own),
        description="Every type that other subgraphs can name an object of.",
    )
    given = GraphQLNonNull(GraphQLList(GraphQLNonNull(_any_type())))
    return field_of(
        Entities(Representations(tuple(entities)), _ARGUMENT),
        GraphQLNonNull(GraphQLList(entity)),
        "The objects that the representations name, in their order, null where there is none.",
        args={_ARGUMENT: GraphQLArgument(given)},
    )


def _any_type() -> GraphQLScalarType:
    return GraphQLScalarType(
        "_Any",
        coerce_input_value=_not_null,
        description="An object with `__typename` and the fields of one of its keys.",
    )


def _not_null(value: object) -> object:
    if value is None:
        raise GraphQLError("_Any wants an object.")
    return value
