"""A generated field: its meaning, and the resolver that goes with it."""

from __future__ import annotations

from graphql import GraphQLArgumentMap, GraphQLField, GraphQLOutputType

from punnet.planning.meaning import EXTENSION, Meaning
from punnet.resolvers.fields import resolver_of


def field_of(
    meaning: Meaning,
    type_: GraphQLOutputType,
    description: str | None = None,
    args: GraphQLArgumentMap | None = None,
) -> GraphQLField:
    """A field that means this."""
    return GraphQLField(
        type_, args=args, resolve=resolver_of(meaning), description=description, extensions={EXTENSION: meaning}
    )
