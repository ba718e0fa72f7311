"""A DataLoader whose callers cannot hurt each other.

Contract, as github.com/graphql/dataloader has it under "Batch Function": the keys asked in one tick make one batch;
each distinct key is in it once; the batch function gives one value, or one exception, a key, in the keys' order.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from aiodataloader import DataLoader

K = TypeVar("K")
V = TypeVar("V")

Batch = Callable[[list[K]], Awaitable[list[V]]]


class Loader(Generic[K, V]):
    """Loads values by keys, in batches. New for each request.

    Over aiodataloader it mends three things: a caller that is cancelled takes no other caller of the same key with
    it; a key whose loading was cancelled can be asked again; a batch runs in the context in which the loader was
    made, not in that of whoever happened to ask first.
    """

    def __init__(self, batch: Batch[K, V], *, max_batch_size: int | None = None) -> None:
        self._context = contextvars.copy_context()
        self._batch = batch
        self._loader: DataLoader[K, V] = DataLoader(
            self._run, max_batch_size=max_batch_size, loop=asyncio.get_running_loop()
        )

    async def load(self, key: K) -> V:
        """The value of a key, in the batch of this tick; raises what the batch made of it."""
        return await asyncio.shield(self._loader.load(key))

    async def load_many(self, keys: list[K]) -> list[V]:
        """The values of several keys, in their order; the first error is raised."""
        return list(await asyncio.gather(*(self.load(key) for key in keys)))

    async def _run(self, keys: list[K]) -> list[V]:
        task = asyncio.get_running_loop().create_task(_await(self._batch(keys)), context=self._context)
        try:
            return await task
        except asyncio.CancelledError:
            for key in keys:
                self._loader.clear(key)
            task.cancel()
            raise


async def _await(values: Awaitable[V]) -> V:
    return await values
