"""The roots of an operation."""

from __future__ import annotations

from dataclasses import dataclass

import orjson
from graphql import GraphQLObjectType

from punnet.access.policy import PolicyOf
from punnet.planning.calls import RootCall
from punnet.planning.collection import row_condition
from punnet.planning.compile.choices import ChoiceCompiler
from punnet.planning.compile.projections import projection_of
from punnet.planning.compile.rows import RowCompiler
from punnet.planning.meaning import (
    Collection,
    Entities,
    RowByKey,
    RowsById,
    ServiceCall,
    Subgraph,
    meaning_of,
)
from punnet.planning.plan import Known, Plan, Root, RootValue
from punnet.planning.plannable import (
    check_no_variables_within,
    fields_below,
    no_meaning,
    object_type_of,
    root_fields,
)
from punnet.planning.read import Typename
from punnet.planning.selection import Selected, Selection
from punnet.planning.variables import operand


@dataclass(frozen=True, slots=True)
class Compiler:
    """Plans the operations of one selection, for one role."""

    selection: Selection
    policy_of: PolicyOf

    def plan(self, root_type: GraphQLObjectType) -> Plan:
        """The plan of the whole operation.

        Raises:
            NotPlannable: a field that only a resolver can answer.
            BadUserInput: an argument that means nothing.
        """
        rows = RowCompiler(self.selection, self.policy_of)
        selected = root_fields(self.selection, root_type)
        roots = tuple(Root(each.key, self._root(each, root_type, rows)) for each in selected)
        return Plan(roots, tuple(rows.hops), self.selection.size.fields)

    def _root(self, selected: Selected, root_type: GraphQLObjectType, rows: RowCompiler) -> RootValue:
        if selected.definition is None:
            return Typename(root_type.name)
        match meaning_of(selected.definition):
            case Collection(relation):
                return rows.connection(selected, relation, ())
            case RowByKey(relation, by):
                return rows.row(selected, relation, ()).filtered(row_condition(by, self.selection.arguments(selected)))
            case RowsById(ids, argument, is_list):
                items = self.selection.arguments(selected)[argument]
                return ChoiceCompiler(rows, selected).choice(ids, items, is_list=is_list)
            case Entities(representations, argument):
                check_no_variables_within(selected)
                items = self.selection.arguments(selected)[argument]
                return ChoiceCompiler(rows, selected).entities(representations, items)
            case Subgraph() as subgraph:
                return self._known(selected, subgraph)
            case ServiceCall() as call:
                return self._call(selected, call, rows)
            case _:
                raise no_meaning(selected, root_type)

    def _known(self, selected: Selected, subgraph: Subgraph) -> Known:
        object_type = object_type_of(selected)
        fields = {
            below.key: object_type.name if below.definition is None else subgraph.sdl()
            for below in fields_below(self.selection, selected, object_type)
        }
        return Known(orjson.dumps(fields).decode())

    def _call(self, selected: Selected, call: ServiceCall, rows: RowCompiler) -> RootCall:
        if selected.definition is None:
            raise no_meaning(selected)
        check_no_variables_within(selected)
        arguments = self.selection.arguments(selected)
        given = tuple((to, operand(arguments[name])) for name, to in call.arguments if name in arguments)
        type_ = selected.definition.type
        return RootCall(call.endpoint, given, type_, projection_of(self.selection, selected, type_, rows.hop))
