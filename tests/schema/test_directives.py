"""Directives and keys that a team chooses, by configuration, comments and its own Strawberry code."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from enum import Enum

import pytest
import strawberry
from graphql import GraphQLSchema
from strawberry.federation.schema_directive import schema_directive
from strawberry.federation.schema_directives import Tag
from strawberry.schema_directive import Location

from punnet.catalog.directives import FieldDirectives, SchemaDirectives, TypeDirectives, parse_directives
from punnet.catalog.key_fields import key_text, parse_key
from punnet.catalog.known_directives import FEDERATION, KnownDirective, known_directives, parse_definitions
from punnet.catalog.names import name_catalog
from punnet.catalog.relations import Catalog, Column
from punnet.catalog.types import DataType
from punnet.schema.build import Choices, OwnCode, build_schema
from punnet.schema.errors import DirectivesWrong
from punnet.schema.federation.apply import apply_directives
from punnet.schema.federation.comments import on_types, split_comment, take_directives
from punnet.schema.federation.directives import add_directives, directives_of, members_of
from punnet.schema.federation.sdl import print_subgraph
from tests.catalog.catalog_samples import INT, catalog_of, primary, table, unique
from tests.schema.subgraphs import placed, shop

JSON = DataType(namespace="pg_catalog", name="jsonb", scalar="JSON")
TEXT = DataType(namespace="pg_catalog", name="text", scalar="String")
OWNER = "directive @owner(team: String!, since: Int = 1) on OBJECT"


def chosen(type_name: str, *directives: str, keys: tuple[str, ...] | None = None, **fields: str) -> TypeDirectives:
    return TypeDirectives(
        type=type_name,
        directives=parse_directives(" ".join(directives)),
        keys=keys,
        fields=tuple(FieldDirectives(field=name, directives=parse_directives(text)) for name, text in fields.items()),
    )


def applied(
    *types: TypeDirectives, schema: GraphQLSchema | None = None, definitions: str = "", on_schema: str = ""
) -> dict[str, list[str]]:
    """The directives of the small subgraph, by path, with these."""
    schema = schema or shop()
    directives = SchemaDirectives(types=types, definitions=definitions, on_schema=parse_directives(on_schema))
    apply_directives(schema, directives)
    return dict(placed(schema))


def problems(*types: TypeDirectives, definitions: str = "", on_schema: str = "") -> Sequence[str]:
    with pytest.raises(DirectivesWrong) as caught:
        applied(*types, definitions=definitions, on_schema=on_schema)
    return caught.value.problems


# -- by configuration --------------------------------------------------------------------------------


def test_directives_stand_on_types_fields_values_and_input_fields() -> None:
    assert applied(
        chosen("Product", '@tag(name: "x")', price="@inaccessible"),
        chosen("Mood", BAD="@inaccessible"),
        chosen("Filter", a="@inaccessible"),
        chosen("Query", product='@tag(name: "y")'),
    ) == {
        "Product": ['@tag(name: "x")'],
        "Product.price": ["@inaccessible"],
        "Mood.BAD": ["@inaccessible"],
        "Filter.a": ["@inaccessible"],
        "Query.product": ['@tag(name: "y")'],
    }


@pytest.mark.parametrize(
    ("directive", "reason"),
    [('@deprecated(reason: "Ask for products.")', "Ask for products."), ("@deprecated", "No longer supported")],
)
def test_what_is_deprecated_is_known_to_all_clients(directive: str, reason: str) -> None:
    schema = shop()
    applied(chosen("Query", product=directive), chosen("Mood", GOOD=directive), schema=schema)
    members = members_of(schema.type_map["Query"])["product"], members_of(schema.type_map["Mood"])["GOOD"]
    assert [member.deprecation_reason for member in members] == [reason, reason]


def test_it_is_printed_once() -> None:
    schema = shop()
    applied(chosen("Variation", id='@tag(name: "x") @deprecated(reason: "Old.")'), schema=schema)
    assert '  id: ID! @deprecated(reason: "Old.") @tag(name: "x")\n' in print_subgraph(schema)


def test_a_type_cannot_be_deprecated() -> None:
    assert problems(chosen("Product", "@deprecated")) == ("'Product': '@deprecated' cannot stand on an object type",)


def test_directives_of_the_schema_say_where_others_come_from() -> None:
    link = '@link(url: "https://example.com/owner/v1.0", import: ["@owner"])'
    compose = '@composeDirective(name: "@owner")'
    found = applied(chosen("Product", '@owner(team: "a")'), definitions=OWNER, on_schema=f"{link} {compose}")
    assert found == {"": [link, compose], "Product": ['@owner(team: "a")']}


def test_a_directive_that_is_there_already_is_not_repeated() -> None:
    assert applied(chosen("Product", "@shareable"), schema=shop(Product="@shareable")) == {"Product": ["@shareable"]}


def test_chosen_keys_replace_those_that_a_type_has() -> None:
    schema = shop(Product='@key(fields: "id") @shareable')
    assert applied(chosen("Product", keys=("sku", "sku variation { id }")), schema=schema) == {
        "Product": ["@shareable", '@key(fields: "sku")', '@key(fields: "sku variation { id }")']
    }


def test_no_keys_at_all_make_a_type_no_entity() -> None:
    assert applied(chosen("Product", keys=()), schema=shop(Product='@key(fields: "id")')) == {}


@pytest.mark.parametrize("keys", [None, ("id",)])
def test_a_type_that_cannot_be_asked_for_says_so_with_each_key(keys: tuple[str, ...] | None) -> None:
    unresolvable = replace(chosen("Product", keys=keys), resolvable=False)
    assert applied(unresolvable, schema=shop(Product='@key(fields: "id")')) == {
        "Product": ['@key(fields: "id", resolvable: false)']
    }


def test_a_key_that_is_said_as_a_directive_is_not_there_twice() -> None:
    schema = shop(Product='@key(fields: "id") @key(fields: "sku")')
    assert applied(chosen("Product", '@key(fields: " id", resolvable: false)'), schema=schema) == {
        "Product": ['@key(fields: "sku")', '@key(fields: " id", resolvable: false)']
    }


@pytest.mark.parametrize(
    ("types", "problem"),
    [
        (chosen("Produkt", "@shareable"), "there is no type 'Produkt'; did you mean 'Product'?"),
        (chosen("String", "@inaccessible"), "there is no type 'String'"),
        (chosen("Product", prise="@shareable"), "'Product' has no field 'prise'; did you mean 'price'?"),
        (chosen("Mood", BED="@inaccessible"), "'Mood' has no field 'BED'; did you mean 'BAD'?"),
        (chosen("Mood", "@shareable"), "'Mood': '@shareable' cannot stand on an enum"),
        (chosen("Product", price='@key(fields: "id")'), "'Product.price': '@key' cannot stand on a field"),
        (chosen("Product", "@tag"), "'Product': '@tag' wants the argument 'name'"),
        (chosen("Product", "@shareable(by: 1)"), "'Product': '@shareable' has no argument 'by'"),
        (chosen("Product", "@owner"), "'Product': '@owner' is neither of federation nor in 'directive_definitions'"),
        (
            chosen("Product", price='@override(from: "a") @override(from: "b")'),
            "'Product.price': '@override' can stand here once",
        ),
    ],
)
def test_a_directive_that_cannot_be_is_told_by_its_place(types: TypeDirectives, problem: str) -> None:
    assert problems(types) == (problem,)


@pytest.mark.parametrize(
    ("key", "problem"),
    [
        ("idd", "'Product' has no field 'idd'; did you mean 'id'?"),
        ("variation { idd }", "'Variation' has no field 'idd'; did you mean 'id'?"),
        ("id { id }", "'Product.id' has no fields to choose from"),
        ("variation", "'Product.variation' is an object: name the fields of it, as in 'variation { id }'"),
        ("tags", "'Product.tags' is a list: it can be no part of a key"),
        ("either { id }", "'Product.either' may be of several types: it can be no part of a key"),
        ("maker { name }", "'Product.maker' takes arguments: it can be no part of a key"),
    ],
)
def test_a_key_is_held_against_the_type(key: str, problem: str) -> None:
    assert problems(chosen("Product", keys=(key,))) == (f"the key '{key}' of 'Product': {problem}",)
    assert problems(chosen("Product", f'@key(fields: "{key}")')) == (
        f"'Product': '@key(fields: \"{key}\")': {problem}",
    )


def test_a_key_of_what_has_no_fields_is_none() -> None:
    assert problems(chosen("Mood", keys=("id",))) == (
        "the key 'id' of 'Mood': 'Mood' has no fields that could be a key",
    )


def test_everything_wrong_is_told_at_once() -> None:
    both = problems(chosen("Produkt"), chosen("Product", "@tag"), on_schema="@shareable")
    assert both == (
        "the schema: '@shareable' cannot stand on the schema",
        "there is no type 'Produkt'; did you mean 'Product'?",
        "'Product': '@tag' wants the argument 'name'",
    )


def test_the_link_of_federation_is_not_a_team_s_to_write() -> None:
    link = '@link(url: "https://specs.apollo.dev/federation/v2.3")'
    assert problems(on_schema=link) == (f"the schema: '{link}' is written without your saying so: leave it out",)


def test_a_version_that_gateways_do_not_know_is_an_error() -> None:
    directives = SchemaDirectives(types=(chosen("Product", "@authenticated"),), max_version="2.4")
    with pytest.raises(DirectivesWrong, match=r"'Product': '@authenticated' needs federation 2\.5"):
        apply_directives(shop(), directives)


def test_a_definition_takes_no_name_that_the_schema_has() -> None:
    assert problems(definitions=f"{OWNER} scalar Mood") == (
        "'directive_definitions' defines 'Mood', and the schema has a type of this name",
    )


# -- values ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("type A { b: Int }", "wants definitions of directives, and of scalars, enums and inputs that they take"),
        ("directive @key on OBJECT", "defines '@key', which is there already"),
        ("directive @deprecated on OBJECT", "defines '@deprecated', which is there already"),
        ("directive @a on OBJECT directive @a on ENUM", "defines '@a' twice"),
        ("directive @a", "defines no directives: Expected 'on', found <EOF>."),
    ],
)
def test_definitions_are_of_directives_that_are_not_there(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(problem)}$"):
        parse_definitions(text)


def test_an_own_directive_is_known_with_its_places_and_arguments() -> None:
    owner = known_directives(OWNER)["owner"]
    assert owner == KnownDirective(places=frozenset({"OBJECT"}), required=("team",), optional=("since",))
    assert known_directives().keys() == {*FEDERATION, "link"}


def test_a_key_prints_as_it_was_read() -> None:
    assert key_text(parse_key(" sku,variation{id mood}")) == "sku variation { id mood }"


def test_definitions_do_not_share_their_directives() -> None:
    schema = shop()
    fields = members_of(schema.type_map["Product"])
    add_directives(fields["price"], *parse_directives("@shareable @shareable"))
    assert (len(directives_of(fields["price"])), directives_of(fields["sku"])) == (1, ())


# -- by comments -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("comment", "text", "directives"),
    [
        (None, None, ""),
        ("What we pay.", "What we pay.", ""),
        ("What we pay.\n@inaccessible", "What we pay.", "@inaccessible"),
        ("@inaccessible\nWhat we pay.", "What we pay.", "@inaccessible"),
        ('What\n  @tag(name: "a") @shareable\r\nwe pay.', "What\nwe pay.", '@tag(name: "a") @shareable'),
        ("@inaccessible", None, "@inaccessible"),
        ("@omit", "@omit", ""),
        ("@omit @inaccessible", "@omit @inaccessible", ""),
        ("@inaccessible to strangers", "@inaccessible to strangers", ""),
        ("@tag(name: ", "@tag(name: ", ""),
        ("mail us@inaccessible", "mail us@inaccessible", ""),
        ("a # b\n@shareable # why", "a # b", "@shareable"),
    ],
)
def test_lines_of_directives_are_no_description(comment: str | None, text: str | None, directives: str) -> None:
    assert split_comment(comment, FEDERATION) == (text, parse_directives(directives))


def commented() -> Catalog:
    cost = Column(name="unit_cost", type=INT, nullable=True, comment="What we pay.\n@inaccessible")
    return catalog_of(replace(table("products", cost), comment='All that we sell.\n@tag(name: "shop")'))


def test_comments_put_directives_on_types_and_fields() -> None:
    schema = build_schema(commented(), choices=Choices(federation=True)).graphql
    found = placed(schema)
    assert '@tag(name: "shop")' in found["Product"]
    assert found["Product.unitCost"] == ["@inaccessible"]


def test_a_column_that_is_not_to_be_seen_is_not_to_be_filtered_or_ordered_by() -> None:
    found = placed(build_schema(commented(), choices=Choices(federation=True)).graphql)
    assert (found["ProductWhere.unitCost"], found["ProductOrder.unitCost"]) == (["@inaccessible"], ["@inaccessible"])


def test_what_is_said_of_a_column_s_values_is_not_said_of_filters() -> None:
    cost = Column(name="unit_cost", type=INT, nullable=True, comment="@cost(weight: 3) @shareable")
    found = placed(build_schema(catalog_of(table("products", cost)), choices=Choices(federation=True)).graphql)
    assert found["Product.unitCost"] == ["@cost(weight: 3)", "@shareable"]
    assert {"ProductWhere.unitCost", "ProductOrder.unitCost"} & found.keys() == set()


def test_a_column_that_cannot_be_ordered_by_has_directives_all_the_same() -> None:
    notes = Column(name="notes", type=JSON, nullable=True, comment="@inaccessible")
    found = placed(build_schema(catalog_of(table("products", notes)), choices=Choices(federation=True)).graphql)
    assert found["ProductWhere.notes"] == ["@inaccessible"]
    assert "ProductOrder.notes" not in found


def test_comments_of_what_is_not_served_are_left_alone() -> None:
    catalog, found = take_directives(commented(), FEDERATION)
    without = catalog_of(table("orders"))
    assert list(on_types(found, without, name_catalog(without))) == []
    assert len(list(on_types(found, catalog, name_catalog(catalog)))) == 3


@pytest.mark.parametrize("federation", [True, False])
def test_descriptions_are_without_directives_in_any_schema(federation: bool) -> None:
    schema = build_schema(commented(), choices=Choices(federation=federation)).graphql
    product = schema.type_map["Product"]
    assert product.description == "All that we sell."
    assert members_of(product)["unitCost"].description == "What we pay."


def test_a_schema_that_is_no_subgraph_has_no_directives() -> None:
    assert placed(build_schema(commented()).graphql) == {}


def test_directives_of_comments_come_behind_those_of_the_configuration() -> None:
    directives = SchemaDirectives(types=(chosen("Product", '@tag(name: "first")'),))
    schema = build_schema(commented(), choices=Choices(federation=True, directives=directives)).graphql
    tags = [text for text in placed(schema)["Product"] if text.startswith("@tag")]
    assert tags == ['@tag(name: "first")', '@tag(name: "shop")']


def test_an_own_directive_can_stand_in_comments() -> None:
    catalog = catalog_of(replace(table("products"), comment='@owner(team: "a")'))
    directives = SchemaDirectives(definitions=OWNER)
    schema = build_schema(catalog, choices=Choices(federation=True, directives=directives)).graphql
    assert '@owner(team: "a")' in placed(schema)["Product"]
    assert f"\n\n{OWNER}\n\n" in print_subgraph(schema)


def test_a_wrong_directive_in_a_comment_is_told_by_the_field() -> None:
    column = Column(name="unit_cost", type=INT, nullable=True, comment="@tag")
    with pytest.raises(DirectivesWrong) as caught:
        build_schema(catalog_of(table("products", column)), choices=Choices(federation=True))
    assert caught.value.problems == ("'Product.unitCost': '@tag' wants the argument 'name'",)


def test_a_catalog_without_directives_stays_the_same() -> None:
    catalog = catalog_of(table("products", "price"))
    assert take_directives(catalog, FEDERATION)[0] is catalog


# -- of generated types ------------------------------------------------------------------------------


def test_chosen_keys_are_the_keys_of_a_table() -> None:
    sku = Column(name="sku", type=TEXT, nullable=False)
    catalog = catalog_of(table("products", sku, keys=(primary("id"), unique("sku"))))
    directives = SchemaDirectives(types=(chosen("Product", keys=("sku",)),))
    sdl = print_subgraph(build_schema(catalog, choices=Choices(federation=True, directives=directives)).graphql)
    assert 'type Product implements Node @key(fields: "sku") {' in sdl


# -- of own code -------------------------------------------------------------------------------------


@strawberry.enum
class Level(Enum):
    LOW = 1
    HIGH = 2


@schema_directive(locations=[Location.OBJECT], compose=True, import_url="https://example.com/owner/v1.0")
class Owner:
    team_name: str
    level: Level = Level.LOW


@strawberry.federation.type(keys=["id"], shareable=True, directives=[Owner(team_name="a")])
class Thing:
    id: strawberry.ID
    name: str = strawberry.federation.field(inaccessible=True, tags=["x"])


def find_thing(old: bool = False) -> Thing:
    return Thing(id=strawberry.ID("1"), name="a")


@strawberry.type
class Query:
    thing: Thing = strawberry.field(resolver=find_thing, directives=[Tag(name="q")])


OWN_SDL = """\
extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.1", import: \
["@composeDirective", "@inaccessible", "@key", "@shareable", "@tag"])
  @link(url: "https://example.com/owner/v1.0", import: ["@owner"])
  @composeDirective(name: "@owner")

directive @owner(teamName: String!, level: Level! = LOW) on OBJECT

enum Level {
  LOW
  HIGH
}

\"\"\"What can be asked.\"\"\"
type Query {
  thing(old: Boolean! = false): Thing! @tag(name: "q")
}

type Thing @key(fields: "id") @shareable @owner(teamName: "a", level: LOW) {
  id: ID!
  name: String! @inaccessible @tag(name: "x")
}"""


def test_own_strawberry_types_are_printed_with_their_directives() -> None:
    built = build_schema(Catalog(sources=()), OwnCode(query=Query), Choices(federation=True))
    assert print_subgraph(built.graphql) == OWN_SDL
