"""The places of hops in the text of an answer, each with its key."""

from __future__ import annotations

import json

from punnet.catalog.relations import Column
from punnet.planning.marks import PLACE
from punnet.planning.read import HopKey
from punnet.sources.postgres.conditions import column_sql
from punnet.sources.postgres.rows import Rows
from punnet.sources.postgres.sql import Sql, compose, join, literal, raw
from punnet.sources.postgres.structures import EnumValue, JsonText
from punnet.sources.postgres.values import json_string

_PLACE = raw(f"chr({ord(PLACE)})")


def hop_place(key: HopKey, rows: Rows, enum_value: EnumValue) -> Sql:
    """A hop's place in the text of a row."""
    columns = [rows.read.relation.column_by_name[name] for name in key.columns]
    values = [_key_value(column, rows.alias, enum_value) for column in columns]
    return _open_place(key, values) if key.is_open else _place(key.hop, values)


def _place(hop: int, values: list[Sql]) -> Sql:
    text = compose("{}||{}||{}||']'||{}", _PLACE, literal(f"{hop}["), join("||','||", values), _PLACE)
    return compose("coalesce({}, 'null')", text)


def _open_place(key: HopKey, values: list[Sql]) -> Sql:
    """A place whose key the request may know better."""
    head = literal(f"!{key.hop}[{json.dumps(key.columns)},[")
    texts = join("||','||", [compose("coalesce({}, 'null')", value) for value in values])
    return compose("{}||{}||{}||']]'||{}", _PLACE, head, texts, _PLACE)


def _key_value(column: Column, alias: str, enum_value: EnumValue) -> Sql:
    value = column_sql(alias, column.name)
    if column.type.base().kind == "enum":
        # Another source knows the database's label, not the API's name for it.
        return json_string(value)
    return JsonText(enum_value).of(column.type, value)
