"""What operations are planned and rendered to: a case a folder, with its query, its plan, its SQL and its answer.

`PUNNET_WRITE_CASES=1` writes plans, SQL and answers anew; what changed is then to be read, not believed.
"""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from punnet.access.session import EMPTY_SESSION
from punnet.errors import PunnetError
from punnet.execution.run import Run, ready
from punnet.loaders.calls import Calls
from punnet.loaders.failed import FailedReads
from punnet.planning.choice import Choice
from punnet.planning.plan import Plan, RootValue
from punnet.planning.read import Read
from punnet.planning.rules import RULES, rewrite
from tests.engines import Ways, both_ways
from tests.planning.plans import coerced_of, plan_of
from tests.planning.printed import printed

CASES = sorted((Path(__file__).parent / "cases").iterdir())


@pytest.fixture(scope="session")
async def shop(shop_url: str) -> AsyncIterator[Ways]:
    async with both_ways(shop_url) as ways:
        yield ways


def variables_of(case: Path) -> dict[str, Any]:
    path = case / "variables.json"
    variables: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    return variables


def statements_of(ways: Ways, plan: Plan) -> str:
    """The SQL of each root that asks the database; of a choice the first type's."""
    values = [dict(value.reads)["Product"] if isinstance(value, Choice) else value for value in roots_of(plan)]
    texts = [ways.source.prepare(value).text for value in values if isinstance(value, Read)]
    return "\n;\n".join(texts) + "\n"


def roots_of(plan: Plan) -> list[RootValue]:
    return [root.value for root in plan.roots]


def is_as_written(path: Path, found: str) -> bool:
    if os.environ.get("PUNNET_WRITE_CASES"):
        path.write_text(found, encoding="utf-8")
    return path.read_text(encoding="utf-8") == found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_a_query_is_rendered_and_answered_as_written(shop: Ways, case: Path) -> None:
    query, variables = (case / "query.graphql").read_text(), variables_of(case)
    plan = rewrite(plan_of(shop, query, variables))
    assert is_as_written(case / "plan.txt", printed(plan))
    assert is_as_written(case / "postgres.sql", statements_of(shop, plan))
    answer = await shop.agreed(query, variables)
    assert is_as_written(case / "result.json", answer.body.decode() + "\n")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_shows_the_whole_way_from_a_query_to_its_answer(case: Path) -> None:
    files = {path.name for path in case.iterdir()} - {"variables.json"}
    assert files == {"query.graphql", "plan.txt", "postgres.sql", "result.json"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_a_plan_is_a_value(shop: Ways, case: Path) -> None:
    query, variables = (case / "query.graphql").read_text(), variables_of(case)
    plan, again = plan_of(shop, query, variables), plan_of(shop, query, variables)
    assert plan == again
    assert hash(plan) == hash(again)
    assert repr(plan) == repr(again)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_the_rules_change_no_answer(shop: Ways, case: Path) -> None:
    query, variables = (case / "query.graphql").read_text(), variables_of(case)
    plan = plan_of(shop, query, variables)
    coerced = coerced_of(shop, query, variables)
    assert await answers_of(shop, rewrite(plan, RULES), coerced) == await answers_of(shop, plan, coerced)


async def answers_of(ways: Ways, plan: Plan, coerced: dict[str, Any]) -> list[bytes | PunnetError]:
    """The JSON of each root."""
    sources = {ways.source.name: ways.source}
    return await Run(ready(plan, sources), coerced, EMPTY_SESSION, Calls({}), FailedReads()).roots()
