"""Subgraphs for the tests, and what is read back of their SDL."""

from __future__ import annotations

from collections.abc import Mapping

from graphql import (
    DirectiveNode,
    GraphQLEnumValue,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    build_schema,
    is_introspection_type,
    is_specified_scalar_type,
    parse,
    print_ast,
    print_type,
)
from hypothesis import strategies as st

from punnet.catalog.directives import Directive, parse_directives
from punnet.schema.federation.directives import (
    Definition,
    add_directives,
    definitions_of,
    members_of,
    placed_directives,
)

SHOP = """
"What can be asked."
type Query {
  product(id: ID!, "How it was." in: Mood = GOOD, filter: Filter = {a: 1, b: ["x"]}): Product
  _service: _Service!
  _entities(representations: [_Any!]!): [_Entity]!
}
scalar _Any
union _Entity = Product
type _Service { sdl: String! }

scalar Day @specifiedBy(url: "https://day.example")
interface Node { nodeId: ID! }
interface Priced implements Node { nodeId: ID! price: Int }
type Product implements Node & Priced {
  nodeId: ID!
  id: ID!
  price: Int @deprecated(reason: "It is old.")
  sku: String!
  variation: Variation
  tags: [String!]!
  related(first: Int = 3 @deprecated): [Either!]
  maker(of: ID!): Maker
  either: Either
  day: Day
}
type Variation { id: ID! mood: Mood }
type Maker { name: String }
union Either = Product | Maker
enum Mood { GOOD BAD @deprecated }
input Filter { a: Int b: [String!] = [] c: Choice }
input Choice @oneOf { name: String number: Int }
"""
OF_FEDERATION = ("_Any", "_Entity", "_Service")
FREE = (
    "@inaccessible",
    '@tag(name: "x")',
    '@tag(name: "\\"}\\n{é")',
    "@mark",
    '@mark(value: {deep: [[1, E], null]}, as: "#")',
)
"""Directives that can stand anywhere."""
MARK = "directive @mark(value: Any, as: String) on " + " | ".join(
    (
        *("SCALAR", "OBJECT", "FIELD_DEFINITION", "ARGUMENT_DEFINITION", "INTERFACE", "UNION", "ENUM", "ENUM_VALUE"),
        *("INPUT_OBJECT", "INPUT_FIELD_DEFINITION"),
    )
)


def shop(**directives: str) -> GraphQLSchema:
    """A small subgraph, with directives on types (`Product`), fields (`Product__sku`) and arguments."""
    schema = build_schema(SHOP)
    by_path = {"__".join(path): definition for definition, path in definitions_of(schema)}
    for path, text in directives.items():
        add_directives(by_path["" if path == "schema" else path], *parse_directives(text))
    return schema


def printed_types(schema: GraphQLSchema) -> Mapping[str, str]:
    """Each type as graphql-core prints it, without what only one of two schemas can have."""
    return {name: print_type(type_).replace(" @oneOf", "") for name, type_ in served_types(schema).items()}


def served_types(schema: GraphQLSchema) -> Mapping[str, GraphQLNamedType]:
    """The types that a subgraph's SDL has."""
    return {
        name: type_
        for name, type_ in schema.type_map.items()
        if not (is_introspection_type(type_) or is_specified_scalar_type(type_) or name in OF_FEDERATION)
    }


def read_back(sdl: str) -> GraphQLSchema:
    """A schema of what was printed; its directives of federation are nowhere defined."""
    parse(sdl)
    return build_schema(sdl, assume_valid_sdl=True)


def without_roots(schema: GraphQLSchema) -> GraphQLSchema:
    """The schema without the fields of Query that every subgraph has."""
    if schema.query_type is not None:
        schema.query_type.fields.pop("_service", None)
        schema.query_type.fields.pop("_entities", None)
    return schema


def directives_in(schema: GraphQLSchema) -> Mapping[str, list[str]]:
    """The directives that were read back with definitions, by path; not those that GraphQL itself has."""
    of_graphql = ("deprecated", "specifiedBy")
    return {
        path: [print_ast(node) for node in nodes if node.name.value not in of_graphql]
        for path, nodes in _nodes(schema).items()
        if any(node.name.value not in of_graphql for node in nodes)
    }


def _nodes(schema: GraphQLSchema) -> Mapping[str, tuple[DirectiveNode, ...]]:
    nodes: dict[str, tuple[DirectiveNode, ...]] = {}
    for type_ in served_types(schema).values():
        nodes[type_.name] = _of(type_)
        for name, member in members_of(type_).items():
            nodes[f"{type_.name}.{name}"] = _of(member)
            arguments = member.args if isinstance(member, GraphQLField) else {}
            nodes |= {f"{type_.name}.{name}.{each}": _of(argument) for each, argument in arguments.items()}
    return nodes


def placed(schema: GraphQLSchema) -> Mapping[str, list[str]]:
    """The directives that stand on definitions of a schema, by path."""
    found: dict[str, list[str]] = {}
    for each in placed_directives(schema):
        node = parse(f"scalar S {each.directive}").definitions[0]
        found.setdefault(".".join(each.path), []).extend(print_ast(directive) for directive in _directives(node))
    return found


def _of(definition: Definition) -> tuple[DirectiveNode, ...]:
    return _directives(definition.ast_node)


def _directives(node: object) -> tuple[DirectiveNode, ...]:
    return tuple(getattr(node, "directives", None) or ())


TEXTS = (
    st.none()
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
    | st.sampled_from(['"', '"""', "\\", " a\n b", "a\n\n", "\ta", "a\r\nb", '\\"""', "a ", "\u2028", "{}", "#"])
)
APPLIED: st.SearchStrategy[tuple[Directive, ...]] = st.lists(st.sampled_from(FREE), max_size=3, unique=True).map(
    lambda texts: parse_directives(" ".join(texts))
)


@st.composite
def annotated_shops(draw: st.DrawFn) -> GraphQLSchema:
    """The small subgraph with any descriptions, reasons and directives on any of its definitions."""
    schema = shop()
    served = served_types(schema)
    for definition, path in definitions_of(schema):
        if path and path[0] in served:
            definition.description = draw(TEXTS)
            add_directives(definition, *draw(APPLIED))
            if isinstance(definition, GraphQLField | GraphQLEnumValue) and definition.deprecation_reason is not None:
                definition.deprecation_reason = draw(TEXTS.filter(lambda text: text is not None))
    return schema
