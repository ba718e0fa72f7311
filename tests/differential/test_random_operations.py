"""Random operations are answered alike both ways, byte for byte, in as few statements as each way promises."""

from __future__ import annotations

import os
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.differential.api import Api, api_of
from tests.differential.operations import Operation, operations
from tests.engines import Answered, Ways
from tests.plans import bound_of

QUICK = settings(
    max_examples=80,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink],
)
LONG = settings(
    QUICK,
    max_examples=int(os.environ.get("PUNNET_FUZZ_EXAMPLES", "2000")),
    # The same ones in every run, but for `make fuzz`.
    derandomize="PUNNET_FUZZ" not in os.environ,
    print_blob=True,
)

# A view that divides by zero; a collation that Postgres before 18 has no LIKE for.
FAILING = re.compile("failingView|[wW]ord")
EXPECTED = {"BAD_USER_INPUT", "VALUE_NOT_REPRESENTABLE"}


@pytest.fixture(scope="session")
async def shop_api(shop: Ways) -> Api:
    return await api_of(shop, is_small=False)


@pytest.fixture(scope="session")
async def nasty_api(nasty: Ways) -> Api:
    return await api_of(nasty, is_small=True)


async def filled(api: Api, operation: Operation) -> dict[str, Any]:
    """The variables, with cursors from pages of the same order."""
    variables = dict(operation.variables)
    for wish in operation.wishes:
        arguments = wish.order[:-1] + ", first: 5)" if wish.order else "(first: 5)"
        page = await api.ways.resolved(f"{{ {wish.collection}{arguments} {{ edges {{ cursor }} }} }}")
        edges = page.data[wish.collection]["edges"]
        variables[wish.variable] = edges[wish.place % len(edges)]["cursor"] if edges else None
    return variables


async def compare(api: Api, operation: Operation) -> Answered:
    """Answer both ways, and hold the answers and the numbers of statements against each other."""
    variables = await filled(api, operation)
    resolved = await api.ways.resolved(operation.text, variables)
    compiled = await api.ways.compiled(operation.text, variables)
    asked = f"\n{operation.text}\n{variables}\n{operation}\ncompiled {compiled}\nresolved {resolved}"
    can_fail = FAILING.search(operation.text) is not None
    expected = EXPECTED | ({"SOURCE_FAILED"} if can_fail else set())
    assert resolved.codes <= expected, asked
    if compiled.has_no_plan:
        # The resolvers may never get to what is wrong, where no row leads there.
        assert resolved.errors or not operation.is_sound, asked
        return resolved
    assert compiled.same_as(resolved), asked
    # A statement that fails is followed by those of the resolvers, which need not fail.
    if operation.is_sound and not can_fail and not resolved.errors:
        promised = bound_of(api.schema, operation.text, variables).statements
        assert compiled.statements <= promised <= operation.compiled_statements, asked
        assert resolved.statements <= operation.resolved_statements, asked
    return resolved


@QUICK
@given(data=st.data())
async def test_both_ways_agree_on_the_shop(shop_api: Api, data: st.DataObject) -> None:
    await compare(shop_api, data.draw(operations(shop_api)))


@QUICK
@given(data=st.data())
async def test_both_ways_agree_on_the_nasty_database(nasty_api: Api, data: st.DataObject) -> None:
    await compare(nasty_api, data.draw(operations(nasty_api)))


@pytest.mark.judge
@LONG
@given(data=st.data())
async def test_both_ways_agree_on_the_shop_at_length(shop_api: Api, data: st.DataObject) -> None:
    await compare(shop_api, data.draw(operations(shop_api)))


@pytest.mark.judge
@LONG
@given(data=st.data())
async def test_both_ways_agree_on_the_nasty_database_at_length(nasty_api: Api, data: st.DataObject) -> None:
    await compare(nasty_api, data.draw(operations(nasty_api)))
