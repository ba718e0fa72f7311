"""What a source has failed to answer in a request, so that it is not asked again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from punnet.catalog.relations import RelationId
from punnet.errors import PunnetError
from punnet.planning.read import Link, Read
from punnet.sources.errors import SourceFailed, SourceTimeout, StatementFailed

_Asked = tuple[RelationId, tuple[tuple[Link, ...], ...]]


class FailedReads:
    """Reads that a plan's run could not finish, by what they are of and what keys them.

    Resolvers, which then decide what fails, would otherwise wait for a source that is away once more.
    """

    def __init__(self) -> None:
        self._errors: dict[_Asked, PunnetError] = {}

    @contextmanager
    def remembering(self, read: Read) -> Iterator[None]:
        """Remember that the source did not answer; a statement that it refused is worth another one."""
        try:
            yield
        except (SourceFailed, SourceTimeout) as error:
            if not isinstance(error, StatementFailed):
                self._errors[read.relation.id, read.keys] = error
            raise

    def check(self, read: Read) -> None:
        """Raise what the read failed with, if it did."""
        error = self._errors.get((read.relation.id, read.keys)) if self._errors else None
        if error is not None:
            raise error
