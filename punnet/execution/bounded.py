"""Values kept as long as there is room for them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Bounded(Generic[K, V]):
    """The values used last, up to a number of them, and up to a weight of all together."""

    def __init__(self, size: int, max_weight: int = 0) -> None:
        self._size = size
        self._max_weight = max_weight
        self._values: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._weight = 0

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: K) -> V | None:
        """The value, which is then the last one used."""
        found = self._values.get(key)
        if found is None:
            return None
        self._values.move_to_end(key)
        return found[0]

    def put(self, key: K, value: V, weight: int = 0) -> None:
        """Keep the value, and forget those not used for longest while there are too many, or too heavy ones."""
        self._weight += weight - self._values.pop(key, (value, 0))[1]
        self._values[key] = value, weight
        while len(self._values) > self._size or self._weight > self._max_weight:
            _, (_, forgotten) = self._values.popitem(last=False)
            self._weight -= forgotten
