"""How moments go to Postgres.

The driver takes the last moment that Python has for infinity, and the first for minus infinity. Here they are the
moments that they are.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

_EPOCH = datetime(2000, 1, 1)
_EPOCH_UTC = _EPOCH.replace(tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


async def use_exact_moments(connection: Any) -> None:
    """Send dates and timestamps as the numbers that Postgres counts them by."""
    for name, encode in (("timestamptz", _timestamptz), ("timestamp", _timestamp), ("date", _date)):
        await connection.set_type_codec(name, schema="pg_catalog", encoder=encode, decoder=_as_it_comes, format="tuple")


def _timestamptz(moment: datetime) -> tuple[int]:
    return ((moment - _EPOCH_UTC) // _MICROSECOND,)


def _timestamp(moment: datetime) -> tuple[int]:
    return ((moment - _EPOCH) // _MICROSECOND,)


def _date(day: date) -> tuple[int]:
    return ((day - _EPOCH.date()).days,)


def _as_it_comes(number: tuple[int]) -> tuple[int]:
    """No statement of ours gives one: all values come as text."""
    return number
