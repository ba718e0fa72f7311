"""Both ways of answering over the same databases and services, each with what it asked of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphql import GraphQLSchema

from punnet.access.session import ANONYMOUS
from punnet.catalog.relations import Catalog
from punnet.configuration.load import load_configuration
from punnet.configuration.services import ServiceConfiguration
from punnet.schema.build import BuiltSchema
from punnet.server.engine import Engine, GraphQLRequest
from punnet.server.runtime import Runtime
from punnet.server.settings import Way
from punnet.sources.http.source import HttpSource
from punnet.sources.http.transport.service_client import ServiceClient
from tests.engines import Answered
from tests.joins.depot import Depot
from tests.plans import bound_of
from tests.sources.http.transport.upstreams import Seen

Headers = Sequence[tuple[bytes, bytes]]

PATIENCE_S = 60.0
"""A machine that has much else to do is no trouble of a service."""


@dataclass(frozen=True, slots=True)
class Joined(Answered):
    """An answer, and the calls that it took."""

    calls: tuple[Seen, ...] = ()

    @property
    def targets(self) -> list[str]:
        return sorted(f"{seen.method} {seen.path} {seen.body.decode()}".strip() for seen in self.calls)


@dataclass(frozen=True, slots=True)
class JoinedWays:
    """One configuration, to be asked both ways."""

    runtime: Runtime
    built: BuiltSchema
    depot: Depot

    @property
    def schema(self) -> GraphQLSchema:
        return self.built.graphql

    @property
    def catalog(self) -> Catalog:
        assert self.runtime.catalog is not None
        return self.runtime.catalog

    async def ask(
        self,
        way: Way,
        query: str,
        variables: Mapping[str, Any] | None = None,
        headers: Headers = (),
        **settings: object,
    ) -> Joined:
        """Answer one operation this way, on clients of its own: no breaker, cache or connection is left from before."""
        async with self.engine(way, **settings) as engine:
            self.depot.upstream.seen.clear()
            before = self._statements()
            request = GraphQLRequest(query=query, variables=variables or {}, request_id="test", headers=headers)
            answer = await engine.answer(request, ANONYMOUS)
        statements = self._statements() - before
        return Joined(answer.body, statements, answer.is_executed, tuple(self.depot.upstream.seen))

    @asynccontextmanager
    async def engine(self, way: Way, **settings: object) -> AsyncIterator[Engine]:
        """An engine with services of its own, whose settings are changed so."""
        services = {each.name: self._source(each.name, each.base_url, settings) for each in self.catalog.services}
        databases = self.runtime.sources.databases
        try:
            yield Engine(self.built, databases, way=way, document_cache_size=100, plan_cache_size=20, services=services)
        finally:
            for each in services.values():
                await each.close()

    async def compiled(self, query: str, variables: Mapping[str, Any] | None = None, **settings: object) -> Joined:
        answer = await self.ask(Way.COMPILED, query, variables, **settings)  # type: ignore[arg-type]
        if not answer.errors:
            bound = bound_of(self.schema, query, variables)
            assert answer.statements <= bound.statements, f"{query}\n{bound}"
            assert len(answer.calls) <= bound.calls, f"{query}\n{bound}\n{answer.targets}"
        return answer

    async def resolved(self, query: str, variables: Mapping[str, Any] | None = None, **settings: object) -> Joined:
        return await self.ask(Way.RESOLVERS, query, variables, **settings)  # type: ignore[arg-type]

    async def agreed(self, query: str, variables: Mapping[str, Any] | None = None, **settings: object) -> Joined:
        """The compiled answer, which must be that of the resolvers, in as many calls or fewer."""
        resolved = await self.resolved(query, variables, **settings)
        compiled = await self.compiled(query, variables, **settings)
        asked = f"\n{query}\n{variables}\ncompiled {compiled.body!r}\nresolved {resolved.body!r}"
        assert not compiled.is_broken, asked
        assert compiled.same_as(resolved), asked
        assert len(compiled.calls) <= len(resolved.calls), f"{asked}\n{compiled.targets}\n{resolved.targets}"
        return compiled

    def _source(self, name: str, base_url: str, settings: Mapping[str, object]) -> HttpSource:
        configuration = self.runtime.configuration.sources[name]
        assert isinstance(configuration, ServiceConfiguration)
        settings = {"connect_timeout_s": PATIENCE_S, "total_timeout_s": PATIENCE_S, **settings}
        return HttpSource(ServiceClient(name, configuration.model_copy(update=settings)), base_url)

    def _statements(self) -> int:
        return sum(database.pool.statements for database in self.runtime.sources.databases.values())


@asynccontextmanager
async def joined_ways(path: Path, environment: Mapping[str, str], depot: Depot) -> AsyncIterator[JoinedWays]:
    """Read the sources of a configuration, and build its schema."""
    runtime = Runtime(load_configuration(path, environment))
    try:
        yield JoinedWays(runtime, (await runtime.build()).built, depot)
    finally:
        await runtime.stop()
