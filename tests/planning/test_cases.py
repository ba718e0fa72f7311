"""What operations are planned and rendered to: a case a folder, with its query, its SQL and its answer.

`PUNNET_WRITE_CASES=1` writes the SQL and the answers anew; what changed is then to be read, not believed.
"""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from graphql import FragmentDefinitionNode, OperationDefinitionNode, parse
from graphql.execution.values import VariableValues, get_variable_values

from punnet.access.policy import UNRESTRICTED
from punnet.planning.choice import Choice
from punnet.planning.compile import Compiler
from punnet.planning.plan import Plan
from punnet.planning.read import Read
from punnet.planning.selection import Selection, fragment_details
from punnet.planning.variables import variable_shapes
from tests.engines import Ways, both_ways

CASES = sorted((Path(__file__).parent / "cases").iterdir())


@pytest.fixture(scope="session")
async def shop(shop_url: str) -> AsyncIterator[Ways]:
    async with both_ways(shop_url) as ways:
        yield ways


def variables_of(case: Path) -> dict[str, Any]:
    path = case / "variables.json"
    variables: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    return variables


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


def statements_of(ways: Ways, plan: Plan) -> str:
    """The SQL of each root; of a choice the first type's."""
    texts = []
    for root in plan.roots:
        read = dict(root.value.reads)["Product"] if isinstance(root.value, Choice) else root.value
        texts.append(ways.source.prepare(read).text if isinstance(read, Read) else repr(read))
    return "\n;\n".join(texts) + "\n"


def is_as_written(path: Path, found: str) -> bool:
    if os.environ.get("PUNNET_WRITE_CASES"):
        path.write_text(found, encoding="utf-8")
    return path.read_text(encoding="utf-8") == found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_a_query_is_rendered_and_answered_as_written(shop: Ways, case: Path) -> None:
    query, variables = (case / "query.graphql").read_text(), variables_of(case)
    plan = plan_of(shop, query, variables)
    assert is_as_written(case / "postgres.sql", statements_of(shop, plan))
    answer = await shop.agreed(query, variables)
    assert is_as_written(case / "result.json", answer.body.decode() + "\n")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_a_plan_is_a_value(shop: Ways, case: Path) -> None:
    query, variables = (case / "query.graphql").read_text(), variables_of(case)
    plan = plan_of(shop, query, variables)
    assert plan == plan_of(shop, query, variables)
    assert hash(plan) == hash(plan_of(shop, query, variables))
    assert repr(plan)
