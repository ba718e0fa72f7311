"""Calls of services, each key asked once a request however often it occurs.

Both ways of execution load through here, so that an operation that falls back asks nothing twice.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence

from punnet.catalog.endpoints import Endpoint
from punnet.loaders.align import align_items
from punnet.loaders.loader import Loader
from punnet.planning.calls import KeyedCall
from punnet.sources.services import Conversation

CallKey = tuple[object, ...]
"""The value of each parameter, as JSON has it; none of them is null."""
Answer = object | Exception


class Calls:
    """The calls of one request."""

    def __init__(self, services: Mapping[str, Conversation]) -> None:
        self._services = services
        self._answers: dict[KeyedCall, dict[CallKey, asyncio.Future[Answer]]] = {}
        self._loaders: dict[KeyedCall, Loader[CallKey, Answer]] = {}
        self._new: dict[KeyedCall, list[CallKey]] = {}
        self._roots: dict[tuple[Endpoint, str], asyncio.Future[Answer]] = {}

    async def root(self, endpoint: Endpoint, arguments: Mapping[str, object]) -> object:
        """The result of a call that the operation itself asks for; one that only reads is made once."""
        if endpoint.method != "GET":
            return await self._services[endpoint.id.source].ask(endpoint, arguments)
        key = (endpoint, json.dumps(arguments, sort_keys=True, default=str))
        if key not in self._roots:
            self._roots[key] = asyncio.get_running_loop().create_future()
            await self._settle_root(endpoint, arguments, self._roots[key])
        await asyncio.wait([self._roots[key]])
        answer = self._roots[key].result()
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def _settle_root(
        self, endpoint: Endpoint, arguments: Mapping[str, object], future: asyncio.Future[Answer]
    ) -> None:
        try:
            future.set_result(await self._services[endpoint.id.source].ask(endpoint, arguments))
        except asyncio.CancelledError:
            future.cancel()
            raise
        except Exception as error:  # each field that asks for it says so
            future.set_result(error)

    def loader(self, call: KeyedCall) -> Loader[CallKey, Answer]:
        """The loader of a call's answers, for resolvers."""

        async def batch(keys: list[CallKey]) -> list[Answer]:
            return await self.load_many(call, keys)

        return self._loaders.get(call) or self._loaders.setdefault(call, Loader(batch))

    async def load_many(self, call: KeyedCall, keys: Sequence[CallKey]) -> list[Answer]:
        """An answer or an error for each key; what is not known yet is asked in as few calls as the batch allows."""
        answers = self._answers.setdefault(call, {})
        new = [key for key in dict.fromkeys(keys) if key not in answers]
        loop = asyncio.get_running_loop()
        answers |= {key: loop.create_future() for key in new}
        asked = [answers[key] for key in keys]
        self._new.setdefault(call, []).extend(new)
        # Several fields of a level may lead to one call: whoever wakes first asks for all of them.
        await asyncio.sleep(0)
        taken = self._new.pop(call, [])
        size = call.batch.max_keys if call.batch is not None else 1
        chunks = [taken[start : start + size] for start in range(0, len(taken), size)]
        await asyncio.gather(*(self._settle(call, chunk, answers) for chunk in chunks))
        # Not awaited one by one: a caller that is cancelled would cancel them for all others.
        if others := {future for future in asked if not future.done()}:
            await asyncio.wait(others)
        return [future.result() for future in asked]

    async def _settle(
        self, call: KeyedCall, keys: list[CallKey], answers: dict[CallKey, asyncio.Future[Answer]]
    ) -> None:
        try:
            found = await self._ask(call, keys)
        except asyncio.CancelledError:
            for key in keys:
                # Forgotten, so that it can be asked again.
                answers.pop(key).cancel()
            raise
        except Exception as error:  # each of these keys has failed with it, and says so where it is asked for
            found = [error] * len(keys)
        for key, answer in zip(keys, found, strict=True):
            answers[key].set_result(answer)

    async def _ask(self, call: KeyedCall, keys: list[CallKey]) -> list[Answer]:
        if call.batch is None:
            [key] = keys
            # As if the operation had asked it: it may have, beside this.
            return [await self.root(call.endpoint, dict(zip(call.parameters, key, strict=True)))]
        service = self._services[call.endpoint.id.source]
        result = await service.ask(call.endpoint, _many(call, keys))
        return align_items(keys, result, call.batch.members, is_list=call.is_list, source=call.endpoint.id.source)


def _many(call: KeyedCall, keys: Sequence[CallKey]) -> dict[str, object]:
    """The arguments of a call for many keys: a list a parameter, or one list of an object a key."""
    heads = {name.partition("[].")[0] for name in call.parameters if "[]." in name}
    if heads:
        [head] = heads
        names = [name.removeprefix(f"{head}[].") for name in call.parameters]
        return {head: [dict(zip(names, key, strict=True)) for key in keys]}
    return {name: [key[number] for key in keys] for number, name in enumerate(call.parameters)}
