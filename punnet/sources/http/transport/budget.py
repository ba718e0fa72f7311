"""How many calls one operation may make of each source."""

from __future__ import annotations

from punnet.sources.http.transport.errors import TooManyCalls


class CallBudget:
    """Counts an operation's calls, source by source; new for each operation.

    A call counts once, whatever retries and redirects it takes, and also where it shares another one's answer. An
    answer out of the cache does not count.
    """

    __slots__ = ("_calls",)

    def __init__(self) -> None:
        self._calls: dict[str, int] = {}

    def take(self, source: str, limit: int) -> None:
        """Count a call.

        Raises:
            TooManyCalls: it would be one more than the limit.
        """
        calls = self._calls.get(source, 0)
        if calls >= limit:
            raise TooManyCalls(source, limit=limit)
        self._calls[source] = calls + 1

    def calls(self, source: str) -> int:
        """Tell how many calls of a source were counted."""
        return self._calls.get(source, 0)
