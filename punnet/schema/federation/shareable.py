"""Types that several subgraphs may have alike."""

from __future__ import annotations

from graphql import GraphQLObjectType, GraphQLSchema

from punnet.catalog.directives import Directive
from punnet.planning.meaning import MemberField, PageInfoPart, PartOf, meaning_of
from punnet.schema.federation.directives import add_directives, directives_of

SHAREABLE = Directive(name="shareable")


def mark_shareable(schema: GraphQLSchema) -> None:
    """Put `@shareable` on generated types without keys: page infos, values, and objects of services.

    Two subgraphs on databases that both have a range of dates compose only so.
    """
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLObjectType) and _is_value(type_) and not _has_key(type_):
            add_directives(type_, SHAREABLE)


def _is_value(type_: GraphQLObjectType) -> bool:
    return any(isinstance(meaning_of(field), PageInfoPart | PartOf | MemberField) for field in type_.fields.values())


def _has_key(type_: GraphQLObjectType) -> bool:
    return any(directive.name == "key" for directive in directives_of(type_))
