"""JSON text put together from the texts of values."""

from __future__ import annotations

from base64 import urlsafe_b64encode

from punnet.catalog.relations import Column
from punnet.planning.read import ITSELF, Read, ordering_hash
from punnet.sources.postgres.conditions import column_sql
from punnet.sources.postgres.sql import Sql, compose, concatenate, join, leading_text, literal
from punnet.sources.postgres.values import printed


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
    text = base64url_of(printed_list(type_name, columns, alias))
    doubtful = [compose("{} is null", column_sql(alias, column.name)) for column in columns if column.on_trust]
    if not doubtful:
        return text
    # A null in what was said to be a key names no row.
    return compose("case when {} then chr(1) else {} end", join(" or ", doubtful), text)


def cursor_text(read: Read, alias: str) -> Sql:
    """What a row's cursor says, not yet encoded: the order that it is a place in, and the row's place."""
    columns = [read.relation.column_by_name[by.column] for by in read.order]
    return printed_list(ordering_hash(read.order), columns, alias)


def printed_list(head: str, columns: list[Column], alias: str) -> Sql:
    """The JSON list of a head and of what Postgres prints of the columns' values."""
    pieces = [literal(f'["{head}"')]
    for column in columns:
        text = printed(column.type, column_sql(alias, column.name))
        pieces += [literal(","), compose("coalesce({}, 'null')", text) if column.nullable or column.on_trust else text]
    return concatenate([*pieces, literal("]")])


def base64url_of(text: Sql) -> Sql:
    """A JSON string: base64url, without padding, of a text.

    What the text begins with in every row is encoded here, as far as it fills groups of three bytes: taking out the
    signs that base64url has not costs the database as much as all else.
    """
    constant, rest = leading_text(text)
    head = constant.encode()
    whole = len(head) - len(head) % 3
    tail = concatenate([literal(head[whole:].decode()), rest]) if head[whole:] else rest
    url_safe = compose(r"translate(encode(convert_to({}, 'UTF8'), 'base64'), E'+/=\n', '-_')", tail)
    return concatenate([literal('"' + urlsafe_b64encode(head[:whole]).decode()), url_safe, literal('"')])
