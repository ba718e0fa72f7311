"""From an operation to its plan: one read a database subtree, with its children inside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLUnionType,
    get_named_type,
)

from punnet.access.condition import Condition
from punnet.access.policy import PolicyOf
from punnet.catalog.relations import Column, Relation
from punnet.planning.calls import (
    CallHop,
    Hop,
    HopFrom,
    Member,
    OwnTypename,
    Projection,
    ReadHop,
    ReferenceHop,
    RootCall,
)
from punnet.planning.choice import Choice
from punnet.planning.collection import connection_read, row_condition
from punnet.planning.entities import CalledEntity, GivenEntity, Representations
from punnet.planning.errors import NotPlannable
from punnet.planning.ids import GlobalIds
from punnet.planning.meaning import (
    Collection,
    ColumnField,
    ConnectionPart,
    EdgePart,
    Entities,
    GlobalId,
    JoinedCall,
    JoinedRows,
    MemberField,
    PageInfoPart,
    PartOf,
    ReferenceTo,
    RowByKey,
    RowsById,
    ServiceCall,
    Subgraph,
    ToMany,
    ToOne,
    meaning_of,
)
from punnet.planning.plan import Known, Plan, Root
from punnet.planning.plannable import check_directives, check_no_variables_within, object_type_of
from punnet.planning.read import (
    ITSELF,
    ColumnValue,
    Connection,
    ConnectionField,
    Cursor,
    Field,
    HopKey,
    Link,
    NodeId,
    Nodes,
    Output,
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
        check_directives(selected)
        if selected.definition is None:
            return Root(selected.key, Typename(root_type.name))
        arguments = self.selection.arguments(selected)
        match meaning_of(selected.definition):
            case Collection(relation):
                return Root(selected.key, self._connection(selected, relation, ()))
            case RowByKey(relation, by):
                where = row_condition(by, arguments)
                return Root(selected.key, self._row(selected, relation, (), where))
            case RowsById(ids, argument, is_list):
                return Root(selected.key, self._choice(selected, ids, arguments[argument], is_list=is_list))
            case Entities(representations, argument):
                check_no_variables_within(selected)
                return Root(selected.key, self._choice(selected, representations, arguments[argument], is_list=True))
            case Subgraph(sdl):
                return Root(selected.key, self._known(selected, sdl))
            case ServiceCall(endpoint, by):
                given = tuple((to, operand(arguments[name])) for name, to in by if name in arguments)
                type_ = selected.definition.type
                return Root(selected.key, RootCall(endpoint, given, type_, self._projection(selected, type_)))
            case _:
                raise NotPlannable(f"'{root_type.name}.{selected.name}' has no generated meaning")

    def _choice(
        self, selected: Selected, addressing: GlobalIds | Representations, items: object, *, is_list: bool
    ) -> Choice:
        def read_of(type_name: str) -> Read | None:
            rows = addressing.rows_of(type_name)
            required = addressing.required_columns(type_name)
            return None if rows is None else self._row_of_type(selected, type_name, *rows, required)

        named = ((name, read_of(name)) for name in sorted(self._types_with_fields(selected)))
        reads = tuple((name, read) for name, read in named if read is not None)
        choice = Choice(reads, addressing, operand(items), is_list, read_of)
        return self._with_others(choice, selected, addressing) if isinstance(addressing, Representations) else choice

    def _with_others(self, choice: Choice, selected: Selected, representations: Representations) -> Choice:
        """The choice with what representations name beside rows, or know better than they."""
        return replace(
            choice,
            given=tuple(
                (each.name, *self._object_of_type(selected, each.name))
                for each in representations.types
                if isinstance(each, GivenEntity)
            ),
            called=tuple(
                (each.name, tuple(CallHop(key.call, *self._object_of_type(selected, each.name)) for key in each.keys))
                for each in representations.types
                if isinstance(each, CalledEntity)
            ),
            required=frozenset(representations.required),
            given_of=representations.given_of,
        )

    def _object_of_type(self, selected: Selected, name: str) -> tuple[GraphQLObjectType, Projection]:
        object_type = self._type_named(name)
        return object_type, Projection(((name, self._projected(selected, object_type)),))

    def _type_named(self, name: str) -> GraphQLObjectType:
        object_type = self.selection.schema.type_map[name]
        if not isinstance(object_type, GraphQLObjectType):
            raise NotPlannable(f"'{name}' is no object type")
        return object_type

    def _types_with_fields(self, selected: Selected) -> set[str]:
        """The types of which more than `__typename` may be selected."""
        schema = self.selection.schema
        types: set[str] = set()
        for name in self.selection.conditions(selected.details):
            condition = schema.type_map[name]
            if isinstance(condition, GraphQLInterfaceType | GraphQLUnionType):
                types |= {each.name for each in schema.get_possible_types(condition)}
            else:
                types.add(name)
        return types

    def _row_of_type(
        self,
        selected: Selected,
        type_name: str,
        relation: Relation,
        keys: tuple[tuple[Link, ...], ...],
        required: frozenset[str],
    ) -> Read:
        object_type = self._type_named(type_name)
        return Read(
            relation=relation,
            policy=self.policy_of(relation),
            output=Row(tuple(_opened(each, required) for each in self._row_fields(selected, object_type))),
            keyed_by=keys[0],
            or_by=keys[1:],
        )

    def _known(self, selected: Selected, sdl: Callable[[], str]) -> Known:
        object_type = object_type_of(selected)
        return Known(
            tuple(
                (below.key, object_type.name if below.definition is None else sdl())
                for below in self._checked_below(selected, object_type)
            )
        )

    def _checked_below(self, selected: Selected, object_type: GraphQLObjectType) -> Iterator[Selected]:
        for below in self.selection.below(selected.details, object_type):
            check_directives(below)
            yield below

    def _row(
        self,
        selected: Selected,
        relation: Relation,
        links: tuple[Link, ...],
        where: Condition | None = None,
        *,
        is_always: bool = False,
    ) -> Read:
        read = Read(
            relation=relation,
            policy=self.policy_of(relation),
            output=Row(self._row_fields(selected, object_type_of(selected)), is_always),
            keyed_by=links,
        )
        return read if where is None else read.filtered(where)

    def _row_fields(self, selected: Selected, object_type: GraphQLObjectType) -> tuple[Field, ...]:
        return tuple(
            Field(key=below.key, value=self._value(below, object_type))
            for below in self.selection.below(selected.details, object_type)
        )

    def _value(self, selected: Selected, object_type: GraphQLObjectType) -> Value:
        check_directives(selected)
        if selected.definition is None:
            return Typename(object_type.name)
        match meaning_of(selected.definition):
            case ColumnField(column):
                return ColumnValue(column, self._parts(selected))
            case GlobalId(type_name, columns):
                return NodeId(type_name, columns)
            case ToOne(relation, links, is_always):
                return self._row(selected, relation, links, is_always=is_always)
            case ToMany(relation, links, is_list=True):
                return self._list(selected, relation, links)
            case ToMany(relation, links):
                return self._connection(selected, relation, links)
            case JoinedCall(_, columns):
                return HopKey(self._hop(selected), columns)
            case JoinedRows(_, links):
                return HopKey(self._hop(selected), tuple(link.parent for link in links))
            case ReferenceTo() as reference:
                return HopKey(self._hop(selected), reference.key)
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
            case JoinedCall(call, _, value) if selected.definition is not None:
                type_ = selected.definition.type
                return CallHop(call, type_, self._projection(selected, type_), value)
            case JoinedRows(value=column) if column is not None:
                return ReadHop(self._values(selected, meaning, column))
            case JoinedRows(relation, links, is_list):
                if is_list:
                    return ReadHop(self._connection(selected, relation, links))
                return ReadHop(self._row(selected, relation, links))
            case ReferenceTo(members) if selected.definition is not None:
                type_ = selected.definition.type
                names = tuple(name for name, _ in members)
                return ReferenceHop(names, type_, self._projection(selected, type_))
            case _:
                raise NotPlannable(f"'{selected.name}' leads to no other source")

    def _values(self, selected: Selected, meaning: JoinedRows, column: Column) -> Read:
        """The read of one column of the rows, not in objects."""
        fields = (Field(key=ITSELF, value=ColumnValue(column, self._parts(selected))),)
        output = _plain_list(fields) if meaning.is_list else Row(fields)
        return self._read(selected, meaning.relation, meaning.links, output)

    def _list(self, selected: Selected, relation: Relation, links: tuple[Link, ...]) -> Read:
        output = _plain_list(self._row_fields(selected, object_type_of(selected)))
        return self._read(selected, relation, links, output)

    def _read(self, selected: Selected, relation: Relation, links: tuple[Link, ...], output: Output) -> Read:
        arguments = self.selection.arguments(selected)
        return connection_read(selected, relation, arguments, links, policy=self.policy_of(relation), output=output)

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
        check_directives(selected)
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
            case ReferenceTo() as reference:
                return HopFrom(self._hop(selected), reference.key)
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
        check_directives(selected)
        if selected.definition is None:
            return PartField(key=selected.key, part=None, typename=object_type.name)
        match meaning_of(selected.definition):
            case PartOf(part):
                return PartField(key=selected.key, part=part, parts=self._parts(selected))
            case _:
                raise NotPlannable(f"'{object_type.name}.{selected.name}' has no generated meaning")

    def _connection(self, selected: Selected, relation: Relation, links: tuple[Link, ...]) -> Read:
        connection_type = object_type_of(selected)
        fields = (
            self._connection_field(below, connection_type, relation)
            for below in self.selection.below(selected.details, connection_type)
        )
        return self._read(selected, relation, links, Connection(tuple(fields)))

    def _connection_field(
        self, selected: Selected, connection_type: GraphQLObjectType, relation: Relation
    ) -> ConnectionField:
        check_directives(selected)
        if selected.definition is None:
            return ConnectionField(selected.key, Typename(connection_type.name))
        match meaning_of(selected.definition):
            case ConnectionPart("nodes"):
                return ConnectionField(selected.key, Nodes(self._row_fields(selected, object_type_of(selected))))
            case ConnectionPart("edges"):
                return ConnectionField(selected.key, Nodes(self._edge_fields(selected)))
            case ConnectionPart("pageInfo"):
                return ConnectionField(selected.key, self._page_info(selected, relation))
            case ConnectionPart("totalCount"):
                return ConnectionField(selected.key, TotalCount())
            case _:
                raise NotPlannable(f"'{connection_type.name}.{selected.name}' has no generated meaning")

    def _edge_fields(self, selected: Selected) -> tuple[Field, ...]:
        edge_type = object_type_of(selected)
        return tuple(
            Field(key=below.key, value=self._edge_value(below, edge_type))
            for below in self.selection.below(selected.details, edge_type)
        )

    def _edge_value(self, selected: Selected, edge_type: GraphQLObjectType) -> Value:
        check_directives(selected)
        if selected.definition is None:
            return Typename(edge_type.name)
        match meaning_of(selected.definition):
            case EdgePart("cursor"):
                return Cursor()
            case EdgePart("node"):
                return SameRow(self._row_fields(selected, object_type_of(selected)))
            case _:
                raise NotPlannable(f"'{edge_type.name}.{selected.name}' has no generated meaning")

    def _page_info(self, selected: Selected, relation: Relation) -> PageInfo:
        info_type = object_type_of(selected)
        fields: list[tuple[str, str]] = []
        for below in self.selection.below(selected.details, info_type):
            check_directives(below)
            meaning = None if below.definition is None else meaning_of(below.definition)
            part = meaning.part if isinstance(meaning, PageInfoPart) else below.name
            has_cursors = relation.primary_key is not None
            fields.append((below.key, part if has_cursors or "Cursor" not in part else "noCursor"))
        return PageInfo(tuple(fields))


def _plain_list(fields: tuple[Field, ...]) -> Connection:
    """A page that is its rows, and no object around them."""
    return Connection((ConnectionField(ITSELF, Nodes(fields)),))


def _opened(field: Field, columns: frozenset[str]) -> Field:
    """The field, to be filled with what a representation has where its key is of these columns."""
    if not isinstance(field.value, HopKey) or columns.isdisjoint(field.value.columns):
        return field
    return replace(field, value=replace(field.value, is_open=True))
