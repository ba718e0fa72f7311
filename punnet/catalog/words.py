"""Raw names, split into words that join to GraphQL names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

_LOWER_SNAKE = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*")
_WORD = re.compile(
    r"[0-9]*[A-Z]{2,}s(?![a-z])"  # acronyms in the plural: IDs
    r"|[0-9]*[A-Z]+(?![a-z])[0-9]*"  # acronyms: HTTP of HTTPServer, X509 of X509Cert, 2XL
    r"|[0-9]*[A-Z]?[a-z][a-z0-9]*"  # ordinary words: Server2, sha256, 2xl
    r"|[0-9]+"
)

# Letters that Unicode does not decompose, and signs that carry the meaning of a label such as `A+`.
_SPELLED = {
    "ß": "ss",
    "ẞ": "SS",
    "æ": "ae",
    "Æ": "Ae",
    "œ": "oe",
    "Œ": "Oe",
    "ø": "o",
    "Ø": "O",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "Đ": "D",
    "ð": "d",
    "Ð": "D",
    "þ": "th",
    "Þ": "Th",
    "\u0131": "i",  # the dotless one
    "+": " plus ",
    "&": " and ",
    "%": " percent ",
    "<": " lt ",
    ">": " gt ",
    "=": " eq ",
    "\u2019": "",  # the typographic apostrophe
    "'": "",
}


@lru_cache(maxsize=16_384)
def split_words(raw: str) -> tuple[str, ...]:
    """Split a raw name at separators and at changes of case.

    Letters beyond ASCII lose their marks (`ü` gives `u`) or, where no Latin letter stands below them, become
    `u` and their code point in hex. A name made of nothing but separators is spelled out the same way.

    Returns:
        Lower-case words of ASCII letters and digits; none only for the empty name.
    """
    if _LOWER_SNAKE.fullmatch(raw):
        return tuple(raw.split("_"))
    ascii_text = raw if raw.isascii() and raw.isidentifier() else _to_ascii(raw)
    words = tuple(word.lower() for word in _WORD.findall(ascii_text))
    if words or not raw.strip("_ "):
        return words
    return ("".join(map(_code_point, raw)),)


def is_lower_snake(raw: str) -> bool:
    """Whether a raw name is its own words in lower case, joined by single underscores."""
    return _LOWER_SNAKE.fullmatch(raw) is not None


def to_pascal(words: Sequence[str]) -> str:
    """`order details` gives `OrderDetails`."""
    return _start_with_letter(_join(map(_capitalize, words)))


def to_camel(words: Sequence[str]) -> str:
    """`order details` gives `orderDetails`."""
    return _start_with_letter(_join([*words[:1], *map(_capitalize, words[1:])]))


def to_upper(words: Sequence[str]) -> str:
    """`order details` gives `ORDER_DETAILS`."""
    return _start_with_letter("_".join(words).upper())


def _capitalize(word: str) -> str:
    return word[:1].upper() + word[1:]


def _join(parts: Sequence[str] | map[str]) -> str:
    # Two numbers side by side would read as one: `line_1_2` gives `line1_2`.
    joined = ""
    for part in parts:
        joined += f"_{part}" if joined[-1:].isdigit() and part[:1].isdigit() else part
    return joined


def _start_with_letter(name: str) -> str:
    return f"_{name}" if not name or name[0].isdigit() else name


def _to_ascii(raw: str) -> str:
    return "".join(map(_char_to_ascii, unicodedata.normalize("NFC", raw)))


@lru_cache(maxsize=4_096)
def _char_to_ascii(char: str) -> str:
    if char in _SPELLED:
        return _SPELLED[char]
    if char.isascii():
        return char if char.isalnum() else " "
    letters = "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c))
    if letters.isascii():
        return letters if letters.isalnum() or not letters else " "
    # Separators, punctuation and control characters only part words; the rest must be told apart.
    return " " if unicodedata.category(char)[0] in "ZPC" else _code_point(char)


def _code_point(char: str) -> str:
    return f"u{ord(char):04x}"
