"""The sources of a configuration: opened, read, and closed together."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from punnet.catalog.close_names import closest
from punnet.catalog.endpoints import ServiceCatalog
from punnet.catalog.names import Names
from punnet.catalog.relations import Catalog, SourceCatalog
from punnet.catalog.surroundings import Surroundings
from punnet.catalog.types import DataType
from punnet.configuration.choices import Doubts, Offer, doubts
from punnet.configuration.configuration import Configuration
from punnet.configuration.services import ServiceConfiguration
from punnet.configuration.sources import HttpConfiguration, OpenApiConfiguration, PostgresConfiguration
from punnet.errors import PunnetError
from punnet.schema.build import Choices
from punnet.schema.errors import NothingToServe
from punnet.server.looked_into import looked_into, unreadable, why_nothing
from punnet.sources.http.handwritten import handwritten_service
from punnet.sources.http.openapi.choose import Choose, Picks
from punnet.sources.http.openapi.read import read_service
from punnet.sources.http.source import HttpSource
from punnet.sources.http.transport.budget import CallBudget
from punnet.sources.http.transport.headers import CallerHeaders
from punnet.sources.http.transport.service_client import ServiceClient
from punnet.sources.http.transport.values import HttpRequest
from punnet.sources.postgres.pool import PoolSettings
from punnet.sources.postgres.source import PostgresSource

MAX_DOCUMENT_BYTES = 100_000_000

_FOR_DOCUMENTS: Mapping[str, object] = {
    # Without the service's headers and tokens: a document may lie, or refer, anywhere.
    "headers": {},
    "forward_headers": (),
    "oauth2": None,
    "max_response_bytes": MAX_DOCUMENT_BYTES,
    "cache_bytes": 0,
}


class OperationsUnknown(PunnetError):
    """A configuration says something about operations that a service's document does not have."""

    code = "SERVER-003"

    def __init__(self, source: str, unknown: Sequence[str], known: Sequence[str]) -> None:
        close = [match for name in unknown if (match := closest(name, known))]
        super().__init__(
            what=f"the document of '{source}' has no operation {' or '.join(repr(name) for name in unknown)}",
            where=f"[sources.{source}.operations]",
            fix=f"did you mean {' or '.join(repr(name) for name in close)}?"
            if close
            else "take names from the document",
        )


