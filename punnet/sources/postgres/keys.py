"""The keys of a batch as rows."""

from __future__ import annotations

from collections.abc import Iterator

from punnet.catalog.types import DataType
from punnet.planning.read import Link, Read
from punnet.sources.postgres.conditions import slot
from punnet.sources.postgres.slots import KeyColumn
from punnet.sources.postgres.sql import Sql, compose, join, raw
from punnet.sources.postgres.table import KEYS
from punnet.sources.postgres.values import type_sql


def by_each_key(read: Read) -> Iterator[tuple[Read, Sql]]:
    """The read asked by each of its keys alone, and the keys of the batch that are of this kind."""
    first = 0
    for number, links in enumerate(read.keys):
        keys = _keys_sql(links, first)
        if read.or_by:
            # Each of a batch that mixes keys is null in the columns of the others.
            keys = compose("(select * from {} where k0 is not null) as {}", keys, raw(KEYS))
        yield read.asked_by([number]), keys
        first += len(links)


def _keys_sql(links: tuple[Link, ...], first: int) -> Sql:
    """The keys of a batch as rows `k(k0, ..., n)`; `first` is where their columns begin in a key."""
    # Not as domains: a text that breaks one's rule is no error, but the key of no row.
    types = [link.type.base() for link in links]
    names = raw(", ".join(f"k{number}" for number in range(len(types))))
    if not any(data_type.kind in ("array", "composite") for data_type in types):
        arrays = [_array(number, type_) for number, type_ in enumerate(types, first)]
        return compose("unnest({}) with ordinality as {}({}, n)", join(", ", arrays), raw(KEYS), names)
    # In FROM, unnest() would take a composite apart, and there are no arrays of arrays: cast text by text.
    texts = [slot(KeyColumn(number), "text[]") for number, _ in enumerate(types, first)]
    casts = [raw(f"k{number}::{type_sql(type_)} as k{number}") for number, type_ in enumerate(types)]
    return compose(
        "(select {}, n from unnest({}) with ordinality as u({}, n)) as {}",
        join(", ", casts), join(", ", texts), names, raw(KEYS),
    )  # fmt: skip


def _array(number: int, data_type: DataType) -> Sql:
    """One column of the keys, as an array of its type."""
    if data_type.kind == "base" and data_type.name in _NUMBERS:
        return slot(KeyColumn(number, is_number=True), f"{data_type.name}[]")
    return slot(KeyColumn(number), f"text[]::{type_sql(data_type)}[]")


_NUMBERS = ("int2", "int4", "int8")
