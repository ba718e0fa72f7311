"""What clients are given to give back unchanged: ids and cursors are JSON lists as base64url, without padding."""

from __future__ import annotations

import base64
import binascii

import orjson


def decode_list(text: str) -> list[object] | None:
    """The list that a text was made of; None where it is no such text."""
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        parts = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (UnicodeEncodeError, binascii.Error, orjson.JSONDecodeError):
        return None
    return parts if isinstance(parts, list) else None
