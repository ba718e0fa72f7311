"""A plan made ready for its sources, and its run: all roots at once, bytes out."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from punnet.access.condition import Constant, Items, Operand, Variable, is_negative, operand_value
from punnet.access.session import Session
from punnet.catalog.endpoints import Endpoint
from punnet.catalog.types import DataType
from punnet.errors import BadUserInput, PunnetError, ValueNotRepresentable
from punnet.execution.choice import ReadyChoice
from punnet.execution.hops import fill_hops
from punnet.execution.project import Project, projected, projected_each, projector, taking
from punnet.execution.reads import ReadyRead, RowSources, ready_read
from punnet.execution.ready_reads import ReadyReads
from punnet.loaders.align import key_text
from punnet.loaders.calls import Calls
from punnet.loaders.failed import FailedReads
from punnet.planning.calls import CallHop, Hop, KeyedCall, ReadHop, ReferenceHop, RootCall
from punnet.planning.choice import Choice
from punnet.planning.ids import can_be_key
from punnet.planning.marks import UNREPRESENTABLE
from punnet.planning.plan import Known, Plan, SameAs
from punnet.planning.read import Read, Typename


@dataclass(frozen=True, slots=True)
class ReadyConstant:
    """A root whose answer is known."""

    json: bytes
    counts: tuple[Operand, ...] = ()
    """Numbers of rows, none of which can be negative."""


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


@dataclass(frozen=True, slots=True)
class ReadyReferenceHop:
    """A place that asks nobody."""

    members: tuple[str, ...]
    project: Project


ReadyHop = ReadyCallHop | ReadyReadHop | ReadyReferenceHop
ReadyRoot = ReadyConstant | ReadyRead | ReadyChoice | ReadyCall


@dataclass(frozen=True, slots=True)
class ReadyPlan:
    """A plan with everything made that does not depend on a request."""

    keys: tuple[bytes, ...]
    """Each root's response key as it stands in the answer, with its colon."""
    roots: tuple[ReadyRoot, ...]
    """What is asked, each once."""
    answered_by: tuple[int, ...]
    """For each key, which of them has its answer."""
    hops: tuple[ReadyHop, ...]
    makes_calls: bool
    """Whether it may ask a service."""
    weight: int
    """In characters of a document: what it takes where fragments make more of the document than it has."""


_CHARACTERS_A_FIELD = 4
"""What a field weighs at least, however short the document that asks for it."""
_BYTES_A_CHARACTER = 140
"""What a plan takes for each character that it weighs."""


def ready(plan: Plan, sources: RowSources, kept: ReadyReads | None = None) -> ReadyPlan:
    """Render the plan's reads for their sources.

    Args:
        plan: what is asked.
        sources: by name.
        kept: where the reads of choices are kept, once they are rendered; None keeps them for this plan alone.
    """
    kept = ReadyReads() if kept is None else kept
    roots: list[ReadyRoot] = []
    answered_by: list[int] = []
    for root in plan.roots:
        if isinstance(root.value, SameAs):
            answered_by.append(answered_by[root.value.root])
        else:
            answered_by.append(len(roots))
            roots.append(_ready_root(root.value, sources, kept))
    return ReadyPlan(
        tuple(orjson.dumps(root.key) + b":" for root in plan.roots),
        tuple(roots),
        tuple(answered_by),
        tuple(_ready_hop(hop, sources) for hop in plan.hops),
        makes_calls=bool(plan.hops) or any(isinstance(root, ReadyCall | ReadyChoice) for root in roots),
        weight=_weight(plan, roots),
    )


def _weight(plan: Plan, roots: Sequence[ReadyRoot]) -> int:
    """Fragments make more of a plan than their document tells, and what is known may be long."""
    known = sum(len(root.json) for root in roots if isinstance(root, ReadyConstant))
    return plan.fields * _CHARACTERS_A_FIELD + known // _BYTES_A_CHARACTER


def _ready_root(value: Read | Choice | RootCall | Known | Typename, sources: RowSources, kept: ReadyReads) -> ReadyRoot:
    match value:
        case Typename(name):
            return ReadyConstant(orjson.dumps(name))
        case Known(json, counts):
            return ReadyConstant(json.encode(), counts)
        case Read():
            return ready_read(value, sources)
        case Choice():
            return ReadyChoice(value, sources, kept)
        case RootCall(endpoint, arguments, type_, projection):
            return ReadyCall(endpoint, arguments, projector(type_, projection))


def _ready_hop(hop: Hop, sources: RowSources) -> ReadyHop:
    match hop:
        case CallHop(call, type_, projection, value):
            project = projector(type_, projection)
            return ReadyCallHop(call, taking(value, project, is_list=call.is_list) if value else project)
        case ReferenceHop(members, type_, projection):
            return ReadyReferenceHop(members, projector(type_, projection))
        case ReadHop(read):
            return ReadyReadHop(ready_read(read, sources), tuple(link.type for link in read.keyed_by))


# Made for each request, and so not frozen: that would cost a microsecond.
@dataclass(slots=True)
class Run:
    """A plan's run in one request."""

    plan: ReadyPlan
    variables: Mapping[str, Any]
    session: Session
    calls: Calls
    failed: FailedReads

    async def roots(self) -> list[bytes | PunnetError]:
        """The JSON for each key in their order, or the error that its root failed with."""
        if len(self.plan.roots) == 1:
            # The common case needs no task.
            answers = [await self._caught(self.plan.roots[0])]
        else:
            answers = list(await asyncio.gather(*(self._caught(root) for root in self.plan.roots)))
        return [answers[number] for number in self.plan.answered_by]

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
            if isinstance(root, ReadyRead):
                # Other roots may have the whole operation asked by resolvers.
                self.failed.remember(root.read, (), self.variables, error)
            return error
        if UNREPRESENTABLE in answer:
            return ValueNotRepresentable(what="A value cannot be carried by its scalar.")
        return answer

    async def _root(self, root: ReadyRoot) -> bytes:
        match root:
            case ReadyRead(source, prepared):
                return await source.answer(prepared, self.variables, self.session) or b"null"
            case ReadyConstant(json, counts):
                if any(is_negative(count, self.variables) for count in counts):
                    raise BadUserInput(what="A number of rows cannot be negative.")
                return json
            case ReadyChoice():
                return await root.answer(self.variables, self.session, self.calls, self.failed)
            case ReadyCall(endpoint, arguments, project):
                values = {name: _argument(operand, self.variables) for name, operand in arguments}
                return projected(project, await self.calls.root(endpoint, values))

    async def _fill_hop(self, number: int, keys: Sequence[bytes]) -> list[bytes]:
        values = list(map(tuple, orjson.loads(b"[%b]" % b",".join(keys))))
        match self.plan.hops[number]:
            case ReadyCallHop(call, project):
                return projected_each(project, await self.calls.load_many(call, values))
            case ReadyReferenceHop(members, project):
                return projected_each(project, [dict(zip(members, value, strict=True)) for value in values])
            case ReadyReadHop(read, types):
                return await self._fill_rows(read, types, values)

    async def _fill_rows(
        self, read: ReadyRead, types: Sequence[DataType], values: Sequence[tuple[object, ...]]
    ) -> list[bytes]:
        texts = [tuple(key_text(part) for part in value) for value in values]
        possible = [key for key in dict.fromkeys(texts) if can_be_key(key, types)]
        found = await read.answers(possible, self.variables, self.session, self.failed) if possible else []
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
