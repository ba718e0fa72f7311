"""An HTTP service as a source: endpoints in, JSON values out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import orjson

from punnet.catalog.endpoints import Endpoint, ScalarShape
from punnet.sources.http.request import build_request
from punnet.sources.http.transport.budget import CallBudget
from punnet.sources.http.transport.errors import AnswerMalformed, StatusFailed
from punnet.sources.http.transport.headers import CallerHeaders
from punnet.sources.http.transport.service import Service
from punnet.sources.http.transport.values import HttpRequest, HttpResponse


class HttpSource:
    """Asks one service."""

    def __init__(self, service: Service, base_url: str) -> None:
        self.name = service.name
        self.service = service
        self._base_url = base_url.rstrip("/")

    def begin(self, headers: Sequence[tuple[bytes, bytes]]) -> HttpConversation:
        """Talk to the service for a request that came with these headers."""
        return HttpConversation(self.service, self._base_url, headers)

    async def close(self) -> None:
        """End the calls at work, and close the connections."""
        await self.service.close()


class HttpConversation:
    """A service during one request."""

    def __init__(self, service: Service, base_url: str, headers: Sequence[tuple[bytes, bytes]]) -> None:
        self._service = service
        self._base_url = base_url
        self._incoming = headers
        self._caller: CallerHeaders | None = None
        self._budget = CallBudget()

    async def ask(self, endpoint: Endpoint, arguments: Mapping[str, object]) -> object:
        """The result's JSON value; None where the service says that there is none.

        Raises:
            StatusFailed, AnswerMalformed, and whatever `Service.send` raises.
            BadUserInput: the arguments cannot be sent.
        """
        asked = build_request(endpoint, arguments)
        request = HttpRequest(
            method=asked.method,
            url=f"{self._base_url}{asked.target}",
            headers=(*asked.headers, ("accept", endpoint.media_type or "application/json")),
            body=asked.body,
        )
        response = await self._service.send(
            request, caller=self._caller_headers(), budget=self._budget, deadline=math.inf
        )
        return _result(endpoint, response)

    def _caller_headers(self) -> CallerHeaders:
        # Made for the first call: most requests ask no service.
        if self._caller is None:
            self._caller = CallerHeaders.of(
                (name.decode("latin-1"), value.decode("latin-1")) for name, value in self._incoming
            )
        return self._caller


def _result(endpoint: Endpoint, response: HttpResponse) -> object:
    source = endpoint.id.source
    if response.status == 404:
        return None
    if not 200 <= response.status < 300:
        raise StatusFailed(source, status=response.status)
    if not response.body:
        return None
    content_type = (response.header("content-type") or "application/json").split(";", 1)[0].strip().lower()
    if endpoint.result == ScalarShape(scalar="String") and content_type.startswith("text/"):
        return response.body.decode(errors="replace")
    try:
        value = orjson.loads(response.body)
    except orjson.JSONDecodeError as error:
        raise AnswerMalformed(source, why="its answer is no JSON") from error
    for member in endpoint.result_path:
        value = value.get(member) if isinstance(value, dict) else None
    return value
