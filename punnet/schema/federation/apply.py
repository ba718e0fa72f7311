"""What a team chooses about directives and keys, put on the types of its schema."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    DEFAULT_DEPRECATION_REASON,
    DirectiveDefinitionNode,
    GraphQLArgument,
    GraphQLEnumValue,
    GraphQLField,
    GraphQLInputField,
    GraphQLNamedType,
    GraphQLSchema,
    StringValueNode,
    is_introspection_type,
    is_specified_scalar_type,
    parse_value,
)

from punnet.catalog.close_names import did_you_mean
from punnet.catalog.directives import Directive, SchemaDirectives, TypeDirectives
from punnet.catalog.key_fields import parse_key
from punnet.catalog.known_directives import KnownDirective, choosable_directives, parse_definitions
from punnet.schema.errors import DirectivesWrong
from punnet.schema.federation.definitions import add_definitions, definitions_text
from punnet.schema.federation.directives import (
    Definition,
    add_directives,
    directives_of,
    members_of,
    place_of,
    placed_directives,
    set_directives,
)
from punnet.schema.federation.keys import key_directive, key_fields, key_problem, without_resolving
from punnet.schema.federation.link import FEDERATION_URL, too_new


def apply_directives(schema: GraphQLSchema, chosen: SchemaDirectives, commented: Iterable[TypeDirectives] = ()) -> None:
    """Put directives on a schema whose types are complete.

    Args:
        schema: its definitions are changed in place.
        chosen: what the configuration says. Its keys replace those that a type has.
        commented: what the comments of the database say.

    Raises:
        DirectivesWrong: with everything that is wrong with any of it.
    """
    try:
        add_definitions(schema, chosen.definitions)
    except ValueError as error:
        raise DirectivesWrong([f"'directive_definitions' {error}"]) from None
    applying = _Applying(schema, choosable_directives(definitions_text(schema)))
    problems = [
        *applying.definition_problems(chosen.definitions),
        *applying.add_to_schema(chosen.on_schema),
        *(problem for each in (*chosen.types, *commented) for problem in applying.add_to_type(each)),
        *too_new(placed_directives(schema), chosen.max_version),
    ]
    if problems:
        raise DirectivesWrong(problems)


@dataclass(frozen=True, slots=True)
class _Applying:
    """Each method changes the schema, and gives what is wrong."""

    schema: GraphQLSchema
    known: Mapping[str, KnownDirective]

    def definition_problems(self, definitions: str) -> Iterator[str]:
        for node in parse_definitions(definitions):
            name = node.name.value
            if not isinstance(node, DirectiveDefinitionNode) and name in self.schema.type_map:
                yield f"'directive_definitions' defines '{name}', and the schema has a type of this name"

    def add_to_schema(self, directives: tuple[Directive, ...]) -> Iterator[str]:
        for directive in directives:
            if directive.name == "link" and FEDERATION_URL in str(directive):
                yield f"the schema: '{directive}' is written without your saying so: leave it out"
        yield from self._add(self.schema, "the schema", directives)

    def add_to_type(self, chosen: TypeDirectives) -> Iterator[str]:
        type_ = self.schema.get_type(chosen.type)
        if type_ is None or _is_given(type_):
            known = [name for name, each in self.schema.type_map.items() if not _is_given(each)]
            yield f"there is no type '{chosen.type}'{did_you_mean(chosen.type, known)}"
            return
        yield from _replace_keys(type_, chosen)
        yield from _repeated_keys(type_, chosen.directives)
        yield from self._add(type_, f"'{type_.name}'", chosen.directives)
        members = members_of(type_)
        for each in chosen.fields:
            if each.field in members:
                yield from self._add(members[each.field], f"'{type_.name}.{each.field}'", each.directives)
            else:
                yield f"'{type_.name}' has no field '{each.field}'{did_you_mean(each.field, members)}"

    def _add(self, definition: Definition, where: str, directives: tuple[Directive, ...]) -> Iterator[str]:
        add_directives(definition, *directives)
        _deprecate(definition)
        for directive in directives:
            problem = self._problem(directive, place_of(definition))
            if problem is not None:
                yield f"{where}: {problem}"
        counts = Counter(directive.name for directive in directives_of(definition))
        for name in {directive.name: None for directive in directives}:
            if counts[name] > 1 and name in self.known and not self.known[name].is_repeatable:
                yield f"{where}: '@{name}' can stand here once"

    def _problem(self, directive: Directive, place: str) -> str | None:
        known = self.known.get(directive.name)
        if known is None:
            return f"'@{directive.name}' is neither of federation nor in 'directive_definitions'"
        return known.problem_of(directive, place)


def _deprecate(definition: Definition) -> None:
    """Turn `@deprecated` into what introspection and printers know of a definition."""
    if not isinstance(definition, GraphQLField | GraphQLEnumValue | GraphQLInputField | GraphQLArgument):
        return
    for directive in directives_of(definition):
        if directive.name == "deprecated":
            reason = parse_value(dict(directive.arguments).get("reason", "null"))
            text = reason.value if isinstance(reason, StringValueNode) else DEFAULT_DEPRECATION_REASON
            definition.deprecation_reason = text


def _is_given(type_: GraphQLNamedType) -> bool:
    """Whether every schema has it: nothing can stand on it."""
    return is_introspection_type(type_) or is_specified_scalar_type(type_)


def _replace_keys(type_: GraphQLNamedType, chosen: TypeDirectives) -> Iterator[str]:
    """Let the chosen keys be those of the type."""
    if chosen.keys is not None:
        others = [each for each in directives_of(type_) if each.name != "key"]
        keys = [key_directive(key, resolvable=chosen.resolvable) for key in chosen.keys]
        set_directives(type_, (*others, *keys))
        for key in chosen.keys:
            problem = key_problem(type_, parse_key(key))
            if problem is not None:
                yield f"the key '{key}' of '{type_.name}': {problem}"
    elif not chosen.resolvable:
        set_directives(type_, without_resolving(directives_of(type_)))


def _repeated_keys(type_: GraphQLNamedType, directives: tuple[Directive, ...]) -> Iterator[str]:
    """Take off the keys that directives say anew, such as with `resolvable: false`."""
    for directive in directives:
        if directive.name != "key":
            continue
        try:
            fields = key_fields(directive)
            problem = key_problem(type_, fields)
        except ValueError as error:
            yield f"'{type_.name}': '{directive}' {error}"
            continue
        others = [each for each in directives_of(type_) if each.name != "key" or key_fields(each) != fields]
        set_directives(type_, tuple(others))
        if problem is not None:
            yield f"'{type_.name}': '{directive}': {problem}"
