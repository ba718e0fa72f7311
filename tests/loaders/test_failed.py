from __future__ import annotations

from unittest.mock import patch

import pytest

from punnet.access.condition import Compare, Variable
from punnet.loaders.failed import FailedReads
from punnet.planning.read import Read
from punnet.sources.errors import SourceTimeout
from tests.planning.made_plans import id_is, row

SLOW = SourceTimeout("main", why="too slow")
OPEN = Compare("id", "in", Variable(("ids",)))


def failed_with(*reads: Read) -> FailedReads:
    failed = FailedReads()
    for read in reads:
        failed.remember(read, (), {}, SLOW)
    return failed


def test_what_was_too_slow_is_not_asked_again() -> None:
    with pytest.raises(SourceTimeout):
        failed_with(row(id_is(1))).check(row(id_is(1)), (), {})


def test_other_rows_are_asked() -> None:
    failed_with(row(id_is(1))).check(row(id_is(2)), (), {})


def test_a_list_is_that_of_the_request() -> None:
    failed = FailedReads()
    failed.remember(row(OPEN), (), {"ids": [1, 2]}, SLOW)
    failed.check(row(OPEN), (), {"ids": [1]})
    with pytest.raises(SourceTimeout):
        failed.check(row(OPEN), (), {"ids": [1, 2]})


def test_a_read_is_compared_with_failures_of_its_own_rows_alone() -> None:
    failed = failed_with(*(row(id_is(number)) for number in range(100)))
    with patch("punnet.loaders.failed._Asked.holds", return_value=False) as holds:
        failed.check(row(id_is(1)), (), {})
    assert holds.call_count == 1
