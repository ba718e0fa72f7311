"""Entities that are no rows: what a representation holds itself, and what services answer to its key."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from punnet.access.session import Session
from punnet.execution.project import Project, projected
from punnet.loaders.calls import Calls
from punnet.loaders.failed import FailedReads
from punnet.planning.calls import KeyedCall
from punnet.planning.choice import Asked, Choice


@dataclass(frozen=True, slots=True)
class Filling:
    """One request's items, their answers so far, and what they are asked with."""

    choice: Choice
    items: Sequence[object]
    answers: list[bytes]
    variables: Mapping[str, Any]
    session: Session
    calls: Calls
    failed: FailedReads

    def given_of(self, type_name: str, place: int) -> Mapping[str, object]:
        """What the item in this place knows better than the object's source."""
        return self.choice.given_of(type_name, self.items[place]) if type_name in self.choice.required else {}


@dataclass(frozen=True, slots=True)
class GivenObjects:
    """Objects that the items hold whole."""

    project: Project

    def fill(self, request: Filling, asked: Asked) -> None:
        """Put the JSON of each object in its places."""
        for (_, (text,)), places in asked.places.items():
            answer = projected(self.project, orjson.loads(text))
            for place in places:
                request.answers[place] = answer


@dataclass(frozen=True, slots=True)
class CalledObjects:
    """Objects that a service gives by key."""

    type_name: str
    by_key: tuple[tuple[KeyedCall, Project], ...]
    """The call for each of the type's keys, and what is made of its answers."""

    async def fill(self, request: Filling, asked: Asked) -> None:
        """Put the JSON of each object in its places: one call, or its batches, for each key that is used."""
        await asyncio.gather(*(self._fill_by(number, request, asked) for number in asked.by))

    async def _fill_by(self, number: int, request: Filling, asked: Asked) -> None:
        call, project = self.by_key[number]
        keys = [key for key in asked.places if key[0] == number]
        answers = await request.calls.load_many(call, [tuple(orjson.loads(text)) for _, (text,) in keys])
        for key, answer in zip(keys, answers, strict=True):
            for place in asked.places[key]:
                given = request.given_of(self.type_name, place)
                known = {**answer, **given} if given and isinstance(answer, dict) else answer
                request.answers[place] = projected(project, known)
