"""The reads of choices, made ready when requests name their types."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from punnet.execution.bounded import Bounded
from punnet.execution.reads import ReadyRead

MAX_CHARACTERS = 5_000_000
"""Of all kept statements: with what belongs to them one takes some six bytes a character."""


class ReadyReads:
    """Those that were used last, of all plans together.

    A plan is weighed when it is made. Which types requests are going to name is not known then, and there may be
    thousands: what a plan kept of them itself, nobody would have counted.
    """

    def __init__(self, max_characters: int = MAX_CHARACTERS) -> None:
        self._heaviest = max_characters // 5
        self._kept: Bounded[Hashable, ReadyRead] = Bounded(max_characters, max_characters)

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Hashable, make: Callable[[], ReadyRead]) -> ReadyRead:
        """The read of this key, made where it is not kept."""
        found = self._kept.get(key)
        if found is None:
            found = make()
            weight = len(found.prepared.text)
            if weight <= self._heaviest:
                self._kept.put(key, found, weight)
        return found
