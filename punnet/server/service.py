"""One database being served: reached, read, built into an engine, and kept ready."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import Literal

import structlog

from punnet.catalog.names import Names
from punnet.catalog.relations import Catalog
from punnet.catalog.saved import load_catalog
from punnet.catalog.types import DataType
from punnet.errors import PunnetError
from punnet.schema.build import OwnCode, build_schema
from punnet.server.engine import Engine
from punnet.server.settings import Settings
from punnet.sources.errors import SourceUnreachable
from punnet.sources.postgres.pool import PoolSettings
from punnet.sources.postgres.source import PostgresSource

_log = structlog.get_logger("punnet")

SOURCE = "default"


@dataclass(frozen=True, slots=True)
class Readiness:
    """What `/readyz` says."""

    state: Literal["starting", "ready", "failed"]
    reason: str = ""


class Service:
    """Reaches the database, reads its catalog and builds an engine, as often as it takes.

    A database that is down is waited for. One that refuses us, or has nothing to serve, is not.
    """

    def __init__(self, settings: Settings, own: OwnCode | None = None) -> None:
        self.settings = settings
        self.own = own
        self.engine: Engine | None = None
        self.catalog: Catalog | None = None
        self.readiness = Readiness("starting", "the database has not been reached yet")
        self.source = PostgresSource(
            SOURCE,
            settings.database_url,
            PoolSettings(
                size=settings.pool_size,
                connect_timeout_s=settings.connect_timeout_s,
                acquire_timeout_s=settings.acquire_timeout_s,
                statement_timeout_s=settings.statement_timeout_s,
            ),
        )
        self._starting: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Get ready; where the database is down, go on trying in the background. A second call does nothing.

        Raises:
            SourceRefused: the database is there, but does not take these words.
            NothingToServe: it has nothing for this role.
        """
        if self.engine is not None or self._starting is not None:
            return
        try:
            await self._prepare()
        except SourceUnreachable as unreachable:
            self._waiting_for(unreachable)
            self._starting = asyncio.get_running_loop().create_task(self._keep_trying())

    async def stop(self) -> None:
        """End what runs, and close the connections."""
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.gather(self._starting, return_exceptions=True)
        await self.source.close()

    async def _read_catalog(self) -> Catalog:
        """The saved catalog where settings name one, else what the database says."""
        if self.settings.catalog_file is not None:
            return load_catalog(self.settings.catalog_file)
        return Catalog(sources=(await self.source.introspect(self.settings.namespaces),))

    async def build(self) -> Engine:
        """Reach the database, read it, and make an engine.

        Raises:
            SourceUnreachable: it is down; this can be called again.
            SourceRefused, NothingToServe: calling again would not help.
        """
        await self.source.open()
        self.catalog = catalog = await self._read_catalog()
        built = build_schema(catalog, self.own, plain_namespaces=self._plain_namespaces())
        self.source.use_names(partial(_enum_value, built.names))
        return Engine(
            built,
            {SOURCE: self.source},
            way=self.settings.way,
            document_cache_size=self.settings.document_cache_size,
            plan_cache_size=self.settings.plan_cache_size,
        )

    async def _prepare(self) -> None:
        self.engine = await self.build()
        self.readiness = Readiness("ready")
        _log.info("ready")

    def _plain_namespaces(self) -> dict[str, str]:
        namespaces = self.settings.namespaces
        return {SOURCE: namespaces[0]} if namespaces else {}

    def _waiting_for(self, unreachable: SourceUnreachable) -> None:
        if self.readiness.reason != unreachable.what:
            _log.warning("waiting for the database", reason=unreachable.what)
        self.readiness = Readiness("starting", unreachable.what)

    async def _keep_trying(self) -> None:
        while self.engine is None:
            await asyncio.sleep(self.settings.retry_interval_s)
            try:
                await self._prepare()
            except SourceUnreachable as unreachable:
                self._waiting_for(unreachable)
            except PunnetError as error:
                self.readiness = Readiness("failed", error.what)
                _log.error("cannot serve", reason=str(error))
                return


def _enum_value(names: Names, data_type: DataType, label: str) -> str:
    return names.enum_value(data_type.namespace, data_type.name, label)
