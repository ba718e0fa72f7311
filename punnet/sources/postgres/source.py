"""A Postgres database, as loaders and execution ask it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from punnet.access.session import Session
from punnet.catalog.relations import Relation, SourceCatalog
from punnet.catalog.surroundings import Surroundings
from punnet.catalog.types import DataType
from punnet.errors import BadUserInput, PunnetError, ValueNotRepresentable
from punnet.planning.marks import BETWEEN_ANSWERS, UNREPRESENTABLE
from punnet.planning.read import Columns, ColumnValue, Field, KeyText, Read
from punnet.sources.errors import StatementFailed, ValueRefused
from punnet.sources.postgres.decode import decode_column
from punnet.sources.postgres.estimates import askable, scanned_columns
from punnet.sources.postgres.introspect import introspect
from punnet.sources.postgres.look_around import look_around
from punnet.sources.postgres.pool import Pool, PoolSettings
from punnet.sources.postgres.render import Renderer
from punnet.sources.postgres.slots import Fill, fill_of
from punnet.sources.postgres.sql import Statement
from punnet.sources.rows import Key, RowValues

LinkedColumns = Mapping[str, Iterable[tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Prepared(Statement):
    """A statement, and what fills its parameters."""

    fills: tuple[Fill, ...]

    def values(self, variables: Mapping[str, Any], keys: Sequence[Key]) -> list[object]:
        """The values of its parameters."""
        return [fill(variables, keys) for fill in self.fills]


MOST_PARAMETERS = 32_767
"""Of a statement, by the driver."""


def _prepared(statement: Statement) -> Prepared:
    if len(statement.slots) > MOST_PARAMETERS:
        raise BadUserInput(
            what=f"A field's filters hold more than {MOST_PARAMETERS} values.",
            fix="give many values to 'in', as one list",
        )
    fills = tuple(fill_of(slot.source) for slot in statement.slots)
    return Prepared(statement.text, statement.slots, fills)


class PostgresSource:
    """Renders reads, runs them, and takes the rows apart."""

    def __init__(self, name: str, url: str, settings: PoolSettings | None = None) -> None:
        self.name = name
        self.pool = Pool(name, url, settings or PoolSettings())
        self._renderer = Renderer(_no_names, self.pool.version)

    def use_names(self, enum_value: Callable[[DataType, str], str]) -> None:
        """Put out enums by the API's names for their labels."""
        self._renderer = Renderer(enum_value, self.pool.version)

    async def open(self) -> None:
        """Make the pool; see `Pool.open`."""
        await self.pool.open()

    async def close(self) -> None:
        """Close the pool."""
        await self.pool.close()

    async def introspect(self, namespaces: Sequence[str] | None, linked: LinkedColumns | None = None) -> SourceCatalog:
        """Read what the database offers.

        Args:
            namespaces: the only ones to look in; None looks in all but the system's own.
            linked: the columns that rows are going to be found by, by `namespace.table`.
        """
        found = await self.pool.run(lambda db: introspect(db, name=self.name, namespaces=namespaces))
        relations = [await self._estimated(each, (linked or {}).get(str(each.id), ())) for each in found.relations]
        return replace(found, relations=tuple(relations))

    async def look_around(self) -> Surroundings:
        """Read what the database has besides."""
        return await self.pool.run(look_around)

    async def _estimated(self, relation: Relation, linked: Iterable[tuple[str, ...]]) -> Relation:
        """The relation, knowing by which of the columns its rows are scanned for if it is a view."""
        columns = askable(relation, linked)
        if not columns:
            return relation
        try:
            scanned = await self.pool.run(lambda db: scanned_columns(db, relation, columns))
        except PunnetError:
            # A view that cannot be planned for, now or ever, is read for each parent, as it is where nothing is known.
            return relation
        return replace(relation, scanned_by=scanned)

    def prepare(self, read: Read) -> Prepared:
        """The statement that answers a read; one that is keyed answers all its keys at once."""
        return _prepared(self._renderer.answers(read) if read.keyed_by else self._renderer.answer(read))

    async def answer(self, prepared: Prepared, variables: Mapping[str, Any], session: Session) -> bytes | None:
        """The JSON bytes of a read that is not keyed."""
        records = await self._ask(prepared, variables, ())
        answer: bytes | None = records[0][0] if records else None
        return answer

    async def answers(
        self, prepared: Prepared, keys: Sequence[Key], variables: Mapping[str, Any], session: Session
    ) -> list[bytes | None]:
        """The JSON bytes for each key."""
        [[whole]] = await self._ask(prepared, variables, keys)
        return [answer or None for answer in whole.split(BETWEEN_ANSWERS)]

    async def rows(self, read: Read, variables: Mapping[str, Any], session: Session) -> list[RowValues]:
        """The rows of a read that is not keyed."""
        records = await self._fetch(read, variables, ())
        return [self._row(read, record) for record in records]

    async def keyed_rows(
        self, read: Read, keys: Sequence[Key], variables: Mapping[str, Any], session: Session
    ) -> list[list[RowValues]]:
        """The rows for each key, in one statement."""
        found: list[list[RowValues]] = [[] for _ in keys]
        for number, *record in await self._fetch(read, variables, keys):
            found[number - 1].append(self._row(read, record))
        return found

    async def count(self, read: Read, variables: Mapping[str, Any], session: Session) -> int:
        """The number of rows of a read that is not keyed."""
        [[number]] = await self._fetch(read, variables, ())
        return int(number)

    async def keyed_counts(
        self, read: Read, keys: Sequence[Key], variables: Mapping[str, Any], session: Session
    ) -> list[int]:
        """The number of rows for each key, in one statement."""
        counts = [0] * len(keys)
        for number, count in await self._fetch(read, variables, keys):
            counts[number - 1] = count
        return counts

    async def _fetch(self, read: Read, variables: Mapping[str, Any], keys: Sequence[Key]) -> Sequence[Any]:
        return await self._ask(_prepared(self._renderer.rows(read)), variables, keys)

    async def _ask(self, prepared: Prepared, variables: Mapping[str, Any], keys: Sequence[Key]) -> Sequence[Any]:
        values = prepared.values(variables, keys)
        try:
            records: Sequence[Any] = await self.pool.run(lambda db: db.records_of(prepared.text, values))
        except ValueRefused as refused:
            if values:
                raise
            # Nobody gave a value: it is one of the rows', as in a view that casts.
            raise StatementFailed(self.name, why=str(refused.__cause__)) from refused
        return records

    def _row(self, read: Read, record: Sequence[Any]) -> RowValues:
        if not isinstance(read.output, Columns):
            raise TypeError(f"no rows of columns come from {read.output!r}")
        return RowValues(
            read.output.type_name,
            {field.key: self._decode(field, text) for field, text in zip(read.output.fields, record, strict=False)},
        )

    def _decode(self, field: Field, text: str | None) -> Any:
        if isinstance(field.value, ColumnValue):
            column = field.value.column
            if text is None and column.on_trust:
                return ValueNotRepresentable(what="A source gave null where there has to be a value.")
            return decode_column(column.type, text, self._renderer.enum_value)
        if isinstance(field.value, KeyText):
            # Itself, whatever characters it has.
            return text
        if text == UNREPRESENTABLE.decode():
            return ValueNotRepresentable(what="A source gave null in the key of a row.")
        # Ids and cursors are JSON strings of base64url.
        return text.strip('"') if text is not None else text


def _no_names(_data_type: DataType, label: str) -> str:
    return label
