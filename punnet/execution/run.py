"""A plan made ready for its sources, and its run: all roots at once, bytes out."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from punnet.access.condition import Operand, operand_value
from punnet.access.session import Session
from punnet.catalog.relations import Relation
from punnet.errors import PunnetError, ValueNotRepresentable
from punnet.planning.ids import decode_id, is_key_of
from punnet.planning.read import Choice, Plan, Read, Root, Typename
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
class ReadyPlan:
    """A plan with everything made that does not depend on a request."""

    keys: tuple[bytes, ...]
    """Each root's response key as it stands in the answer, with its colon."""
    roots: tuple[ReadyConstant | ReadyRead | ReadyChoice, ...]


def ready(plan: Plan, sources: Sources) -> ReadyPlan:
    """Render the plan's reads for their sources."""
    return ReadyPlan(
        tuple(orjson.dumps(root.key) + b":" for root in plan.roots),
        tuple(_ready_root(root, sources) for root in plan.roots),
    )


def _ready_root(root: Root, sources: Sources) -> ReadyConstant | ReadyRead | ReadyChoice:
    match root.value:
        case Typename(name):
            return ReadyConstant(orjson.dumps(name))
        case Read():
            return _ready_read(root.value, sources)
        case Choice(reads, ids, is_list):
            by_type = {name: (read.relation, _ready_read(read, sources)) for name, read in reads}
            return ReadyChoice(by_type, ids, is_list)


def _ready_read(read: Read, sources: Sources) -> ReadyRead:
    source = sources[read.relation.id.source]
    return ReadyRead(source, source.prepare(read))


async def run(plan: ReadyPlan, variables: Mapping[str, Any], session: Session) -> list[bytes | PunnetError]:
    """The JSON of each root in their order, or the error that it failed with."""
    if len(plan.roots) == 1:
        # The common case needs no task.
        return [await _caught(plan.roots[0], variables, session)]
    return list(await asyncio.gather(*(_caught(root, variables, session) for root in plan.roots)))


async def _caught(
    root: ReadyConstant | ReadyRead | ReadyChoice, variables: Mapping[str, Any], session: Session
) -> bytes | PunnetError:
    try:
        answer = await _run_root(root, variables, session)
    except PunnetError as error:
        return error
    if UNREPRESENTABLE in answer:
        return ValueNotRepresentable(what="A value cannot be carried by its scalar.")
    return answer


async def _run_root(
    root: ReadyConstant | ReadyRead | ReadyChoice, variables: Mapping[str, Any], session: Session
) -> bytes:
    match root:
        case ReadyRead(source, prepared):
            return await source.answer(prepared, variables, session) or b"null"
        case ReadyConstant(json):
            return json
        case ReadyChoice():
            return await _run_choice(root, variables, session)


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
    for key, answer in zip(
        keys, await read.source.answers(read.prepared, keys, variables, session), strict=True
    ):
        for place in places_of[key]:
            answers[place] = answer or b"null"
