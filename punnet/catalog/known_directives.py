"""Which directives can stand on definitions: federation's, and those that a team defines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from graphql import (
    DirectiveDefinitionNode,
    EnumTypeDefinitionNode,
    GraphQLSyntaxError,
    InputObjectTypeDefinitionNode,
    NonNullTypeNode,
    ScalarTypeDefinitionNode,
    parse,
)

from punnet.catalog.directives import Directive

LATEST_VERSION = "2.9"
"""Of Apollo Federation, the latest whose directives are known here."""

OwnDefinition: TypeAlias = (
    DirectiveDefinitionNode | ScalarTypeDefinitionNode | EnumTypeDefinitionNode | InputObjectTypeDefinitionNode
)
"""What a team can define: directives, and the types of their arguments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDirective:
    """Where a directive can stand, and what it takes."""

    places: frozenset[str]
    """By GraphQL's names: `OBJECT`, `FIELD_DEFINITION`."""
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    is_repeatable: bool = False
    since: str | None = None
    """The version of federation that brought it; None where it is a team's own."""

    def problem_of(self, directive: Directive, place: str) -> str | None:
        """What is wrong with one that stands in this place; None where nothing is."""
        given = [name for name, _ in directive.arguments]
        missing = [name for name in self.required if name not in given]
        unknown = [name for name in given if name not in (*self.required, *self.optional)]
        if place not in self.places:
            return f"'@{directive.name}' cannot stand on {PLACES[place]}"
        if missing:
            return f"'@{directive.name}' wants the argument '{missing[0]}'"
        return f"'@{directive.name}' has no argument '{unknown[0]}'" if unknown else None


PLACES = {
    "SCHEMA": "the schema",
    "SCALAR": "a scalar",
    "OBJECT": "an object type",
    "FIELD_DEFINITION": "a field",
    "ARGUMENT_DEFINITION": "an argument",
    "INTERFACE": "an interface",
    "UNION": "a union",
    "ENUM": "an enum",
    "ENUM_VALUE": "a value of an enum",
    "INPUT_OBJECT": "an input type",
    "INPUT_FIELD_DEFINITION": "a field of an input type",
}
"""Where directives can stand in a schema, by GraphQL's names."""


def _known(
    since: str, places: str, required: str = "", optional: str = "", *, is_repeatable: bool = False
) -> KnownDirective:
    return KnownDirective(
        places=frozenset(places.split()),
        required=tuple(required.split()),
        optional=tuple(optional.split()),
        is_repeatable=is_repeatable,
        since=since,
    )


_OUTPUTS = "FIELD_DEFINITION OBJECT INTERFACE SCALAR ENUM"
_ALL = f"{_OUTPUTS} UNION ENUM_VALUE INPUT_OBJECT INPUT_FIELD_DEFINITION ARGUMENT_DEFINITION"

