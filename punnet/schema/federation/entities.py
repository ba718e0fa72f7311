"""Which types are entities, and by which keys other subgraphs name them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from graphql import GraphQLObjectType, GraphQLSchema

from punnet.catalog.directives import Directive
from punnet.catalog.key_fields import key_text
from punnet.catalog.relations import Key
from punnet.planning.entities import EntityKey, EntityKind, RowEntity
from punnet.schema.errors import DirectivesWrong
from punnet.schema.federation.directives import add_directives, directives_of
from punnet.schema.federation.keys import key_directive, key_fields
from punnet.schema.federation.required import required_fields
from punnet.schema.federation.row_keys import KeyUnresolvable, RowKeys
from punnet.schema.relations import RelationTypes, Shared


def add_row_keys(types: Iterable[RelationTypes], shared: Shared) -> None:
    """Put a `@key` on the type of each relation for each of its keys that other subgraphs can give."""
    for each in types:
        for key in each.relation.keys:
            if _is_nameable(each, key, shared):
                names = [shared.names.column(each.relation.id, name) for name in key.columns]
                add_directives(each.row, key_directive(" ".join(names)))


def _is_nameable(types: RelationTypes, key: Key, shared: Shared) -> bool:
    columns = [types.relation.column_by_name[name] for name in key.columns]
    return all(not column.nullable and RowKeys(types, shared).is_exact(column) for column in columns)


def entity_kinds(
    schema: GraphQLSchema, types: Iterable[RelationTypes], shared: Shared, others: Mapping[str, EntityKind]
) -> Iterator[EntityKind]:
    """The types whose objects can be asked for by a `@key` that they bear.

    Args:
        schema: complete, with all directives.
        types: those of relations.
        shared: what names their columns.
        others: those of a team's code that resolve references, of other subgraphs, and of services.

    Raises:
        DirectivesWrong: rows cannot be asked for by such a key.
    """
    rows = {each.name: each for each in types}
    problems: list[str] = []
    for name, type_ in schema.type_map.items():
        if not isinstance(type_, GraphQLObjectType) or not any(map(_is_resolvable_key, directives_of(type_))):
            continue
        if name in rows:
            keys = tuple(_row_keys(type_, RowKeys(rows[name], shared), problems))
            if keys:
                yield RowEntity(name, rows[name].relation, keys, required_fields(type_))
        elif name in others:
            yield others[name]
    if problems:
        raise DirectivesWrong(problems)


def _is_resolvable_key(directive: Directive) -> bool:
    return directive.name == "key" and ("resolvable", "false") not in directive.arguments


def _row_keys(type_: GraphQLObjectType, row_keys: RowKeys, problems: list[str]) -> Iterator[EntityKey]:
    for directive in filter(_is_resolvable_key, directives_of(type_)):
        written = key_fields(directive)
        try:
            yield row_keys.of(written)
        except KeyUnresolvable as problem:
            where = f"the key '{key_text(written)}' of '{type_.name}'"
            problems.append(f"{where}: {problem}; where gateways need not ask by it, say 'resolvable = false'")
