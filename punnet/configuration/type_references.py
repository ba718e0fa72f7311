"""References to GraphQL types, such as `[Shipment!]!`."""

from __future__ import annotations

from dataclasses import dataclass

from graphql import GraphQLSyntaxError, ListTypeNode, NamedTypeNode, NonNullTypeNode, TypeNode, parse_type


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeReference:
    """A named type, or a list of what `element` says."""

    name: str = ""
    element: TypeReference | None = None
    required: bool = False
    """Whether it ends in `!`."""

    @property
    def named(self) -> str:
        """The type inside all lists."""
        return self.name if self.element is None else self.element.named


def parse_type_reference(text: str) -> TypeReference:
    """Read a reference; raises ValueError saying what it wants."""
    try:
        node = parse_type(text)
    except (GraphQLSyntaxError, RecursionError):
        raise ValueError("wants a GraphQL type such as 'Int!', 'Shipment' or '[String!]'") from None
    return _from_node(node, required=False)


def _from_node(node: TypeNode, *, required: bool) -> TypeReference:
    match node:
        case NonNullTypeNode(type=inner):
            return _from_node(inner, required=True)
        case ListTypeNode(type=inner):
            return TypeReference(element=_from_node(inner, required=False), required=required)
        case NamedTypeNode(name=name):
            return TypeReference(name=name.value, required=required)
    raise ValueError("wants a GraphQL type")
