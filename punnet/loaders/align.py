"""Items that a service gave for many keys, put in the order of the keys that asked for them."""

from __future__ import annotations

from collections.abc import Sequence

from punnet.sources.errors import SourceFailed


def align_items(
    keys: Sequence[tuple[object, ...]], result: object, members: tuple[str, ...], *, is_list: bool, source: str
) -> list[object]:
    """Find the item, or the items, of each key.

    Args:
        keys: the n distinct keys of one batch, in the order they were asked.
        result: what the service gave: a list, or an object by key where there is one member a key.
        members: those of each item that hold its key; none where the items have the keys' order.
        is_list: whether a key has any number of items.
        source: what an error says.

    Returns:
        n answers: an item or None, or with `is_list` a list.

    Raises:
        SourceFailed: the result is no list, or has not one item a key where the order has to tell.
    """
    if result is None:
        return [[] if is_list else None for _ in keys]
    if not isinstance(result, list):
        raise SourceFailed(source, why="its answer to many keys is no list")
    if not members:
        if len(result) != len(keys):
            raise SourceFailed(source, why=f"it gave {len(result)} items for {len(keys)} keys")
        return list(result)
    asked, given = _key_texts(keys, members), _item_texts(result, members)
    if is_list:
        items: dict[object, list[object]] = {}
        for text, item in zip(given, result, strict=True):
            items.setdefault(text, []).append(item)
        return [items.get(text, []) for text in asked]
    # The first item of a key counts, and so it is put in last.
    found = dict(zip(reversed(given), reversed(result), strict=True))
    return [found.get(text) for text in asked]


def _key_texts(keys: Sequence[tuple[object, ...]], members: tuple[str, ...]) -> list[object]:
    """What items are found by: the text of a key's only part, or the texts of all."""
    if len(members) > 1:
        return [tuple(map(key_text, key)) for key in keys]
    return [part if type(part) is str else key_text(part) for (part,) in keys]


def _item_texts(items: Sequence[object], members: tuple[str, ...]) -> list[object]:
    """The same of the keys that items hold, None of an item that holds none."""
    if len(members) > 1:
        return [_item_key(item, members) for item in items]
    # The usual case, in as few steps as there can be: it is run for every object of an answer.
    [name] = members
    parts = [item[name] if type(item) is dict and name in item else _member(item, name) for item in items]
    return [part if type(part) is str or part is None else key_text(part) for part in parts]


def _item_key(item: object, members: tuple[str, ...]) -> object:
    """The key that an item holds, None where it holds none."""
    parts = [_member(item, member) for member in members]
    return None if None in parts else tuple(map(key_text, parts))


def _member(item: object, path: str) -> object:
    """A member by its name or, where there is none, by the names that a dotted path leads through."""
    if not isinstance(item, dict):
        return None
    if path in item:
        return item[path]
    head, dot, rest = path.partition(".")
    return _member(item.get(head), rest) if dot else None


def key_text(value: object) -> str:
    """A key's part as text: a service may give as a number what it was asked as a string."""
    if type(value) is str:
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
