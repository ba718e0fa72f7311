"""SQL put together from pieces."""

from __future__ import annotations

from functools import reduce

from punnet.sources.postgres.sql import Slot, Sql, compose, concatenate, join, literal, raw, statement

DEPTH = 5_000
LONG = concatenate([literal(str(number)) for number in range(100)])


def wrapped(piece: Sql, _level: int) -> Sql:
    return compose("({} + {})", piece, Sql((Slot("n", "int4"),)))


def test_a_piece_in_a_piece_is_its_text_there() -> None:
    inner = join(", ", [raw(f"c{number}") for number in range(50)])
    sql = compose("select {} from ({}) as q where {}", raw("*"), compose("select {} from t", inner), raw("true"))
    names = ", ".join(f"c{number}" for number in range(50))
    assert statement(sql, 18).text == f"select * from (select {names} from t) as q where true"


def test_constants_of_a_long_piece_are_put_together_as_those_of_a_short_one() -> None:
    constants = "".join(map(str, range(100)))
    assert statement(LONG, 18).text == f"'{constants}'"
    assert statement(concatenate([literal("<"), LONG, literal(">")]), 18).text == f"'<{constants}>'"


def test_a_level_more_copies_nothing_of_what_is_below_it() -> None:
    levels = [LONG]
    for level in range(100):
        levels.append(wrapped(levels[-1], level))
    assert max(len(level.parts) for level in levels[1:]) < 30


def test_pieces_can_lie_in_each_other_as_deep_as_one_likes() -> None:
    made = statement(reduce(wrapped, range(DEPTH), raw("0")), 18)
    assert made.text == "(" * DEPTH + "0" + " + $1::int4)" * DEPTH
    assert made.slots == (Slot("n", "int4"),)
