"""Reads what a Postgres database offers to the current role from its system catalog."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from typing import TYPE_CHECKING

from punnet.catalog.relations import Column, ForeignKey, Index, Key, Relation, RelationId, SourceCatalog
from punnet.catalog.types import Attribute, DataType
from punnet.sources.postgres.values import scalar_of

if TYPE_CHECKING:
    from asyncpg import Connection, Record
    from asyncpg.pool import PoolConnectionProxy

_statements = resources.files("punnet.sources.postgres") / "introspection"
_RELATIONS = (_statements / "relations.sql").read_text(encoding="utf-8")
_COLUMNS = (_statements / "columns.sql").read_text(encoding="utf-8")
_TYPES = (_statements / "types.sql").read_text(encoding="utf-8")
_INDEXES = (_statements / "indexes.sql").read_text(encoding="utf-8")
_FOREIGN_KEYS = (_statements / "foreign_keys.sql").read_text(encoding="utf-8")


async def introspect(
    connection: Connection[Record] | PoolConnectionProxy[Record],
    *,
    name: str = "default",
    namespaces: Sequence[str] | None = None,
) -> SourceCatalog:
    """Read the relations that the connection's role may select from, in a fixed number of statements.

    Args:
        connection: to Postgres 14 to 18, not in a transaction. Its settings are neither used nor changed.
        name: of the source in the catalog.
        namespaces: the only ones to look in; None looks in all but the system's own.

    Returns:
        Relations by namespace and name, columns in their order in the database, the primary key before the
        others, and keys, foreign keys and indexes by name.

    A key, foreign key or index that needs a column hidden from the role is left out, as is a foreign key to a
    relation that is not among those read.
    """
    # One snapshot, so that no column refers to a type or a relation that another statement did not see.
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        relations = await connection.fetch(_RELATIONS, None if namespaces is None else list(namespaces))
        oids = [relation["oid"] for relation in relations]
        columns = await connection.fetch(_COLUMNS, oids)
        types = await connection.fetch(_TYPES, list({column["type"] for column in columns}))
        indexes = await connection.fetch(_INDEXES, oids)
        foreign_keys = await connection.fetch(_FOREIGN_KEYS, oids)
    version = connection.get_server_version()
    return SourceCatalog(
        name=name,
        kind="postgres",
        # Since Postgres 10 a version has two parts, and asyncpg calls the second one `micro`.
        version=f"{version.major}.{version.micro}",
        relations=_assemble(name, relations, columns, _Types(types), indexes, foreign_keys),
    )


def _assemble(
    source: str,
    relations: Iterable[Record],
    columns: Iterable[Record],
    types: _Types,
    indexes: Iterable[Record],
    foreign_keys: Iterable[Record],
) -> tuple[Relation, ...]:
    ids = {row["oid"]: RelationId(source=source, namespace=row["namespace"], name=row["name"]) for row in relations}
    columns_of = _by_relation(columns)
    indexes_of = _by_relation(indexes)
    foreign_keys_of = _by_relation(foreign_keys)
    names_of: _ColumnNames = {oid: {row["number"]: row["name"] for row in columns_of[oid]} for oid in ids}
    return tuple(
        Relation(
            id=ids[row["oid"]],
            kind=row["kind"],
            columns=tuple(_column(column, types) for column in columns_of[row["oid"]]),
            keys=_keys(indexes_of[row["oid"]], names_of),
            foreign_keys=_foreign_keys(foreign_keys_of[row["oid"]], names_of, ids),
            indexes=_indexes(indexes_of[row["oid"]], names_of),
            comment=row["comment"],
            row_estimate=row["row_estimate"],
        )
        for row in sorted(relations, key=lambda row: ids[row["oid"]])
    )


_ColumnNames = Mapping[int, Mapping[int, str]]
"""Of each relation's oid, the names of the columns that the role may select, by their numbers."""


def _by_relation(rows: Iterable[Record]) -> Mapping[int, Sequence[Record]]:
    grouped: defaultdict[int, list[Record]] = defaultdict(list)
    for row in rows:
        grouped[row["relation"]].append(row)
    return grouped


