"""A team's own directives, kept with the schema that they stand in."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from graphql import (
    DirectiveDefinitionNode,
    GraphQLSchema,
    InputObjectTypeDefinitionNode,
    ListTypeNode,
    NamedTypeNode,
    NonNullTypeNode,
    TypeNode,
)

from punnet.catalog.known_directives import OwnDefinition, parse_definitions

_KEY = "directive_definitions"


def definitions_text(schema: GraphQLSchema) -> str:
    """The definitions of a team's own directives, which `parse_definitions` reads."""
    return str(schema.extensions.get(_KEY, ""))


def add_definitions(schema: GraphQLSchema, definitions: str) -> None:
    """Keep more definitions of a team's own directives with the schema.

    Raises:
        ValueError: they are none, or they define what is defined already.
    """
    text = f"{definitions_text(schema)}\n{definitions}".strip()
    parse_definitions(text)
    schema.extensions = {**schema.extensions, _KEY: text}


def definitions_in_use(schema: GraphQLSchema, names: Collection[str]) -> list[OwnDefinition]:
    """The definitions of the team's own directives that have these names, and of the types that they take."""
    nodes = parse_definitions(definitions_text(schema))
    types = {node.name.value: node for node in nodes if not isinstance(node, DirectiveDefinitionNode)}
    used: list[OwnDefinition] = [
        node for node in nodes if isinstance(node, DirectiveDefinitionNode) and node.name.value in names
    ]
    # The list grows while it is walked: an input type takes others.
    for node in used:
        used += [types.pop(name) for name in dict.fromkeys(_types_of(node)) if name in types]
    return used


def _types_of(node: OwnDefinition) -> Iterator[str]:
    if isinstance(node, DirectiveDefinitionNode):
        yield from (_named(argument.type) for argument in node.arguments or ())
    elif isinstance(node, InputObjectTypeDefinitionNode):
        yield from (_named(field.type) for field in node.fields or ())


def _named(node: TypeNode) -> str:
    while isinstance(node, ListTypeNode | NonNullTypeNode):
        node = node.type
    return node.name.value if isinstance(node, NamedTypeNode) else ""
