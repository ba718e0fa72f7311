"""graphql-core's executor, which leaves a float's digits as its source printed them, and nothing running behind it."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Coroutine, Sequence
from types import CoroutineType
from typing import Any, TypeGuard

from graphql import ExecutionResult, Executor, GraphQLLeafType
from graphql.pyutils import is_awaitable

from punnet.errors import ValueNotRepresentable
from punnet.loaders.loader import take_error
from punnet.resolvers.output import is_json
from punnet.sources.rows import FloatText

_Coroutine = Coroutine[Any, Any, Any]

# What most fields are. To look for `__await__` in these takes longer than all else that is done to see what they are.
_PLAIN = frozenset((str, int, float, bool, type(None), dict, list, tuple, FloatText))


class SourceTextExecutor(Executor[None]):
    """Runs the resolvers of one operation.

    graphql-core makes a coroutine for each field that waits, one in the other, and runs them as tasks. Where an
    operation is cancelled, or an error ends a part of it early, some have not begun: the executor runs them on, after
    the answer, or drops them, and Python warns of each. Here they are closed. Futures of a team's own, such as those of
    its data loaders, go on; what they fail with is read by nobody, as their fields are null.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._made: list[_Coroutine] = []
        self._futures: list[asyncio.Future[Any]] = []
        self.is_awaitable = _noting(self._made, self._futures)

    def execute_operation(self, serially: bool | None = None) -> Any:
        """Run the operation; what it left without a beginning never begins."""
        result: Any = super().execute_operation(serially)
        if isinstance(result, ExecutionResult):
            self._close_if_ended_early(result)
            return result
        return self._run(result)

    async def _run(self, operation: Awaitable[Any]) -> Any:
        try:
            result = await operation
        except BaseException:
            self._close_soon()
            raise
        self._close_if_ended_early(result)
        return result

    def settle_in_background(self, awaitables: list[Awaitable[Any]]) -> None:
        """End the rest of an object that is null by now: nobody reads it."""
        others: list[Awaitable[Any]] = []
        for awaitable in awaitables:
            if isinstance(awaitable, CoroutineType):
                _close_unless_begun(awaitable)
            else:
                others.append(awaitable)
        if others:
            super().settle_in_background(others)

    def track_async_work(self, values: Sequence[Any]) -> None:
        """Run on in the background what a resolver gave away for that."""
        awaitables = [value for value in values if self.is_awaitable(value)]
        if awaitables:
            super().settle_in_background(awaitables)

    def complete_list_item_value(self, item: Any, complete_results: list[Any], *rest: Any) -> bool:
        """Complete an item of a list; a coroutine for it is noted, too."""
        is_coroutine = super().complete_list_item_value(item, complete_results, *rest)
        if is_coroutine:
            self._made.append(complete_results[-1])
        return is_coroutine

    def complete_awaitable_list_item_value(self, *item: Any) -> _Coroutine:
        """Complete an item of a list that is a coroutine itself; the one for it is noted, too."""
        coroutine = super().complete_awaitable_list_item_value(*item)
        self._made.append(coroutine)
        return coroutine

    @staticmethod
    def complete_leaf_value(return_type: GraphQLLeafType, result: Any) -> Any:
        """Complete a scalar or an enum; the scalar Float would make a plain float, and so other digits."""
        if isinstance(result, FloatText):
            return result
        leaf = Executor.complete_leaf_value(return_type, result)
        if not is_json(leaf):
            raise ValueNotRepresentable(what=f"A resolver gave a value of {return_type} that JSON cannot have.")
        return leaf

    def _close_if_ended_early(self, result: ExecutionResult) -> None:
        if result.errors:
            self._close_soon()
        else:
            # All were awaited. An executor waits for the garbage collector, which nothing this long should.
            self._made.clear()
            self._futures.clear()

    def _close_soon(self) -> None:
        # A task that was cancelled before its first step makes that step now, and needs its coroutine for it.
        asyncio.get_running_loop().call_soon(self._close)

    def _close(self) -> None:
        for coroutine in self._made:
            _close_unless_begun(coroutine)
        for future in self._futures:
            future.add_done_callback(take_error)
        self._made.clear()
        self._futures.clear()


def _noting(made: list[_Coroutine], futures: list[asyncio.Future[Any]]) -> Any:
    """graphql-core's predicate, which meets everything that a field gives, and notes what will give it later."""
    note = made.append

    def is_noted_awaitable(value: Any) -> TypeGuard[Awaitable[Any]]:
        if isinstance(value, CoroutineType):
            note(value)
            return True
        if type(value) in _PLAIN or not is_awaitable(value):
            return False
        if asyncio.isfuture(value):
            futures.append(value)
        return True

    return is_noted_awaitable


def _close_unless_begun(coroutine: _Coroutine) -> None:
    if inspect.getcoroutinestate(coroutine) == inspect.CORO_CREATED:
        coroutine.close()
