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
from punnet.loaders.arguments import arguments_of_key, arguments_of_keys
from punnet.loaders.identity import CallKey, identities, identity
from punnet.loaders.loader import Loader
from punnet.loaders.work import Work, until_ended
from punnet.planning.calls import BatchRule, KeyedCall
from punnet.sources.errors import SourceFailed
from punnet.sources.services import Conversation, Pending

Answer = object | Exception
_Keys = dict[Hashable, CallKey]
"""Distinct keys in the order they were asked, by what tells them apart."""


class Calls:
    """The calls of one request, or of one of the fields by which it changes something."""

    def __init__(self, services: Mapping[str, Conversation]) -> None:
        self._services = services
        self._endpoints: dict[EndpointId, _EndpointWorks] = {}
        self._keyed: dict[Hashable, _KeyedWorks] = {}

    def anew(self) -> Calls:
        """Calls of the same request, and with its limit, that know no answers yet and join no call under way."""
        return Calls({name: service.apart() for name, service in self._services.items()})

    async def root(self, endpoint: Endpoint, arguments: Mapping[str, object]) -> object:
        """The result of a call that the operation itself asks for; one that only reads is made once."""
        work = self._of_endpoint(endpoint).work(arguments)
        await until_ended((work,))
        if isinstance(work.outcome, Exception):
            raise work.outcome
        return work.outcome

    def loader(self, call: KeyedCall) -> Loader[CallKey, Answer]:
        """The loader of a call's answers, for resolvers."""

        async def batch(keys: list[CallKey]) -> list[Answer]:
            return await self.load_many(call, keys)

        keyed = self._of_call(call)
        if keyed.loader is None:
            keyed.loader = Loader(batch, identity=identity)
        return keyed.loader

    async def load_many(self, call: KeyedCall, keys: Sequence[CallKey]) -> list[Answer]:
        """An answer or an error for each key; what is not known yet is asked in as few calls as the batch allows."""
        keyed = self._of_call(call)
        if call.batch is None:
            return await self._load_each(call, keys, keyed)
        return await self._load_batches(call, call.batch, keys, keyed)

    async def _load_each(self, call: KeyedCall, keys: Sequence[CallKey], keyed: _KeyedWorks) -> list[Answer]:
        works, endpoint = keyed.works, self._of_endpoint(call.endpoint)
        told_apart = identities(keys)
        for name, key in keyed.to_be_asked(dict(zip(told_apart, keys, strict=True))).items():
            # As if the operation had asked it: it may have, beside this.
            works[name] = endpoint.work(arguments_of_key(call.parameters, call.asked(key)))
        asked = [works[name] for name in told_apart]
        await until_ended(set(asked))
        return [work.outcome for work in asked]

    async def _load_batches(
        self, call: KeyedCall, rule: BatchRule, keys: Sequence[CallKey], keyed: _KeyedWorks
    ) -> list[Answer]:
        told_apart = identities(keys)
        new = keyed.to_be_asked(dict(zip(told_apart, keys, strict=True)))
        begun = await self._begin_batches(call, rule, new, keyed) if new else ()
        works = keyed.works
        asked = [works[name] for name in told_apart]
        await until_ended({*asked, *begun})
        outcomes = {work: work.outcome for work in set(asked)}
        return [
            outcome[name] if isinstance(outcome := outcomes[work], dict) else outcome
            for name, work in zip(told_apart, asked, strict=True)
        ]

    async def _begin_batches(
        self, call: KeyedCall, rule: BatchRule, new: _Keys, keyed: _KeyedWorks
    ) -> Collection[Work]:
        keyed.new |= new
        # Several fields of a level may lead to one call: whoever wakes first asks for all of them.
        await asyncio.sleep(0)
        # Whoever woke first may have been cancelled since, and its calls with it.
        taken = keyed.to_be_asked(keyed.new | new)
        keyed.new = {}
        names, keys = list(taken), list(taken.values())
        begun: list[Work] = []
        for start in range(0, len(keys), rule.max_keys):
            chunk = slice(start, start + rule.max_keys)
            work = Work(partial(self._start_batch, call, keys[chunk]), _aligner(call, rule, names[chunk], keys[chunk]))
            keyed.works |= dict.fromkeys(names[chunk], work)
            begun.append(work)
        return begun

    def _start_batch(self, call: KeyedCall, keys: Sequence[CallKey]) -> Pending:
        asked = [call.asked(key) for key in keys] if call.whole_numbers else keys
        return self._services[call.endpoint.id.source].start(call.endpoint, arguments_of_keys(call.parameters, asked))

    def _of_endpoint(self, endpoint: Endpoint) -> _EndpointWorks:
        works = self._endpoints.get(endpoint.id)
        if works is None:
            service = self._services[endpoint.id.source]
            works = self._endpoints[endpoint.id] = _EndpointWorks(endpoint, service)
        return works

    def _of_call(self, call: KeyedCall) -> _KeyedWorks:
        identity = _identity(call)
        return self._keyed.get(identity) or self._keyed.setdefault(identity, _KeyedWorks())


class _EndpointWorks:
    """What a request asks of an endpoint."""

    __slots__ = ("_endpoint", "_service", "_works")

    def __init__(self, endpoint: Endpoint, service: Conversation) -> None:
        self._endpoint = endpoint
        self._service = service
        self._works: dict[bytes, Work] = {}

    def work(self, arguments: Mapping[str, object]) -> Work:
        """The call with these arguments: one that only reads is made once."""
        start = partial(self._service.start, self._endpoint, arguments)
        if self._endpoint.method != "GET":
            return Work(start)
        key = _canonical(arguments)
        work = self._works.get(key)
        if work is None or work.is_given_up:
            work = self._works[key] = Work(start)
        return work


class _KeyedWorks:
    """What a request asks of a call by keys."""

    __slots__ = ("loader", "new", "works")

    def __init__(self) -> None:
        self.works: dict[Hashable, Work] = {}
        """The call that each key is in."""
        self.new: _Keys = {}
        """Those that are to go into the batches of this tick."""
        self.loader: Loader[CallKey, Answer] | None = None

    def to_be_asked(self, keys: _Keys) -> _Keys:
        """Those of the keys that are in no call, or in one that was given up."""
        works = self.works
        if not works:
            return keys
        return {name: key for name, key in keys.items() if (work := works.get(name)) is None or work.is_given_up}


def _identity(call: KeyedCall) -> Hashable:
    """What tells calls of one request apart; an endpoint's own hash takes longer than the rest of a key's way."""
    return (call.endpoint.id, call.parameters, call.batch, call.is_list)


def _canonical(arguments: Mapping[str, object]) -> bytes:
    try:
        return orjson.dumps(arguments, default=str, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        # A number beyond 64 bits.
        return json.dumps(arguments, sort_keys=True, default=str).encode()


def _aligner(
    call: KeyedCall, rule: BatchRule, names: Sequence[Hashable], keys: Sequence[CallKey]
) -> Callable[[object], Answer]:
    """From the result for many keys to a dict by what tells them apart."""

    def align(result: object) -> dict[Hashable, object]:
        endpoint = call.endpoint.id
        try:
            items = align_items(keys, result, rule.members, is_list=call.is_list, source=endpoint.source)
        except SourceFailed as error:
            raise error.during(f"operation '{endpoint.name}'") from error
        return dict(zip(names, items, strict=True))

    return align
