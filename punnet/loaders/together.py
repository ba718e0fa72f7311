"""Several waits as one, of which none outlives the others."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
U = TypeVar("U")


async def both(one: Coroutine[Any, Any, T], other: Coroutine[Any, Any, U]) -> tuple[T, U]:
    """Wait for two at once; where one fails, the other is cancelled, and has ended when the error is raised.

    `asyncio.gather` would let it run on, behind the answer.
    """
    first, second = asyncio.ensure_future(one), asyncio.ensure_future(other)
    try:
        await asyncio.gather(first, second)
    except BaseException as error:
        if isinstance(error, Exception):
            # When we are cancelled ourselves, gather has cancelled them; once more would disturb them at clearing up.
            first.cancel()
            second.cancel()
        await asyncio.gather(first, second, return_exceptions=True)
        raise
    return first.result(), second.result()
