"""From an endpoint and its arguments to the request that asks it: pure.

The styles are OpenAPI's: spec.openapis.org/oas/v3.1.0, "Style Values".
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from urllib.parse import quote, urlencode

import orjson

from punnet.catalog.endpoints import Endpoint, EndpointParameter
from punnet.errors import BadUserInput


@dataclass(frozen=True, slots=True)
class Asked:
    """A request below a service's base URL."""

    method: str
    target: str
    """Path and query."""
    headers: tuple[tuple[str, str], ...]
    body: bytes | None


def build_request(endpoint: Endpoint, arguments: Mapping[str, object]) -> Asked:
    """The request that asks an endpoint.

    Args:
        endpoint: what is asked.
        arguments: values by parameter; `body.name` is a member of a body that is an object. None is left out.

    Raises:
        BadUserInput: a parameter of the path is empty or missing.
    """
    path = endpoint.path
    query: list[str] = []
    headers: list[tuple[str, str]] = []
    cookies: list[str] = []
    body: bytes | None = None
    for parameter in endpoint.parameters:
        value = _value_of(parameter, arguments)
        if value is None and parameter.place != "path":
            continue
        match parameter.place:
            case "path":
                path = path.replace(f"{{{parameter.name}}}", _in_path(parameter, value))
            case "query":
                query += _in_query(parameter, value)
            case "header":
                headers.append((parameter.name, ",".join(_texts(value))))
            case "cookie":
                cookies.append(f"{quote(parameter.name)}={','.join(quote(text, safe='') for text in _texts(value))}")
            case "body":
                body, content_type = _in_body(parameter, value)
                headers.append(("content-type", content_type))
    if cookies:
        headers.append(("cookie", "; ".join(cookies)))
    target = f"{path}?{'&'.join(query)}" if query else path
    return Asked(endpoint.method, target, tuple(headers), body)


def _value_of(parameter: EndpointParameter, arguments: Mapping[str, object]) -> object:
    if parameter.place != "body":
        return arguments.get(parameter.name)
    members = {name[5:]: value for name, value in arguments.items() if name.startswith("body.")}
    return members or arguments.get(parameter.name)


def _in_path(parameter: EndpointParameter, value: object) -> str:
    texts = [quote(text, safe="") for text in _texts(value)]
    if not texts or not all(texts):
        # An empty segment would ask another endpoint.
        raise BadUserInput(what=f"'{parameter.name}' cannot be empty.")
    if any(text in (".", "..") for text in texts):
        raise BadUserInput(what=f"'{parameter.name}' cannot be a dot segment.")
    match parameter.style:
        case "label":
            return "." + ("." if parameter.explode else ",").join(texts)
        case "matrix" if parameter.explode:
            return "".join(f";{quote(parameter.name)}={text}" for text in texts)
        case "matrix":
            return f";{quote(parameter.name)}={','.join(texts)}"
        case _:
            return ",".join(texts)


_SEPARATORS = {"form": ",", "spaceDelimited": "%20", "pipeDelimited": "%7C"}


def _in_query(parameter: EndpointParameter, value: object) -> list[str]:
    name = quote(parameter.name, safe="")
    if parameter.style == "json":
        return [f"{name}={quote(orjson.dumps(value, default=_text).decode(), safe='')}"]
    if isinstance(value, Mapping):
        return _object_in_query(parameter, name, value)
    texts = [quote(text, safe="") for text in _texts(value)]
    if parameter.explode or not isinstance(value, list | tuple):
        return [f"{name}={text}" for text in texts]
    return [f"{name}={_SEPARATORS.get(parameter.style, ',').join(texts)}"]


def _object_in_query(parameter: EndpointParameter, name: str, value: Mapping[str, object]) -> list[str]:
    pairs = [(quote(str(key), safe=""), quote(_text(item), safe="")) for key, item in value.items() if item is not None]
    if parameter.style == "deepObject":
        return [f"{name}%5B{key}%5D={text}" for key, text in pairs]
    if parameter.explode:
        return [f"{key}={text}" for key, text in pairs]
    return [f"{name}={','.join(f'{key},{text}' for key, text in pairs)}"]


def _in_body(parameter: EndpointParameter, value: object) -> tuple[bytes, str]:
    if parameter.style == "urlencoded" and isinstance(value, Mapping):
        pairs = [(str(key), text) for key, item in value.items() if item is not None for text in _texts(item)]
        return urlencode(pairs).encode(), "application/x-www-form-urlencoded"
    body = orjson.dumps(value, default=_text, option=orjson.OPT_PASSTHROUGH_DATETIME)
    return body, parameter.media_type or "application/json"


def _texts(value: object) -> list[str]:
    if value is None:
        return []
    if isinstance(value, list | tuple):
        return [_text(item) for item in value]
    if isinstance(value, Mapping):
        return [part for key, item in value.items() for part in (str(key), _text(item))]
    return [_text(value)]


def _text(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case datetime() if value.tzinfo is not None:
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case datetime() | date() | time():
            return value.isoformat()
        case bytes():
            return base64.b64encode(value).decode()
        case _:
            return str(value)
