"""Small databases at random: a few tables with any types, keys and links, and a few rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from punnet.sources.postgres.sql import identifier
from punnet.sources.postgres.values import statement_text
from tests.nasty.values import KEY_TYPES, TYPES, VALUES, Abilities, literal, values_of

Draw = Callable[[st.SearchStrategy[Any]], Any]

NAMES = (
    "item", "items", "Item", "order", "user_id", "user", "a b", 'q"uote', "ünï", "x" * 63, "node", "query", "id",
    "name", "parent_id", "ParentId", "{}", "$1", "news", "by",
)  # fmt: skip
KEYS = tuple(type_ for type_ in KEY_TYPES if type_ in VALUES)
COLUMN_TYPES = tuple(type_ for type_ in TYPES if type_ != "xml")
# Rows of a table without a key are in no order of their own: what cannot be ordered by would show it.
ORDERED_TYPES = ("bool", "int4", "int8", "numeric", "float8", "text", "timestamptz", "mood", "uuid", "bytea", "citext")


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    type: str
    is_key: bool = False
    """Of the primary key."""
    is_unique: bool = False
    """By itself, and it can be null."""


@dataclass(frozen=True, slots=True)
class Link:
    columns: tuple[str, ...]
    target: Table
    keys: tuple[Column, ...]
    """Of the target, pairwise with the columns."""


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    columns: tuple[Column, ...]
    links: tuple[Link, ...]
    rows: tuple[tuple[str | None, ...], ...]

    @property
    def key(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.is_key)

    @property
    def unique(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.is_unique)


@st.composite
def databases(draw: Draw, abilities: Abilities) -> str:
    """SQL that makes the tables of a database."""
    tables: list[Table] = []
    names = draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=5, unique=True))
    for name in names:
        tables.append(_table(draw, name, tables, abilities))
    return "\n".join([*map(_create, tables), *(_link(table, link) for table in tables for link in table.links)])


def _table(draw: Draw, name: str, others: Sequence[Table], abilities: Abilities) -> Table:
    names = iter(draw(st.permutations(NAMES)))
    key_size = draw(st.sampled_from((1, 1, 2, 0)))
    key = [Column(next(names), draw(st.sampled_from(KEYS)), is_key=True) for _ in range(key_size)]
    types = COLUMN_TYPES if key else ORDERED_TYPES
    columns = [Column(next(names), draw(st.sampled_from(types))) for _ in range(draw(st.integers(1, 4)))]
    if key and draw(st.booleans()):
        columns.append(Column(next(names), draw(st.sampled_from(KEYS)), is_unique=True))
    links: list[Link] = []
    targets = [other for other in others if other.key]
    for target in draw(st.lists(st.sampled_from(targets), max_size=2)) if targets and key else []:
        keys = draw(st.sampled_from((target.key, target.unique or target.key)))
        linking = [Column(next(names), column.type) for column in keys]
        columns += linking
        links.append(Link(tuple(column.name for column in linking), target, keys))
    rows = [
        tuple(_value(draw, column, abilities) for column in [*key, *columns]) for _ in range(draw(st.integers(0, 6)))
    ]
    return Table(name, (*key, *columns), tuple(links), tuple(rows))


def _value(draw: Draw, column: Column, abilities: Abilities) -> str | None:
    texts: list[str | None] = [value.text for value in values_of(column.type, abilities)]
    return str(draw(st.sampled_from(texts))) if column.is_key else draw(st.sampled_from([*texts, None]))


def _create(table: Table) -> str:
    columns = [f"{_quoted(column.name)} {column.type}" for column in table.columns]
    if table.key:
        columns.append(f"primary key ({', '.join(_quoted(column.name) for column in table.key)})")
    columns += [f"unique ({_quoted(column.name)})" for column in table.unique]
    rows = [f"({', '.join('null' if text is None else literal(text) for text in row)})" for row in table.rows]
    insert = f"insert into {_quoted(table.name)} values {', '.join(rows)} on conflict do nothing;" if rows else ""
    return f"create table {_quoted(table.name)} ({', '.join(columns)}); {insert}"


def _link(table: Table, link: Link) -> str:
    """The constraint, once what would break it is gone."""
    here, there = _quoted(table.name), _quoted(link.target.name)
    columns = [_quoted(name) for name in link.columns]
    keys = [_quoted(column.name) for column in link.keys]
    same = " and ".join(f"t.{key} = {here}.{column}" for key, column in zip(keys, columns, strict=True))
    nulls = ", ".join(f"{column} = null" for column in columns)
    return (
        f"update {here} set {nulls} where not exists (select from {there} as t where {same});"
        f"alter table {here} add foreign key ({', '.join(columns)}) references {there} ({', '.join(keys)});"
    )


def _quoted(name: str) -> str:
    return statement_text(identifier(name))
