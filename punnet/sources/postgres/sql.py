"""SQL as text and parameters.

What a client sends gets here only as a `Slot` or through `literal`; identifiers only through `identifier`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Slot:
    """A parameter: what its value is made of, and the type that it is cast to, as SQL."""

    source: object
    """Hashable; whoever runs the query knows how to make the value from it."""
    cast: str


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of SQL."""

    parts: tuple[str | Slot, ...]

    def __add__(self, other: Sql) -> Sql:
        return Sql(self.parts + other.parts)


NOTHING = Sql(())


def raw(text: str) -> Sql:
    """SQL that this project wrote: never a client's, never a catalog's."""
    return Sql((text,))


def identifier(*names: str) -> Sql:
    """A quoted and, with several names, qualified identifier from the catalog."""
    return raw(".".join('"' + name.replace('"', '""') + '"' for name in names))


def literal(text: str) -> Sql:
    """A quoted string constant, safe whatever `standard_conforming_strings` says."""
    quoted = text.replace("'", "''")
    if "\\" in quoted:
        return raw(" E'" + quoted.replace("\\", "\\\\") + "'")
    return raw("'" + quoted + "'")


def compose(template: str, *pieces: Sql) -> Sql:
    """The template, written by this project, with each `{}` replaced by a piece."""
    texts = template.split("{}")
    if len(texts) != len(pieces) + 1:
        raise ValueError(f"{len(texts) - 1} places for {len(pieces)} pieces: {template}")
    parts: list[str | Slot] = [texts[0]]
    for piece, text in zip(pieces, texts[1:], strict=True):
        parts.extend(piece.parts)
        parts.append(text)
    return Sql(tuple(parts))


def join(separator: str, pieces: Iterable[Sql]) -> Sql:
    """The pieces with the separator between them."""
    parts: list[str | Slot] = []
    for piece in pieces:
        if parts:
            parts.append(separator)
        parts.extend(piece.parts)
    return Sql(tuple(parts))


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL text with `$1 ...`, and what fills each of them."""

    text: str
    slots: tuple[Slot, ...]


def statement(sql: Sql) -> Statement:
    """Number the parameters; equal ones share a number."""
    numbers: dict[Slot, int] = {}
    texts: list[str] = []
    for part in sql.parts:
        if isinstance(part, str):
            texts.append(part)
        else:
            number = numbers.setdefault(part, len(numbers) + 1)
            texts.append(f"${number}::{part.cast}")
    return Statement("".join(texts), tuple(numbers))
