"""What resolvers gave, as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain
from math import isfinite
from typing import Any

import orjson

from punnet.sources.rows import FloatText


def data_json(data: object) -> bytes:
    """The data of an answer.

    Args:
        data: of completed leaves, each of which `is_json`.

    Raises:
        RecursionError: it is nested deeper than the library writes, which is 254 levels.
    """
    try:
        return orjson.dumps(data, default=_encode)
    except orjson.JSONEncodeError as error:
        # The library's own word for it.
        if "Recursion limit" in str(error):
            raise RecursionError from error
        raise


def is_json(leaf: object) -> bool:
    """Whether it can be written: not NaN, an integer of more than 64 bits, a set, or half of a UTF-16 pair."""
    if isinstance(leaf, str) and leaf.isascii():
        return True
    try:
        text = data_json(leaf)
    except (TypeError, RecursionError):
        return False
    # The library writes null for what is no number.
    return b"null" not in text or all(map(isfinite, _floats_in(leaf)))


def _floats_in(value: object) -> Iterator[float]:
    match value:
        case float():
            yield value
        case dict():
            yield from chain.from_iterable(map(_floats_in, value.values()))
        case list() | tuple():
            yield from chain.from_iterable(map(_floats_in, value))


def error_json(error: Any) -> bytes:
    """An error, or several. What a team's code put into it and JSON cannot have is its text."""
    try:
        return orjson.dumps(error, default=str)
    except orjson.JSONEncodeError:
        text = json.dumps(error, default=str, skipkeys=True)
        # Python writes NaN as itself.
        return json.dumps(json.loads(text, parse_constant=str)).encode()


def _encode(value: object) -> object:
    if isinstance(value, FloatText):
        return orjson.Fragment(value.text)
    raise TypeError(f"a {type(value).__name__} is no JSON")
