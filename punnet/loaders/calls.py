"""Calls of services, each key asked once a request however often it occurs.

Both ways of execution load through here, so that an operation that falls back asks nothing twice.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from functools import partial

import orjson

from punnet.catalog.endpoints import Endpoint, EndpointId
from punnet.loaders.align import align_items
from punnet.loaders.loader import Loader
from punnet.loaders.work import Work, until_ended
from punnet.planning.calls import BatchRule, KeyedCall
from punnet.sources.services import Conversation, Pending

CallKey = tuple[object, ...]
"""The value of each parameter, as JSON has it; none of them is null."""
Answer = object | Exception


class Calls:
    """The calls of one request."""

    def __init__(self, services: Mapping[str, Conversation]) -> None:
        self._services = services
        self._works: dict[Hashable, dict[CallKey, Work]] = {}
        self._loaders: dict[Hashable, Loader[CallKey, Answer]] = {}
        self._new: dict[Hashable, dict[CallKey, None]] = {}
        self._roots: dict[tuple[EndpointId, bytes], Work] = {}

    async def root(self, endpoint: Endpoint, arguments: Mapping[str, object]) -> object:
        """The result of a call that the operation itself asks for; one that only reads is made once."""
        work = self._root(endpoint, arguments)
        await until_ended((work,))
        if isinstance(work.outcome, Exception):
            raise work.outcome
        return work.outcome

    def loader(self, call: KeyedCall) -> Loader[CallKey, Answer]:
        """The loader of a call's answers, for resolvers."""

        async def batch(keys: list[CallKey]) -> list[Answer]:
            return await self.load_many(call, keys)

        identity = _identity(call)
        return self._loaders.get(identity) or self._loaders.setdefault(identity, Loader(batch))

    async def load_many(self, call: KeyedCall, keys: Sequence[CallKey]) -> list[Answer]:
        """An answer or an error for each key; what is not known yet is asked in as few calls as the batch allows."""
        works = self._works.setdefault(_identity(call), {})
        new = [key for key in dict.fromkeys(keys) if _is_to_be_asked(works.get(key))]
        begun: Collection[Work] = ()
        if new and call.batch is None:
            for key in new:
                # As if the operation had asked it: it may have, beside this.
                works[key] = self._root(call.endpoint, dict(zip(call.parameters, call.asked(key), strict=True)))
        elif new and call.batch is not None:
            begun = await self._begin_batches(call, call.batch, new, works)
        asked = [works[key] for key in keys]
        await until_ended({*asked, *begun})
        if call.batch is None:
            return [work.outcome for work in asked]
        return [_answer_to(key, work.outcome) for key, work in zip(keys, asked, strict=True)]

    def _root(self, endpoint: Endpoint, arguments: Mapping[str, object]) -> Work:
        start = partial(self._services[endpoint.id.source].start, endpoint, arguments)
        if endpoint.method != "GET":
            return Work(start)
        key = (endpoint.id, _canonical(arguments))
        work = self._roots.get(key)
        if work is None or work.is_given_up:
            work = self._roots[key] = Work(start)
        return work

    async def _begin_batches(
        self, call: KeyedCall, rule: BatchRule, new: Sequence[CallKey], works: dict[CallKey, Work]
    ) -> list[Work]:
        identity = _identity(call)
        self._new.setdefault(identity, {}).update(dict.fromkeys(new))
        # Several fields of a level may lead to one call: whoever wakes first asks for all of them.
        await asyncio.sleep(0)
        # Whoever woke first may have been cancelled since, and its calls with it.
        taken = [key for key in self._new.pop(identity, {}) | dict.fromkeys(new) if _is_to_be_asked(works.get(key))]
        begun: list[Work] = []
        for start in range(0, len(taken), rule.max_keys):
            chunk = taken[start : start + rule.max_keys]
            work = Work(partial(self._start_batch, call, chunk), _aligner(call, rule, chunk))
            works |= dict.fromkeys(chunk, work)
            begun.append(work)
        return begun

    def _start_batch(self, call: KeyedCall, keys: Sequence[CallKey]) -> Pending:
        arguments = _many(call, [call.asked(key) for key in keys])
        return self._services[call.endpoint.id.source].start(call.endpoint, arguments)


def _identity(call: KeyedCall) -> Hashable:
    """What tells calls of one request apart; an endpoint's own hash takes longer than the rest of a key's way."""
    return (call.endpoint.id, call.parameters, call.batch, call.is_list)


def _is_to_be_asked(work: Work | None) -> bool:
    return work is None or work.is_given_up


def _canonical(arguments: Mapping[str, object]) -> bytes:
    try:
        return orjson.dumps(arguments, default=str, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        # A number beyond 64 bits.
        return json.dumps(arguments, sort_keys=True, default=str).encode()


def _aligner(call: KeyedCall, rule: BatchRule, keys: Sequence[CallKey]) -> Callable[[object], Answer]:
    """From the result for many keys to a dict by key."""

    def align(result: object) -> dict[CallKey, object]:
        source = call.endpoint.id.source
        return dict(
            zip(keys, align_items(keys, result, rule.members, is_list=call.is_list, source=source), strict=True)
        )

    return align


def _answer_to(key: CallKey, outcome: Answer) -> Answer:
    return outcome[key] if isinstance(outcome, dict) else outcome


def _many(call: KeyedCall, keys: Sequence[CallKey]) -> dict[str, object]:
    """The arguments of a call for many keys: a list a parameter, or one list of an object a key."""
    heads = {name.partition("[].")[0] for name in call.parameters if "[]." in name}
    if heads:
        [head] = heads
        names = [name.removeprefix(f"{head}[].") for name in call.parameters]
        return {head: [dict(zip(names, key, strict=True)) for key in keys]}
    return {name: [key[number] for key in keys] for number, name in enumerate(call.parameters)}
