"""The plan of an operation, and what it promises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import FragmentDefinitionNode, GraphQLSchema, OperationDefinitionNode, parse
from graphql.execution.values import VariableValues, get_variable_values

from punnet.access.policy import UNRESTRICTED
from punnet.planning.compile import Compiler
from punnet.planning.plan import Plan
from punnet.planning.rules import rewrite
from punnet.planning.selection import Selection, fragment_details
from punnet.planning.variables import deciding_in_fragments, variable_shapes
from tests.bounds import Bound, most_asked


def plan_of(schema: GraphQLSchema, query: str, variables: Mapping[str, Any] | None = None) -> Plan:
    """The plan of a document's only operation, before the rules."""
    return compiled(schema, query, variables or {})[0]


def bound_of(schema: GraphQLSchema, query: str, variables: Mapping[str, Any] | None = None) -> Bound:
    """The most that a document's only operation asks, by the plan that is run."""
    plan, coerced = compiled(schema, query, variables or {})
    return most_asked(rewrite(plan), coerced)


def compiled(schema: GraphQLSchema, query: str, variables: Mapping[str, Any]) -> tuple[Plan, dict[str, Any]]:
    """The plan of a document's only operation, and the variables as it takes them."""
    document = parse(query)
    [node] = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    values = get_variable_values(schema, node.variable_definitions or (), dict(variables))
    assert isinstance(values, VariableValues)
    declared = variable_shapes(schema, node, deciding_in_fragments(document))
    shapes = [shape for shape in declared if shape.name in values.coerced]
    opened = VariableValues({}, {shape.name: shape.open(values.coerced[shape.name]) for shape in shapes})
    selection = Selection(schema, node, fragment_details(fragments), opened)
    assert schema.query_type is not None
    return Compiler(selection, lambda _relation: UNRESTRICTED).plan(schema.query_type), values.coerced
