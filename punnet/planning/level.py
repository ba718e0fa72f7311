"""One level of an operation, for the way of the resolvers: the same reads, without children.

A resolver asks for the columns that the fields right below it need, keyed by its parent's key. The fields below
find their values in the row by the keys made here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from graphql import GraphQLObjectType, get_named_type

from punnet.access.policy import PolicyOf
from punnet.catalog.relations import Column, Relation
from punnet.planning.collection import connection_read, row_condition
from punnet.planning.meaning import (
    ColumnField,
    ConnectionPart,
    EdgePart,
    GlobalId,
    JoinedCall,
    JoinedRows,
    PageInfoPart,
    PartOf,
    ReferenceTo,
    ToMany,
    ToOne,
    meaning_of,
)
from punnet.planning.read import (
    Columns,
    ColumnValue,
    Cursor,
    Field,
    KeyText,
    Link,
    NodeId,
    Page,
    PartField,
    Read,
    Value,
)
from punnet.planning.rules.fold_constants import folded_read
from punnet.planning.selection import Selected, Selection

CURSOR = ":cursor"
GLOBAL_ID = ":id"


def column_key(column: str) -> str:
    """Where a row holds a column's value."""
    return f"column:{column}"


def key_text_key(column: str) -> str:
    """Where a row holds a column's text."""
    return f"key:{column}"


@dataclass(frozen=True, slots=True)
class ConnectionLevel:
    """What a connection's resolver reads."""

    rows: Read | None
    """None where nothing asks for the page."""
    count: Read | None
    """None where nothing asks for the total."""
    probes_next: bool
    page: Page


