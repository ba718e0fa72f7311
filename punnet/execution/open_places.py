"""Places in a row's JSON whose keys are in part given by the request: a representation has what a field requires.

A database writes them as in `planning.marks`, also where a value is null. For each representation they become places
as any others.
"""

from __future__ import annotations

from collections.abc import Mapping

import orjson

from punnet.execution.hops import marker
from punnet.planning.marks import PLACE

_OPEN = b"!"


def close_places(text: bytes, given: Mapping[str, object]) -> bytes:
    """The text with its open places closed.

    Args:
        text: the JSON of one row, with places.
        given: what is known of the row's columns from elsewhere; it goes before what the row has.
    """
    pieces = text.split(PLACE)
    # Every second piece is a place.
    pieces[1::2] = [_closed(piece, given) for piece in pieces[1::2]]
    return b"".join(pieces)


def _closed(piece: bytes, given: Mapping[str, object]) -> bytes:
    if not piece.startswith(_OPEN):
        return PLACE + piece + PLACE
    number, bracket, rest = piece[1:].partition(b"[")
    columns, values = orjson.loads(bracket + rest)
    return marker(int(number), [given.get(column, value) for column, value in zip(columns, values, strict=True)])
