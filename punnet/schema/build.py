"""The schema of a catalog."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import strawberry
from graphql import GraphQLField, GraphQLSchema

from punnet.catalog.contest import Collision
from punnet.catalog.directives import SchemaDirectives, TypeDirectives
from punnet.catalog.entities import Entity
from punnet.catalog.joins import Join, Reference
from punnet.catalog.known_directives import known_directives
from punnet.catalog.names import TYPE_NAMES, TYPE_SUFFIXES, Names, name_catalog
from punnet.catalog.overrides import NO_OVERRIDES, Overrides
from punnet.catalog.overriding import apply_overrides
from punnet.catalog.relations import Catalog, RelationId
from punnet.catalog.service_names import name_service
from punnet.schema.errors import NothingToServe, OverridesWrong
from punnet.schema.federation.apply import apply_directives
from punnet.schema.federation.comments import on_types, take_directives
from punnet.schema.federation.entities import add_row_keys, entity_kinds
from punnet.schema.federation.service import add_subgraph_fields
from punnet.schema.federation.shareable import mark_shareable
from punnet.schema.joins.joiner import Joiner
from punnet.schema.joins.shared_types import SharedTypes, shared_types
from punnet.schema.joins.warnings import JoinWarning
from punnet.schema.merge import PYTHON_SCALARS, Generated, entities_of, graphql_schema, merge
from punnet.schema.query import query_fields
from punnet.schema.relations import RelationTypes, Shared
from punnet.schema.services import ServiceTypes
from punnet.schema.shared import direction_type, node_interface, page_info_type
from punnet.schema.values import ValueTypes


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCode:
    """A team's Strawberry types, which sit beside what is generated."""

    query: type | None = None
    mutation: type | None = None
    types: Sequence[type] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a team chooses about its schema."""

    plain_namespaces: Mapping[str, str] = field(default_factory=dict)
    """By source, the namespace whose types bear no prefix, where it is not `public`."""
    prefixes: Mapping[str, str] = field(default_factory=dict)
    """By source, what its names begin with. Where none is given the first source has none, each other its own name."""
    overrides: Overrides = NO_OVERRIDES
    """What is said about relations beyond what their databases tell."""
    node_id: str | None = "nodeId"
    """The field of a row's id across all types; None where there are no such ids."""
    joins: Sequence[Join | Reference] = ()
    entities: Sequence[Entity] = ()
    """Types that other subgraphs share."""
    with_mutations: frozenset[str] = frozenset()
    """The services whose operations other than GET are served."""
    federation: bool = False
    """Whether the schema is a subgraph of Apollo Federation 2."""
    directives: SchemaDirectives = field(default_factory=SchemaDirectives)
    """Directives and keys, which a subgraph has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltSchema:
    """A schema, and the names that it was made with."""

    strawberry: strawberry.Schema
    graphql: GraphQLSchema
    names: Names
    warnings: tuple[JoinWarning, ...] = ()
    collisions: tuple[Collision, ...] = ()
    """Where several things wanted one name, in databases and services."""


def build_schema(catalog: Catalog, own: OwnCode | None = None, choices: Choices | None = None) -> BuiltSchema:
    """Make the schema; pure.

    Args:
        catalog: what the sources offer.
        own: a team's code beside it.
        choices: names and joins.

    Raises:
        NothingToServe: neither the catalog nor the team's code has a field for Query.
        NameTaken: the team's code uses a generated name.
        OverridesWrong: what is said about relations names what is not there, or gives names that are taken.
        EntitiesWrong: so do types that other subgraphs share.
        JoinWrong: joins name what is not there.
        DirectivesWrong: so do directives or keys, or they cannot stand where they do.
    """
    own, choices = own or OwnCode(), choices or Choices()
    catalog, commented = take_directives(catalog, known_directives(choices.directives.definitions))
    catalog, names = named_catalog(catalog, choices)
    parts = generate(catalog, names, choices)
    # A subgraph may be there for its entities alone.
    if not parts.queries and own.query is None and not (choices.federation and parts.relations):
        raise NothingToServe
    merged = merge(parts.generated(), query=own.query, mutation=own.mutation, extra_types=own.types)
    if choices.federation:
        make_subgraph(merged, parts, choices.directives, on_types(commented, catalog, names))
    return BuiltSchema(
        strawberry=merged,
        graphql=graphql_schema(merged),
        names=names,
        warnings=parts.warnings,
        collisions=(*names.collisions, *parts.collisions()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What is generated of a catalog, before a team's code joins it."""

    shared: Shared
    relations: Mapping[RelationId, RelationTypes]
    services: Mapping[str, ServiceTypes]
    of_subgraphs: SharedTypes
    """Types that other subgraphs have, too."""
    queries: Mapping[str, GraphQLField]
    mutations: Mapping[str, GraphQLField]
    warnings: tuple[JoinWarning, ...]

    def collisions(self) -> Iterator[Collision]:
        """Where several things of a service wanted one name."""
        for service in self.services.values():
            yield from service.names.collisions

    def generated(self) -> Generated:
        """All of it, as it is merged with a team's types."""
        of_relations = [type_ for each in self.relations.values() for type_ in each.linked()]
        of_services = [type_ for each in self.services.values() for type_ in each.linked()]
        return Generated(
            queries=self.queries,
            mutations=self.mutations,
            types=[*of_relations, *of_services, *self.of_subgraphs.linked],
            scalars={name: self.shared.values.scalar(name) for name in PYTHON_SCALARS},
        )


