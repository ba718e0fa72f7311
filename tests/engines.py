"""One database behind both ways of answering, for tests that compare them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from punnet.access.session import ANONYMOUS
from punnet.catalog.relations import Catalog
from punnet.catalog.types import DataType
from punnet.schema.build import BuiltSchema, Choices, OwnCode, build_schema
from punnet.server.engine import Engine, GraphQLRequest
from punnet.server.settings import Way
from punnet.sources.postgres.pool import PoolSettings
from punnet.sources.postgres.source import PostgresSource


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, and the number of statements that it took."""

    body: bytes
    statements: int
    is_executed: bool

    @property
    def data_bytes(self) -> bytes:
        """The answer without its errors."""
        return self.body.rpartition(b',"errors":[')[0] or self.body

    @property
    def data(self) -> Any:
        return json.loads(self.body).get("data")

    @property
    def errors(self) -> list[dict[str, Any]]:
        """The errors in the order of their paths: theirs in the answer is not promised."""
        errors: list[dict[str, Any]] = json.loads(self.body).get("errors", [])
        return sorted(errors, key=lambda error: json.dumps([error.get("path"), error["message"]]))

    @property
    def codes(self) -> set[str]:
        return {error["extensions"]["code"] for error in self.errors}

    @property
    def is_broken(self) -> bool:
        """Whether something failed in a way that nobody meant: both ways may do so alike."""
        return "INTERNAL_SERVER_ERROR" in self.codes

    @property
    def has_no_plan(self) -> bool:
        """Whether the compiler knew no way: what only resolvers can answer, and what has no good answer."""
        return not self.is_executed and self.codes == {"INTERNAL_SERVER_ERROR"}

    def same_as(self, other: Answered) -> bool:
        """Whether both are the same, byte for byte, but for the order of errors."""
        return self.body == other.body or (self.data_bytes == other.data_bytes and self.errors == other.errors)


@dataclass(frozen=True, slots=True)
class Ways:
    """Both ways to answer operations on one database."""

    built: BuiltSchema
    catalog: Catalog
    source: PostgresSource
    engines: Mapping[Way, Engine]

    async def ask(self, way: Way, query: str, variables: Mapping[str, Any] | None = None) -> Answered:
        """Answer one operation this way."""
        before = self.source.pool.statements
        others = asyncio.all_tasks()
        request = GraphQLRequest(query=query, variables=variables or {}, request_id="test")
        answer = await self.engines[way].answer(request, ANONYMOUS)
        # Where an error nulls a whole object, fields of it may still be loading when the answer is there.
        await asyncio.gather(*(asyncio.all_tasks() - others), return_exceptions=True)
        return Answered(answer.body, self.source.pool.statements - before, answer.is_executed)

    async def compiled(self, query: str, variables: Mapping[str, Any] | None = None) -> Answered:
        return await self.ask(Way.COMPILED, query, variables)

    async def resolved(self, query: str, variables: Mapping[str, Any] | None = None) -> Answered:
        return await self.ask(Way.RESOLVERS, query, variables)

    async def agreed(self, query: str, variables: Mapping[str, Any] | None = None) -> Answered:
        """The compiled answer, which must be that of the resolvers."""
        compiled = await self.compiled(query, variables)
        resolved = await self.resolved(query, variables)
        asked = f"\n{query}\n{variables}\n{compiled.body!r}\n{resolved.body!r}"
        assert compiled.same_as(resolved), asked
        assert not compiled.is_broken, asked
        return compiled


@asynccontextmanager
async def both_ways(
    url: str, *, pool_size: int = 4, own: OwnCode | None = None, choices: Choices | None = None
) -> AsyncIterator[Ways]:
    """Read the database, build its schema, and answer both ways."""
    source = PostgresSource("default", url, PoolSettings(size=pool_size))
    await source.open()
    try:
        linked = choices.overrides.linked_columns(source.name) if choices is not None else {}
        catalog = Catalog(sources=(await source.introspect(None, linked),))
        built = build_schema(catalog, own, choices)

        def enum_value(data_type: DataType, label: str) -> str:
            return built.names.enum_value(data_type.namespace, data_type.name, label)

        source.use_names(enum_value)
        yield Ways(built, catalog, source, {way: engine(built, source, way) for way in (Way.COMPILED, Way.RESOLVERS)})
    finally:
        await source.close()


def engine(built: BuiltSchema, source: PostgresSource, way: Way) -> Engine:
    return Engine(built, {source.name: source}, way=way, document_cache_size=100, plan_cache_size=20)
