from __future__ import annotations

from punnet.catalog.directives import Directive, FieldDirectives, SchemaDirectives, TypeDirectives
from tests.configuration.conftest import Load
from tests.configuration.samples import SMALL

OWNER = "directive @owner(team: String!) on OBJECT"
SCHEMA = f"""
[schema]
federation = true
federation_version = "2.5"
directive_definitions = "{OWNER}"
directives = ['@composeDirective(name: "@owner")']

[schema.types.Product]
keys = ["id", " sku,variation{{id}} "]
directives = ['@owner(team: "a")', "@shareable @authenticated"]
fields.price.directives = ["@inaccessible"]
fields.sku = {{}}

[schema.types.Mood]
resolvable = false
"""


def test_the_schema_s_directives_and_keys_become_values(load: Load) -> None:
    assert load(SMALL + SCHEMA).graphql_schema.chosen_directives() == SchemaDirectives(
        max_version="2.5",
        on_schema=(Directive(name="composeDirective", arguments=(("name", '"@owner"'),)),),
        definitions=OWNER,
        types=(
            TypeDirectives(
                type="Product",
                directives=(
                    Directive(name="owner", arguments=(("team", '"a"'),)),
                    Directive(name="shareable"),
                    Directive(name="authenticated"),
                ),
                keys=("id", "sku variation { id }"),
                fields=(
                    FieldDirectives(field="price", directives=(Directive(name="inaccessible"),)),
                    FieldDirectives(field="sku"),
                ),
            ),
            TypeDirectives(type="Mood", resolvable=False),
        ),
    )


def test_nothing_said_chooses_nothing(load: Load) -> None:
    assert load(SMALL).graphql_schema.chosen_directives() == SchemaDirectives()


def test_no_keys_are_other_than_none_said(load: Load) -> None:
    [product] = load(SMALL + "[schema.types.Product]\nkeys = []").graphql_schema.chosen_directives().types
    assert product == TypeDirectives(type="Product", keys=())
