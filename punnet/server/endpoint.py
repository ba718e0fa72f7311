"""The one endpoint: bytes in, bytes out."""

from __future__ import annotations

import asyncio
import itertools
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

import orjson
import structlog
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from punnet.errors import ClientCode
from punnet.loaders.calls import Calls
from punnet.server.engine import Answer, Engine, GraphQLRequest
from punnet.server.graphiql import graphiql_page, wants_graphiql
from punnet.server.identity import Caller, Headers, Identify, anonymous
from punnet.server.protocol import (
    GRAPHQL_RESPONSE,
    JSON,
    NotAnswered,
    accepts_graphql_response,
    check_content_type,
    header,
    request_from_query_string,
    requests_from_body,
)
from punnet.server.stopping import Stopping
from punnet.server.tracing import TRACE_FORM, TRACE_HEADER, FederatedTrace
from punnet.server.while_connected import WhileConnected
from punnet.sources.deadlines import Deadlines

_log = structlog.get_logger("punnet")

_INTERNAL = "Internal server error."
CLIENT_GONE = 499
"""The status, as in nginx, of a request whose client did not wait for the answer."""

EngineOf = Callable[[], Engine | None]
ContextOf = Callable[[Scope], Awaitable[Mapping[str, Any]]]


class GraphQLEndpoint:
    """An ASGI app that answers GraphQL requests, and shows GraphiQL to browsers.

    It identifies the caller, reads the request, has the engine answer it, and sends the bytes. The engine is looked
    up for each request, so that a new one serves as soon as it is ready.
    """

    def __init__(
        self,
        engine_of: EngineOf,
        *,
        graphiql: bool,
        max_body_bytes: int,
        context_of: ContextOf | None = None,
        identify: Identify = anonymous,
        federated_tracing: bool = False,
        max_operations: int = 1,
        stopping: Stopping | None = None,
    ) -> None:
        self._engine_of = engine_of
        self._graphiql = graphiql
        self._max_body_bytes = max_body_bytes
        self._context_of = context_of
        self._identify = identify
        self._federated_tracing = federated_tracing
        self._max_operations = max_operations
        self._stopping = stopping or Stopping(delay_s=0, timeout_s=0)
        self._request_id = _RequestIds()
        self._slow: Deadlines[WhileConnected] = Deadlines(time.monotonic, WhileConnected.begin_to_look)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if self._graphiql and scope["method"] in ("GET", "HEAD") and wants_graphiql(scope):
            await graphiql_page(scope, receive, send)
            return
        request_id = self._request_id.next()
        headers = scope["headers"]
        is_new_type = accepts_graphql_response(header(headers, b"accept"))
        content_type = GRAPHQL_RESPONSE if is_new_type else JSON
        extra: tuple[tuple[bytes, bytes], ...] = ()
        try:
            status, body = await self._answer(scope, receive, request_id, is_new_type=is_new_type)
        except NotAnswered as refused:
            status, body, extra = (
                refused.status,
                _error_body(refused.message, request_id, refused.code),
                refused.headers,
            )
        except ClientDisconnect:
            # Nobody reads it, but a team's middleware may wait for an answer.
            status, body = CLIENT_GONE, b""
        except asyncio.CancelledError:
            if not self._stopping.has_begun:
                raise
            status, body = 503, _cut_off(request_id)
        if self._stopping.has_begun:
            # What is sent here next would find nobody.
            extra = (*extra, (b"connection", b"close"))
        await send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [
                    (b"content-type", content_type),
                    (b"content-length", b"%d" % len(body)),
                    *extra,
                ],
            }
        )
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Scope, receive: Receive, request_id: str, *, is_new_type: bool) -> tuple[int, bytes]:
        trace = self._trace(scope["headers"])
        caller = self._identify(scope["headers"])
        posted = await self._posted(scope, receive) if scope["method"] == "POST" else None
        request = self._request(scope, posted, request_id, caller.headers)
        engine = self._engine_of()
        if engine is None:
            raise NotAnswered(
                503,
                "Not ready yet; /readyz says why.",
                headers=((b"retry-after", b"1"),),
                code=ClientCode.SOURCE_FAILED,
            )
        with WhileConnected(receive, self._slow):
            extra = {} if self._context_of is None else await _context(self._context_of, scope, request_id)
            if isinstance(request, list):
                return 200, await _answer_all(engine, request, caller, extra)
            if trace is not None:
                request = replace(request, trace=trace)
            answer = await _answer_one(engine, request, caller, extra)
        if answer.needs_post:
            raise NotAnswered(405, "GET may only ask queries; send mutations by POST.", headers=((b"allow", b"POST"),))
        body = answer.body if trace is None else trace.into(answer.body)
        return 400 if is_new_type and not answer.is_executed and answer.status == 200 else answer.status, body

    def _trace(self, headers: Headers) -> FederatedTrace | None:
        is_wanted = self._federated_tracing and header(headers, TRACE_HEADER) == TRACE_FORM
        return FederatedTrace() if is_wanted else None

    def _request(
        self, scope: Scope, posted: bytes | None, request_id: str, headers: Headers
    ) -> GraphQLRequest | list[GraphQLRequest]:
        if posted is not None:
            return requests_from_body(posted, request_id, headers, most=self._max_operations)
        if scope["method"] in ("GET", "HEAD"):
            return request_from_query_string(scope["query_string"], request_id, headers)
        raise NotAnswered(405, "Use POST, or GET for queries.", headers=((b"allow", b"GET, HEAD, POST"),))

    async def _posted(self, scope: Scope, receive: Receive) -> bytes:
        check_content_type(header(scope["headers"], b"content-type"))
        declared = header(scope["headers"], b"content-length")
        if declared.isdigit() and int(declared) > self._max_body_bytes:
            raise self._too_large()
        body: bytes = b""
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            body += message.get("body", b"")
            if len(body) > self._max_body_bytes:
                raise self._too_large()
            if not message.get("more_body"):
                return body

    def _too_large(self) -> NotAnswered:
        return NotAnswered(413, f"The body is larger than {self._max_body_bytes} bytes.")


