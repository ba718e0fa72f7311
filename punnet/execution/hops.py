"""Places in an answer that another source fills; see `planning.marks`.

A level of hops is filled at once: the text is split at its marks, every distinct key of every hop is asked, and the
pieces are joined again. What is filled in may hold marks of its own, which make the next level.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from typing import Any

import orjson

from punnet.planning.marks import PLACE

FillHop = Callable[[int, Sequence[bytes]], Coroutine[Any, Any, Sequence[bytes]]]
"""(number of the hop, distinct keys as JSON lists) to the JSON for each key."""


def marker(hop: int, key: list[object]) -> bytes:
    """The place of a hop's answer to this key; a key with a null in it leads nowhere."""
    if any(part is None for part in key):
        return b"null"
    if any(isinstance(part, dict | list) for part in key):
        raise TypeError("a list or an object is no part of a key")
    return PLACE + b"%d" % hop + orjson.dumps(key) + PLACE


async def fill_hops(text: bytes, fill: FillHop) -> bytes:
    """The text with all its places filled, level by level."""
    while PLACE in text:
        pieces = text.split(PLACE)
        # Every second piece is a place.
        places = pieces[1::2]
        answers = await _answers(_by_hop(places), fill)
        pieces[1::2] = [answers[place] for place in places]
        text = b"".join(pieces)
    return text


def _by_hop(places: Iterable[bytes]) -> Mapping[bytes, Sequence[bytes]]:
    """The distinct places of each hop, by its number as they begin with it."""
    by_hop: defaultdict[bytes, list[bytes]] = defaultdict(list)
    for place in dict.fromkeys(places):
        by_hop[place[: place.index(b"[")]].append(place)
    return by_hop


async def _answers(by_hop: Mapping[bytes, Sequence[bytes]], fill: FillHop) -> Mapping[bytes, bytes]:
    """What goes into each place."""
    fillings = [fill(int(hop), [place[len(hop) :] for place in places]) for hop, places in by_hop.items()]
    answers: dict[bytes, bytes] = {}
    for places, found in zip(by_hop.values(), await _all_ended(fillings), strict=True):
        answers.update(zip(places, found, strict=True))
    return answers


async def _all_ended(fillings: Sequence[Coroutine[Any, Any, Sequence[bytes]]]) -> Sequence[Sequence[bytes]]:
    if len(fillings) == 1:
        # The common case needs no task.
        return [await fillings[0]]
    ended = await asyncio.gather(*fillings, return_exceptions=True)
    # All were waited for: what others have begun must not run on behind whoever goes on from an error.
    found: list[Sequence[bytes]] = []
    for each in ended:
        if isinstance(each, BaseException):
            raise each
        found.append(each)
    return found
