"""One loader for each read of a request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from punnet.access.condition import is_negative
from punnet.access.session import Session
from punnet.loaders.failed import FailedReads
from punnet.loaders.loader import Loader
from punnet.planning.read import Read
from punnet.planning.rules.know_empty import finds_nothing, open_counts
from punnet.sources.rows import Key, RowSource, RowValues

V = TypeVar("V")


class ReadLoaders:
    """Loads rows and counts of reads, batched by the keys of their parents. New for each request.

    Reads are values: two fields that read the same share a loader, and a key is asked once.
    """

    def __init__(
        self,
        sources: Mapping[str, RowSource],
        variables: Mapping[str, Any],
        session: Session,
        failed: FailedReads | None = None,
    ) -> None:
        self._sources = sources
        self._failed = failed or FailedReads()
        self._variables = variables
        self._session = session
        self._rows: dict[Read, Loader[Key, list[RowValues]]] = {}
        self._counts: dict[Read, Loader[Key, int]] = {}

    def anew(self) -> ReadLoaders:
        """Loaders of the same request that know no rows yet."""
        return ReadLoaders(self._sources, self._variables, self._session, self._failed)

    async def rows(self, read: Read) -> list[RowValues]:
        """The rows of a read that is not keyed."""
        if self._is_known_empty(read):
            return []
        self._failed.check(read, (), self._variables)
        return await self._source(read).rows(read, self._variables, self._session)

    async def count(self, read: Read) -> int:
        """The number of rows of a read that is not keyed."""
        if self._is_known_empty(read):
            return 0
        self._failed.check(read, (), self._variables)
        return await self._source(read).count(read, self._variables, self._session)

    def rows_by_key(self, read: Read) -> Loader[Key, list[RowValues]]:
        """The loader of a keyed read's rows."""
        source = self._source(read)

        async def batch(keys: list[Key]) -> list[list[RowValues]]:
            if self._is_known_empty(read):
                return [[] for _ in keys]
            self._failed.check(read, keys, self._variables)
            return await source.keyed_rows(read, keys, self._variables, self._session)

        return self._rows.get(read) or self._rows.setdefault(read, Loader(batch))

    def counts_by_key(self, read: Read) -> Loader[Key, int]:
        """The loader of a keyed read's numbers of rows."""
        source = self._source(read)

        async def batch(keys: list[Key]) -> list[int]:
            if self._is_known_empty(read):
                return [0] * len(keys)
            self._failed.check(read, keys, self._variables)
            return await source.keyed_counts(read, keys, self._variables, self._session)

        return self._counts.get(read) or self._counts.setdefault(read, Loader(batch))

    def _is_known_empty(self, read: Read) -> bool:
        # A number that is wrong is left to the source, which says so.
        return finds_nothing(read) and not any(is_negative(count, self._variables) for count in open_counts(read.page))

    def _source(self, read: Read) -> RowSource:
        return self._sources[read.relation.id.source]
