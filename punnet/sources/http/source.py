"""An HTTP service as a source: endpoints in, JSON values out."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Mapping, Sequence

import orjson

from punnet.catalog.endpoints import Endpoint, ScalarShape
from punnet.errors import PunnetError
from punnet.sources.http.request import build_request
from punnet.sources.http.transport.budget import CallBudget
from punnet.sources.http.transport.errors import AnswerMalformed, StatusFailed
from punnet.sources.http.transport.headers import CallerHeaders
from punnet.sources.http.transport.service_client import ServiceClient
from punnet.sources.http.transport.single_flight import Flight
from punnet.sources.http.transport.values import HttpRequest, HttpResponse

_TEXT = ScalarShape(scalar="String")


class HttpSource:
    """Asks one service."""

    def __init__(self, client: ServiceClient, base_url: str) -> None:
        self.name = client.name
        self.client = client
        self._base_url = base_url.rstrip("/")

    def begin(self, headers: Sequence[tuple[bytes, bytes]]) -> HttpConversation:
        """Talk to the service for a request that came with these headers."""
        return HttpConversation(self.client, self._base_url, headers)

    async def close(self) -> None:
        """End the calls at work, and close the connections."""
        await self.client.close()


class HttpConversation:
    """A service during one request."""

    def __init__(self, client: ServiceClient, base_url: str, headers: Sequence[tuple[bytes, bytes]]) -> None:
        self._client = client
        self._base_url = base_url
        self._incoming = headers
        self._caller: CallerHeaders | None = None
        self._budget = CallBudget()
        self._is_apart = False

    def apart(self) -> HttpConversation:
        """The same, with the calls that it has left, but none of them joins one that others have begun."""
        other = copy.copy(self)
        other._is_apart = True
        return other

    def start(self, endpoint: Endpoint, arguments: Mapping[str, object]) -> HttpPending:
        """Begin a call.

        Raises:
            BadUserInput: the arguments cannot be sent.
            ServiceClosed, TooManyCalls, HeaderRefused.
        """
        asked = build_request(endpoint, arguments)
        request = HttpRequest(
            method=asked.method,
            url=f"{self._base_url}{asked.target}",
            headers=(*asked.headers, ("accept", endpoint.media_type or "application/json")),
            body=asked.body,
        )
        try:
            begun = self._client.begin(
                request, caller=self._caller_headers(), budget=self._budget, is_apart=self._is_apart
            )
        except PunnetError as error:
            raise _named(error, endpoint) from error
        return HttpPending(endpoint, self._client, begun)

    async def ask(self, endpoint: Endpoint, arguments: Mapping[str, object]) -> object:
        """The result's JSON value, or that it is done; None where the service says that there is none.

        Raises:
            StatusFailed, AnswerMalformed, and whatever `ServiceClient.send` raises.
            BadUserInput: the arguments cannot be sent.
        """
        pending = self.start(endpoint, arguments)
        try:
            if pending.future is not None:
                await asyncio.wait((pending.future,))
            return pending.value()
        finally:
            pending.leave()

    def _caller_headers(self) -> CallerHeaders:
        # Made for the first call: most requests ask no service.
        if self._caller is None:
            self._caller = CallerHeaders.of(
                (name.decode("latin-1"), value.decode("latin-1")) for name, value in self._incoming
            )
        return self._caller


class HttpPending:
    """A call that was begun, as `Pending` has it."""

    __slots__ = ("_begun", "_client", "_endpoint", "future")

    def __init__(self, endpoint: Endpoint, client: ServiceClient, begun: HttpResponse | Flight[HttpResponse]) -> None:
        self._endpoint = endpoint
        self._client = client
        self._begun = begun
        self.future: asyncio.Future[HttpResponse] | None = None if isinstance(begun, HttpResponse) else begun.task

    def value(self) -> object:
        """The result's JSON value, or that it is done; None where the service says that there is none.

        Raises:
            StatusFailed, AnswerMalformed, and whatever `ServiceClient.send` raises.
        """
        begun = self._begun
        try:
            response = begun if isinstance(begun, HttpResponse) else self._client.answer_of(begun)
            return _result(self._endpoint, response)
        except PunnetError as error:
            raise _named(error, self._endpoint) from error

    def leave(self) -> None:
        """Wait for it no longer."""
        if isinstance(self._begun, Flight):
            self._client.leave(self._begun)


def _named(error: PunnetError, endpoint: Endpoint) -> PunnetError:
    """The error with the operation's name, and no URL: that can hold secrets."""
    return error.during(f"operation '{endpoint.id.name}'")


def _result(endpoint: Endpoint, response: HttpResponse) -> object:
    source = endpoint.id.source
    if response.status == 404:
        return None
    if not 200 <= response.status < 300:
        raise StatusFailed(source, status=response.status)
    if endpoint.result is None:
        return True
    if not response.body:
        return None
    if endpoint.result == _TEXT and _is_text(response):
        return response.body.decode(errors="replace")
    try:
        value = orjson.loads(response.body)
    except orjson.JSONDecodeError as error:
        raise AnswerMalformed(source, why="its answer is no JSON") from error
    for member in endpoint.result_path:
        value = value.get(member) if isinstance(value, dict) else None
    return value


def _is_text(response: HttpResponse) -> bool:
    return (response.header("content-type") or "").strip().lower().startswith("text/")
