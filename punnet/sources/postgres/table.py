"""A relation's rows as SQL: where they come from, and which of them."""

from __future__ import annotations

from punnet.planning.columns import columns_of
from punnet.planning.read import Link, Read
from punnet.sources.postgres.conditions import after_sql, column_sql, compared, condition_sql, is_everything, never_null
from punnet.sources.postgres.rows import Rows
from punnet.sources.postgres.sql import NOTHING, Sql, compose, identifier, join, raw

KEYS = "k"
"""The alias of the keys of a batch, whose columns are `k0 ...`."""
SCAN = "scan"
"""The alias of the statement's one scan."""
_EXACT = ("int8", "numeric")
_ROUNDED = ("float4", "float8")


def from_sql(rows: Rows) -> Sql:
    """` from ...`."""
    relation = rows.read.relation.id
    origin = raw(SCAN) if rows.in_scan else identifier(relation.namespace, relation.name)
    return compose(" from {} as {}", origin, raw(rows.alias))


def where_sql(rows: Rows, parent: str | None, *, with_cursor: bool = False) -> Sql:
    """` where ...`, or nothing; the rows of one row or key of `parent`, where that is given."""
    linked: list[Sql] = []
    if parent is not None:
        linked = [
            compose("{} = {}", child_column(rows.read, rows.alias, link), parent_column(parent, link, number))
            for number, link in enumerate(rows.read.keyed_by)
        ]
    return where_all(conditions(rows, with_cursor=with_cursor, linked=linked))


def conditions(rows: Rows, *, with_cursor: bool, linked: list[Sql]) -> list[Sql]:
    """What a row must be to be among these: by its policy, filter, links and cursor."""
    read, alias = rows.read, rows.alias
    found = [
        condition_sql(condition, read.relation, alias)
        for condition in (read.policy.rows, read.where)
        if not rows.in_scan and not is_everything(condition)
    ]
    found += linked
    if with_cursor and read.page.after is not None:
        found.append(after_sql(read.page.after, read.order, read.relation, alias, known_columns(read)))
    return found


def known_columns(read: Read) -> frozenset[str]:
    """The columns in which its filter and policy let no null through."""
    return never_null(read.policy.rows) | never_null(read.where)


def where_all(found: list[Sql]) -> Sql:
    """` where ...` with all of the conditions, or nothing."""
    return compose(" where {}", join(" and ", found)) if found else NOTHING


def count_sql(rows: Rows, parent: str | None) -> Sql:
    """The number of the rows, whatever the page; of one row or key of `parent`, where that is given."""
    return compose("(select count(*){}{})", from_sql(rows), where_sql(rows, parent))


def child_column(read: Read, alias: str, link: Link) -> Sql:
    """A link's column of the read's rows, as it is compared with the parent's: rows are grouped by it, too."""
    data_type = read.relation.column_by_name[link.child].type
    column = compared(column_sql(alias, link.child), data_type)
    common = _common_type(data_type.base().name, link.type.base().name)
    return column if common is None else compose("{}::{}", column, raw(common))


def _common_type(own: str, other: str) -> str | None:
    """As what Postgres compares the two types, where that finds other values of the first to be equal."""
    if own == "citext" and other != "citext":
        return "text"
    return "float8" if own in _EXACT and other in _ROUNDED else None


def parent_column(parent: str, link: Link, number: int) -> Sql:
    """What a link's column equals: the number of the link names it where the parent is a batch of keys."""
    return identifier(parent, f"k{number}") if parent == KEYS else compared(column_sql(parent, link.parent), link.type)


def columns_sql(rows: Rows) -> list[Sql]:
    """The columns that the read takes. Not `*`: a role need not be allowed to read them all."""
    return [column_sql(rows.alias, name) for name in columns_of(rows.read)]


def number_name(read: Read) -> str:
    """A name for the number of a row that none of the relation's columns has."""
    name = "r"
    while name in read.relation.column_by_name:
        name += "_"
    return name
