"""`[sources.NAME.relations."NAMESPACE.TABLE"]`: what a database does not say about its tables and views."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from punnet.catalog.overrides import ColumnOverride, RelationOverride
from punnet.configuration.problems import Finding
from punnet.configuration.section import GraphQLName, Section, refuse


def _relation_name(text: str) -> str:
    namespace, _, name = text.partition(".")
    if not namespace or not name:
        raise ValueError("wants a namespace and a table or view: 'public.orders'")
    return text


RelationName = Annotated[str, AfterValidator(_relation_name)]


class ColumnConfiguration(Section):
    """What is said about a column."""

    name: GraphQLName | None = Field(default=None, description="The name of its field; other names derive from it.")
    type: Literal["ID"] | None = Field(
        default=None, description="`ID`: its values are IDs. For columns of whole numbers, `uuid` and text."
    )
    non_null: bool = Field(default=False, description="Whether it is never null, though the database does not say so.")


class RelationConfiguration(Section):
    """What is said about a table or view."""

    name: GraphQLName | None = Field(default=None, description="The name of its type, used as it is.")
    plural: GraphQLName | None = Field(default=None, description="The name of its collection, used as it is.")
    key: tuple[str, ...] | None = Field(
        default=None,
        min_length=1,
        description="The columns that tell its rows apart, none of which is ever null: its primary key from now on.",
    )
    queries: bool = Field(
        default=True,
        description="Whether there is a collection and look-ups of it. Else what points to it leads to its rows, "
        "and gateways by its keys.",
    )
    columns: Mapping[str, ColumnConfiguration] = Field(
        default_factory=dict, description="What is to be said about its columns."
    )

    def override(self, source: str, relation: str) -> RelationOverride:
        """What this says about a relation of a source."""
        return RelationOverride(
            source=source,
            relation=relation,
            name=self.name,
            plural=self.plural,
            key=self.key or (),
            queries=self.queries,
            columns=tuple(
                ColumnOverride(column=name, name=said.name, is_id=said.type == "ID", non_null=said.non_null)
                for name, said in self.columns.items()
            ),
        )

    @model_validator(mode="after")
    def _is_consistent(self) -> RelationConfiguration:
        refuse(self._repetitions())
        return self

    def _repetitions(self) -> Iterator[Finding]:
        key = self.key or ()
        for i, column in enumerate(key):
            if column in key[:i]:
                yield Finding(location=("key", i), what="stands there twice", value=column)
        seen: set[str] = set()
        for column, said in self.columns.items():
            if said.name in seen:
                yield Finding(location=("columns", column, "name"), what="is another column's name", value=said.name)
            seen |= {said.name} if said.name is not None else set()