@dataclass(frozen=True, slots=True)
class LevelPlanner:
    """Plans single levels of one selection, for one role."""

    selection: Selection
    policy_of: PolicyOf

    def row(self, selected: Selected, relation: Relation, links: tuple[Link, ...]) -> Read:
        """The read of a to-one field."""
        object_type = _object_type(selected)
        return self._row_read(relation, object_type, self._row_values(selected, object_type), links)

    def row_by_key(
        self,
        selected: Selected,
        relation: Relation,
        by: tuple[tuple[str, str], ...],
        arguments: dict[str, Any],
    ) -> Read:
        """The read of a row by the unique key in a field's arguments."""
        return self.row(selected, relation, ()).filtered(row_condition(by, arguments))

    def row_of_type(
        self, selected: Selected, type_name: str, relation: Relation, keys: tuple[tuple[Link, ...], ...]
    ) -> Read:
        """The read of rows of one of the types that a field can give, by any of its keys."""
        object_type = self.selection.schema.type_map[type_name]
        if not isinstance(object_type, GraphQLObjectType):
            raise TypeError(f"'{type_name}' is no object type")
        read = self._row_read(relation, object_type, self._row_values(selected, object_type), keys[0])
        return replace(read, or_by=keys[1:])

    def _row_read(
        self,
        relation: Relation,
        object_type: GraphQLObjectType,
        values: dict[str, Value],
        links: tuple[Link, ...],
    ) -> Read:
        return Read(
            relation=relation,
            policy=self.policy_of(relation),
            output=Columns(object_type.name, _fields(values)),
            keyed_by=links,
        )

    def connection(
        self, selected: Selected, relation: Relation, arguments: dict[str, Any], links: tuple[Link, ...]
    ) -> ConnectionLevel:
        """The reads of a connection field."""
        values: dict[str, Value] = {}
        parts: set[str] = set()
        type_name = ""
        for part, row_selected, cursor in self._connection_parts(selected):
            parts.add(part)
            if cursor and relation.primary_key is not None:
                values[CURSOR] = Cursor()
            if row_selected is not None:
                row_type = _object_type(row_selected)
                type_name = row_type.name
                values |= self._row_values(row_selected, row_type)
        probes_next = "hasNextPage" in parts and arguments.get("first") is not None
        # Without `first` there is no next page, and without a key no cursor, whatever the rows are.
        needs_page = probes_next or CURSOR in values or bool(parts & {"nodes", "edges"})
        read = self._read(selected, relation, arguments, links, Columns(type_name, _fields(values), probes_next))
        return ConnectionLevel(
            rows=read if needs_page else None,
            count=read.counted() if "totalCount" in parts else None,
            probes_next=probes_next,
            page=read.page,
        )

    def rows(self, selected: Selected, relation: Relation, arguments: dict[str, Any], links: tuple[Link, ...]) -> Read:
        """The read of a field that has a plain list of rows."""
        row_type = _object_type(selected)
        output = Columns(row_type.name, _fields(self._row_values(selected, row_type)))
        return self._read(selected, relation, arguments, links, output)

    def values(
        self, selected: Selected, relation: Relation, arguments: dict[str, Any], links: tuple[Link, ...], column: Column
    ) -> ConnectionLevel:
        """The read of a field that has one column of rows."""
        values: dict[str, Value] = {column_key(column.name): column_value(column, selected)}
        read = self._read(selected, relation, arguments, links, Columns("", _fields(values)))
        return ConnectionLevel(rows=read, count=None, probes_next=False, page=read.page)

    def _read(
        self,
        selected: Selected,
        relation: Relation,
        arguments: dict[str, Any],
        links: tuple[Link, ...],
        output: Columns,
    ) -> Read:
        policy = self.policy_of(relation)
        return folded_read(connection_read(selected, relation, arguments, links, policy=policy, output=output))

    def _connection_parts(self, selected: Selected) -> Iterator[tuple[str, Selected | None, bool]]:
        """(part, the field whose selection is on rows, whether it needs the cursor)."""
        for below in self.selection.below(selected.details, _object_type(selected)):
            match None if below.definition is None else meaning_of(below.definition):
                case ConnectionPart("nodes"):
                    yield "nodes", below, False
                case ConnectionPart("edges"):
                    yield "edges", None, False
                    yield from self._edge_parts(below)
                case ConnectionPart("pageInfo"):
                    yield from self._page_info_parts(below)
                case ConnectionPart(part):
                    yield part, None, False

    def _edge_parts(self, selected: Selected) -> Iterator[tuple[str, Selected | None, bool]]:
        for below in self.selection.below(selected.details, _object_type(selected)):
            match None if below.definition is None else meaning_of(below.definition):
                case EdgePart("cursor"):
                    yield "edges", None, True
                case EdgePart("node"):
                    yield "edges", below, False

    def _page_info_parts(self, selected: Selected) -> Iterator[tuple[str, Selected | None, bool]]:
        for below in self.selection.below(selected.details, _object_type(selected)):
            match None if below.definition is None else meaning_of(below.definition):
                case PageInfoPart(part):
                    yield part, None, part in ("startCursor", "endCursor")

    def _row_values(self, selected: Selected, object_type: GraphQLObjectType) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for below in self.selection.below(selected.details, object_type):
            if below.definition is None:
                continue
            match meaning_of(below.definition):
                case ColumnField(column):
                    values[column_key(column.name)] = column_value(column, below)
                case GlobalId(type_name, columns):
                    values[GLOBAL_ID] = NodeId(type_name, columns)
                case ToOne(links=links) | ToMany(links=links):
                    values |= {key_text_key(link.parent): KeyText(link.parent) for link in links}
                case JoinedCall(_, columns):
                    values |= self._plain_columns(object_type, columns)
                case JoinedRows(_, links):
                    values |= self._plain_columns(object_type, [link.parent for link in links])
                case ReferenceTo() as reference:
                    values |= self._plain_columns(object_type, reference.key)
                case _:
                    # A team's own resolver may look at any column of its row.
                    values |= _all_columns(object_type)
        return values

    def _plain_columns(self, object_type: GraphQLObjectType, names: Sequence[str]) -> dict[str, Value]:
        """The columns of a hop's key."""
        return {column_key(name): value for name, value in _columns_of(object_type).items() if name in names}


def column_value(column: Column, selected: Selected) -> ColumnValue:
    """A column with all the parts that its type in the schema has, under their own names."""
    if selected.definition is None:
        return ColumnValue(column)
    return ColumnValue(column, _all_parts(get_named_type(selected.definition.type)))


def _all_parts(named: Any) -> tuple[PartField, ...] | None:
    if not isinstance(named, GraphQLObjectType):
        return None
    parts: list[PartField] = []
    for field in named.fields.values():
        match meaning_of(field):
            case PartOf(part):
                parts.append(PartField(key=part, part=part, parts=_all_parts(get_named_type(field.type))))
    return tuple(parts)


def _all_columns(object_type: GraphQLObjectType) -> dict[str, Value]:
    return {column_key(name): value for name, value in _columns_of(object_type).items()}


def _columns_of(object_type: GraphQLObjectType) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for field in object_type.fields.values():
        match meaning_of(field):
            case ColumnField(column):
                values[column.name] = ColumnValue(column, _all_parts(get_named_type(field.type)))
    return values


def _fields(values: dict[str, Value]) -> tuple[Field, ...]:
    # Sorted, so that two fields which need the same columns share one read, and so one loader.
    return tuple(Field(key=key, value=values[key]) for key in sorted(values))


def _object_type(selected: Selected) -> GraphQLObjectType:
    named = None if selected.definition is None else get_named_type(selected.definition.type)
    if not isinstance(named, GraphQLObjectType):
        raise TypeError(f"'{selected.name}' is of no object type")
    return named
