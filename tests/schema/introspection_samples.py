"""Schemas to describe, and introspection queries by chance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLArgument,
    GraphQLDefaultInput,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInt,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
    OperationDefinitionNode,
    build_schema,
    execute_sync,
    get_named_type,
    introspection_types,
    is_object_type,
    parse,
)
from graphql.execution.values import VariableValues, get_variable_values
from hypothesis import strategies as st

from punnet.planning.selection import Selection, fragment_details
from punnet.schema.introspection import introspection_bytes
from tests.schema.full_size import build_full

WRITTEN = build_schema(
    '''
    """A schema with "everything" in it: \\\\ ü 🍒"""
    schema { query: Root mutation: Change subscription: Events }

    "Says who may."
    directive @allowed(role: Role! = READER, until: Moment @deprecated(reason: "no end")) repeatable on
      | FIELD_DEFINITION | OBJECT | QUERY
    directive @plain on FIELD

    scalar Moment @specifiedBy(url: "https://www.rfc-editor.org/rfc/rfc3339")
    "Who one is."
    enum Role { READER "Writes too." WRITER GUEST @deprecated ROOT @deprecated(reason: "use \\"WRITER\\"") }

    interface Thing { id: ID! }
    interface Named implements Thing { id: ID! name(short: Boolean = false): String }
    """
    A thing to eat.

      * round
    """
    type Fruit implements Named & Thing {
      id: ID!
      name(short: Boolean = false, old: Int @deprecated(reason: "never used")): String
      weight: Float @deprecated
      seeds(where: SeedWhere = {size: {min: 1.5, max: null}, names: ["a\\"b", "c"], role: WRITER}): [[Seed!]]!
    }
    type Seed { id: ID! of: Fruit grown(at: Moment! = "2024-05-01T00:00:00Z"): Boolean }
    union Found = Fruit | Seed
    input Size { min: Float! = 0.5 max: Float }
    input SeedWhere { size: Size names: [String!] = [] role: Role = READER and: [SeedWhere!] old: Int = 1 @deprecated }
    input By @oneOf { id: ID name: String }

    type Root { thing(by: By!): Thing named: [Named!]! find(words: [String!]! = ["x"]): [Found] }
    type Change { rename(id: ID!, name: String = null): Fruit }
    type Events { grown(every: Int = 3): Seed! }
    '''
)
SMALL = build_schema("type Query { a: Int }")


def made_in_python() -> GraphQLSchema:
    """Defaults as Python's values, and types in types."""
    mode = GraphQLEnumType("Mode", {"FAST": 1, "SLOW": {"deep": True}})
    part = GraphQLInputObjectType("Part", {"mode": GraphQLInputField(mode), "size": GraphQLInputField(GraphQLInt)})
    parts = GraphQLList(GraphQLNonNull(part))
    arguments = {
        "parts": GraphQLArgument(parts, default=GraphQLDefaultInput(value=[{"mode": "SLOW", "size": 3}])),
        "text": GraphQLArgument(GraphQLString, default=GraphQLDefaultInput(value="€ \"' \n\u2028 🍒")),
    }
    deep = GraphQLNonNull(GraphQLList(GraphQLNonNull(GraphQLList(GraphQLNonNull(GraphQLList(GraphQLInt))))))
    return GraphQLSchema(GraphQLObjectType("Query", {"deep": GraphQLField(deep, args=arguments)}))


SCHEMAS = {"written": WRITTEN, "small": SMALL, "made": made_in_python(), "merged": build_full(3).graphql}


def directly(schema: GraphQLSchema, query: str, variables: Mapping[str, Any] | None = None) -> bytes | None:
    """What introspection makes of the query."""
    return introspection_bytes(selection_of(schema, parse(query), variables or {}))


def executed(schema: GraphQLSchema, query: str, variables: Mapping[str, Any] | None = None) -> bytes | None:
    """What the executor makes of it; None where that has errors."""
    result = execute_sync(schema, parse(query), variable_values=dict(variables or {}))
    return None if result.errors else orjson.dumps(result.data)


