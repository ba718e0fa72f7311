"""The plans of single operations."""

from __future__ import annotations

from typing import Any

from graphql import FragmentDefinitionNode, OperationDefinitionNode, parse
from graphql.execution.values import VariableValues, get_variable_values

from punnet.access.policy import UNRESTRICTED
from punnet.planning.compile import Compiler
from punnet.planning.plan import Plan
from punnet.planning.selection import Selection, fragment_details
from punnet.planning.variables import variable_shapes
from tests.engines import Ways


def plan_of(ways: Ways, query: str, variables: dict[str, Any]) -> Plan:
    """The plan of a document's only operation."""
    document, schema = parse(query), ways.built.graphql
    [node] = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    values = get_variable_values(schema, node.variable_definitions or (), variables)
    assert isinstance(values, VariableValues)
    shapes = [shape for shape in variable_shapes(schema, node, document) if shape.name in values.coerced]
    opened = VariableValues({}, {shape.name: shape.open(values.coerced[shape.name]) for shape in shapes})
    selection = Selection(schema, node, fragment_details(fragments), opened)
    assert schema.query_type is not None
    return Compiler(selection, lambda _relation: UNRESTRICTED).plan(schema.query_type)


def coerced_of(ways: Ways, query: str, variables: dict[str, Any]) -> dict[str, Any]:
    """The variables of a document's only operation, as its plan takes them."""
    [node] = [each for each in parse(query).definitions if isinstance(each, OperationDefinitionNode)]
    values = get_variable_values(ways.built.graphql, node.variable_definitions or (), variables)
    assert isinstance(values, VariableValues)
    return dict(values.coerced)
