"""What tells the keys of calls apart: Python takes 1, true and 1.0 for one, a service may not."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import chain

CallKey = tuple[object, ...]
"""The value of each parameter, as JSON has it; none of them is null."""

# No value of the one equals one of the other.
_PLAIN = frozenset((str, int))


def identity(key: CallKey) -> Hashable:
    """What is equal for two keys only where they have the same JSON."""
    return key if _PLAIN.issuperset(map(type, key)) else repr(key)


def identities(keys: Sequence[CallKey]) -> Sequence[Hashable]:
    """The same of each key."""
    # Nearly all are texts and whole numbers, and tell themselves apart.
    if _PLAIN.issuperset(map(type, chain.from_iterable(keys))):
        return keys
    return [identity(key) for key in keys]
