"""Places in an answer that another source fills: `U+0002 number key U+0002`, which no JSON text holds.

A level of hops is filled at once: the text is split at its marks, every distinct key of every hop is asked, and the
pieces are joined again. What is filled in may hold marks of its own, which make the next level.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

import orjson

MARK = b"\x02"

FillHop = Callable[[int, Sequence[bytes]], Awaitable[Sequence[bytes]]]
"""(number of the hop, distinct keys as JSON lists) to the JSON for each key."""


def marker(hop: int, key: list[object]) -> bytes:
    """The place of a hop's answer to this key; a key with a null in it leads nowhere."""
    if any(part is None for part in key):
        return b"null"
    if any(isinstance(part, dict | list) for part in key):
        raise TypeError("a list or an object is no part of a key")
    return MARK + b"%d" % hop + orjson.dumps(key) + MARK


async def fill_hops(text: bytes, fill: FillHop) -> bytes:
    """The text with all its places filled, level by level."""
    while MARK in text:
        pieces = text.split(MARK)
        places = _places(pieces)
        fillings = (fill(hop, list(by_key)) for hop, by_key in places.items())
        # All are waited for: what others have begun must not run on behind whoever goes on from an error.
        answers = await asyncio.gather(*fillings, return_exceptions=True)
        for by_key, found in zip(places.values(), answers, strict=True):
            if isinstance(found, BaseException):
                raise found
            for at, answer in zip(by_key.values(), found, strict=True):
                for place in at:
                    pieces[place] = answer
        text = b"".join(pieces)
    return text


def _places(pieces: Sequence[bytes]) -> Mapping[int, Mapping[bytes, list[int]]]:
    """By hop and key, the pieces that they fill: every second one is a mark's."""
    places: dict[bytes, dict[bytes, list[int]]] = {}
    for place in range(1, len(pieces), 2):
        piece = pieces[place]
        end = piece.index(b"[")
        places.setdefault(piece[:end], {}).setdefault(piece[end:], []).append(place)
    return {int(number): by_key for number, by_key in places.items()}
