"""An HTTP service, as loaders, execution and resolvers ask it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from punnet.catalog.endpoints import Endpoint


class Pending(Protocol):
    """A call that was begun. It goes on without a task of whoever began it, until it ends or is left."""

    @property
    def future(self) -> asyncio.Future[Any] | None:
        """Done when the answer is there; not to be cancelled. None: it is there already."""

    def value(self) -> object:
        """The result's JSON value, once the answer is there; None where the service says that there is none.

        Raises:
            SourceFailed, SourceTimeout: the service could not answer.
        """

    def leave(self) -> None:
        """Wait for it no longer: it is cancelled, unless others wait."""


class Conversation(Protocol):
    """A service during one request: it knows who asks, and how many calls are left."""

    def start(self, endpoint: Endpoint, arguments: Mapping[str, object]) -> Pending:
        """Begin a call.

        Raises:
            SourceFailed: the service is not to be asked.
            TooManyCalls: the operation has no calls left.
            BadUserInput: the arguments cannot be sent.
        """

    def apart(self) -> Conversation:
        """The same, but for calls that have to see what the request has just changed: they join nobody else's."""


class Service(Protocol):
    """An HTTP service, for as long as the server runs."""

    def begin(self, headers: Sequence[tuple[bytes, bytes]]) -> Conversation:
        """Talk to the service for a request that came with these headers."""
