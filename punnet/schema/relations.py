"""The types of one relation: its rows, connection, edge, filter and order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from graphql import (
    GraphQLArgument,
    GraphQLArgumentMap,
    GraphQLEnumType,
    GraphQLField,
    GraphQLID,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInt,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLNullableOutputType,
    GraphQLObjectType,
    GraphQLString,
)

from punnet.catalog.names import Names
from punnet.catalog.relations import Column, ForeignKey, Relation, RelationId
from punnet.catalog.scalars import is_comparable
from punnet.catalog.types import DataType
from punnet.planning.meaning import (
    EXTENSION,
    ColumnField,
    ConnectionPart,
    EdgePart,
    GlobalId,
    InputMeaning,
    OrderColumn,
    ToMany,
    ToOne,
    WhereColumn,
    WhereLogic,
)
from punnet.planning.read import Link
from punnet.schema.fields import field_of
from punnet.schema.shared import NodeInterface
from punnet.schema.values import ValueTypes


@dataclass(frozen=True, slots=True)
class Shared:
    """What the types of all relations refer to."""

    names: Names
    values: ValueTypes
    node: NodeInterface | None
    """None where rows have no global ids."""
    page_info: GraphQLObjectType
    direction: GraphQLEnumType


class RelationTypes:
    """The types of one relation. Their fields are made when the schema first asks for them."""

    def __init__(self, relation: Relation, shared: Shared) -> None:
        self.relation = relation
        self._shared = shared
        self.name = shared.names.type_name(relation.id)
        self.others: Mapping[RelationId, RelationTypes] = {}
        """The types of every relation that the schema has, this one's too."""
        self.referrers: list[tuple[Relation, ForeignKey]] = []
        """The foreign keys that point here."""
        self.joined: dict[str, GraphQLField] = {}
        """Fields that joins add to a row."""

    def field_names(self) -> frozenset[str]:
        """The names of a row's own fields."""
        return frozenset(name for name, _ in self._row_fields())

    @property
    def has_key(self) -> bool:
        """Whether rows can be told apart: by id, and by cursor."""
        return self.relation.primary_key is not None

    @property
    def node(self) -> NodeInterface | None:
        """The interface that rows implement for their global ids; None where they have none."""
        return self._shared.node if self.has_key else None

    def linked(self) -> tuple[GraphQLNamedType, ...]:
        """The types whose fields lead to their like in other relations.

        graphql-core collects types by recursion. Those that it is given one by one it does not pass through, so
        that a chain of a thousand foreign keys is not a thousand calls deep.
        """
        return (self.row,)

    @cached_property
    def row(self) -> GraphQLObjectType:
        """The type of a row."""
        return GraphQLObjectType(
            self.name,
            lambda: dict(self._row_fields()),
            interfaces=[] if self.node is None else [self.node.type],
            description=self._description(),
        )

    def _description(self) -> str:
        text = self.relation.comment or f"A row of the {self.relation.kind} `{self.relation.id.name}`."
        if not self.has_key:
            text += "\n\nIt has no key: its rows have no id, and pages go by `offset` only."
        return text

    def _row_fields(self) -> Iterator[tuple[str, GraphQLField]]:
        names, relation = self._shared.names, self.relation
        key = relation.primary_key
        if key is not None and self.node is not None:
            meaning = GlobalId(self.name, key.columns)
            yield self.node.field, field_of(meaning, GraphQLNonNull(GraphQLID), "The id across all types.")
        for column in relation.columns:
            yield names.column(relation.id, column.name), self._column_field(column)
        for foreign_key in relation.foreign_keys:
            if foreign_key.target in self.others:
                yield names.to_one(relation.id, foreign_key.name), self._to_one(foreign_key)
        for child, foreign_key in self.referrers:
            yield names.to_many(child.id, foreign_key.name), self._to_many(child, foreign_key)
        yield from self.joined.items()

    def column_type(self, column: Column) -> GraphQLNullableOutputType:
        """The nullable type of a column's values."""
        return self._shared.values.output(column.type, self.relation.id.source)

    def _column_field(self, column: Column) -> GraphQLField:
        nullable = self.column_type(column)
        type_ = nullable if column.nullable else GraphQLNonNull(nullable)
        return field_of(ColumnField(column), type_, column_description(column))

    def _to_one(self, foreign_key: ForeignKey) -> GraphQLField:
        target = self.others[foreign_key.target]
        by_name = self.relation.column_by_name
        links = tuple(
            Link(child=there, parent=here, type=by_name[here].type)
            for here, there in zip(foreign_key.columns, foreign_key.target_columns, strict=True)
        )
        columns = ", ".join(f"`{name}`" for name in foreign_key.columns)
        return field_of(
            ToOne(target.relation, links, foreign_key.always),
            GraphQLNonNull(target.row) if foreign_key.always else target.row,
            f"The row of `{target.relation.id.name}` that {columns} names.",
        )

    def _to_many(self, child: Relation, foreign_key: ForeignKey) -> GraphQLField:
        types = self.others[child.id]
        by_name = self.relation.column_by_name
        links = tuple(
            Link(child=here, parent=there, type=by_name[there].type)
            for here, there in zip(foreign_key.columns, foreign_key.target_columns, strict=True)
        )
        columns = ", ".join(f"`{name}`" for name in foreign_key.columns)
        is_list = foreign_key.way_back == "list"
        return field_of(
            ToMany(child, links, is_list),
            GraphQLNonNull(GraphQLList(GraphQLNonNull(types.row))) if is_list else types.connection,
            f"The rows of `{child.id.name}` whose {columns} names this row.",
            args=types.list_arguments() if is_list else types.connection_arguments(),
        )

    @cached_property
    def connection(self) -> GraphQLObjectType:
        """The type of a page of rows."""
        return GraphQLObjectType(
            f"{self.name}Connection",
            lambda: dict(self._connection_fields()),
            description=f"A page of {self.name} rows.",
        )

    def _connection_fields(self) -> Iterator[tuple[str, GraphQLField]]:
        rows = GraphQLNonNull(GraphQLList(GraphQLNonNull(self.row)))
        yield "nodes", field_of(ConnectionPart("nodes"), rows, "The rows of the page.")
        if self.has_key:
            edges = GraphQLNonNull(GraphQLList(GraphQLNonNull(self.edge)))
            yield (
                "edges",
                field_of(ConnectionPart("edges"), edges, "The rows of the page with their cursors."),
            )
        info = GraphQLNonNull(self._shared.page_info)
        yield "pageInfo", field_of(ConnectionPart("pageInfo"), info, "Where the page stands among all rows.")
        count = GraphQLNonNull(GraphQLInt)
        text = "How many rows there are under `where`, whatever the page."
        yield "totalCount", field_of(ConnectionPart("totalCount"), count, text)

    @cached_property
    def edge(self) -> GraphQLObjectType:
        """The type of a row with its cursor."""
        cursor = field_of(EdgePart("cursor"), GraphQLNonNull(GraphQLString), "The row's place: give it to `after`.")
        node = field_of(EdgePart("node"), GraphQLNonNull(self.row), "The row.")
        return GraphQLObjectType(
            f"{self.name}Edge",
            {"cursor": cursor, "node": node},
            description=f"A {self.name} row with its place in the order.",
        )

    @cached_property
    def where(self) -> GraphQLInputObjectType:
        """The type of a filter."""
        return GraphQLInputObjectType(
            f"{self.name}Where",
            lambda: dict(self._where_fields()),
            description=f"Conditions on {self.name} rows; all that are given must hold.",
        )

    def _where_fields(self) -> Iterator[tuple[str, GraphQLInputField]]:
        several = GraphQLList(GraphQLNonNull(self.where))
        yield "and", _input_field(several, WhereLogic("and"), "All of these hold.")
        yield "or", _input_field(several, WhereLogic("or"), "At least one of these holds.")
        yield "not", _input_field(self.where, WhereLogic("not"), "This does not hold.")
        for column in self.relation.columns:
            type_ = self._shared.values.filter(column.type, self.relation.id.source)
            name = self._shared.names.column(self.relation.id, column.name)
            yield name, _input_field(type_, WhereColumn(column.name), column.comment)

    @cached_property
    def order(self) -> GraphQLInputObjectType | None:
        """The type of an order; None where no column can be ordered by."""
        columns = [column for column in self.relation.columns if is_comparable(column.type)]
        if not columns:
            return None
        names = self._shared.names
        return GraphQLInputObjectType(
            f"{self.name}Order",
            {
                names.column(self.relation.id, column.name): _input_field(
                    self._shared.direction, OrderColumn(column.name), column.comment
                )
                for column in columns
            },
            is_one_of=True,
            description=f"One column by which {self.name} rows are ordered, and its direction.",
        )

    def connection_arguments(self) -> GraphQLArgumentMap:
        """The arguments of a field that gives a connection of this relation."""
        arguments = {"where": GraphQLArgument(self.where, description="Only rows for which this holds.")}
        if self.order is not None:
            several = GraphQLList(GraphQLNonNull(self.order))
            arguments["orderBy"] = GraphQLArgument(several, description="The order, the first column first.")
        arguments["first"] = GraphQLArgument(GraphQLInt, description="At most so many rows.")
        if self.has_key:
            arguments["after"] = GraphQLArgument(
                GraphQLString, description="Only rows after this cursor, taken from a page in the same order."
            )
        arguments["offset"] = GraphQLArgument(GraphQLInt, description="Leave out so many rows first.")
        return arguments

    def list_arguments(self) -> GraphQLArgumentMap:
        """The arguments of a field that gives a plain list of rows of this relation, which has no cursors."""
        arguments = self.connection_arguments()
        return {name: argument for name, argument in arguments.items() if name != "after"}


def column_description(column: Column) -> str | None:
    """The column's comment, with the domain that narrows its type."""
    data_type: DataType = column.type
    if data_type.kind != "domain":
        return column.comment
    domain = f"A value of the domain `{data_type.name}`" + (f": {data_type.comment}" if data_type.comment else ".")
    return f"{column.comment}\n\n{domain}" if column.comment else domain


def _input_field(type_: GraphQLInputType, meaning: InputMeaning, description: str | None) -> GraphQLInputField:
    return GraphQLInputField(type_, description=description, extensions={EXTENSION: meaning})
