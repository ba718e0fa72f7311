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
from punnet.schema.build import Choices, OwnCode, build_schema
from punnet.server.engine import Engine
from punnet.server.settings import Settings
from punnet.sources.errors import SourceFailed, SourceTimeout, SourceUnreachable, StatementFailed
from punnet.sources.postgres.pool import PoolSettings
from punnet.sources.postgres.source import PostgresSource

_log = structlog.get_logger("punnet")

SOURCE = "default"


@dataclass(frozen=True, slots=True)
class Readiness:
    """What `/readyz` says."""

    state: Literal["starting", "ready", "unreachable"]
    reason: str = ""


# Whoever asks for readiness waits no longer than this for the database.
_CHECK_TIMEOUT_S = 1.0


class Service:
    """Reaches the database, reads its catalog and builds an engine, as often as it takes."""

    def __init__(self, settings: Settings, own: OwnCode | None = None) -> None:
        self.settings = settings
        self.own = own
        self.engine: Engine | None = None
        self.catalog: Catalog | None = None
        self.readiness = Readiness("starting", "not started: the app it is mounted in does not run its lifespan")
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
        except PunnetError as error:
            if not _is_down(error):
                raise
            self._keep_trying(error)

    async def start_patiently(self) -> None:
        """Get ready, however often it takes: what a first look found good is worth waiting for."""
        try:
            await self.start()
        except PunnetError as error:
            self._keep_trying(error)

    async def stop(self) -> None:
        """End what runs, and close the connections."""
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.gather(self._starting, return_exceptions=True)
        await self.source.close()

    async def check(self) -> Readiness:
        """Whether requests can be answered now; the database is asked whether it answers."""
        if self.engine is None:
            return self.readiness
        try:
            async with asyncio.timeout(_CHECK_TIMEOUT_S):
                await self.source.pool.check()
        except (PunnetError, TimeoutError) as error:
            _log.warning("not ready", reason=str(error) or f"no answer within {_CHECK_TIMEOUT_S:g} s")
            return Readiness("unreachable", "the database does not answer")
        return self.readiness

    async def _read_catalog(self) -> Catalog:
        """The saved catalog where settings name one, else what the database says."""
        if self.settings.catalog_file is not None:
            return load_catalog(self.settings.catalog_file)
        return Catalog(sources=(await self.source.introspect(self.settings.namespaces),))

    async def build(self) -> Engine:
        """Reach the database, read it, and make an engine.

        Raises:
            SourceUnreachable, SourceFailed, SourceTimeout: it is down; this can be called again.
            SourceRefused, NothingToServe: calling again would not help.
        """
        await self.source.open()
        try:
            return self._engine(await self._read_catalog())
        except BaseException:
            await self.source.close()
            raise

    def _engine(self, catalog: Catalog) -> Engine:
        self.catalog = catalog
        built = build_schema(catalog, self.own, Choices(plain_namespaces=self._plain_namespaces()))
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

    def _keep_trying(self, error: PunnetError) -> None:
        self._not_ready(error)
        self._starting = asyncio.get_running_loop().create_task(self._try_until_ready())

    async def _try_until_ready(self) -> None:
        while self.engine is None:
            await asyncio.sleep(self.settings.retry_interval_s)
            try:
                await self._prepare()
            except PunnetError as error:
                # A refusal too: the role or the tables can be on their way, as when everything starts at once.
                self._not_ready(error)
            except Exception:
                _log.exception("cannot serve")
                self.readiness = Readiness("starting", "an internal error; the log has it")

    def _not_ready(self, error: PunnetError) -> None:
        if self.readiness.reason != error.what:
            _log.warning("waiting for the database", reason=str(error))
        self.readiness = Readiness("starting", error.what)


def _is_down(error: PunnetError) -> bool:
    """Whether a database is away, and may come back as it was."""
    is_away = isinstance(error, SourceUnreachable | SourceFailed | SourceTimeout)
    return is_away and not isinstance(error, StatementFailed)


def _enum_value(names: Names, data_type: DataType, label: str) -> str:
    return names.enum_value(data_type.namespace, data_type.name, label)
