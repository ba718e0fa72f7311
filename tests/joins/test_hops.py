"""Places in a text that other sources fill, level by level."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from punnet.execution.hops import fill_hops, marker

A, B = 0, 11
"""Two hops, the number of one beginning as that of another might."""


class Answering:
    """Fills places with what was said beforehand, and remembers what it was asked."""

    def __init__(self, answers: dict[tuple[int, bytes], bytes]) -> None:
        self._answers = answers
        self.asked: list[tuple[int, list[bytes]]] = []

    async def fill(self, hop: int, keys: Sequence[bytes]) -> Sequence[bytes]:
        self.asked.append((hop, list(keys)))
        return [self._answers[hop, key] for key in keys]


def place(hop: int, *key: object) -> bytes:
    return marker(hop, list(key))


async def test_each_place_gets_the_answer_to_its_key() -> None:
    source = Answering({(A, b"[1]"): b'"one"', (A, b'["[2]"]'): b"null"})
    text = b'{"x":%b,"y":%b}' % (place(A, 1), place(A, "[2]"))
    assert await fill_hops(text, source.fill) == b'{"x":"one","y":null}'


async def test_a_key_that_occurs_twice_is_asked_once() -> None:
    source = Answering({(A, b"[1]"): b'"one"', (A, b"[2]"): b'"two"'})
    text = b"[%b,%b,%b]" % (place(A, 1), place(A, 2), place(A, 1))
    assert await fill_hops(text, source.fill) == b'["one","two","one"]'
    assert source.asked == [(A, [b"[1]", b"[2]"])]


async def test_one_key_of_two_hops_has_two_answers() -> None:
    source = Answering({(A, b"[1]"): b'"a"', (B, b"[1]"): b'"b"'})
    text = b"[%b,%b]" % (place(B, 1), place(A, 1))
    assert await fill_hops(text, source.fill) == b'["b","a"]'
    assert source.asked == [(B, [b"[1]"]), (A, [b"[1]"])]


async def test_places_in_an_answer_make_the_next_level() -> None:
    source = Answering({(A, b"[1]"): place(B, 2), (A, b"[2]"): place(B, 2), (B, b"[2]"): b"true"})
    text = b"[%b,%b]" % (place(A, 1), place(A, 2))
    assert await fill_hops(text, source.fill) == b"[true,true]"
    assert source.asked == [(A, [b"[1]", b"[2]"]), (B, [b"[2]"])]


async def test_a_text_without_places_asks_nothing() -> None:
    source = Answering({})
    assert await fill_hops(b"[]", source.fill) == b"[]"
    assert source.asked == []


async def test_a_hop_that_fails_is_raised_when_the_others_of_its_level_have_ended() -> None:
    ended = asyncio.Event()

    async def fill(hop: int, _keys: Sequence[bytes]) -> Sequence[bytes]:
        if hop == A:
            raise ValueError("no answer")
        await asyncio.sleep(0)
        ended.set()
        return [b"1"]

    with pytest.raises(ValueError, match="no answer"):
        await fill_hops(b"[%b,%b]" % (place(A, 1), place(B, 1)), fill)
    assert ended.is_set()


async def test_a_hop_that_fails_alone_is_raised() -> None:
    with pytest.raises(KeyError):
        await fill_hops(place(A, 1), Answering({}).fill)
