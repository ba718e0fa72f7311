"""A read made ready for its source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from punnet.access.session import Session
from punnet.errors import PunnetError
from punnet.loaders.failed import FailedReads
from punnet.planning.read import Read
from punnet.sources.rows import Key, RowSource

RowSources = Mapping[str, RowSource]


@dataclass(frozen=True, slots=True)
class ReadyRead:
    """A read that one statement answers."""

    source: RowSource
    prepared: Any
    read: Read

    async def answers(
        self, keys: Sequence[Key], variables: Mapping[str, Any], session: Session, failed: FailedReads
    ) -> list[bytes | None]:
        """The JSON for each key; a failure is remembered."""
        try:
            return await self.source.answers(self.prepared, keys, variables, session)
        except PunnetError as error:
            failed.remember(self.read, keys, variables, error)
            raise


def ready_read(read: Read, sources: RowSources) -> ReadyRead:
    """Render a read for its source."""
    source = sources[read.relation.id.source]
    return ReadyRead(source, source.prepare(read), read)
