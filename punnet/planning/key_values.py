"""Values of keys that a client gives, as the texts by which a read is keyed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from punnet.catalog.scalars import scalar_behind
from punnet.catalog.types import DataType

KeyText = Callable[[object], str]
"""The text of a client's value; raises ValueError saying what the scalar wants, and NoSuchKey."""


class NoSuchKey(Exception):
    """The scalar carries the value and the column's type does not, so that no row has it."""


def key_text_of(data_type: DataType, enum_names: Mapping[str, str]) -> KeyText:
    """What makes texts of a client's values for a column.

    Args:
        data_type: the column's type, one of those that keys of the API have.
        enum_names: the labels of an enum by the API's names for them.
    """
    base = data_type.base()
    if base.kind == "enum":
        return _enum_text(enum_names)
    scalar = scalar_behind(base)
    parse, put, fits = scalar.parse, _TEXTS.get(scalar.name, str), _FITS.get(base.name)

    def text(value: object) -> str:
        return put(parse(value))

    def fitting_text(value: object) -> str:
        made = put(parse(value))
        # The database would refuse the whole statement, and so what others have asked.
        if fits is not None and not fits(made):
            raise NoSuchKey
        return made

    return text if fits is None else fitting_text


def _enum_text(labels: Mapping[str, str]) -> KeyText:
    def text(value: object) -> str:
        label = labels.get(value) if isinstance(value, str) else None
        if label is None:
            raise ValueError("wants one of the enum's values")
        return label

    return text


def _boolean_text(value: object) -> str:
    return "true" if value else "false"


def _bytes_text(value: object) -> str:
    return f"\\x{value.hex()}" if isinstance(value, bytes) else str(value)


_TEXTS: Mapping[str, Callable[[object], str]] = {"Boolean": _boolean_text, "Base64": _bytes_text}
"""What makes Postgres's text of a parsed value, where `str` does not."""

_NUMBERS = re.compile(r"(\d+)(?:\.\d+)?([YMWDHS])")


def _fits_interval(text: str) -> bool:
    # An interval is so many months, days and microseconds: 32, 32 and 64 bits.
    return all(len(digits) <= _DIGITS[unit] for digits, unit in _NUMBERS.findall(text))


_DIGITS = {"Y": 8, "M": 8, "W": 8, "D": 9, "H": 9, "S": 12}
"""Of each part of a duration, the digits that stay within the bounds whatever stands beside them."""


def _fits_offset(text: str) -> bool:
    # Postgres has no time zone that is sixteen hours away.
    offset = re.search(r"[+-](\d\d):?\d\d(?::\d\d)?$", text)
    return offset is None or int(offset[1]) < 16


_FITS: Mapping[str, Callable[[str], bool]] = {
    "int2": lambda text: -(2**15) <= int(text) < 2**15,
    "macaddr": lambda text: sum(character not in ":-" for character in text) == 12,
    "interval": _fits_interval,
    "timetz": _fits_offset,
    # A cast to these cuts the text, and would find the row of another.
    "name": lambda text: len(text.encode()) < 64,
    "char": lambda text: len(text.encode()) < 2,
}
"""By type, whether a text is one of its values, where its scalar carries more."""
