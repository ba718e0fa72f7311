"""What is being served: its sources reached, read, built into an engine, and kept ready."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import structlog

from punnet.catalog.relations import Catalog
from punnet.catalog.saved import load_catalog
from punnet.configuration.configuration import Configuration
from punnet.errors import PunnetError
from punnet.schema.build import BuiltSchema, OwnCode, build_schema
from punnet.schema.errors import NothingToServe
from punnet.server.engine import Engine
from punnet.server.settings import Deployment, Settings, deployment_of
from punnet.server.sources import Sources
from punnet.server.stopping import Stopping
from punnet.sources.errors import SourceFailed, SourceTimeout, SourceUnreachable, StatementFailed

_log = structlog.get_logger("punnet")


@dataclass(frozen=True, slots=True)
class Readiness:
    """What `/readyz` says."""

    state: Literal["starting", "ready", "unreachable", "stopping"]
    reason: str = ""


# Whoever asks for readiness waits no longer than this for the database.
_CHECK_TIMEOUT_S = 1.0


class Runtime:
    """Reaches the sources, reads their catalog and builds an engine, as often as it takes."""

    def __init__(
        self,
        what: Settings | Configuration | Deployment,
        own: OwnCode | None = None,
        *,
        when_ready: Callable[[], None] = lambda: None,
    ) -> None:
        self.deployment = deployment_of(what)
        self.configuration = self.deployment.configuration
        self.own = own
        self.engine: Engine | None = None
        self.catalog: Catalog | None = None
        self.readiness = Readiness("starting", "not started: the app it is mounted in does not run its lifespan")
        self.sources = Sources(self.configuration)
        server = self.configuration.server
        self.stopping = Stopping(delay_s=server.stop_delay_s, timeout_s=server.stop_timeout_s)
        self._when_ready = when_ready
        self._starting: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Get ready; where the database is down, go on trying in the background. A second call does nothing.

        Raises:
            SourceRefused: the database is there, but does not take these words.
            NothingToServe: it has nothing for this role.
        """
        if self.engine is not None or self._starting is not None:
            return
        self.stopping.reset()
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
        """End what runs, mutations last, and close the connections; `start` can follow."""
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.gather(self._starting, return_exceptions=True)
        if self.engine is not None:
            await self.engine.end_mutations(within_s=self.stopping.remaining_s())
        self._starting = self.engine = None
        self.readiness = Readiness("starting", "stopped")
        await self.sources.close()

    async def check(self) -> Readiness:
        """Whether requests can be answered now; the database is asked whether it answers."""
        if self.stopping.has_begun:
            return Readiness("stopping", "told to stop")
        if self.engine is None:
            return self.readiness
        try:
            async with asyncio.timeout(_CHECK_TIMEOUT_S):
                await self.sources.check()
        except (PunnetError, TimeoutError) as error:
            _log.warning("not ready", reason=str(error) or f"no answer within {_CHECK_TIMEOUT_S:g} s")
            return Readiness("unreachable", "the database does not answer")
        return self.readiness

    async def build(self) -> Engine:
        """Reach the sources, read them, and make an engine.

        Raises:
            SourceUnreachable, SourceFailed, SourceTimeout: one is down; this can be called again.
            SourceRefused, NothingToServe, JoinWrong and the like: calling again would not help.
        """
        try:
            await self.sources.open()
            return self._engine(await self._read_catalog())
        except BaseException:
            await self.sources.close()
            raise

    async def _read_catalog(self) -> Catalog:
        """The saved catalog where there is one, else what the sources say."""
        path = self.deployment.catalog_file
        return await self.sources.read_catalog() if path is None else load_catalog(path)

    def _engine(self, catalog: Catalog) -> Engine:
        self.catalog = catalog
        built = self._build_schema(catalog)
        for warning in built.warnings:
            _log.info("worth knowing of a join", warning=str(warning))
        for doubt in self.sources.warnings:
            _log.info("nothing is chosen by it", warning=doubt)
        self.sources.use_names(built.names)
        self.sources.open_services(catalog)
        return Engine(
            built,
            self.sources.databases,
            way=self.deployment.way,
            document_cache_size=self.configuration.server.document_cache_size,
            plan_cache_size=self.configuration.server.plan_cache_size,
            services=self.sources.services,
        )

    def _build_schema(self, catalog: Catalog) -> BuiltSchema:
        try:
            return build_schema(catalog, self.own, self.sources.choices())
        except NothingToServe as error:
            # Only the sources know where it was looked for.
            raise self.sources.nothing_to_serve() from error

    async def _prepare(self) -> None:
        self.engine = await self.build()
        self._when_ready()
        self.readiness = Readiness("ready")
        _log.info("ready")

    def _keep_trying(self, error: PunnetError) -> None:
        self._not_ready(error)
        self._starting = asyncio.get_running_loop().create_task(self._try_until_ready())

    async def _try_until_ready(self) -> None:
        while self.engine is None:
            await asyncio.sleep(self.configuration.server.retry_interval_s)
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
