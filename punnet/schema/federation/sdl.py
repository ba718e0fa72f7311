"""The SDL of a subgraph: a schema with its directives, as composers and registries read it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from graphql import (
    GraphQLArgument,
    GraphQLDirective,
    GraphQLEnumType,
    GraphQLEnumValue,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    is_introspection_type,
    is_specified_directive,
    is_specified_scalar_type,
    print_ast,
)
from graphql.utilities.print_schema import (
    has_default_root_operation_types,
    print_deprecated,
    print_description,
    print_directive,
    print_implemented_interfaces,
    print_input_value,
    print_specified_by_url,
)

from punnet.catalog.directives import Directive
from punnet.catalog.known_directives import FEDERATION, LATEST_VERSION, PLACES
from punnet.schema.errors import DirectivesWrong
from punnet.schema.federation.definitions import definitions_in_use
from punnet.schema.federation.directives import Definition, Member, directives_of, members_of, placed_directives
from punnet.schema.federation.link import print_links, too_new

_OF_FEDERATION = frozenset({"_Any", "_Entity", "_FieldSet", "_Service"})
_ROOTS_OF_FEDERATION = frozenset({"_entities", "_service"})


def print_subgraph(schema: GraphQLSchema, *, max_version: str = LATEST_VERSION) -> str:
    """Print a schema as a subgraph of Apollo Federation 2.

    What every subgraph has is left out, as composers want it: `_entities`, `_service` and their types. So is
    `@oneOf`, which not every composer knows. Types come by name, so that a new table moves no others.

    Args:
        schema: directives stand in the extensions of its definitions.
        max_version: of federation, the latest that may be asked for. What is asked for is the lowest that will do.

    Raises:
        DirectivesWrong: a directive needs a later version.
    """
    directives = list(placed_directives(schema))
    if problems := too_new(directives, max_version):
        raise DirectivesWrong(problems)
    in_use = {placed.directive.name for placed in directives}
    types = (each for _, each in sorted(schema.type_map.items()) if _is_printed(each))
    printer = _Printer(schema)
    return "\n\n".join(
        (
            print_links(directives, directives_of(schema)),
            *_schema_definition(schema),
            *(print_ast(node) for node in definitions_in_use(schema, in_use)),
            *(print_directive(each) for each in schema.directives if _is_printed_directive(each, in_use)),
            *filter(None, map(printer.type, types)),
        )
    )


def _is_printed(type_: GraphQLNamedType) -> bool:
    is_given = is_introspection_type(type_) or is_specified_scalar_type(type_)
    return not is_given and type_.name not in _OF_FEDERATION


def _is_printed_directive(directive: GraphQLDirective, in_use: Collection[str]) -> bool:
    """Whether it is a team's own, and of use: on definitions of the schema, or in operations."""
    is_given = is_specified_directive(directive) or directive.name in FEDERATION or directive.name == "link"
    is_for_operations = any(location.name not in PLACES for location in directive.locations)
    return not is_given and (is_for_operations or directive.name in in_use)


def _schema_definition(schema: GraphQLSchema) -> Iterator[str]:
    if schema.description is None and has_default_root_operation_types(schema):
        return
    roots = {"query": schema.query_type, "mutation": schema.mutation_type, "subscription": schema.subscription_type}
    lines = "".join(f"  {kind}: {type_.name}\n" for kind, type_ in roots.items() if type_ is not None)
    yield f"{print_description(schema)}schema {{\n{lines}}}"


class _Printer:
    """Prints types; remembers descriptions, of which thousands of fields have the same few."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._query = schema.query_type
        self._descriptions: dict[tuple[str, str], str] = {}

    def type(self, type_: GraphQLNamedType) -> str:
        """The definition of a type; nothing where no fields are left."""
        members = members_of(type_)
        if type_ is self._query:
            members = {name: each for name, each in members.items() if name not in _ROOTS_OF_FEDERATION}
            if not members:
                return ""
        return f"{self._description(type_)}{_head(type_)}{self._block(members)}"

    def _block(self, members: Mapping[str, Member]) -> str:
        return " {\n" + "\n".join(self._members(members)) + "\n}" if members else ""

    def _members(self, members: Mapping[str, Member]) -> Iterator[str]:
        between = ""
        for name, member in members.items():
            description = self._description(member, "  ")
            yield f"{between if description else ''}{description}  {self._member(name, member)}"
            between = "\n"

    def _member(self, name: str, member: Member) -> str:
        match member:
            case GraphQLField():
                text = f"{name}{self._arguments(member.args)}: {member.type}"
            case GraphQLInputField():
                return _input_value(name, member)
            case _:
                text = name
        return f"{text}{print_deprecated(member.deprecation_reason)}{_applied(member)}"

    def _arguments(self, arguments: Mapping[str, GraphQLArgument]) -> str:
        if not arguments:
            return ""
        if all(argument.description is None for argument in arguments.values()):
            return f"({', '.join(_input_value(name, argument) for name, argument in arguments.items())})"
        lines = [
            f"{self._description(argument, '    ')}    {_input_value(name, argument)}\n"
            for name, argument in arguments.items()
        ]
        return f"(\n{''.join(lines)}  )"

    def _description(self, definition: GraphQLNamedType | Member | GraphQLArgument, indentation: str = "") -> str:
        text = definition.description
        if text is None:
            return ""
        printed = self._descriptions.get((text, indentation))
        if printed is None:
            # graphql-core's function does not take fields, whose descriptions look like those of values.
            printed = print_description(GraphQLEnumValue(description=text), indentation)
            self._descriptions[text, indentation] = printed
        return printed


def _head(type_: GraphQLNamedType) -> str:
    """A type's definition up to its fields or values."""
    applied = _applied(type_)
    match type_:
        case GraphQLScalarType():
            return f"scalar {type_.name}{print_specified_by_url(type_)}{applied}"
        case GraphQLObjectType():
            return f"type {type_.name}{print_implemented_interfaces(type_)}{applied}"
        case GraphQLInterfaceType():
            return f"interface {type_.name}{print_implemented_interfaces(type_)}{applied}"
        case GraphQLUnionType():
            return f"union {type_.name}{applied} = {' | '.join(each.name for each in type_.types)}"
        case GraphQLEnumType():
            return f"enum {type_.name}{applied}"
        case GraphQLInputObjectType():
            return f"input {type_.name}{applied}"
    raise TypeError(f"'{type_}' is no type that a schema defines")


def _input_value(name: str, value: GraphQLArgument | GraphQLInputField) -> str:
    argument = value if isinstance(value, GraphQLArgument) else _as_argument(value)
    return f"{print_input_value(name, argument)}{_applied(value)}"


def _as_argument(field: GraphQLInputField) -> GraphQLArgument:
    """What graphql-core's function prints as it would the input field."""
    return GraphQLArgument(
        field.type, field.default_value, deprecation_reason=field.deprecation_reason, default=field.default
    )


def _applied(definition: Definition) -> str:
    # Its keys are what one looks for at a type: they come first.
    directives = sorted(_marks_of(definition), key=lambda each: _RANKS.get(each.name, len(_RANKS)))
    return "".join(f" {directive}" for directive in directives)


_RANKS = {"key": 0, "shareable": 1}


def _marks_of(definition: Definition) -> Iterator[Directive]:
    """The directives that graphql-core does not print for a definition."""
    return (each for each in directives_of(definition) if each.name != "deprecated")
