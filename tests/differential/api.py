"""What the generator of operations knows of an API: its schema, and values that are really there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLList,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
)
from hypothesis.vendor.pretty import RepresentationPrinter

from punnet.planning.meaning import Collection, ColumnField, RowByKey, RowsById, meaning_of
from tests.engines import Ways

SAMPLES = 12


@dataclass(frozen=True, slots=True, repr=False)
class Api:
    """One API under test."""

    ways: Ways
    is_small: bool
    """Whether whole collections can be asked for, within each other."""
    collections: Mapping[str, str]
    """By type of row, the field of Query."""
    rows: Mapping[str, list[dict[str, Any]]]
    """By type of row, the single values of some rows, nulls left out."""

    def __repr__(self) -> str:
        return f"Api of {len(self.collections)} collections"

    def _repr_pretty_(self, printer: RepresentationPrinter, cycle: bool) -> None:
        """Hypothesis prints it with every failure: the whole would hide what failed."""
        printer.text(repr(self))

    @property
    def schema(self) -> GraphQLSchema:
        return self.ways.built.graphql

    @property
    def roots(self) -> dict[str, GraphQLField]:
        query = self.schema.query_type
        if query is None:
            raise TypeError("a schema without queries")
        fields: dict[str, GraphQLField] = query.fields
        return fields

    def samples(self, type_name: str, field: str) -> list[Any]:
        """Values that rows have in a field."""
        return [row[field] for row in self.rows.get(type_name, ()) if field in row]

    @property
    def ids(self) -> list[str]:
        return [row["nodeId"] for rows in self.rows.values() for row in rows if "nodeId" in row]


def row_type(field: GraphQLField) -> GraphQLObjectType:
    """The type of row of a field that gives a connection or a plain list."""
    connection = get_named_type(field.type)
    if isinstance(connection, GraphQLObjectType) and isinstance(get_nullable_type(field.type), GraphQLList):
        return connection
    if not isinstance(connection, GraphQLObjectType):
        raise TypeError(f"{connection} is no connection")
    row = get_named_type(connection.fields["nodes"].type)
    if not isinstance(row, GraphQLObjectType):
        raise TypeError(f"{row} is no row")
    return row


async def api_of(ways: Ways, *, is_small: bool) -> Api:
    """Look at some rows of each collection."""
    query = ways.built.graphql.query_type
    fields = {} if query is None else query.fields
    collections = {
        row_type(field).name: name for name, field in fields.items() if isinstance(meaning_of(field), Collection)
    }
    rows = {type_name: await _rows(ways, name, row_type(fields[name])) for type_name, name in collections.items()}
    return Api(ways, is_small, collections, rows)


async def _rows(ways: Ways, collection: str, type_: GraphQLObjectType) -> list[dict[str, Any]]:
    names = " ".join(_single_values(type_)) or "__typename"
    answer = await ways.resolved(f"{{ {collection}(first: {SAMPLES}) {{ nodes {{ {names} }} }} }}")
    page = answer.data[collection] or {"nodes": []}
    return [{key: value for key, value in row.items() if value is not None} for row in page["nodes"]]


def _single_values(type_: GraphQLObjectType) -> Iterator[str]:
    for name, field in type_.fields.items():
        is_column = isinstance(meaning_of(field), ColumnField) and field.type is not None
        if name == "nodeId" or (is_column and is_leaf_type(get_nullable_type(field.type))):
            yield name


def is_root_of_rows(field: GraphQLField) -> bool:
    """Whether a field of Query reads rows."""
    return isinstance(meaning_of(field), Collection | RowByKey | RowsById)
