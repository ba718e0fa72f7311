"""YAML, as the JSON value that it stands for.

PyYAML's own constructor takes three times as long, follows YAML 1.1 (`no` is false, `2024-05-01` a date, `200` a
key that is no string) and lets aliases multiply without bound; so only its parser is used, in C.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

MAX_NODES = 20_000_000
"""Of a document whose aliases are written out; a text of 13 MB has some 500,000."""

MAX_DEPTH = 1_000
"""Lists and mappings in one another, as in our reader of JSON; the parser's time grows with the square of it."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
# Longer numbers, and those with leading zeros, are codes: they stay text.
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,30})")
_OTHER_BASE = re.compile(r"0o[0-7]{1,30}|0x[0-9a-fA-F]{1,30}")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]{1,30}|[0-9]{1,30}(?:\.[0-9]{0,30})?)(?:[eE][-+]?[0-9]{1,2})?")
_STRING_TAG = "tag:yaml.org,2002:str"
_MERGE_KEY = "<<"


class MalformedYaml(ValueError):
    """A text is no YAML that stands for a JSON value."""


class TooManyNodes(ValueError):
    """A text would be too large with its aliases written out."""


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not come yet."""

    value: list[object] | dict[str, object]
    anchor: str | None
    size: int = 1
    key: str | None = None
    merged: list[object] = field(default_factory=list)


def load_yaml(text: bytes) -> object:
    """Read the first document of a text.

    Raises:
        MalformedYaml: where it is none, or an alias stands within what it names.
        TooManyNodes: for more than MAX_NODES.
    """
    try:
        return _build(yaml.parse(text, Loader=_LOADER))
    except yaml.YAMLError as error:
        raise MalformedYaml(" ".join(str(error).split())) from error
    except (UnicodeError, ValueError) as error:
        if isinstance(error, MalformedYaml | TooManyNodes):
            raise
        raise MalformedYaml(str(error)) from error


def _build(events: Iterator[yaml.Event]) -> object:
    root = _Open(value=[], anchor=None)
    stack = [root]
    anchors: dict[str, tuple[object, int]] = {}
    for event in events:
        if isinstance(event, yaml.ScalarEvent):
            _add_scalar(stack[-1], event, anchors)
        elif isinstance(event, yaml.MappingStartEvent):
            stack.append(_Open(value={}, anchor=event.anchor))
        elif isinstance(event, yaml.SequenceStartEvent):
            stack.append(_Open(value=[], anchor=event.anchor))
        elif isinstance(event, yaml.CollectionEndEvent):
            _close(stack, anchors)
        elif isinstance(event, yaml.AliasEvent):
            _add_alias(stack[-1], event, anchors)
        elif isinstance(event, yaml.DocumentEndEvent):
            break
        if len(stack) > MAX_DEPTH:
            raise MalformedYaml(f"it has more than {MAX_DEPTH:,} lists and mappings in one another")
    found = root.value
    return found[0] if isinstance(found, list) and found else None


def _add_scalar(parent: _Open, event: yaml.ScalarEvent, anchors: dict[str, tuple[object, int]]) -> None:
    value: object
    if parent.key is None and isinstance(parent.value, dict):
        # A key is its text, whatever else that text would mean: `200:`, `on:`, `null:`.
        value = event.value
    else:
        is_plain = event.implicit[0] and not event.style and event.tag != _STRING_TAG
        value = _plain(event.value) if is_plain else event.value
    if event.anchor is not None:
        anchors[event.anchor] = (value, 1)
    _add(parent, value, 1)


def _plain(text: str) -> object:
    if text in _NULLS:
        return None
    # Most scalars are words, which no pattern below begins with.
    if text[0] in "tTfF":
        return _BOOLEANS.get(text, text)
    if text[0] not in "0123456789+-.":
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if _OTHER_BASE.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text) and not text.isdigit():
        return float(text)
    return text


def _close(stack: list[_Open], anchors: dict[str, tuple[object, int]]) -> None:
    done = stack.pop()
    if isinstance(done.value, dict):
        for merged in done.merged:
            _merge(done.value, merged)
    if done.anchor is not None:
        anchors[done.anchor] = (done.value, done.size)
    _add(stack[-1], done.value, done.size)


def _merge(into: dict[str, object], merged: object) -> None:
    for mapping in merged if isinstance(merged, list) else [merged]:
        if isinstance(mapping, dict):
            for key, value in mapping.items():
                into.setdefault(key, value)


def _add_alias(parent: _Open, event: yaml.AliasEvent, anchors: dict[str, tuple[object, int]]) -> None:
    # An anchor is known only once its value has ended, so no value ever holds itself.
    if event.anchor not in anchors:
        raise MalformedYaml(f"the alias '*{event.anchor}' names nothing that has ended before it")
    _add(parent, *anchors[event.anchor])


def _add(parent: _Open, value: object, size: int) -> None:
    parent.size += size
    if parent.size > MAX_NODES:
        raise TooManyNodes(f"it has more than {MAX_NODES:,} values once its aliases are written out")
    if isinstance(parent.value, list):
        parent.value.append(value)
    elif parent.key is None:
        if not isinstance(value, str):
            raise MalformedYaml("a key is a list or a mapping")
        parent.key = value
    else:
        if parent.key == _MERGE_KEY:
            parent.merged.append(value)
        else:
            parent.value[parent.key] = value
        parent.key = None
