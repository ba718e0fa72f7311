"""A choice made ready for its sources, and its answer: one statement a type that the request names."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

from graphql import GraphQLError

from punnet.access.condition import operand_value
from punnet.access.session import Session
from punnet.errors import BadUserInput
from punnet.execution.entities import CalledObjects, Filling, GivenObjects
from punnet.execution.open_places import close_places
from punnet.execution.project import NotProjectable, projector
from punnet.execution.reads import ReadyRead, RowSources, ready_read
from punnet.execution.ready_reads import ReadyReads
from punnet.loaders.calls import Calls
from punnet.loaders.failed import FailedReads
from punnet.planning.choice import Asked, Choice, asked_by_type
from punnet.planning.errors import NotPlannable
from punnet.planning.plain_keys import PlainKeys
from punnet.sources.errors import SourceFailed, SourceTimeout, StatementFailed


class ReadyChoice:
    """Renders the read of a type when a request first names it: a schema can have thousands."""

    def __init__(self, choice: Choice, sources: RowSources, kept: ReadyReads) -> None:
        self.choice = choice
        self.sources = sources
        self._reads = dict(choice.reads)
        self._others = dict(_others(choice))
        self._kept = kept
        # Not itself, which the kept reads of a forgotten plan would keep, too.
        self._own = object()

    async def answer(self, variables: Mapping[str, Any], session: Session, calls: Calls, failed: FailedReads) -> bytes:
        """The JSON of all objects in the order of the items, null where there is none.

        Raises:
            BadUserInput: an item is wrong, or names what only resolvers find: they decide.
            NotProjectable: a source failed, and with it the objects of one type: resolvers tell which.
        """
        value = operand_value(self.choice.items, variables)
        items = value if isinstance(value, list | tuple) else [value]
        plain = self.choice.addressing.plain_keys(items)
        try:
            if plain is not None and plain.type_name not in self._others:
                answers = await self._plain_rows(plain, variables, session, failed)
            else:
                answers = [b"null"] * len(items)
                await self._fill_all(Filling(self.choice, items, answers, variables, session, calls, failed))
        except StatementFailed:
            raise
        except (SourceFailed, SourceTimeout) as error:
            raise NotProjectable("a source failed") from error
        return b"[" + b",".join(answers) + b"]" if self.choice.is_list else answers[0]

    async def _plain_rows(
        self, plain: PlainKeys, variables: Mapping[str, Any], session: Session, failed: FailedReads
    ) -> list[bytes]:
        ready = self._read_of(plain.type_name, (0,))
        keys = dict.fromkeys(plain.texts)
        found = await ready.answers([(text,) for text in keys], variables, session, failed)
        if len(keys) < len(plain.texts):
            by_key = dict(zip(keys, found, strict=True))
            found = [by_key[text] for text in plain.texts]
        return [answer or b"null" for answer in found]

    async def _fill_all(self, request: Filling) -> None:
        asked = asked_by_type(map(self.choice.addressing.address, request.items))
        fillings = (self._fill(request, *each) for each in asked.items())
        # All are waited for: each failure is remembered, so that no resolver asks once more.
        for error in await asyncio.gather(*fillings, return_exceptions=True):
            if error is not None:
                raise error

    async def _fill(self, request: Filling, type_name: str, asked: Asked) -> None:
        match self._others.get(type_name):
            case GivenObjects() as objects:
                objects.fill(request, asked)
            case CalledObjects() as objects:
                await objects.fill(request, asked)
            case None:
                await self._fill_rows(request, type_name, asked)

    async def _fill_rows(self, request: Filling, type_name: str, asked: Asked) -> None:
        ready = self._read_of(type_name, asked.by)
        found = await ready.answers(asked.keys(ready.read), request.variables, request.session, request.failed)
        is_open = type_name in self.choice.required
        for places, answer in zip(asked.places.values(), found, strict=True):
            text = answer or b"null"
            for place in places:
                # Two items with one key may know different things of the object.
                known = close_places(text, request.given_of(type_name, place)) if is_open else text
                request.answers[place] = known

    def _read_of(self, type_name: str, by: tuple[int, ...]) -> ReadyRead:
        """The read of a type asked by these of its keys."""
        return self._kept.get((self._own, type_name, by), lambda: self._made(type_name, by))

    def _made(self, type_name: str, by: tuple[int, ...]) -> ReadyRead:
        """The read, rendered."""
        try:
            read = self._reads.get(type_name) or self.choice.read_of_other(type_name)
            if read is not None:
                return ready_read(read.asked_by(by), self.sources)
        except (NotPlannable, GraphQLError, RecursionError) as error:
            raise NotProjectable(f"no plan for '{type_name}'") from error
        raise BadUserInput(what=f"'{type_name}' is resolved by code.")


def _others(choice: Choice) -> Iterator[tuple[str, GivenObjects | CalledObjects]]:
    """By type, how objects that are no rows are answered."""
    for name, type_, projection in choice.given:
        yield name, GivenObjects(projector(type_, projection))
    for name, hops in choice.called:
        yield name, CalledObjects(name, tuple((hop.call, projector(hop.type, hop.projection)) for hop in hops))
