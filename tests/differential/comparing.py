"""A random operation, answered both ways and held against what each way promises."""

from __future__ import annotations

import re
from typing import Any

from tests.differential.api import Api
from tests.differential.operations import Operation
from tests.engines import Answered
from tests.plans import bound_of
from tests.random_examples import at_length, quick

QUICK = quick(80)
AT_LENGTH = at_length(2_000)

# A view that divides by zero; a collation that Postgres before 18 has no LIKE for.
FAILING = re.compile("failingView|[wW]ord")
EXPECTED = {"BAD_USER_INPUT", "VALUE_NOT_REPRESENTABLE"}


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