FEDERATION: Mapping[str, KnownDirective] = {
    "key": _known("2.0", "OBJECT INTERFACE", "fields", "resolvable", is_repeatable=True),
    "external": _known("2.0", "OBJECT FIELD_DEFINITION"),
    "requires": _known("2.0", "FIELD_DEFINITION", "fields"),
    "provides": _known("2.0", "FIELD_DEFINITION", "fields"),
    "shareable": _known("2.0", "OBJECT FIELD_DEFINITION"),
    "extends": _known("2.0", "OBJECT INTERFACE"),
    "override": _known("2.0", "FIELD_DEFINITION", "from", "label"),
    "inaccessible": _known("2.0", _ALL),
    "tag": _known("2.0", _ALL, "name", is_repeatable=True),
    "composeDirective": _known("2.1", "SCHEMA", "name", is_repeatable=True),
    "interfaceObject": _known("2.3", "OBJECT"),
    "authenticated": _known("2.5", _OUTPUTS),
    "requiresScopes": _known("2.5", _OUTPUTS, "scopes"),
    "policy": _known("2.6", _OUTPUTS, "policies"),
    "context": _known("2.8", "INTERFACE OBJECT UNION", "name", is_repeatable=True),
    "fromContext": _known("2.8", "ARGUMENT_DEFINITION", "field"),
    "cost": _known("2.9", "ARGUMENT_DEFINITION ENUM FIELD_DEFINITION INPUT_FIELD_DEFINITION OBJECT SCALAR", "weight"),
    "listSize": _known(
        "2.9", "FIELD_DEFINITION", "", "assumedSize slicingArguments sizedFields requireOneSlicingArgument"
    ),
}
"""Federation's directives: apollographql.com/docs/graphos/schema-design/federated-schemas/reference/directives."""
LINK = KnownDirective(
    places=frozenset({"SCHEMA"}), required=("url",), optional=("as", "for", "import"), is_repeatable=True, since="2.0"
)
"""What says where directives come from: specs.apollo.dev/link/v1.0."""
DEPRECATED = KnownDirective(
    places=frozenset({"FIELD_DEFINITION", "ARGUMENT_DEFINITION", "ENUM_VALUE", "INPUT_FIELD_DEFINITION"}),
    optional=("reason",),
)
"""GraphQL's own, which is no mark for gateways alone: clients see by introspection what is deprecated."""


def parse_definitions(text: str) -> tuple[OwnDefinition, ...]:
    """Read a team's directives, with the scalars, enums and input types that their arguments have.

    Raises:
        ValueError: the text is something else, or defines what is defined already.
    """
    if not text.strip():
        return ()
    try:
        definitions = parse(text, no_location=True).definitions
    except (GraphQLSyntaxError, RecursionError) as error:
        why = error.message.removeprefix("Syntax Error: ") if isinstance(error, GraphQLSyntaxError) else "is too deep"
        raise ValueError(f"defines no directives: {why}") from None
    own: dict[str, OwnDefinition] = {}
    for node in definitions:
        if not isinstance(node, OwnDefinition):
            raise ValueError("wants definitions of directives, and of scalars, enums and inputs that they take")
        is_directive = isinstance(node, DirectiveDefinitionNode)
        name = f"@{node.name.value}" if is_directive else node.name.value
        if is_directive and node.name.value in (*FEDERATION, "link", *_OF_GRAPHQL):
            raise ValueError(f"defines '{name}', which is there already")
        if name in own:
            raise ValueError(f"defines '{name}' twice")
        own[name] = node
    return tuple(own.values())


_OF_GRAPHQL = ("deprecated", "specifiedBy", "oneOf", "skip", "include")


def known_directives(definitions: str = "") -> dict[str, KnownDirective]:
    """Every directive that can stand on definitions, by its name.

    Args:
        definitions: a team's own, as `parse_definitions` reads them.

    Raises:
        ValueError: as `parse_definitions`.
    """
    return {**FEDERATION, "link": LINK, **dict(_own(parse_definitions(definitions)))}


def choosable_directives(definitions: str = "") -> dict[str, KnownDirective]:
    """Every directive that a configuration can put on definitions: those, and GraphQL's own `@deprecated`.

    Comments of a database have it as a mark of other tools, too.

    Raises:
        ValueError: as `parse_definitions`.
    """
    return {**known_directives(definitions), "deprecated": DEPRECATED}


def _own(definitions: tuple[OwnDefinition, ...]) -> Iterator[tuple[str, KnownDirective]]:
    for node in definitions:
        if isinstance(node, DirectiveDefinitionNode):
            arguments = node.arguments or ()
            required = tuple(
                each.name.value
                for each in arguments
                if isinstance(each.type, NonNullTypeNode) and each.default_value is None
            )
            yield (
                node.name.value,
                KnownDirective(
                    places=frozenset(place.value for place in node.locations),
                    required=required,
                    optional=tuple(each.name.value for each in arguments if each.name.value not in required),
                    is_repeatable=node.repeatable,
                ),
            )
