"""A plan made ready for its sources, and its run: all roots at once, bytes out."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import GraphQLError

from punnet.access.condition import Constant, Items, Operand, Variable, operand_value
from punnet.access.session import Session
from punnet.catalog.endpoints import Endpoint
from punnet.catalog.relations import Relation
from punnet.catalog.types import DataType
from punnet.errors import PunnetError, ValueNotRepresentable
from punnet.execution.hops import fill_hops
from punnet.execution.project import NotProjectable, Project, projector
from punnet.loaders.align import key_text
from punnet.loaders.calls import Calls
from punnet.planning.calls import CallHop, Hop, KeyedCall, ReadHop, RootCall
from punnet.planning.ids import can_be_key, decode_id, is_key_of
from punnet.planning.plan import Plan, Root
from punnet.planning.read import Choice, Read, Typename
from punnet.sources.rows import Key, RowSource

UNREPRESENTABLE = b"\x01"
"""What a source puts out in the place of a value that the API cannot carry; no JSON text holds it."""

Sources = Mapping[str, RowSource]


@dataclass(frozen=True, slots=True)
class ReadyConstant:
    """A root whose answer is known."""

    json: bytes


@dataclass(frozen=True, slots=True)
class ReadyRead:
    """A root that one statement answers."""

    source: RowSource
    prepared: Any


@dataclass(frozen=True, slots=True)
class ReadyChoice:
    """A root that one statement a type answers, the types being those that the ids name."""

    reads: Mapping[str, tuple[Relation, ReadyRead]]
    ids: Operand
    is_list: bool


@dataclass(frozen=True, slots=True)
class ReadyCall:
    """A root that a service answers."""

    endpoint: Endpoint
    arguments: tuple[tuple[str, Operand], ...]
    project: Project


@dataclass(frozen=True, slots=True)
class ReadyCallHop:
    """A hop to a service."""

    call: KeyedCall
    project: Project


@dataclass(frozen=True, slots=True)
class ReadyReadHop:
    """A hop to rows."""

    read: ReadyRead
    key_types: tuple[DataType, ...]


ReadyRoot = ReadyConstant | ReadyRead | ReadyChoice | ReadyCall


@dataclass(frozen=True, slots=True)
class ReadyPlan:
    """A plan with everything made that does not depend on a request."""

    keys: tuple[bytes, ...]
    """Each root's response key as it stands in the answer, with its colon."""
    roots: tuple[ReadyRoot, ...]
    hops: tuple[ReadyCallHop | ReadyReadHop, ...]


def ready(plan: Plan, sources: Sources) -> ReadyPlan:
    """Render the plan's reads for their sources."""
    return ReadyPlan(
        tuple(orjson.dumps(root.key) + b":" for root in plan.roots),
        tuple(_ready_root(root, sources) for root in plan.roots),
        tuple(_ready_hop(hop, sources) for hop in plan.hops),
    )


def _ready_root(root: Root, sources: Sources) -> ReadyRoot:
    match root.value:
        case Typename(name):
            return ReadyConstant(orjson.dumps(name))
        case Read():
            return _ready_read(root.value, sources)
        case Choice(reads, ids, is_list):
            by_type = {name: (read.relation, _ready_read(read, sources)) for name, read in reads}
            return ReadyChoice(by_type, ids, is_list)
        case RootCall(endpoint, arguments, type_, projection):
            return ReadyCall(endpoint, arguments, projector(type_, projection))


def _ready_hop(hop: Hop, sources: Sources) -> ReadyCallHop | ReadyReadHop:
    match hop:
        case CallHop(call, type_, projection):
            return ReadyCallHop(call, projector(type_, projection))
        case ReadHop(read):
            return ReadyReadHop(_ready_read(read, sources), tuple(link.type for link in read.keyed_by))


def _ready_read(read: Read, sources: Sources) -> ReadyRead:
    source = sources[read.relation.id.source]
    return ReadyRead(source, source.prepare(read))


