"""From keys to the arguments of the calls that ask for them: pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from punnet.catalog.key_places import KeyPlace


def arguments_of_key(places: Sequence[KeyPlace], key: Iterable[object]) -> dict[str, object]:
    """The arguments of a call for one key, whose parts go to these places."""
    return _nested([place.path for place in places], key)


def arguments_of_keys(places: Sequence[KeyPlace], keys: Sequence[Sequence[object]]) -> dict[str, object]:
    """The arguments of a call for many keys: a list for each place, or one list with an object for each key."""
    lists = {place.path for place in places if place.item}
    if lists:
        [path] = lists
        items = [place.item for place in places]
        return _nested([path], [[_nested(items, key) for key in keys]])
    return _nested([place.path for place in places], ([key[part] for key in keys] for part, _ in enumerate(places)))


def _nested(paths: Sequence[tuple[str, ...]], values: Iterable[object]) -> dict[str, object]:
    """Objects one in the other, with a value at the end of each path."""
    made: dict[str, object] = {}
    for path, value in zip(paths, values, strict=True):
        inner: dict[str, Any] = made
        for name in path[:-1]:
            inner = inner.setdefault(name, {})
        inner[path[-1]] = value
    return made
