"""A database that fails some of what it is asked, and counts that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from punnet.access.session import Session
from punnet.planning.read import Read
from punnet.sources.errors import SourceTimeout
from punnet.sources.postgres.source import PostgresSource, Prepared
from punnet.sources.rows import Key, RowValues

TABLE = "categories"
_METHODS = ("answer", "answers", "rows", "keyed_rows", "count", "keyed_counts")


class Failing:
    """Fails all that is asked of one table, or only what is asked with one of its keys."""

    def __init__(
        self, source: PostgresSource, monkeypatch: pytest.MonkeyPatch, *, table: str = TABLE, key: Key | None = None
    ) -> None:
        self.count = 0
        self.error: Exception = SourceTimeout(source.name, why="too slow")
        self._table = table
        self._key = key
        self._source = {name: getattr(source, name) for name in _METHODS}
        for name in self._source:
            monkeypatch.setattr(source, name, getattr(self, f"_{name}"))

    async def _answer(self, prepared: Prepared, variables: Mapping[str, Any], session: Session) -> Any:
        self._fail_where(self._is_in(prepared), ())
        return await self._source["answer"](prepared, variables, session)

    async def _answers(
        self, prepared: Prepared, keys: Sequence[Key], variables: Mapping[str, Any], session: Session
    ) -> Any:
        self._fail_where(self._is_in(prepared), keys)
        return await self._source["answers"](prepared, keys, variables, session)

    async def _rows(self, read: Read, variables: Mapping[str, Any], session: Session) -> list[RowValues]:
        self._fail_where(self._is_of(read), ())
        rows: list[RowValues] = await self._source["rows"](read, variables, session)
        return rows

    async def _keyed_rows(
        self, read: Read, keys: Sequence[Key], variables: Mapping[str, Any], session: Session
    ) -> list[list[RowValues]]:
        self._fail_where(self._is_of(read), keys)
        rows: list[list[RowValues]] = await self._source["keyed_rows"](read, keys, variables, session)
        return rows

    async def _count(self, read: Read, variables: Mapping[str, Any], session: Session) -> int:
        self._fail_where(self._is_of(read), ())
        count: int = await self._source["count"](read, variables, session)
        return count

    async def _keyed_counts(
        self, read: Read, keys: Sequence[Key], variables: Mapping[str, Any], session: Session
    ) -> list[int]:
        self._fail_where(self._is_of(read), keys)
        counts: list[int] = await self._source["keyed_counts"](read, keys, variables, session)
        return counts

    def _is_in(self, prepared: Prepared) -> bool:
        return f'"{self._table}"' in prepared.text

    def _is_of(self, read: Read) -> bool:
        return read.relation.id.name == self._table

    def _fail_where(self, is_asked: bool, keys: Sequence[Key]) -> None:
        if is_asked and (self._key is None or self._key in keys):
            self.count += 1
            raise self.error