@dataclass(frozen=True, slots=True)
class Run:
    """A plan's run in one request."""

    plan: ReadyPlan
    variables: Mapping[str, Any]
    session: Session
    calls: Calls

    async def roots(self) -> list[bytes | PunnetError]:
        """The JSON of each root in their order, or the error that it failed with."""
        if len(self.plan.roots) == 1:
            # The common case needs no task.
            return [await self._caught(self.plan.roots[0])]
        return list(await asyncio.gather(*(self._caught(root) for root in self.plan.roots)))

    async def fill(self, text: bytes) -> bytes:
        """The text with the places of its hops filled.

        Raises:
            PunnetError: a key failed, or was answered with what its type cannot carry.
        """
        return await fill_hops(text, self._fill_hop) if self.plan.hops else text

    async def _caught(self, root: ReadyRoot) -> bytes | PunnetError:
        try:
            answer = await self._root(root)
        except PunnetError as error:
            return error
        if UNREPRESENTABLE in answer:
            return ValueNotRepresentable(what="A value cannot be carried by its scalar.")
        return answer

    async def _root(self, root: ReadyRoot) -> bytes:
        match root:
            case ReadyRead(source, prepared):
                return await source.answer(prepared, self.variables, self.session) or b"null"
            case ReadyConstant(json):
                return json
            case ReadyChoice():
                return await _run_choice(root, self.variables, self.session)
            case ReadyCall(endpoint, arguments, project):
                values = {name: _argument(operand, self.variables) for name, operand in arguments}
                return _projected(project, await self.calls.root(endpoint, values))

    async def _fill_hop(self, number: int, keys: Sequence[bytes]) -> list[bytes]:
        values = [tuple(orjson.loads(key)) for key in keys]
        match self.plan.hops[number]:
            case ReadyCallHop(call, project):
                answers = await self.calls.load_many(call, values)
                return [_projected(project, answer) for answer in answers]
            case ReadyReadHop(read, types):
                return await self._fill_rows(read, types, values)

    async def _fill_rows(
        self, read: ReadyRead, types: Sequence[DataType], values: Sequence[tuple[object, ...]]
    ) -> list[bytes]:
        texts = [tuple(key_text(part) for part in value) for value in values]
        possible = [key for key in dict.fromkeys(texts) if can_be_key(key, types)]
        found = await read.source.answers(read.prepared, possible, self.variables, self.session) if possible else []
        by_key = dict(zip(possible, found, strict=True))
        if any(answer is not None and UNREPRESENTABLE in answer for answer in found):
            raise ValueNotRepresentable(what="A value cannot be carried by its scalar.")
        return [by_key.get(key) or b"null" for key in texts]


def _argument(value: Any, variables: Mapping[str, Any]) -> Any:
    """The value of a call's argument: the members of an object can be open, too."""
    match value:
        case Variable():
            return operand_value(value, variables)
        case Constant(constant):
            return _argument(constant, variables)
        case Items(items):
            return [_argument(item, variables) for item in items]
        case list() | tuple():
            return [_argument(item, variables) for item in value]
        case dict():
            return {name: _argument(member, variables) for name, member in value.items()}
        case _:
            return value


def _projected(project: Project, answer: object) -> bytes:
    if isinstance(answer, Exception):
        raise NotProjectable("a key failed") from answer
    try:
        return orjson.dumps(project(answer))
    except (GraphQLError, TypeError, ValueError) as error:
        raise NotProjectable(str(error)) from error


async def _run_choice(choice: ReadyChoice, variables: Mapping[str, Any], session: Session) -> bytes:
    value = operand_value(choice.ids, variables)
    ids = [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)]
    places: dict[str, dict[Key, list[int]]] = {}
    for place, global_id in enumerate(ids):
        type_name, key = decode_id(global_id)
        chosen = choice.reads.get(type_name)
        if chosen is not None and is_key_of(key, chosen[0]):
            places.setdefault(type_name, {}).setdefault(key, []).append(place)
    answers = [b"null"] * len(ids)
    await asyncio.gather(
        *(
            _fill(answers, choice.reads[type_name][1], places_of, variables, session)
            for type_name, places_of in places.items()
        )
    )
    return b"[" + b",".join(answers) + b"]" if choice.is_list else answers[0]


async def _fill(
    answers: list[bytes],
    read: ReadyRead,
    places_of: Mapping[Key, Sequence[int]],
    variables: Mapping[str, Any],
    session: Session,
) -> None:
    keys = list(places_of)
    for key, answer in zip(keys, await read.source.answers(read.prepared, keys, variables, session), strict=True):
        for place in places_of[key]:
            answers[place] = answer or b"null"
