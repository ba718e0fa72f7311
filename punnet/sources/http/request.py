"""From an endpoint and its arguments to the request that asks it: pure.

The styles are OpenAPI's: spec.openapis.org/oas/v3.1.0, "Style Values".
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from urllib.parse import quote

import orjson

from punnet.catalog.endpoints import Endpoint, EndpointParameter, MemberEncoding
from punnet.errors import BadUserInput


# Made for each call, and so not frozen: that would cost a microsecond.
@dataclass(slots=True)
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
        arguments: values by parameter. None is left out.

    Raises:
        BadUserInput: a parameter of the path is empty, missing or a dot segment, or a value cannot be written.
    """
    path = endpoint.path
    query: list[str] = []
    headers: list[tuple[str, str]] = []
    cookies: list[str] = []
    body: bytes | None = None
    for parameter in endpoint.parameters:
        value = arguments.get(parameter.name)
        if value is None and parameter.place != "path":
            continue
        match parameter.place:
            case "path":
                path = path.replace(f"{{{parameter.name}}}", _in_path(parameter, value))
            case "query":
                query += _in_query(parameter, value)
            case "header":
                headers.append((parameter.name, ",".join(_parts(value, explode=parameter.explode))))
            case "cookie":
                cookies += _in_cookie(parameter, value)
            case "body":
                body, content_type = _in_body(parameter, value)
                headers.append(("content-type", content_type))
    if "." in path and _dot_segments(path) > _dot_segments(endpoint.path):
        # It would ask another endpoint.
        raise BadUserInput(what="An argument cannot be a dot segment of a path.")
    if cookies:
        headers.append(("cookie", "; ".join(cookies)))
    target = f"{path}?{'&'.join(query)}" if query else path
    return Asked(endpoint.method, target, tuple(headers), body)


def _dot_segments(path: str) -> int:
    return sum(segment in (".", "..") for segment in path.split("/"))


def _in_path(parameter: EndpointParameter, value: object) -> str:
    is_plain = type(value) is int or type(value) is str
    texts = [str(value)] if is_plain else _texts(value)
    if not texts or not all(texts):
        # An empty segment would ask another endpoint.
        raise BadUserInput(what=f"'{parameter.name}' cannot be empty.")
    if is_plain and parameter.style == "simple":
        return _percent(texts[0])
    parts = _parts(value, explode=parameter.explode, encode=_percent_each)
    name = _percent(parameter.name)
    match parameter.style:
        case "label":
            return "." + ("." if parameter.explode else ",").join(parts)
        case "matrix" if parameter.explode and isinstance(value, Mapping):
            return "".join(f";{part}" for part in parts)
        case "matrix" if parameter.explode:
            return "".join(f";{name}={part}" for part in parts)
        case "matrix":
            return f";{name}={','.join(parts)}"
        case _:
            return ",".join(parts)


_UNRESERVED = re.compile(r"[A-Za-z0-9_.~-]*")
_SEPARATORS = {"form": ",", "spaceDelimited": "%20", "pipeDelimited": "%7C"}


def _in_query(parameter: EndpointParameter | MemberEncoding, value: object) -> list[str]:
    name = _percent(parameter.name)
    if parameter.style == "json":
        return [f"{name}={_percent(_json(value).decode())}"]
    if parameter.style == "deepObject":
        return list(_deep(name, value))
    parts = _parts(value, explode=parameter.explode, encode=_percent_each)
    if not parameter.explode:
        return [f"{name}={_SEPARATORS.get(parameter.style, ',').join(parts)}"] if parts else []
    return parts if isinstance(value, Mapping) else [f"{name}={part}" for part in parts]


def _deep(name: str, value: object) -> Iterator[str]:
    match value:
        case Mapping():
            for key, item in value.items():
                yield from _deep(f"{name}%5B{_percent(str(key))}%5D", item)
        case list() | tuple():
            for item in value:
                yield from _deep(name, item)
        case None:
            return
        case _:
            yield f"{name}={_percent(_text(value))}"


def _in_cookie(parameter: EndpointParameter, value: object) -> list[str]:
    parts = _parts(value, explode=parameter.explode, encode=_percent_each)
    if parameter.explode and isinstance(value, Mapping):
        return parts
    # A cookie has one value a name: lists have commas even where they are exploded.
    return [f"{_percent(parameter.name)}={','.join(parts)}"]


def _in_body(parameter: EndpointParameter, value: object) -> tuple[bytes, str]:
    if parameter.style == "urlencoded":
        if not isinstance(value, Mapping):
            raise BadUserInput(what=f"'{parameter.name}' is sent as a form: it has to be an object.")
        return _form(parameter, value), "application/x-www-form-urlencoded"
    return _json(value), parameter.media_type or "application/json"


def _form(parameter: EndpointParameter, members: Mapping[str, object]) -> bytes:
    encodings = {encoding.name: encoding for encoding in parameter.encodings}
    pairs: list[str] = []
    for name, value in members.items():
        if name in encodings:
            pairs += _in_query(encodings[name], value) if value is not None else ()
            continue
        items = value if isinstance(value, list | tuple) else [value]
        pairs += [f"{_percent(name)}={_percent(_text(item))}" for item in items if item is not None]
    return "&".join(pairs).encode()


def _json(value: object) -> bytes:
    try:
        return orjson.dumps(value, default=_text, option=orjson.OPT_PASSTHROUGH_DATETIME)
    except orjson.JSONEncodeError as error:
        raise BadUserInput(what="A value cannot be sent as JSON.") from error


def _percent(text: str) -> str:
    # Most keys are numbers, codes and the like: they stay as they are.
    return text if _UNRESERVED.fullmatch(text) else quote(text, safe="")


def _percent_each(texts: list[str]) -> list[str]:
    # Looked at all at once: a call can have many keys.
    return texts if _UNRESERVED.fullmatch("".join(texts)) else [_percent(text) for text in texts]


def _parts(value: object, *, explode: bool, encode: Callable[[list[str]], list[str]] = list) -> list[str]:
    """The pieces that a style puts its separators between."""
    if explode and isinstance(value, Mapping):
        members = {str(key): _text(item) for key, item in value.items() if item is not None}
        names, texts = encode(list(members)), encode(list(members.values()))
        return [f"{name}={text}" for name, text in zip(names, texts, strict=True)]
    return encode(_texts(value))


def _texts(value: object) -> list[str]:
    if value is None:
        return []
    if isinstance(value, list | tuple):
        return [item if type(item) is str else _text(item) for item in value if item is not None]
    if isinstance(value, Mapping):
        return [part for key, item in value.items() if item is not None for part in (str(key), _text(item))]
    return [_text(value)]


def _text(value: object) -> str:
    if type(value) is str:
        return value
    match value:
        case bool():
            return "true" if value else "false"
        case datetime() if value.tzinfo is not None:
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case datetime() | date() | time():
            return value.isoformat()
        case bytes():
            return base64.b64encode(value).decode()
        case Mapping() | list() | tuple():
            # No style says how to write what is nested.
            return _json(value).decode()
        case _:
            return str(value)