def selection_of(schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any]) -> Selection:
    (operation,) = (node for node in document.definitions if isinstance(node, OperationDefinitionNode))
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    values = get_variable_values(schema, operation.variable_definitions or (), dict(variables))
    if not isinstance(values, VariableValues):
        raise TypeError(values)
    return Selection(schema, operation, fragment_details(fragments), values)


@st.composite
def introspection_queries(draw: st.DrawFn, schema: GraphQLSchema) -> str:
    """A valid query over `$yes` and `$name`: aliases, arguments, directives and fragments at any depth."""
    fragments: list[str] = []
    roots = draw(st.lists(_roots(schema, fragments), min_size=1, max_size=3))
    head = "query ($yes: Boolean!, $name: String!) { s: __typename @include(if: $yes) n: __type(name: $name) { name }"
    return "\n".join([head, *roots, "}", *fragments])


@st.composite
def _roots(draw: st.DrawFn, schema: GraphQLSchema, fragments: list[str]) -> str:
    root = draw(st.sampled_from(["__schema", "__schema", "__type", "__typename"]))
    if root == "__typename":
        return "__typename"
    of = introspection_types["__Schema" if root == "__schema" else "__Type"]
    below = _selection_set(draw, of, fragments, depth=4)
    if root == "__schema":
        return f"__schema {below}"
    name = draw(st.sampled_from([*schema.type_map, "Nothing"]))
    return f'{name.strip("_")}_type: __type(name: "{name}") {below}'


def _selection_set(draw: st.DrawFn, type_: GraphQLNamedType, fragments: list[str], *, depth: int) -> str:
    members = [_member(draw, type_, fragments, depth=depth) for _ in range(draw(st.integers(1, 4)))]
    return "{ " + " ".join(members) + " }"


def _member(draw: st.DrawFn, type_: GraphQLNamedType, fragments: list[str], *, depth: int) -> str:
    kind = draw(st.sampled_from(["field"] * 5 + ["inline", "inline on", "spread"])) if depth else "field"
    if kind == "field":
        return _field(draw, type_, fragments, depth=depth)
    presence = draw(PRESENCE)
    below = _selection_set(draw, type_, fragments, depth=depth - 1)
    if kind == "inline":
        return f"... {presence} {below}"
    if kind == "inline on":
        return f"... on {type_.name} {presence} {below}"
    name = f"Fragment{len(fragments)}"
    fragments.append(f"fragment {name} on {type_.name} {below}")
    return f"...{name} {presence} ...{name}"


def _field(draw: st.DrawFn, type_: GraphQLNamedType, fragments: list[str], *, depth: int) -> str:
    if not isinstance(type_, GraphQLObjectType):
        raise TypeError(type_)
    fields = {
        name: field for name, field in type_.fields.items() if depth or not is_object_type(get_named_type(field.type))
    }
    name: str = draw(st.sampled_from(["__typename", *fields]))
    if name == "__typename":
        return name
    named = get_named_type(fields[name].type)
    argument = draw(st.sampled_from(["", "true", "false", "$yes"])) if fields[name].args else ""
    # The alias tells the argument, so that fields of one response key can always be merged.
    alias = f"{name}_{argument.strip('$')}_{draw(st.integers(0, 1))}:" if argument or draw(st.booleans()) else ""
    arguments = f"(includeDeprecated: {argument})" if argument else ""
    below = _selection_set(draw, named, fragments, depth=depth - 1) if is_object_type(named) else ""
    return f"{alias} {name}{arguments} {draw(PRESENCE)} {below}"


PRESENCE = st.sampled_from(
    ["", "", "", "", "@include(if: $yes)", "@skip(if: $yes)", "@skip(if: false)", "@include(if: true) @skip(if: $yes)"]
)
