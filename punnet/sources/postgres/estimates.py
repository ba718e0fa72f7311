"""What it takes to find a view's rows by their columns, as Postgres estimates it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from punnet.catalog.relations import Relation
from punnet.sources.postgres.sql import Sql, compose, identifier, join, raw
from punnet.sources.postgres.values import statement_text, type_sql

_SHARE = 0.25
"""Where one value's rows cost this share of all, those of a few parents are had for less by reading all."""
_CHEAP = 50.0
"""Costs like these are not worth doing otherwise: a table of some 1,000 rows is scanned for less."""
# Rows of one parent are read by one core. A lock, or a function that the planner tries, may keep it waiting.
_SETTINGS = """
select pg_catalog.set_config('max_parallel_workers_per_gather', '0', true),
       pg_catalog.set_config('lock_timeout', '500', true), pg_catalog.set_config('statement_timeout', '2000', true)
"""


def askable(relation: Relation, linked: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The columns of a view that Postgres can be asked about."""
    if relation.kind != "view":
        return []
    return sorted(columns for columns in linked if columns and relation.column_by_name.keys() >= set(columns))


async def scanned_columns(
    connection: Any, view: Relation, linked: list[tuple[str, ...]]
) -> tuple[tuple[str, ...], ...]:
    """Those of the columns by which one value's rows take about as long to find as all rows. Nothing is run.

    Args:
        connection: not in a transaction. Its settings are not changed.
        view: that the columns are of.
        linked: at least one column each.
    """
    async with connection.transaction(readonly=True):
        await connection.execute(_SETTINGS)
        return tuple([columns for columns in linked if await _is_scan(connection, view, columns)])


async def _is_scan(connection: Any, view: Relation, columns: tuple[str, ...]) -> bool:
    names = [identifier(name) for name in columns]
    rows = compose("select {} from {}", join(", ", names), identifier(view.id.namespace, view.id.name))
    found = [compose("{} = {}", name, _some_value(view, column)) for name, column in zip(names, columns, strict=True)]
    of_one = await _cost(connection, compose("{} where {}", rows, join(" and ", found)))
    return of_one > _CHEAP and of_one > _SHARE * await _cost(connection, rows)


def _some_value(view: Relation, column: str) -> Sql:
    """A value that the planner does not know, as that of a parent is."""
    data_type = view.column_by_name[column].type.base()
    return compose("(select null::{} offset 0)", raw(type_sql(data_type)))


async def _cost(connection: Any, query: Sql) -> float:
    [[plan]] = await connection.fetch(f"explain (format json) {statement_text(query)}")
    return float(json.loads(plan)[0]["Plan"]["Total Cost"])
