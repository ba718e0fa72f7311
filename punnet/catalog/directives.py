"""Directives as they stand on definitions of the schema, as values."""

from __future__ import annotations

from dataclasses import dataclass

from graphql import GraphQLSyntaxError, ScalarTypeDefinitionNode, parse, print_ast


@dataclass(frozen=True, slots=True, kw_only=True)
class Directive:
    """A directive with its arguments, as `@tag(name: "internal")`."""

    name: str
    arguments: tuple[tuple[str, str], ...] = ()
    """(name, the value as a GraphQL literal)."""

    def __str__(self) -> str:
        arguments = ", ".join(f"{name}: {value}" for name, value in self.arguments)
        return f"@{self.name}({arguments})" if arguments else f"@{self.name}"


def parse_directives(text: str) -> tuple[Directive, ...]:
    """Read directives from what would stand behind a definition.

    Raises:
        ValueError: the text is something else.
    """
    try:
        definitions = parse(f"scalar S {text}", no_location=True).definitions
    except GraphQLSyntaxError as error:
        raise ValueError(f"is no list of directives: {error.message.removeprefix('Syntax Error: ')}") from None
    if len(definitions) != 1 or not isinstance(definitions[0], ScalarTypeDefinitionNode):
        raise ValueError("is no list of directives: it goes on behind them")
    return tuple(
        Directive(
            name=node.name.value,
            arguments=tuple((each.name.value, print_ast(each.value)) for each in node.arguments or ()),
        )
        for node in definitions[0].directives or ()
    )
