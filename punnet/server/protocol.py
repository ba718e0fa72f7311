"""GraphQL over HTTP: from a request's bytes to operations, and the status and type of the answer.

By the draft at graphql.github.io/graphql-over-http: a client that accepts `application/graphql-response+json` sees
refused requests as 400; one that only knows `application/json` gets 200 for every request that is well formed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

import orjson

from punnet.errors import ClientCode
from punnet.server.engine import GraphQLRequest

GRAPHQL_RESPONSE = b"application/graphql-response+json; charset=utf-8"
JSON = b"application/json; charset=utf-8"


class NotAnswered(Exception):
    """A request that no engine sees: it is no GraphQL request at all, or there is no engine yet."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        headers: tuple[tuple[bytes, bytes], ...] = (),
        code: ClientCode = ClientCode.BAD_USER_INPUT,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers
        self.code = code


def header(headers: Sequence[tuple[bytes, bytes]], name: bytes) -> bytes:
    """The value of a header, empty where there is none."""
    for key, value in headers:
        if key == name:
            return value
    return b""


def accepts_graphql_response(accept: bytes) -> bool:
    """Whether the client knows the newer media type and wants it at least as much as plain JSON."""
    at = accept.find(b"application/graphql-response+json")
    if at < 0:
        return False
    plain = accept.find(b"application/json")
    return _quality(accept, at) >= (_quality(accept, plain) if plain >= 0 else 0)


def _quality(accept: bytes, at: int) -> float:
    parameters = accept[at:].split(b",", 1)[0].split(b";")[1:]
    for parameter in parameters:
        name, _, value = parameter.strip().partition(b"=")
        if name == b"q":
            try:
                return float(value)
            except ValueError:
                return 0
    return 1


def check_content_type(content_type: bytes) -> None:
    """POST takes JSON only. A browser's form could be sent across sites without asking, so it is refused."""
    if content_type == b"application/json":
        return
    media_type, *parameters = [part.strip() for part in content_type.lower().split(b";")]
    if media_type not in (b"application/json", b"application/graphql+json"):
        raise NotAnswered(415, "Send the request as 'Content-Type: application/json'.")
    for parameter in parameters:
        name, _, value = parameter.partition(b"=")
        if name == b"charset" and value.strip(b'"') not in (b"utf-8", b"utf8", b"us-ascii"):
            raise NotAnswered(415, "Send the request in UTF-8.")


def requests_from_body(
    body: bytes, request_id: str, headers: Sequence[tuple[bytes, bytes]] = (), *, most: int = 1
) -> GraphQLRequest | list[GraphQLRequest]:
    """The operation of a POST, or the operations of an array of `most` at most."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise NotAnswered(400, f"The body is no JSON: {error}.") from error
    if not isinstance(value, list):
        return _request(_object(value, "The body"), request_id, headers, queries_only=False)
    if not 0 < len(value) <= most:
        raise NotAnswered(400, f"An array must hold 1 to {most} operations; this one holds {len(value)}.")
    return [
        _request(_object(each, f"Operation {number}"), f"{request_id}.{number}", headers, queries_only=False)
        for number, each in enumerate(value, 1)
    ]


def _object(value: object, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise NotAnswered(400, f"{what} must be a JSON object with 'query'.")
    return value


def request_from_query_string(
    query_string: bytes, request_id: str, headers: Sequence[tuple[bytes, bytes]] = ()
) -> GraphQLRequest:
    """The operation of a GET."""
    try:
        pairs = parse_qs(query_string.decode("ascii"), keep_blank_values=True, errors="strict")
    except (UnicodeDecodeError, ValueError) as error:
        raise NotAnswered(400, "The query string is not valid UTF-8.") from error
    value: dict[str, Any] = {name: values[-1] for name, values in pairs.items()}
    for name in ("variables", "extensions"):
        if value.get(name):
            try:
                value[name] = orjson.loads(value[name])
            except orjson.JSONDecodeError as error:
                raise NotAnswered(400, f"'{name}' is no JSON: {error}.") from error
        else:
            value.pop(name, None)
    return _request(value, request_id, headers, queries_only=True)


def _request(
    value: Mapping[str, Any], request_id: str, headers: Sequence[tuple[bytes, bytes]], *, queries_only: bool
) -> GraphQLRequest:
    query = value.get("query")
    if not isinstance(query, str) or not query:
        raise NotAnswered(400, "'query' must be a string that holds a GraphQL document.")
    operation_name = value.get("operationName")
    if operation_name is not None and not isinstance(operation_name, str):
        raise NotAnswered(400, "'operationName' must be a string.")
    variables = _object_or_none(value, "variables") or {}
    _object_or_none(value, "extensions")
    return GraphQLRequest(query, operation_name, variables, request_id, queries_only, headers)


def _object_or_none(value: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    found = value.get(name)
    if found is not None and not isinstance(found, dict):
        raise NotAnswered(400, f"'{name}' must be an object.")
    return found