def _column(row: Record, types: _Types) -> Column:
    never_null = row["never_null"] or (row["obeys_domain"] and types.rejects_null(row["type"]))
    return Column(
        name=row["name"],
        type=types.type_of(row["type"], has_modifier=row["has_modifier"]),
        nullable=not never_null,
        comment=row["comment"],
    )


def _keys(rows: Iterable[Record], names_of: _ColumnNames) -> tuple[Key, ...]:
    keys = (
        Key(name=row["name"], columns=columns, primary=row["is_primary"])
        for row in rows
        if row["is_unique"] and (columns := _names(row["numbers"], names_of[row["relation"]]))
    )
    return tuple(sorted(keys, key=lambda key: (not key.primary, key.name)))


def _indexes(rows: Iterable[Record], names_of: _ColumnNames) -> tuple[Index, ...]:
    return tuple(
        Index(name=row["name"], columns=columns, unique=row["is_unique"] and not row["leaves_out_heirs"])
        for row in rows
        if row["is_ordered"] and (columns := _names(row["numbers"], names_of[row["relation"]]))
    )


def _foreign_keys(
    rows: Iterable[Record], names_of: _ColumnNames, ids: Mapping[int, RelationId]
) -> tuple[ForeignKey, ...]:
    return tuple(
        ForeignKey(name=row["name"], columns=columns, target=ids[row["target"]], target_columns=target_columns)
        for row in rows
        if (columns := _names(row["numbers"], names_of[row["relation"]]))
        and (target_columns := _names(row["target_numbers"], names_of[row["target"]]))
    )


def _names(numbers: Iterable[int], names: Mapping[int, str]) -> tuple[str, ...] | None:
    """Name the columns, or give None where the role may not select one of them."""
    found = tuple(names.get(number) for number in numbers)
    known = tuple(name for name in found if name is not None)
    return known if len(known) == len(found) else None


class _Types:
    """The data types of one database, each built once from its row and shared by all that use it."""

    def __init__(self, rows: Iterable[Record]) -> None:
        self._rows = {row["oid"]: row for row in rows}
        self._built: dict[tuple[int, bool], DataType] = {}

    def type_of(self, oid: int, *, has_modifier: bool) -> DataType:
        built = self._built.get((oid, has_modifier))
        if built is None:
            built = self._built[oid, has_modifier] = self._build(self._rows[oid], has_modifier=has_modifier)
        return built

    def rejects_null(self, oid: int) -> bool:
        """Whether the type is a domain that is NOT NULL, or one over such a domain."""
        row = self._rows[oid]
        return row["kind"] == "domain" and (row["never_null"] or self.rejects_null(row["element"]))

    def _build(self, row: Record, *, has_modifier: bool) -> DataType:
        element = self._element(row, has_modifier=has_modifier)
        namespace, type_name = row["namespace"], row["name"]
        if row["kind"] == "array" and element is not None:
            # An array's own name is derived, and differs where that was taken: its element's name is stable.
            namespace, type_name = element.namespace, f"{element.name}[]"
        return DataType(
            namespace=namespace,
            name=type_name,
            kind=row["kind"],
            has_modifier=has_modifier,
            element=element,
            labels=tuple(row["labels"] or ()),
            attributes=self._attributes(row),
            comment=row["comment"],
            scalar=scalar_of(namespace, type_name) if row["kind"] == "base" else "",
        )

    def _element(self, row: Record, *, has_modifier: bool) -> DataType | None:
        if row["element"] is None:
            return None
        # `numeric(10,2)[]` narrows what is in the array; a domain narrows its base in its own definition.
        narrows_element = has_modifier if row["kind"] == "array" else row["narrows_element"]
        return self.type_of(row["element"], has_modifier=narrows_element)

    def _attributes(self, row: Record) -> tuple[Attribute, ...]:
        names, oids = row["attribute_names"] or (), row["attribute_types"] or ()
        narrowed = frozenset(row["narrowed_attributes"] or ())
        return tuple(
            Attribute(name=name, type=self.type_of(oid, has_modifier=name in narrowed))
            for name, oid in zip(names, oids, strict=True)
        )