def generate(catalog: Catalog, names: Names, choices: Choices) -> Parts:
    """Make the types and fields of a catalog.

    Raises:
        JoinWrong: joins name what is not there.
    """
    values = ValueTypes(names)
    shared = Shared(
        names=names,
        values=values,
        node=None if choices.node_id is None else node_interface(choices.node_id),
        page_info=page_info_type(),
        direction=direction_type(),
    )
    relations = relation_types(catalog, shared)
    queries = query_fields(relations, shared, with_nodes=not choices.federation)
    services = service_types(catalog, choices, names, values, queries)
    taken = taken_type_names(names).union(*(each.names.types.values() for each in services.values()))
    of_subgraphs = shared_types(choices.entities, values=values, names=names, services=services, taken=taken)
    warnings = Joiner(names, relations, services, of_subgraphs.stubs).add(choices.joins)
    of_subgraphs.check_keys()
    changing = {name: service for name, service in services.items() if name in choices.with_mutations}
    return Parts(
        shared=shared,
        relations=relations,
        services=services,
        of_subgraphs=of_subgraphs,
        queries=queries | operation_fields(services, of_queries=True),
        mutations=operation_fields(changing, of_queries=False),
        warnings=(*of_subgraphs.warnings, *warnings),
    )


def operation_fields(services: Mapping[str, ServiceTypes], *, of_queries: bool) -> dict[str, GraphQLField]:
    """The fields of Query, or of Mutation, that services answer."""
    fields: dict[str, GraphQLField] = {}
    for service in services.values():
        fields |= service.operation_fields(of_queries=of_queries)
    return fields


def make_subgraph(
    merged: strawberry.Schema, parts: Parts, chosen: SchemaDirectives, commented: Iterable[TypeDirectives]
) -> None:
    """Give a schema that is complete otherwise what gateways of a federated graph need.

    Raises:
        DirectivesWrong: see `apply_directives`.
    """
    schema, own = graphql_schema(merged), entities_of(merged)
    relations = parts.relations.values()
    add_row_keys(relations, parts.shared)
    parts.of_subgraphs.add_keys(schema)
    apply_directives(schema, chosen, commented)
    mark_shareable(schema)
    others = {**own.kinds, **parts.of_subgraphs.kinds(schema)}
    entities = tuple(entity_kinds(schema, relations, parts.shared, others))
    add_subgraph_fields(schema, entities, own.name_of, chosen.max_version)


def named_catalog(catalog: Catalog, choices: Choices) -> tuple[Catalog, Names]:
    """The catalog with what is said about it, and its names.

    Raises:
        OverridesWrong: with everything that is wrong with what is said.
    """
    overridden = apply_overrides(catalog, choices.overrides)
    names = name_catalog(
        overridden.catalog,
        plain_namespaces=choices.plain_namespaces,
        prefixes=choices.prefixes,
        node_id=choices.node_id,
        given=overridden.given,
    )
    problems = [*overridden.problems, *names.clashes]
    if problems:
        raise OverridesWrong(problems)
    return overridden.catalog, names


def service_types(
    catalog: Catalog, choices: Choices, names: Names, values: ValueTypes, queries: Mapping[str, GraphQLField]
) -> dict[str, ServiceTypes]:
    """The types of every service, named so that they meet no other's."""
    taken_types = taken_type_names(names)
    taken_fields = set(queries)
    services: dict[str, ServiceTypes] = {}
    for number, service in enumerate(catalog.services):
        is_first = number == 0 and not catalog.sources
        prefix = choices.prefixes.get(service.name, "" if is_first else service.name)
        named = name_service(service, prefix=prefix, taken_types=taken_types, taken_fields=taken_fields)
        taken_types |= {*named.types.values(), *named.inputs.values()}
        taken_fields |= set(named.operations.values())
        services[service.name] = ServiceTypes(service, named, values)
    return services


def taken_type_names(names: Names) -> set[str]:
    """Every type name that a database's part of the schema has, or can get."""
    relations = {relation.type for relation in names.relations.values()}
    taken = {f"{name}{suffix}" for name in relations for suffix in ("", *TYPE_SUFFIXES)}
    return taken | set(TYPE_NAMES) | set(names.types.values()) | {f"{name}Filter" for name in names.types.values()}


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
            if foreign_key.target in types and foreign_key.way_back != "none":
                types[foreign_key.target].referrers.append((each.relation, foreign_key))
    return types
