"""The SDL of a subgraph: what composers and registries read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from graphql import GraphQLSchema, build_schema
from hypothesis import HealthCheck, given, settings

from punnet.catalog.relations import Relation
from punnet.schema.build import Choices
from punnet.schema.build import build_schema as build
from punnet.schema.errors import DirectivesWrong
from punnet.schema.federation.definitions import add_definitions
from punnet.schema.federation.sdl import print_subgraph
from tests.catalog.catalog_samples import catalog_of, relation_lists
from tests.schema.full_size import build_full
from tests.schema.subgraphs import (
    MARK,
    annotated_shops,
    directives_in,
    placed,
    printed_types,
    read_back,
    shop,
    without_roots,
)
from tests.speed import cpu_time

LINK = 'extend schema\n  @link(url: "https://specs.apollo.dev/federation/v{version}"{imports})\n\n'
MAX_PRINT_S = 4


def head(version: str, *names: str) -> str:
    imports = ", ".join(f'"@{name}"' for name in names)
    return LINK.format(version=version, imports=f", import: [{imports}]" if names else "")


def test_it_begins_with_the_link_that_imports_what_is_used() -> None:
    sdl = print_subgraph(shop(Product='@key(fields: "id") @tag(name: "x")', Variation="@shareable"))
    assert sdl.startswith(head("2.0", "key", "shareable", "tag"))


def test_it_is_of_federation_2_even_where_no_directive_is_used() -> None:
    assert print_subgraph(shop()).startswith(head("2.0"))


@pytest.mark.parametrize(
    ("path", "directive", "version", "name"),
    [
        ("Product__sku", "@external", "2.0", "external"),
        ("Product__price", '@requires(fields: "sku")', "2.0", "requires"),
        ("Product__variation", '@provides(fields: "id")', "2.0", "provides"),
        ("Product__price", '@override(from: "prices")', "2.0", "override"),
        ("Product", "@extends", "2.0", "extends"),
        ("Mood__BAD", "@inaccessible", "2.0", "inaccessible"),
        ("schema", '@composeDirective(name: "@mark")', "2.1", "composeDirective"),
        ("Product", "@interfaceObject", "2.3", "interfaceObject"),
        ("Node", '@key(fields: "nodeId")', "2.3", "key"),
        ("Product", "@authenticated", "2.5", "authenticated"),
        ("Day", '@requiresScopes(scopes: [["a"]])', "2.5", "requiresScopes"),
        ("Product__price", '@policy(policies: [["a"]])', "2.6", "policy"),
        ("Product__price", '@override(from: "prices", label: "percent(5)")', "2.7", "override"),
        ("Product", '@context(name: "p")', "2.8", "context"),
        ("Product__maker__of", '@fromContext(field: "$p { id }")', "2.8", "fromContext"),
        ("Product__price", "@cost(weight: 5)", "2.9", "cost"),
        ("Product__related", "@listSize(assumedSize: 5)", "2.9", "listSize"),
    ],
)
def test_it_asks_for_the_lowest_version_that_knows_its_directives(
    path: str, directive: str, version: str, name: str
) -> None:
    sdl = print_subgraph(shop(**{path: directive}))
    assert f'federation/v{version}", import: ["@{name}"])' in sdl


def test_a_directive_that_needs_a_later_version_than_allowed_is_an_error() -> None:
    schema = shop(Product="@authenticated", Product__price="@cost(weight: 5)")
    with pytest.raises(DirectivesWrong) as caught:
        print_subgraph(schema, max_version="2.5")
    assert caught.value.what == (
        "'Product.price': '@cost(weight: 5)' needs federation 2.9, and 'federation_version' is 2.5"
    )


def test_what_every_subgraph_has_is_left_out() -> None:
    sdl = print_subgraph(shop())
    assert [name for name in ("_service", "_entities", "_Any", "_Entity", "_Service", "__Type") if name in sdl] == []


def test_a_query_of_nothing_else_is_left_out_with_them() -> None:
    schema = build_schema("type Query { _service: _Service! } type _Service { sdl: String! } type Product { id: ID }")
    assert print_subgraph(schema) == f"{head('2.0')}type Product {{\n  id: ID\n}}"


def test_one_of_is_left_out_for_composers_that_do_not_know_it() -> None:
    assert "input Choice {" in print_subgraph(shop())


def test_a_definition_prints_its_directives_behind_all_else() -> None:
    sdl = print_subgraph(
        shop(
            Product='@key(fields: "id")',
            Product__price="@inaccessible",
            Product__related__first='@tag(name: "a")',
            Day='@tag(name: "b")',
            Either="@inaccessible",
            Mood__BAD="@inaccessible",
            Filter__b='@tag(name: "c")',
        )
    )
    assert [line.strip() for line in sdl.splitlines() if "@" in line][1:] == [
        'scalar Day @specifiedBy(url: "https://day.example") @tag(name: "b")',
        "union Either @inaccessible = Product | Maker",
        'b: [String!] = [] @tag(name: "c")',
        "BAD @deprecated @inaccessible",
        'type Product implements Node & Priced @key(fields: "id") {',
        'price: Int @deprecated(reason: "It is old.") @inaccessible',
        'related(first: Int = 3 @deprecated @tag(name: "a")): [Either!]',
    ]


def test_types_come_by_name_so_that_a_new_one_moves_no_others() -> None:
    one = print_subgraph(build_schema("type Query { a: B c: A } type A { x: Int } type B { x: Int }"))
    other = print_subgraph(build_schema("type B { x: Int } type A { x: Int } type Query { a: B c: A }"))
    assert one == other


def test_own_directives_are_defined_where_they_are_used_with_the_types_that_they_take() -> None:
    schema = shop(
        schema='@link(url: "https://example.com/owner/v1.0", import: ["@owner"]) @composeDirective(name: "@owner")',
        Product='@owner(of: {team: "a"})',
    )
    add_definitions(
        schema,
        """
        "Who answers for it." directive @owner(of: [Owner!]) on OBJECT
        input Owner { team: String! level: Level = LOW }
        enum Level { LOW HIGH }
        directive @unused(a: Unused) on OBJECT
        scalar Unused
        """,
    )
    assert print_subgraph(schema).startswith(
        """\
extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.1", import: ["@composeDirective"])
  @link(url: "https://example.com/owner/v1.0", import: ["@owner"])
  @composeDirective(name: "@owner")

"Who answers for it."
directive @owner(of: [Owner!]) on OBJECT

input Owner {
  team: String!
  level: Level = LOW
}

enum Level {
  LOW
  HIGH
}

input Choice"""
    )


def test_directives_of_operations_are_defined_too() -> None:
    schema = build_schema("type Query { a: Int } directive @upper on FIELD directive @unused on OBJECT")
    assert print_subgraph(schema) == f"{head('2.0')}directive @upper on FIELD\n\ntype Query {{\n  a: Int\n}}"


def test_roots_of_other_names_are_said() -> None:
    schema = build_schema("schema { query: Ask mutation: Do } type Ask { a: Int } type Do { a: Int }")
    assert "\n\nschema {\n  query: Ask\n  mutation: Do\n}\n\n" in print_subgraph(schema)


@given(annotated_shops())
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_whatever_texts_a_schema_has_its_sdl_is_read_back_as_the_same(schema: GraphQLSchema) -> None:
    add_definitions(schema, f"{MARK} scalar Any")
    read = read_back(print_subgraph(schema))
    read.type_map.pop("Any", None)
    assert printed_types(read) == printed_types(without_roots(schema))


@given(annotated_shops())
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_every_directive_is_read_back_where_it_stands(schema: GraphQLSchema) -> None:
    add_definitions(schema, f"{MARK} scalar Any")
    read = read_back(print_subgraph(schema))
    assert directives_in(read) == placed(without_roots(schema))


def without_links(relations: Sequence[Relation]) -> Sequence[Relation]:
    """The relations alone: the links of these samples have names, but not always columns."""
    return [replace(relation, foreign_keys=()) for relation in relations]


@given(relation_lists.map(without_links))
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
def test_the_schema_of_any_catalog_is_read_back_as_the_same(relations: Sequence[Relation]) -> None:
    schema = build(catalog_of(*relations), choices=Choices(federation=True)).graphql
    assert printed_types(read_back(print_subgraph(schema))) == printed_types(without_roots(schema))


def test_a_thousand_tables_are_printed_in_seconds() -> None:
    schema = build_full(1000).graphql
    with cpu_time() as taken:
        sdl = print_subgraph(schema)
    assert taken.seconds < MAX_PRINT_S
    assert sdl.count("\ntype ") > 5000
