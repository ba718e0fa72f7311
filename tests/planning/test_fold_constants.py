"""Conditions without their constant parts are true, false and null for the same rows."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from punnet.access.condition import EVERYTHING, And, Compare, Condition, Constant, Items, Not, Or, Variable
from punnet.planning.rules.fold_constants import NOTHING, fold

OPEN = Compare("a", "eq", Variable(("a",)))
EMPTY_LISTS = st.sampled_from([Constant(()), Items(())])
PARTS = st.recursive(
    st.sampled_from([OPEN, Compare("b", "eq", Variable(("b",)))])
    | st.builds(Compare, st.just("a"), st.sampled_from(["in", "notIn"]), EMPTY_LISTS),
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(And, st.lists(inner, max_size=3).map(tuple))
        | st.builds(Or, st.lists(inner, max_size=3).map(tuple))
    ),
)
TRUTH = st.sampled_from([True, False, None])


def truth(condition: Condition, row: dict[str, bool | None]) -> bool | None:
    """By SQL: of an `and`, false decides, then null; of an `or`, true decides, then null."""
    match condition:
        case And(parts):
            values = {truth(part, row) for part in parts}
            return False if False in values else (None if None in values else True)
        case Or(parts):
            values = {truth(part, row) for part in parts}
            return True if True in values else (None if None in values else False)
        case Not(part):
            value = truth(part, row)
            return None if value is None else not value
        case Compare(_, "in", _):
            return False
        case Compare(_, "notIn", _):
            return True
        case Compare(column, _, _):
            return row[column]


@given(PARTS, st.fixed_dictionaries({"a": TRUTH, "b": TRUTH}))
def test_a_folded_condition_means_the_same_for_every_row(condition: Condition, row: dict[str, Any]) -> None:
    assert truth(fold(condition), row) is truth(condition, row)


def test_a_list_without_items_lets_no_row_through() -> None:
    assert fold(And((OPEN, Compare("a", "in", Constant(()))))) == NOTHING


def test_the_opposite_of_nothing_is_everything() -> None:
    assert fold(Not(Or(()))) == EVERYTHING


def test_a_part_that_decides_nothing_is_left_out() -> None:
    assert fold(Or((And((OPEN, And(()))), Or(())))) == OPEN


def test_a_list_that_a_request_brings_stays_open() -> None:
    assert fold(Compare("a", "in", Variable(("ids",)))) == Compare("a", "in", Variable(("ids",)))
