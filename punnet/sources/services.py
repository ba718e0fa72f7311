"""An HTTP service, as loaders, execution and resolvers ask it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from punnet.catalog.endpoints import Endpoint


class Conversation(Protocol):
    """A service during one request: it knows who asks, and how many calls are left."""

    async def ask(self, endpoint: Endpoint, arguments: Mapping[str, object]) -> object:
        """The result's JSON value; None where the service says that there is none.

        Raises:
            SourceFailed, SourceTimeout: the service could not answer.
            BadUserInput: the arguments cannot be sent.
        """


class Service(Protocol):
    """An HTTP service, for as long as the server runs."""

    def begin(self, headers: Sequence[tuple[bytes, bytes]]) -> Conversation:
        """Talk to the service for a request that came with these headers."""
