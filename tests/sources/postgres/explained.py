"""What Postgres does for the statement of a query."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from punnet.planning.read import Read
from punnet.sources.postgres.source import Prepared
from tests.engines import Ways
from tests.planning.plans import coerced_of, plan_of

Node = dict[str, Any]


def statement_of(ways: Ways, query: str, variables: dict[str, Any] | None = None) -> Prepared:
    """The statement of the query's only root."""
    [root] = plan_of(ways, query, variables or {}).roots
    assert isinstance(root.value, Read)
    return ways.source.prepare(root.value)


async def explained(ways: Ways, query: str, variables: dict[str, Any] | None = None) -> Node:
    """The uppermost node of the plan of the query's only root, with what its run took."""
    statement = statement_of(ways, query, variables)
    values = statement.values(coerced_of(ways, query, variables or {}), ())
    text = f"explain (analyze, buffers, format json, timing off) {statement.text}"
    [[plan]] = await ways.source.pool.run(lambda db: db.fetch(text, *values))
    node: Node = json.loads(plan)[0]["Plan"]
    return node


async def blocks_read(ways: Ways, query: str, variables: dict[str, Any] | None = None) -> int:
    """How many blocks the run of the query's only root reads."""
    node = await explained(ways, query, variables)
    return int(node["Shared Hit Blocks"] + node["Shared Read Blocks"])


def nodes_of(node: Node) -> Iterator[Node]:
    """The node, and all below it."""
    yield node
    for below in node.get("Plans", ()):
        yield from nodes_of(below)
