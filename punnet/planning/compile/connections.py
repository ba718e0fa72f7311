"""Connections: the page's rows, as nodes or edges, and what is said about the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from graphql import GraphQLObjectType

from punnet.catalog.relations import Relation
from punnet.planning.meaning import ConnectionPart, EdgePart, PageInfoPart, meaning_of
from punnet.planning.plannable import fields_below, no_meaning, object_type_of
from punnet.planning.read import (
    Connection,
    ConnectionField,
    Cursor,
    Field,
    Nodes,
    PageFact,
    PageInfo,
    SameRow,
    TotalCount,
    Typename,
    Value,
)
from punnet.planning.selection import Selected, Selection

RowFields = Callable[[Selected, GraphQLObjectType], tuple[Field, ...]]
"""(a field of rows, their type) to what is selected of each."""


def connection_output(
    selection: Selection, selected: Selected, relation: Relation, row_fields: RowFields
) -> Connection:
    """What a field that gives a connection makes of the relation's rows."""
    compiler = _ConnectionCompiler(selection, relation, row_fields)
    connection_type = object_type_of(selected)
    return Connection(
        tuple(
            ConnectionField(below.key, compiler.part(below, connection_type))
            for below in fields_below(selection, selected, connection_type)
        )
    )


@dataclass(frozen=True, slots=True)
class _ConnectionCompiler:
    selection: Selection
    relation: Relation
    row_fields: RowFields

    def part(self, selected: Selected, connection_type: GraphQLObjectType) -> Nodes | PageInfo | TotalCount | Typename:
        if selected.definition is None:
            return Typename(connection_type.name)
        match meaning_of(selected.definition):
            case ConnectionPart("nodes"):
                return Nodes(self.row_fields(selected, object_type_of(selected)))
            case ConnectionPart("edges"):
                return Nodes(self._edge(selected))
            case ConnectionPart("pageInfo"):
                return self._page_info(selected)
            case ConnectionPart("totalCount"):
                return TotalCount()
            case _:
                raise no_meaning(selected, connection_type)

    def _edge(self, selected: Selected) -> tuple[Field, ...]:
        edge_type = object_type_of(selected)
        return tuple(
            Field(key=below.key, value=self._edge_value(below, edge_type))
            for below in fields_below(self.selection, selected, edge_type)
        )

    def _edge_value(self, selected: Selected, edge_type: GraphQLObjectType) -> Value:
        if selected.definition is None:
            return Typename(edge_type.name)
        match meaning_of(selected.definition):
            case EdgePart("cursor"):
                return Cursor()
            case EdgePart("node"):
                return SameRow(self.row_fields(selected, object_type_of(selected)))
            case _:
                raise no_meaning(selected, edge_type)

    def _page_info(self, selected: Selected) -> PageInfo:
        info_type = object_type_of(selected)
        return PageInfo(
            tuple(
                (below.key, self._fact(below, info_type)) for below in fields_below(self.selection, selected, info_type)
            )
        )

    def _fact(self, selected: Selected, info_type: GraphQLObjectType) -> PageFact:
        if selected.definition is None:
            return "__typename"
        match meaning_of(selected.definition):
            case PageInfoPart("startCursor" | "endCursor") if self.relation.primary_key is None:
                return "noCursor"
            case PageInfoPart(part):
                return part
            case _:
                raise no_meaning(selected, info_type)
