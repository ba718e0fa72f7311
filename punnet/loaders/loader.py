"""A DataLoader whose callers cannot hurt each other.

Contract, as github.com/graphql/dataloader has it under "Batch Function": the keys asked in one tick make one batch;
each distinct key is in it once; the batch function gives one value, or one exception, a key, in the keys' order.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Any, Generic, TypeVar

from aiodataloader import DataLoader

from punnet.errors import PunnetError

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

Batch = Callable[[list[K]], Awaitable[Sequence[V | Exception]]]


class BatchCancelled(PunnetError):
    """A batch was cancelled while callers waited for it, from within: they did not ask for that."""

    code = "LOADERS-001"

    def __init__(self) -> None:
        super().__init__(what="the loading of a batch was cancelled", fix="ask again")


class WrongBatch(PunnetError):
    """A batch function broke its contract."""

    code = "LOADERS-002"

    def __init__(self, *, keys: int, values: int) -> None:
        super().__init__(
            what=f"a batch function gave {values} values for {keys} keys",
            fix="return one value, None or an exception for each key, in the order of the keys",
        )


class Loader(Generic[K, V]):
    """Loads values by keys, in batches. New for each request.

    Over aiodataloader it mends four things: a caller that is cancelled takes no other caller of the same key with
    it; a key whose loading was cancelled can be asked again; a batch runs in the context in which the loader was
    made, not in that of whoever happened to ask first; and a batch that nobody waits for any more is cancelled.
    """

    def __init__(
        self,
        batch: Batch[K, V],
        *,
        max_batch_size: int | None = None,
        identity: Callable[[K], Hashable] | None = None,
    ) -> None:
        """Make a loader that has asked nothing yet.

        Args:
            batch: loads the values.
            max_batch_size: the most keys that it takes.
            identity: what tells keys apart, where it is not the keys themselves.
        """
        self._context = contextvars.copy_context()
        self._batch = batch
        self._loader: DataLoader[K, Any] = DataLoader(
            self._run, max_batch_size=max_batch_size, get_cache_key=identity, loop=asyncio.get_running_loop()
        )
        self._waiting = 0
        self._running: set[asyncio.Task[Sequence[V | Exception]]] = set()

    async def load(self, key: K) -> V:
        """The value of a key, in the batch of this tick; raises what the batch made of it."""
        self._waiting += 1
        future = self._loader.load(key)
        try:
            value: V = await asyncio.shield(future)
            return value
        except asyncio.CancelledError:
            future.add_done_callback(take_error)
            raise
        finally:
            self._waiting -= 1
            if not self._waiting and self._running:
                self._abandon()

    async def load_many(self, keys: Sequence[K]) -> list[V]:
        """The values of several keys, in their order; the first error is raised."""
        return list(await asyncio.gather(*(self.load(key) for key in keys)))

    async def _run(self, keys: list[K]) -> list[V | Exception]:
        if not self._waiting:
            # They were cancelled in the tick in which they asked.
            self._loader.clear_all()
            raise BatchCancelled
        task = asyncio.get_running_loop().create_task(_await(self._batch, keys), context=self._context.copy())
        self._running.add(task)
        try:
            values = await task
        except asyncio.CancelledError as error:
            # aiodataloader lets only exceptions through to the callers: with anything else they wait for ever.
            task.cancel()
            raise BatchCancelled from error
        finally:
            self._running.discard(task)
        if len(values) != len(keys):
            raise WrongBatch(keys=len(keys), values=len(values))
        return list(values)

    def _abandon(self) -> None:
        # At once, so that whoever asks next does not find what is being cancelled.
        self._loader.clear_all()
        for task in self._running:
            task.cancel()


def take_error(future: asyncio.Future[Any]) -> None:
    """Nobody is left to whom an error could go, and asyncio reports those that nobody took."""
    if not future.cancelled():
        future.exception()


async def _await(batch: Batch[K, V], keys: list[K]) -> Sequence[V | Exception]:
    return await batch(keys)