class Sources:
    """What a configuration names, as sources that can be asked."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self.databases = {
            name: PostgresSource(name, source.url.get_secret_value(), _pool_settings(source))
            for name, source in configuration.sources.items()
            if isinstance(source, PostgresConfiguration)
        }
        self.services: dict[str, HttpSource] = {}
        self.surroundings: dict[str, Surroundings] = {}
        """By database, what it has besides what is offered; empty until its catalog was read."""
        self.warnings: tuple[str, ...] = ()
        """What the configuration chooses of databases that is not there so far."""

    async def open(self) -> None:
        """Reach every database.

        Raises:
            SourceUnreachable: one is down; this can be called again.
            SourceRefused: one does not take these words.
        """
        await asyncio.gather(*(database.open() for database in self.databases.values()))

    async def close(self) -> None:
        """Close what is open."""
        await asyncio.gather(
            *(database.close() for database in self.databases.values()),
            *(service.close() for service in self.services.values()),
        )
        self.services = {}

    async def check(self) -> None:
        """See whether every database answers; raises what the first that does not fails with."""
        await asyncio.gather(*(database.pool.check() for database in self.databases.values()))

    async def read_catalog(self) -> Catalog:
        """Read what all sources offer.

        Raises:
            ConfigurationWrong: what is chosen of the databases is not there.
            What reading a database or a document raises.
        """
        read = await asyncio.gather(*(self._read_database(name) for name in self.databases))
        databases = [database for database, _ in read]
        problems = [problem for _, doubted in read for problem in doubted.problems]
        if problems:
            raise self._configuration.wrong(problems)
        self.warnings = tuple(self._configuration.told(each) for _, doubted in read for each in doubted.warnings)
        services = await asyncio.gather(
            *(
                read_service_catalog(name, source)
                for name, source in self._configuration.sources.items()
                if not isinstance(source, PostgresConfiguration)
            )
        )
        return Catalog(sources=tuple(databases), services=tuple(services))

    def open_services(self, catalog: Catalog) -> None:
        """Make the clients of the services in the catalog; nothing is connected yet."""
        for service in catalog.services:
            if service.name not in self.services:
                source = self._configuration.sources[service.name]
                settings = source if isinstance(source, ServiceConfiguration) else ServiceConfiguration()
                self.services[service.name] = HttpSource(ServiceClient(service.name, settings), service.base_url)

    def use_names(self, names: Names) -> None:
        """Have the databases put out enums by the API's names for their labels."""
        for name, database in self.databases.items():
            database.use_names(_enum_values(names, name))

    def choices(self) -> Choices:
        """What the configuration chooses about the schema."""
        configuration = self._configuration
        return Choices(
            plain_namespaces=configuration.plain_namespaces,
            prefixes=configuration.prefixes,
            overrides=configuration.overrides,
            node_id=configuration.graphql_schema.node_id or None,
            joins=configuration.joined_fields,
            entities=configuration.shared_types,
            with_mutations=frozenset(
                name
                for name, source in configuration.sources.items()
                if isinstance(source, ServiceConfiguration) and source.mutations
            ),
            federation=configuration.graphql_schema.federation,
            directives=configuration.graphql_schema.chosen_directives(),
        )

    def left_out(self, found: SourceCatalog) -> str | None:
        """A line of what a database's role may not read, or None where that is nothing or not known."""
        around, source = self.surroundings.get(found.name), self._configuration.sources[found.name]
        if around is None or not isinstance(source, PostgresConfiguration):
            return None
        return unreadable(source, found, around)

    def nothing_to_serve(self) -> NothingToServe:
        """The error for sources that offer nothing: where it was looked for, and what to do."""
        where, fixes = [], []
        for name, around in self.surroundings.items():
            source, place = self._configuration.sources[name], self.databases[name].pool.place
            if isinstance(source, PostgresConfiguration):
                where.append(looked_into(source, around))
                fixes.append(why_nothing(source, around, names_database=place is None or bool(place.database)))
        return NothingToServe("; ".join(where), "; ".join(dict.fromkeys(fixes))) if where else NothingToServe()

    async def _read_database(self, name: str) -> tuple[SourceCatalog, Doubts]:
        source = self._configuration.sources[name]
        if not isinstance(source, PostgresConfiguration):
            raise TypeError(f"'{name}' is no database")
        linked = self._configuration.overrides.linked_columns(name)
        found = await self.databases[name].introspect(source.namespaces, linked)
        around = self.surroundings[name] = await self.databases[name].look_around()
        offer = Offer(relations=[str(each.id) for each in found.relations], around=around)
        served = tuple(each for each in found.relations if source.serves(each.id.namespace, each.id.name))
        return replace(found, relations=served), doubts(source, offer, location=("sources", name))


async def read_service_catalog(name: str, source: OpenApiConfiguration | HttpConfiguration) -> ServiceCatalog:
    """Read what a service offers: from its document, or as it is written by hand."""
    if isinstance(source, HttpConfiguration):
        return handwritten_service(name, source)
    fetcher = ServiceClient(name, source.model_copy(update=_FOR_DOCUMENTS))

    async def fetch(url: str) -> bytes:
        request = HttpRequest(method="GET", url=url)
        response = await fetcher.send(request, caller=CallerHeaders(), budget=CallBudget(), deadline=math.inf)
        if response.status != 200:
            raise OSError(f"status {response.status}")
        return response.body

    try:
        catalog = await read_service(
            source.url.get_secret_value(),
            name=name,
            base_url=source.base_url,
            choose=Choose(include=_picks(source, "include"), exclude=_picks(source, "exclude")),
            fetch=fetch,
        )
    finally:
        await fetcher.close()
    known = [endpoint.id.name for endpoint in catalog.endpoints]
    unknown = [operation for operation in source.operations if operation not in known]
    if unknown:
        raise OperationsUnknown(name, unknown, known)
    return catalog


def _picks(source: OpenApiConfiguration, which: str) -> Picks:
    chosen = source.include if which == "include" else source.exclude
    return Picks(tags=chosen.tags, paths=chosen.paths, operations=chosen.operations)


def _pool_settings(source: PostgresConfiguration) -> PoolSettings:
    return PoolSettings(
        size=source.pool_size,
        connect_timeout_s=source.connect_timeout_s,
        acquire_timeout_s=source.acquire_timeout_s,
        statement_timeout_s=source.statement_timeout_s,
    )


def _enum_values(names: Names, source: str) -> Callable[[DataType, str], str]:
    def enum_value(data_type: DataType, label: str) -> str:
        return names.enum_value(data_type.namespace, data_type.name, label, source=source)

    return enum_value