def _cut_off(request_id: str) -> bytes:
    """The answer of a request that took longer than a stopping server has time."""
    task = asyncio.current_task()
    if task is not None:
        # The server has cancelled it, and we answer in spite of that.
        task.uncancel()
    _log.warning("request cut off by the stop", request_id=request_id)
    return _error_body("The server is stopping; this was cut off.", request_id, ClientCode.OVERLOADED)


async def _context(context_of: ContextOf, scope: Scope, request_id: str) -> Mapping[str, Any]:
    try:
        return await context_of(scope)
    except Exception as error:
        _log.exception("request failed", request_id=request_id)
        raise NotAnswered(500, _INTERNAL, code=ClientCode.INTERNAL_SERVER_ERROR) from error


async def _answer_one(
    engine: Engine, request: GraphQLRequest, caller: Caller, extra: Mapping[str, Any], calls: Calls | None = None
) -> Answer:
    try:
        return await engine.answer(request, caller.identity, extra, calls)
    except RecursionError:
        message, status, code = "The request is nested too deeply.", 400, ClientCode.BAD_USER_INPUT
    except Exception:
        _log.exception("request failed", request_id=request.request_id)
        message, status, code = _INTERNAL, 500, ClientCode.INTERNAL_SERVER_ERROR
    return Answer(_error_body(message, request.request_id, code), is_executed=False, status=status)


async def _answer_all(
    engine: Engine, requests: list[GraphQLRequest], caller: Caller, extra: Mapping[str, Any]
) -> bytes:
    """Answer an array of operations at once; what they ask of services they share."""
    calls = engine.begin(caller.headers)
    answers = await asyncio.gather(*(_answer_one(engine, each, caller, extra, calls) for each in requests))
    return b"[" + b",".join(answer.body for answer in answers) + b"]"


class _RequestIds:
    """Ids that no two requests of a process share, at the cost of counting."""

    def __init__(self) -> None:
        self._prefix = secrets.token_hex(6)
        self._numbers = itertools.count(1)

    def next(self) -> str:
        return f"{self._prefix}-{next(self._numbers):x}"


def _error_body(message: str, request_id: str, code: ClientCode) -> bytes:
    extensions = {"code": code, "requestId": request_id}
    return orjson.dumps({"errors": [{"message": message, "extensions": extensions}]})
