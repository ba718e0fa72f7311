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
    """Read directives as they stand behind a definition: `@tag(name: "a") @inaccessible`.

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


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDirectives:
    """What is chosen about one field of a type, or one value of an enum."""

    field: str
    directives: tuple[Directive, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeDirectives:
    """What is chosen about one type, by its name in the API."""

    type: str
    directives: tuple[Directive, ...] = ()
    keys: tuple[str, ...] | None = None
    """What names one of it, each as selected fields: `sku variation { id }`. None leaves that to the catalog."""
    resolvable: bool = True
    """Whether one of it can be asked for by its key."""
    fields: tuple[FieldDirectives, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaDirectives:
    """What a team chooses about the directives of its schema."""

    max_version: str = "2.9"
    """Of Apollo Federation, the latest that the team's gateway knows."""
    on_schema: tuple[Directive, ...] = ()
    """`@link`s of other specifications, `@composeDirective`."""
    definitions: str = ""
    """The team's own directives, in GraphQL."""
    types: tuple[TypeDirectives, ...] = ()
