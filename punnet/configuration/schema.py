"""`[schema]`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from punnet.catalog.directives import Directive, FieldDirectives, SchemaDirectives, TypeDirectives, parse_directives
from punnet.catalog.key_fields import key_text, parse_key
from punnet.catalog.known_directives import choosable_directives, parse_definitions
from punnet.configuration.positions import Location
from punnet.configuration.problems import Finding
from punnet.configuration.section import GraphQLName, Section, refuse


def _directives(text: str) -> str:
    if not parse_directives(text):
        raise ValueError("wants a directive such as '@shareable'")
    return text


def _definitions(text: str) -> str:
    parse_definitions(text)
    return text


def _key(text: str) -> str:
    return key_text(parse_key(text))


DirectiveText = Annotated[str, AfterValidator(_directives)]
DefinitionsText = Annotated[str, AfterValidator(_definitions)]
KeyText = Annotated[str, AfterValidator(_key)]
Version = Literal["2.0", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7", "2.8", "2.9"]


class SchemaFieldConfiguration(Section):
    """What is said about a field of a type, or a value of an enum."""

    directives: tuple[DirectiveText, ...] = Field(default=(), description='What stands on it: `["@inaccessible"]`.')


class SchemaTypeConfiguration(Section):
    """What is said about a type."""

    directives: tuple[DirectiveText, ...] = Field(
        default=(), description="""What stands on it: `['@tag(name: "shop")']`."""
    )
    keys: tuple[KeyText, ...] | None = Field(
        default=None,
        description="What names one of it, instead of the keys that the database has: "
        '`["id", "sku variation { id }"]`. `[]` is none at all.',
    )
    resolvable: bool = Field(default=True, description="Whether gateways may ask for one of it by its keys.")
    fields: Mapping[GraphQLName, SchemaFieldConfiguration] = Field(
        default_factory=dict, description="Its fields, also those of an input type; or an enum's values."
    )


class SchemaConfiguration(Section):
    """What the schema is for."""

    node_id: Literal["nodeId", "id", False] = Field(
        default="nodeId",
        description="The field of a row's id across all types. `false`: no such ids, no `Node`, no `node` and `nodes`.",
    )
    federation: bool = Field(default=False, description="Whether it is a subgraph for gateways of Apollo Federation 2.")
    federation_version: Version = Field(
        default="2.9", description="The latest version of federation that the gateway knows."
    )
    directives: tuple[DirectiveText, ...] = Field(
        default=(),
        description="What stands on the schema: `@link` of other specifications, `@composeDirective`.",
    )
    directive_definitions: DefinitionsText = Field(
        default="", description="Your own directives, as GraphQL defines them: `directive @custom on OBJECT`."
    )
    types: Mapping[GraphQLName, SchemaTypeConfiguration] = Field(
        default_factory=dict, description="The types that more is said about, by their names in the API."
    )

    def chosen_directives(self) -> SchemaDirectives:
        """What this chooses about the schema's directives and keys."""
        return SchemaDirectives(
            max_version=self.federation_version,
            on_schema=_parsed(self.directives),
            definitions=self.directive_definitions,
            types=tuple(
                TypeDirectives(
                    type=name,
                    directives=_parsed(chosen.directives),
                    keys=chosen.keys,
                    resolvable=chosen.resolvable,
                    fields=tuple(
                        FieldDirectives(field=field, directives=_parsed(of_field.directives))
                        for field, of_field in chosen.fields.items()
                    ),
                )
                for name, chosen in self.types.items()
            ),
        )

    @model_validator(mode="after")
    def _directives_that_there_are(self) -> SchemaConfiguration:
        refuse(self._unknown_directives())
        return self

    def _unknown_directives(self) -> Iterator[Finding]:
        known = tuple(f"@{name}" for name in choosable_directives(self.directive_definitions))
        for location, texts in self._directive_lists():
            for i, text in enumerate(texts):
                for name in (f"@{directive.name}" for directive in parse_directives(text)):
                    if name not in known:
                        what = "is neither of federation nor in 'directive_definitions'"
                        yield Finding(location=(*location, i), what=what, value=name, choices=known)

    def _directive_lists(self) -> Iterator[tuple[Location, tuple[str, ...]]]:
        yield ("directives",), self.directives
        for name, chosen in self.types.items():
            yield ("types", name, "directives"), chosen.directives
            for field, of_field in chosen.fields.items():
                yield ("types", name, "fields", field, "directives"), of_field.directives


def _parsed(texts: tuple[str, ...]) -> tuple[Directive, ...]:
    return tuple(directive for text in texts for directive in parse_directives(text))
