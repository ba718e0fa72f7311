"""What it takes to find a view's rows by their columns, as Postgres estimates it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from punnet.catalog.relations import Relation
from punnet.catalog.types import DataType
from punnet.sources.postgres.conditions import compared
from punnet.sources.postgres.sql import Sql, compose, identifier, join, raw
from punnet.sources.postgres.values import statement_text, type_sql

_SHARE = 0.25
"""Where one value's rows cost this share of all, those of a few parents are had for less by reading all."""
_CHEAP = 50.0
"""Costs like these are not worth doing otherwise: a table of some 1,000 rows is scanned for less."""
_FOREIGN = '"Node Type": "Foreign Scan"'
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
    transaction = connection.transaction(readonly=True)
    await transaction.start()
    try:
        await connection.execute(_SETTINGS)
        return tuple([columns for columns in linked if await _is_scan(connection, view, columns)])
    finally:
        # A function that the planner tries may have changed settings, too.
        await transaction.rollback()


async def _is_scan(connection: Any, view: Relation, columns: tuple[str, ...]) -> bool:
    names = join(", ", [identifier(name) for name in columns])
    rows = compose("select {} from {}", names, identifier(view.id.namespace, view.id.name))
    found = [_equals_some_value(identifier(name), view.column_by_name[name].type) for name in columns]
    of_one = await _plan(connection, compose("{} where {}", rows, join(" and ", found)))
    if _FOREIGN in of_one:
        # Its server knows by which indexes, and we do not.
        return False
    cost = _cost(of_one)
    return cost > _CHEAP and cost > _SHARE * _cost(await _plan(connection, rows))


def _equals_some_value(column: Sql, data_type: DataType) -> Sql:
    """A comparison with a value that the planner does not know, as that of a parent is."""
    value = compose("(select null::{} offset 0)", raw(type_sql(data_type.base())))
    return compose("{} = {}", compared(column, data_type), value)


async def _plan(connection: Any, query: Sql) -> str:
    [[plan]] = await connection.fetch(f"explain (format json) {statement_text(query)}")
    return str(plan)


def _cost(plan: str) -> float:
    return float(json.loads(plan)[0]["Plan"]["Total Cost"])
