"""The one endpoint: bytes in, bytes out."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson
import structlog
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from punnet.access.session import ANONYMOUS, Identity
from punnet.errors import ClientCode
from punnet.server.engine import Engine
from punnet.server.graphiql import graphiql_page, wants_graphiql
from punnet.server.protocol import (
    GRAPHQL_RESPONSE,
    JSON,
    NotAnswered,
    accepts_graphql_response,
    check_content_type,
    header,
    request_from_body,
    request_from_query_string,
)
from punnet.server.while_connected import WhileConnected

_log = structlog.get_logger("punnet")

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
        self, engine_of: EngineOf, *, graphiql: bool, max_body_bytes: int, context_of: ContextOf | None = None
    ) -> None:
        self._engine_of = engine_of
        self._graphiql = graphiql
        self._max_body_bytes = max_body_bytes
        self._context_of = context_of
        self._request_id = _RequestIds()

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
        method = scope["method"]
        if method == "POST":
            check_content_type(header(scope["headers"], b"content-type"))
            request = request_from_body(await self._body(scope, receive), request_id)
        elif method in ("GET", "HEAD"):
            request = request_from_query_string(scope["query_string"], request_id)
        else:
            raise NotAnswered(405, "Use POST, or GET for queries.", headers=((b"allow", b"GET, HEAD, POST"),))
        engine = self._engine_of()
        if engine is None:
            raise NotAnswered(
                503,
                "Not ready yet; /readyz says why.",
                headers=((b"retry-after", b"1"),),
                code=ClientCode.SOURCE_FAILED,
            )
        try:
            with WhileConnected(receive):
                extra = {} if self._context_of is None else await self._context_of(scope)
                answer = await engine.answer(request, identify(scope), extra)
        except ClientDisconnect:
            raise
        except RecursionError as error:
            raise NotAnswered(400, "The request is nested too deeply.") from error
        except Exception:
            _log.exception("request failed", request_id=request_id)
            return 500, _error_body("Internal server error.", request_id, ClientCode.INTERNAL_SERVER_ERROR)
        if answer.needs_post:
            raise NotAnswered(405, "GET may only ask queries; send mutations by POST.", headers=((b"allow", b"POST"),))
        return 400 if is_new_type and not answer.is_executed else 200, answer.body

    async def _body(self, scope: Scope, receive: Receive) -> bytes:
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


def identify(_scope: Scope) -> Identity:
    """Who asks. Everybody is anonymous until identities can be configured."""
    return ANONYMOUS


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
