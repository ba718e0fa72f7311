"""The bytes of a document, as the JSON value that they stand for."""

from __future__ import annotations

import orjson

from punnet.sources.http.openapi.yaml_events import MalformedYaml, TooManyNodes, load_yaml

MAX_BYTES = 128 * 1024 * 1024

_BOM = b"\xef\xbb\xbf"


class Malformed(ValueError):
    """Bytes are neither JSON nor YAML."""


class TooLarge(ValueError):
    """Bytes stand for more than we read."""


def parse_document(content: bytes) -> object:
    """Read JSON or YAML, whichever it is.

    Raises:
        Malformed: where it is neither.
        TooLarge: for more than MAX_BYTES, or for too many values.
    """
    if len(content) > MAX_BYTES:
        raise TooLarge(f"it has more than {MAX_BYTES // 1024**2} MB")
    text = content.removeprefix(_BOM)
    if text.lstrip()[:1] in (b"{", b"["):
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError as error:
            return _parse_yaml(text, otherwise=f"{error.msg} in line {error.lineno}, column {error.colno}")
    return _parse_yaml(content)


def _parse_yaml(text: bytes, *, otherwise: str | None = None) -> object:
    # YAML's flow style begins with a brace as well; if it is not that either, what JSON lacks says more.
    try:
        return load_yaml(text)
    except TooManyNodes as error:
        raise TooLarge(str(error)) from error
    except MalformedYaml as error:
        raise Malformed(otherwise or str(error)) from error
