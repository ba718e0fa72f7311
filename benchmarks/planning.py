"""How long it takes from a document to its statements, and from a known document to the first call of a source.

    .venv/bin/python benchmarks/planning.py

The demo's shop is the schema; its database is started and read once, and is asked nothing while times are taken. The
times are CPU, of the best of several rounds. The budgets are those that Punnet promises itself: a new document of 50
fields in 10 ms, a known one in 0.1 ms.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from punnet.access.session import ANONYMOUS
from punnet.catalog.relations import Catalog
from punnet.catalog.types import DataType
from punnet.demo.embedded import EmbeddedPostgres
from punnet.demo.shop import load_shop
from punnet.schema.build import build_schema
from punnet.server.engine import Engine, GraphQLRequest
from punnet.server.settings import Way
from punnet.sources.postgres.pool import Pool, PoolSettings
from punnet.sources.postgres.source import PostgresSource

NEW_BUDGET_MS = 10.0
KNOWN_BUDGET_MS = 0.1
ROUNDS, TIMES = 7, 50

T = TypeVar("T")

FIFTY_FIELDS = """query Fifty($id: Int!, $max: Decimal!) {
  customers(where: {id: {gte: $id}}, first: 20) { totalCount pageInfo { hasNextPage endCursor } nodes {
    id email nodeId
    orders(first: 10, orderBy: [{placedAt: DESC}]) { totalCount nodes { id status placedAt
      orderLines { nodes { lineNo quantity unitPrice
        product { id sku name price tags attributes category { id name slug } } } } } }
    reviews(first: 3) { nodes { id rating product { name price } } } } }
  products(where: {price: {lte: $max}}, orderBy: [{price: DESC}], first: 50) { edges { cursor node {
    id sku name price stock createdAt category { name } reviews(first: 2) { nodes { rating } } } } }
}"""
ONE_FIELD = "query One($id: Int!) { product(id: $id) { id sku name price createdAt } }"
VARIABLES: dict[str, dict[str, object]] = {FIFTY_FIELDS: {"id": 1, "max": "99.90"}, ONE_FIELD: {"id": 1}}


class Answering:
    """A connection that has every answer at once."""

    async def records_of(self, _statement: str, _values: Sequence[object]) -> list[tuple[bytes]]:
        """An answer."""
        return [(b"{}",)]


class NoPool(Pool):
    """A pool that asks no database."""

    async def run(self, work: Callable[[Any], Awaitable[T]]) -> T:
        """What the work makes of an answer."""
        return await work(Answering())


async def main() -> int:
    """Print the times; 1 where a budget is not kept."""
    with tempfile.TemporaryDirectory() as directory, EmbeddedPostgres(Path(directory)) as server:
        await load_shop(server.url())
        source = PostgresSource("default", server.url(), PoolSettings(size=1))
        await source.open()
        catalog = Catalog(sources=(await source.introspect(None),))
        await source.close()
    built = build_schema(catalog)

    def enum_value(data_type: DataType, label: str) -> str:
        return built.names.enum_value(data_type.namespace, data_type.name, label)

    source.use_names(enum_value)
    source.pool = NoPool("default", "", PoolSettings())
    engine = Engine(built, {"default": source}, way=Way.COMPILED, document_cache_size=1000, plan_cache_size=1000)
    kept = [await report(engine, name, document) for name, document in (("50", FIFTY_FIELDS), ("5", ONE_FIELD))]
    return 0 if all(kept) else 1


async def report(engine: Engine, name: str, document: str) -> bool:
    """Whether both budgets are kept for a document."""
    number = iter(range(sys.maxsize))
    new = await best_ms(lambda: ask(engine, document, f"#{next(number)}"))
    known = await best_ms(lambda: ask(engine, document, ""))
    print(
        f"{name:>3} fields: new {new:6.3f} ms (budget {NEW_BUDGET_MS}), known {known:.4f} ms (budget {KNOWN_BUDGET_MS})"
    )
    return new < NEW_BUDGET_MS and known < KNOWN_BUDGET_MS


async def ask(engine: Engine, document: str, comment: str) -> None:
    """Answer a document; a comment makes it one that the engine has not seen."""
    request = GraphQLRequest(query=f"{document}{comment}", variables=VARIABLES[document], request_id="")
    answer = await engine.answer(request, ANONYMOUS)
    if not answer.is_executed or b'"errors"' in answer.body:
        raise SystemExit(f"not answered: {answer.body[:300]!r}")


async def best_ms(work: Callable[[], Awaitable[None]]) -> float:
    """The CPU time of one run, in the best of the rounds."""
    await work()
    rounds: list[float] = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in range(TIMES):
            await work()
        rounds.append((time.process_time() - start) * 1000 / TIMES)
    return min(rounds)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
