"""Global ids: base64url of the JSON `[type name, key as text ...]`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from punnet.catalog.relations import Relation
from punnet.catalog.scalars import scalar_behind, scalar_named
from punnet.catalog.types import DataType
from punnet.errors import BadUserInput
from punnet.planning.choice import Address, KeyedRows
from punnet.planning.opaque import decode_list
from punnet.planning.plain_keys import PlainKeys
from punnet.planning.read import Link

_RANGES = {"int2": 2**15, "int4": 2**31, "int8": 2**63}
_MOMENT = "[0-9]{4,6}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?"
_BEYOND = {
    "Decimal": "NaN|-?Infinity",
    "Date": "-?infinity|[0-9]{4,7}-[0-9]{2}-[0-9]{2}( BC)?",
    "LocalDateTime": f"-?infinity|{_MOMENT}( BC)?",
    "DateTime": f"-?infinity|{_MOMENT}[+]00( BC)?",
    "Duration": "-?infinity",
}
"""What Postgres prints of values that it can have as keys, and that the API has no form for."""


@dataclass(frozen=True)
class GlobalIds:
    """Tells which object a global id names."""

    relations: tuple[tuple[str, Relation], ...]
    """(type name, relation) of every type that has ids."""

    @cached_property
    def relation_of(self) -> Mapping[str, Relation]:
        """The relations by the names of their types."""
        return dict(self.relations)

    def address(self, item: object) -> Address | None:
        """The type and key of a global id; None where no object can have it.

        Raises:
            BadUserInput: it is none.
        """
        type_name, key = decode_id(str(item))
        relation = self.relation_of.get(type_name)
        return None if relation is None or not is_key_of(key, relation) else (type_name, 0, key)

    def plain_keys(self, items: Sequence[Any]) -> PlainKeys | None:
        """None: each id names a type of its own, so that there is no short way."""

    def rows_of(self, type_name: str) -> KeyedRows | None:
        """The relation of a type, keyed by its own key."""
        relation = self.relation_of.get(type_name)
        if relation is None or relation.primary_key is None:
            return None
        columns = [relation.column_by_name[name] for name in relation.primary_key.columns]
        return relation, (tuple(Link(child=each.name, parent=each.name, type=each.type) for each in columns),)

    def required_columns(self, type_name: str) -> frozenset[str]:
        """Empty: an id says nothing about columns."""
        return frozenset()


def decode_id(global_id: str) -> tuple[str, tuple[str, ...]]:
    """The type name and the key of a global id.

    Raises:
        BadUserInput: it is none.
    """
    parts = decode_list(global_id) or ()
    texts = [part for part in parts if isinstance(part, str)]
    if len(texts) < 2 or len(texts) < len(parts):
        raise BadUserInput(what="A node id is malformed.", fix="take it from an object, unchanged")
    return texts[0], tuple(texts[1:])


def is_key_of(key: tuple[str, ...], relation: Relation) -> bool:
    """Whether the texts can be a key of the relation. One that cannot names no row, and no statement sees it."""
    own = relation.primary_key
    return own is not None and can_be_key(key, [relation.column_by_name[name].type for name in own.columns])


def can_be_key(key: Sequence[str], types: Sequence[DataType]) -> bool:
    """Whether each text can be a value of the type in its place."""
    return len(key) == len(types) and all(
        _can_be(data_type.base(), text) for data_type, text in zip(types, key, strict=True)
    )


def _can_be(data_type: DataType, text: str) -> bool:
    if "\x00" in text:
        return False
    if data_type.kind == "enum":
        return text in data_type.labels
    if data_type.kind != "base":
        # Only the database can tell: it refuses what is none.
        return True
    if data_type.name in _RANGES:
        bound = _RANGES[data_type.name]
        return re.fullmatch("-?[0-9]{1,19}", text) is not None and -bound <= int(text) < bound
    scalar = scalar_behind(data_type)
    if re.fullmatch(_BEYOND.get(scalar.name, "(?!)"), text):
        return True
    if (
        scalar.name in ("String", "Boolean", "Float", "Base64", "DateTime", "LocalDateTime")
        or scalar.family == "opaque"
    ):
        return _is_text_of(scalar.name, text)
    try:
        scalar.parse(text)
    except ValueError:
        return False
    return True


def _is_text_of(scalar: str, text: str) -> bool:
    """Whether the text is one that Postgres prints for a value of the scalar."""
    match scalar:
        case "Boolean":
            return text in ("true", "false")
        case "Float":
            return _is_float(text)
        case "Base64":
            return text.startswith("\\x") and all(digit in "0123456789abcdef" for digit in text[2:])
        case "DateTime" | "LocalDateTime":
            try:
                scalar_named(scalar).parse(f"{text}:00" if text[-3:-2] in ("+", "-") else text)
            except ValueError:
                return False
            return True
        case _:
            return True


def _is_float(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
