"""SQL as text and parameters.

What a client sends gets here only as a `Slot` or through `literal`; identifiers only through `identifier`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Slot:
    """A parameter: what its value is made of, and the type that it is cast to, as SQL."""

    source: object
    """Hashable; whoever runs the query knows how to make the value from it."""
    cast: str


@dataclass(frozen=True, slots=True)
class Quoted:
    """A string constant. Those that `||` would put together are one in the statement."""

    text: str


@dataclass(frozen=True, slots=True)
class Function:
    """The name of a function that servers have from a version on, and of what older ones have in its place."""

    name: str
    since: int
    before: str


Part = str | Slot | Quoted | Function


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of SQL."""

    parts: tuple[Part | Sql, ...]

    def __add__(self, other: Sql) -> Sql:
        return Sql((*_within(self), *_within(other)))

    def flat(self) -> Iterator[Part]:
        """The parts, and those of the pieces among them, in their order."""
        # By hand: pieces lie as deep in each other as a request's fields do.
        open_pieces = [iter(self.parts)]
        while open_pieces:
            for part in open_pieces[-1]:
                if isinstance(part, Sql):
                    open_pieces.append(iter(part.parts))
                    break
                yield part
            else:
                open_pieces.pop()


_MOST_COPIED = 16
"""Of how many parts a piece may be that is taken apart where it becomes part of another."""


def _within(piece: Sql) -> tuple[Part | Sql, ...]:
    """What a piece puts into another: itself where it is long, or each level would copy all that is below."""
    return piece.parts if len(piece.parts) <= _MOST_COPIED else (piece,)


NOTHING = Sql(())


def raw(text: str) -> Sql:
    """SQL that this project wrote: never a client's, never a catalog's."""
    return Sql((text,))


def identifier(*names: str) -> Sql:
    """A quoted and, with several names, qualified identifier from the catalog."""
    return raw(".".join('"' + name.replace('"', '""') + '"' for name in names))


def literal(text: str) -> Sql:
    """A string constant."""
    return Sql((Quoted(text),))


def _quote(text: str) -> str:
    """A string constant as SQL, safe whatever `standard_conforming_strings` says."""
    quoted = text.replace("'", "''")
    if "\\" in quoted:
        return " E'" + quoted.replace("\\", "\\\\") + "'"
    return "'" + quoted + "'"


CONCATENATE = "||"


def concatenate(pieces: Iterable[Sql]) -> Sql:
    """The texts of the pieces, one after the other; null where one of them is."""
    return join(CONCATENATE, pieces)


def compose(template: str, *pieces: Sql) -> Sql:
    """The template, written by this project, with each `{}` replaced by a piece."""
    texts = template.split("{}")
    if len(texts) != len(pieces) + 1:
        raise ValueError(f"{len(texts) - 1} places for {len(pieces)} pieces: {template}")
    parts: list[Part | Sql] = [texts[0]]
    for piece, text in zip(pieces, texts[1:], strict=True):
        parts.extend(_within(piece))
        parts.append(text)
    return Sql(tuple(part for part in parts if part != ""))


def join(separator: str, pieces: Iterable[Sql]) -> Sql:
    """The pieces with the separator between them."""
    parts: list[Part | Sql] = []
    for piece in pieces:
        if parts:
            parts.append(separator)
        parts.extend(_within(piece))
    return Sql(tuple(parts))


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL text with `$1 ...`, and what fills each of them."""

    text: str
    slots: tuple[Slot, ...]


def leading_text(sql: Sql) -> tuple[str, Sql]:
    """The string constant that a concatenation begins with, and what is put after it."""
    parts = sql.parts
    text = ""
    while len(parts) > 1 and isinstance(parts[0], Quoted) and parts[1] == CONCATENATE:
        text += parts[0].text
        parts = parts[2:]
    return text, Sql(parts)


def statement(sql: Sql, version: int) -> Statement:
    """Number the parameters, of which equal ones share a number, for a server of this major version."""
    numbers: dict[Slot, int] = {}
    texts: list[str] = []
    for part in _merged(sql.flat()):
        match part:
            case str():
                texts.append(part)
            case Quoted(text):
                texts.append(_quote(text))
            case Function(name, since, before):
                texts.append(name if version >= since else before)
            case Slot():
                number = numbers.setdefault(part, len(numbers) + 1)
                texts.append(f"${number}::{part.cast}")
    return Statement("".join(texts), tuple(numbers))


def _merged(parts: Iterable[Part]) -> list[Part]:
    """The parts with `'a'||'b'` as `'ab'`: each concatenation less is one copy less of a row's text."""
    merged: list[Part] = []
    for part in parts:
        if isinstance(part, Quoted) and merged[-1:] == [CONCATENATE]:
            before = merged[-2]
            if isinstance(before, Quoted):
                merged[-2:] = [Quoted(before.text + part.text)]
                continue
        merged.append(part)
    return merged
