"""Which operands are the same."""

from __future__ import annotations

from datetime import time
from decimal import Decimal

import pytest

from punnet.access.condition import Constant


@pytest.mark.parametrize("value", [None, 1, "a", Decimal("1.50"), (1, 2), {"a": [1]}, time.fromisoformat("12:30:00Z")])
def test_the_same_value_is_the_same_constant(value: object) -> None:
    assert Constant(value) == Constant(value)
    assert len({Constant(value), Constant(value)}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, True),
        (1, 1.0),
        (0, None),
        ("1", 1),
        ((1,), (True,)),
        ({"a": 1}, {"a": True}),
        # Python takes them for one moment; Postgres's timetz does not.
        (time.fromisoformat("12:30:00+02:00"), time.fromisoformat("10:30:00+00:00")),
    ],
)
def test_values_that_a_source_tells_apart_are_two_constants(one: object, other: object) -> None:
    assert Constant(one) != Constant(other)
