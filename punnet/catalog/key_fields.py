"""The fields that a key of a type consists of, as federation writes them: `sku variation { id }`."""

from __future__ import annotations

from dataclasses import dataclass

from graphql import FieldNode, GraphQLSyntaxError, OperationDefinitionNode, SelectionSetNode, parse


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyField:
    """A field of a key, with those that are taken of an object."""

    name: str
    fields: tuple[KeyField, ...] = ()

    def __str__(self) -> str:
        return f"{self.name} {{ {key_text(self.fields)} }}" if self.fields else self.name


def key_text(fields: tuple[KeyField, ...]) -> str:
    """The fields of a key as one text."""
    return " ".join(map(str, fields))


def parse_key(text: str) -> tuple[KeyField, ...]:
    """Read the fields of a key.

    Raises:
        ValueError: the text is something else.
    """
    try:
        definitions = parse(f"{{{text}\n}}", no_location=True).definitions
    except (GraphQLSyntaxError, RecursionError):
        definitions = ()
    if len(definitions) != 1 or not isinstance(definitions[0], OperationDefinitionNode):
        raise ValueError("wants the fields of a key such as 'id', or 'sku variation { id }'")
    return _fields(definitions[0].selection_set)


def _fields(selections: SelectionSetNode) -> tuple[KeyField, ...]:
    fields = []
    if not selections.selections:
        raise ValueError("wants the fields of a key such as 'id', or 'sku variation { id }'")
    for node in selections.selections:
        if not isinstance(node, FieldNode) or node.alias or node.arguments or node.directives:
            raise ValueError("wants plain fields: a key has no fragments, aliases, arguments or directives")
        inner = _fields(node.selection_set) if node.selection_set else ()
        fields.append(KeyField(name=node.name.value, fields=inner))
    return tuple(fields)
