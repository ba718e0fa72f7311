"""Rows of relations and what is made of each: columns, rows of others, and places that other sources fill."""

from __future__ import annotations

from dataclasses import dataclass, field

from graphql import GraphQLObjectType

from punnet.access.policy import PolicyOf
from punnet.catalog.relations import Column, Relation
from punnet.planning.calls import CallHop, Hop, ReadHop, ReferenceHop
from punnet.planning.collection import connection_read
from punnet.planning.compile.connections import connection_output
from punnet.planning.compile.parts import parts_of
from punnet.planning.compile.projections import projection_of
from punnet.planning.meaning import (
    ColumnField,
    GlobalId,
    JoinedCall,
    JoinedRows,
    ReferenceTo,
    ToMany,
    ToOne,
    meaning_of,
)
from punnet.planning.plannable import count_object, fields_below, no_meaning, object_type_of
from punnet.planning.read import (
    ITSELF,
    ColumnValue,
    Connection,
    ConnectionField,
    Field,
    HopKey,
    Link,
    NodeId,
    Nodes,
    Output,
    Read,
    Row,
    Typename,
    Value,
)
from punnet.planning.selection import Selected, Selection


@dataclass(slots=True)
class RowCompiler:
    """Makes reads of the fields that give rows, and collects the hops in them."""

    selection: Selection
    policy_of: PolicyOf
    hops: dict[Hop, int] = field(default_factory=dict)
    """The number of each hop in the plan, in their order."""

    def row(self, selected: Selected, relation: Relation, links: tuple[Link, ...], *, is_always: bool = False) -> Read:
        """The read of a field that gives a row."""
        count_object(self.selection)
        return Read(
            relation=relation,
            policy=self.policy_of(relation),
            output=Row(self.fields(selected, object_type_of(selected)), is_always),
            keyed_by=links,
        )

    def connection(self, selected: Selected, relation: Relation, links: tuple[Link, ...]) -> Read:
        """The read of a field that gives a connection."""
        output = connection_output(self.selection, selected, relation, self.fields)
        return self._page(selected, relation, links, output)

    def fields(self, selected: Selected, object_type: GraphQLObjectType) -> tuple[Field, ...]:
        """What is selected of each row below a field."""
        return tuple(
            Field(key=below.key, value=self._value(below, object_type))
            for below in fields_below(self.selection, selected, object_type)
        )

    def hop(self, selected: Selected) -> int:
        """The number of the hop that a joined field makes; equal hops share it."""
        return self.hops.setdefault(self._hop(selected), len(self.hops))

    def _value(self, selected: Selected, object_type: GraphQLObjectType) -> Value:
        if selected.definition is None:
            return Typename(object_type.name)
        match meaning_of(selected.definition):
            case ColumnField(column):
                return ColumnValue(column, parts_of(self.selection, selected))
            case GlobalId(type_name, columns):
                return NodeId(type_name, columns)
            case ToOne(relation, links, is_always):
                return self.row(selected, relation, links, is_always=is_always)
            case ToMany(relation, links, is_list=True):
                return self._list(selected, relation, links)
            case ToMany(relation, links):
                return self.connection(selected, relation, links)
            case JoinedCall() | JoinedRows() | ReferenceTo() as joined:
                return HopKey(self.hop(selected), joined.key)
            case _:
                raise no_meaning(selected, object_type)

    def _list(self, selected: Selected, relation: Relation, links: tuple[Link, ...]) -> Read:
        output = _plain_list(self.fields(selected, object_type_of(selected)))
        return self._page(selected, relation, links, output)

    def _page(self, selected: Selected, relation: Relation, links: tuple[Link, ...], output: Output) -> Read:
        count_object(self.selection)
        arguments = self.selection.arguments(selected)
        return connection_read(selected, relation, arguments, links, policy=self.policy_of(relation), output=output)

    def _hop(self, selected: Selected) -> Hop:
        if selected.definition is None:
            raise no_meaning(selected)
        type_ = selected.definition.type
        match meaning_of(selected.definition):
            case JoinedCall(call, _, value):
                return CallHop(call, type_, projection_of(self.selection, selected, type_, self.hop), value)
            case JoinedRows() as joined:
                return ReadHop(self._joined_rows(selected, joined))
            case ReferenceTo(members):
                names = tuple(name for name, _ in members)
                return ReferenceHop(names, type_, projection_of(self.selection, selected, type_, self.hop))
            case _:
                raise no_meaning(selected)

    def _joined_rows(self, selected: Selected, joined: JoinedRows) -> Read:
        match joined:
            case JoinedRows(value=Column() as column):
                return self._values(selected, joined, column)
            case JoinedRows(relation, links, is_list=True):
                return self.connection(selected, relation, links)
            case JoinedRows(relation, links):
                return self.row(selected, relation, links)

    def _values(self, selected: Selected, joined: JoinedRows, column: Column) -> Read:
        """The read of one column of the rows, not in objects."""
        fields = (Field(key=ITSELF, value=ColumnValue(column, parts_of(self.selection, selected))),)
        output = _plain_list(fields) if joined.is_list else Row(fields)
        return self._page(selected, joined.relation, joined.links, output)


def _plain_list(fields: tuple[Field, ...]) -> Connection:
    """A page that is its rows, and no object around them."""
    return Connection((ConnectionField(ITSELF, Nodes(fields)),))
