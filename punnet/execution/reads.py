"""A read made ready for its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from punnet.planning.read import Read
from punnet.sources.rows import RowSource

Sources = Mapping[str, RowSource]


@dataclass(frozen=True, slots=True)
class ReadyRead:
    """A read that one statement answers."""

    source: RowSource
    prepared: Any


def ready_read(read: Read, sources: Sources) -> ReadyRead:
    """Render a read for its source."""
    source = sources[read.relation.id.source]
    return ReadyRead(source, source.prepare(read))
