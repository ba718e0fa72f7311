"""JSON text put together from the texts of values."""

from __future__ import annotations

from punnet.catalog.relations import Column
from punnet.planning.read import ITSELF
from punnet.sources.postgres.conditions import column_sql
from punnet.sources.postgres.sql import Sql, compose, concatenate, join, literal


def json_object(fields: list[tuple[str, Sql]]) -> Sql:
    """Text assembled in the order of the fields; each value is text and never null."""
    if not fields:
        return literal("{}")
    if fields[0][0] == ITSELF:
        return fields[0][1]
    pieces: list[Sql] = []
    for number, (key, value) in enumerate(fields):
        pieces.append(literal(f'{"," if number else "{"}"{key}":'))
        pieces.append(value)
    pieces.append(literal("}"))
    return concatenate(pieces)


def with_null(text: Sql, column: Column) -> Sql:
    """A column's JSON text with what stands in the place of a null: nothing where there can be none."""
    if column.on_trust:
        return compose("coalesce({}, chr(1))", text)
    return compose("coalesce({}, 'null')", text) if column.nullable else text


def node_id(type_name: str, columns: list[Column], alias: str) -> Sql:
    """A row's global id; see `NodeId`."""
    values = [column_sql(alias, column.name) for column in columns]
    text = base64url_of(literal(f'["{type_name}"'), values)
    doubtful = [compose("{} is null", value) for column, value in zip(columns, values, strict=True) if column.on_trust]
    if not doubtful:
        return text
    # A null in what was said to be a key names no row.
    return compose("case when {} then chr(1) else {} end", join(" or ", doubtful), text)


def base64url_of(head: Sql, columns: list[Sql]) -> Sql:
    """A JSON string: base64url, without padding, of the JSON list of a head and the columns' texts."""
    texts = [compose("||','||coalesce(to_json({}::text)::text, 'null')", column) for column in columns]
    encoded = compose("encode(convert_to({}{}||']', 'UTF8'), 'base64')", head, join("", texts))
    url_safe = compose(r"translate({}, E'+/=\n', '-_')", encoded)
    return concatenate([literal('"'), url_safe, literal('"')])
