"""What a source answers to the way of the resolvers: rows of Python values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from punnet.access.session import Session
from punnet.planning.read import Read

Key = tuple[str | None, ...]
"""The text of each column of a key; None in those of the keys that a read could be asked by instead."""


@dataclass(frozen=True, slots=True)
class RowValues:
    """One row: a value under each name of the read's columns."""

    type_name: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class KnownRow(RowValues):
    """A row about whose columns a request knows better: fields that lead to other sources take that."""

    known: Mapping[str, Any]
    """By column, as JSON has it."""


class FloatText(float):
    """A float that remembers the text its source gave, so that both ways put out the same digits."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> FloatText:
        """Parse the text, and keep it."""
        number = super().__new__(cls, text)
        number.text = text
        return number


class PreparedRead(Protocol):
    """A read as its source runs it. Made once, run often."""

    @property
    def text(self) -> str:
        """The statement: what keeps it weighs it by that."""


class RowSource(Protocol):
    """A source of rows: what execution, loaders and resolvers ask of it."""

    name: str

    def prepare(self, read: Read) -> PreparedRead:
        """Turn a read into what `answer` and `answers` run; pure."""

    async def answer(self, prepared: Any, variables: Mapping[str, Any], session: Session) -> bytes | None:
        """The JSON bytes of a read that is not keyed, None where there is no row."""

    async def answers(
        self, prepared: Any, keys: Sequence[Key], variables: Mapping[str, Any], session: Session
    ) -> list[bytes | None]:
        """The JSON bytes for each key."""

    async def rows(self, read: Read, variables: Mapping[str, Any], session: Session) -> list[RowValues]:
        """The rows of a read that is not keyed."""

    async def keyed_rows(
        self, read: Read, keys: Sequence[Key], variables: Mapping[str, Any], session: Session
    ) -> list[list[RowValues]]:
        """The rows for each key, in one step."""

    async def count(self, read: Read, variables: Mapping[str, Any], session: Session) -> int:
        """The number of rows of a read that is not keyed."""

    async def keyed_counts(
        self, read: Read, keys: Sequence[Key], variables: Mapping[str, Any], session: Session
    ) -> list[int]:
        """The number of rows for each key, in one step."""
