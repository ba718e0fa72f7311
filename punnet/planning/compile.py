"""From an operation to its plan: one read a database subtree, with its children inside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLObjectType, GraphQLOutputType, GraphQLUnionType, get_named_type

from punnet.access.condition import And, Compare, Condition
from punnet.access.policy import Policy
from punnet.catalog.relations import Relation
from punnet.planning.arguments import plan_order, plan_page, plan_where
from punnet.planning.calls import CallHop, Hop, HopFrom, Member, OwnTypename, Projection, ReadHop, RootCall
from punnet.planning.errors import NotPlannable
from punnet.planning.meaning import (
    Collection,
    ColumnField,
    ConnectionPart,
    EdgePart,
    GlobalId,
    JoinedCall,
    JoinedRows,
    MemberField,
    PageInfoPart,
    PartOf,
    RowByKey,
    RowsById,
    ServiceCall,
    ToMany,
    ToOne,
    meaning_of,
)
from punnet.planning.plan import Plan, Root
from punnet.planning.read import (
    Choice,
    ColumnValue,
    Connection,
    ConnectionField,
    Cursor,
    Field,
    HopKey,
    Link,
    NodeId,
    Nodes,
    PageInfo,
    PartField,
    Read,
    Row,
    SameRow,
    TotalCount,
    Typename,
    Value,
)
from punnet.planning.selection import Selected, Selection
from punnet.planning.variables import operand

PolicyOf = Callable[[Relation], Policy]


@dataclass(frozen=True, slots=True)
class Compiler:
    """Plans the operations of one selection, for one role."""

    selection: Selection
    policy_of: PolicyOf
    _hops: list[Hop] = field(default_factory=list)

    def plan(self, root_type: GraphQLObjectType) -> Plan:
        """The plan of the whole operation.

        Raises:
            NotPlannable: a field that only a resolver can answer.
            BadUserInput: an argument that means nothing.
        """
        roots = tuple(self._root(selected, root_type) for selected in self.selection.root(root_type))
        return Plan(roots, tuple(self._hops))

    def _root(self, selected: Selected, root_type: GraphQLObjectType) -> Root:
        _check_directives(selected)
        if selected.definition is None:
            return Root(selected.key, Typename(root_type.name))
        arguments = self.selection.arguments(selected)
        match meaning_of(selected.definition):
            case Collection(relation):
                return Root(selected.key, self._connection(selected, relation, arguments, ()))
            case RowByKey(relation, by):
                where = row_condition(by, arguments)
                return Root(selected.key, self._row(selected, relation, (), where))
            case RowsById(relations, argument, is_list):
                reads = tuple((name, self._row_by_id(selected, name, relation)) for name, relation in relations)
                return Root(selected.key, Choice(reads, operand(arguments[argument]), is_list))
            case ServiceCall(endpoint, by):
                given = tuple((to, operand(arguments[name])) for name, to in by if name in arguments)
                type_ = selected.definition.type
                return Root(selected.key, RootCall(endpoint, given, type_, self._projection(selected, type_)))
            case _:
                raise NotPlannable(f"'{root_type.name}.{selected.name}' has no generated meaning")

    def _row_by_id(self, selected: Selected, type_name: str, relation: Relation) -> Read:
        object_type = self.selection.schema.type_map[type_name]
        if not isinstance(object_type, GraphQLObjectType):
            raise NotPlannable(f"'{type_name}' is no object type")
        return Read(
            relation=relation,
            policy=self.policy_of(relation),
            output=Row(self._row_fields(selected, object_type)),
            keyed_by=id_links(relation),
        )

    def _row(
        self, selected: Selected, relation: Relation, links: tuple[Link, ...], where: Condition | None = None
    ) -> Read:
        read = Read(
            relation=relation,
            policy=self.policy_of(relation),
            output=Row(self._row_fields(selected, _object_type(selected))),
            keyed_by=links,
        )
        return read if where is None else read.filtered(where)

    def _row_fields(self, selected: Selected, object_type: GraphQLObjectType) -> tuple[Field, ...]:
        return tuple(
            Field(key=below.key, value=self._value(below, object_type))
            for below in self.selection.below(selected.details, object_type)
        )

    def _value(self, selected: Selected, object_type: GraphQLObjectType) -> Value:
        _check_directives(selected)
        if selected.definition is None:
            return Typename(object_type.name)
        match meaning_of(selected.definition):
            case ColumnField(column):
                return ColumnValue(column, self._parts(selected))
            case GlobalId(type_name, columns):
                return NodeId(type_name, columns)
            case ToOne(relation, links):
                return self._row(selected, relation, links)
            case ToMany(relation, links):
                return self._connection(selected, relation, self.selection.arguments(selected), links)
            case JoinedCall(_, columns):
                return HopKey(self._hop(selected), columns)
            case JoinedRows(_, links):
                return HopKey(self._hop(selected), tuple(link.parent for link in links))
            case _:
                raise NotPlannable(f"'{object_type.name}.{selected.name}' has no generated meaning")

    def _hop(self, selected: Selected) -> int:
        """The number of the hop that a joined field makes; equal hops share it."""
        hop = self._make_hop(selected)
        if hop not in self._hops:
            self._hops.append(hop)
        return self._hops.index(hop)

    def _make_hop(self, selected: Selected) -> Hop:
        meaning = None if selected.definition is None else meaning_of(selected.definition)
        match meaning:
            case JoinedCall(call) if selected.definition is not None:
                type_ = selected.definition.type
                return CallHop(call, type_, self._projection(selected, type_))
            case JoinedRows(relation, links, is_list):
                if is_list:
                    return ReadHop(self._connection(selected, relation, self.selection.arguments(selected), links))
                return ReadHop(self._row(selected, relation, links))
            case _:
                raise NotPlannable(f"'{selected.name}' leads to no other source")

    def _projection(self, selected: Selected, type_: GraphQLOutputType) -> Projection | None:
        """What the selection takes of an object that a service gives; None for a leaf."""
        named = get_named_type(type_)
        if isinstance(named, GraphQLObjectType):
            return Projection(((named.name, self._projected(selected, named)),))
        if isinstance(named, GraphQLUnionType):
            return Projection(tuple((each.name, self._projected(selected, each)) for each in named.types))
        return None

    def _projected(
        self, selected: Selected, object_type: GraphQLObjectType
    ) -> tuple[tuple[str, Member | OwnTypename | HopFrom], ...]:
        return tuple(
            (below.key, self._member(below, object_type))
            for below in self.selection.below(selected.details, object_type)
        )

    def _member(self, selected: Selected, object_type: GraphQLObjectType) -> Member | OwnTypename | HopFrom:
        _check_directives(selected)
        if selected.definition is None:
            return OwnTypename()
        match meaning_of(selected.definition):
            case MemberField(name):
                type_ = selected.definition.type
                return Member(name, type_, self._projection(selected, type_))
            case JoinedCall(_, members):
                return HopFrom(self._hop(selected), members)
            case JoinedRows(_, links):
                return HopFrom(self._hop(selected), tuple(link.parent for link in links))
            case _:
                raise NotPlannable(f"'{object_type.name}.{selected.name}' has no generated meaning")

    def _parts(self, selected: Selected) -> tuple[PartField, ...] | None:
        if selected.definition is None:
            return None
        named = get_named_type(selected.definition.type)
        if not isinstance(named, GraphQLObjectType):
            return None
        return tuple(self._part(below, named) for below in self.selection.below(selected.details, named))

    def _part(self, selected: Selected, object_type: GraphQLObjectType) -> PartField:
        _check_directives(selected)
        if selected.definition is None:
            return PartField(key=selected.key, part=None, typename=object_type.name)
        match meaning_of(selected.definition):
            case PartOf(part):
                return PartField(key=selected.key, part=part, parts=self._parts(selected))
            case _:
                raise NotPlannable(f"'{object_type.name}.{selected.name}' has no generated meaning")

    def _connection(
        self, selected: Selected, relation: Relation, arguments: dict[str, Any], links: tuple[Link, ...]
    ) -> Read:
        connection_type = _object_type(selected)
        return connection_read(
            selected,
            relation,
            arguments,
            links,
            policy=self.policy_of(relation),
            output=Connection(
                tuple(
                    self._connection_field(below, connection_type, relation)
                    for below in self.selection.below(selected.details, connection_type)
                )
            ),
        )

    def _connection_field(
        self, selected: Selected, connection_type: GraphQLObjectType, relation: Relation
    ) -> ConnectionField:
        _check_directives(selected)
        if selected.definition is None:
            return ConnectionField(selected.key, Typename(connection_type.name))
        match meaning_of(selected.definition):
            case ConnectionPart("nodes"):
                return ConnectionField(selected.key, Nodes(self._row_fields(selected, _object_type(selected))))
            case ConnectionPart("edges"):
                return ConnectionField(selected.key, Nodes(self._edge_fields(selected)))
            case ConnectionPart("pageInfo"):
                return ConnectionField(selected.key, self._page_info(selected, relation))
            case ConnectionPart("totalCount"):
                return ConnectionField(selected.key, TotalCount())
            case _:
                raise NotPlannable(f"'{connection_type.name}.{selected.name}' has no generated meaning")

    def _edge_fields(self, selected: Selected) -> tuple[Field, ...]:
        edge_type = _object_type(selected)
        return tuple(
            Field(key=below.key, value=self._edge_value(below, edge_type))
            for below in self.selection.below(selected.details, edge_type)
        )

    def _edge_value(self, selected: Selected, edge_type: GraphQLObjectType) -> Value:
        _check_directives(selected)
        if selected.definition is None:
            return Typename(edge_type.name)
        match meaning_of(selected.definition):
            case EdgePart("cursor"):
                return Cursor()
            case EdgePart("node"):
                return SameRow(self._row_fields(selected, _object_type(selected)))
            case _:
                raise NotPlannable(f"'{edge_type.name}.{selected.name}' has no generated meaning")

    def _page_info(self, selected: Selected, relation: Relation) -> PageInfo:
        info_type = _object_type(selected)
        fields: list[tuple[str, str]] = []
        for below in self.selection.below(selected.details, info_type):
            _check_directives(below)
            meaning = None if below.definition is None else meaning_of(below.definition)
            part = meaning.part if isinstance(meaning, PageInfoPart) else below.name
            has_cursors = relation.primary_key is not None
            fields.append((below.key, part if has_cursors or "Cursor" not in part else "noCursor"))
        return PageInfo(tuple(fields))


def connection_read(
    selected: Selected,
    relation: Relation,
    arguments: dict[str, Any],
    links: tuple[Link, ...],
    *,
    policy: Policy,
    output: Any,
) -> Read:
    """The read of a connection field with these arguments."""
    definitions = {} if selected.definition is None else selected.definition.args
    order = plan_order(definitions, arguments, relation)
    return Read(
        relation=relation,
        policy=policy,
        output=output,
        where=plan_where(definitions, arguments),
        order=order,
        page=plan_page(arguments, order),
        keyed_by=links,
    )


def row_condition(by: tuple[tuple[str, str], ...], arguments: dict[str, Any]) -> Condition:
    """The condition that a row has the key given in the arguments."""
    return And(tuple(Compare(column, "eq", operand(arguments[name])) for name, column in by))


def id_links(relation: Relation) -> tuple[Link, ...]:
    """The links that key a read by the relation's own key."""
    key = relation.primary_key
    if key is None:
        raise NotPlannable(f"relation '{relation.id}' has no key")
    return tuple(Link(child=name, parent=name, type=relation.column_by_name[name].type) for name in key.columns)


def _object_type(selected: Selected) -> GraphQLObjectType:
    named = None if selected.definition is None else get_named_type(selected.definition.type)
    if not isinstance(named, GraphQLObjectType):
        raise NotPlannable(f"'{selected.name}' is of no object type")
    return named


def _check_directives(selected: Selected) -> None:
    for detail in selected.details:
        for directive in detail.node.directives or ():
            if directive.name.value not in ("skip", "include"):
                raise NotPlannable(f"'@{directive.name.value}' is not a plan's to follow")
