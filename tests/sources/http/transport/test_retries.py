from __future__ import annotations

import pytest

from punnet.sources.http.transport.retries import RetryRule, retry_after_s, wait_before_retry
from punnet.sources.http.transport.values import HttpResponse

RULE = RetryRule(attempts=4, base_s=0.1, cap_s=0.3)


def wait(attempt: int, *, asked: float | None = None, remaining: float = 10, chance: float = 1) -> float | None:
    return wait_before_retry(RULE, attempt=attempt, retry_after_s=asked, remaining_s=remaining, chance=chance)


def test_waits_double_up_to_the_cap() -> None:
    assert [wait(1), wait(2), wait(3)] == [0.1, 0.2, 0.3]


def test_after_the_last_attempt_there_is_none() -> None:
    assert wait(4) is None


def test_chance_spreads_the_waits() -> None:
    assert [wait(2, chance=0), wait(2, chance=0.5)] == [0, 0.1]


def test_a_wait_that_the_deadline_would_end_is_not_begun() -> None:
    assert wait(1, remaining=0.1) is None


def test_what_the_service_asks_for_is_waited() -> None:
    assert wait(1, asked=2, chance=0.5) == 2.05


def test_what_the_service_asks_for_does_not_go_beyond_the_deadline() -> None:
    assert wait(1, asked=30) is None


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("3", 3.0),
        (" 0 ", 0.0),
        ("Thu, 01 Jan 1970 00:17:00 GMT", 20.0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
        ("-1", None),
        ("soon", None),
        ("", None),
        ("9" * 400, 999999999.0),
        ("Thu, 01 Jan 99999 00:00:00 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str, seconds: float | None) -> None:
    assert retry_after_s(HttpResponse(status=503, headers=(("retry-after", value),)), 1000) == seconds


def test_without_retry_after_nothing_is_asked_for() -> None:
    assert retry_after_s(HttpResponse(status=503), 1000) is None
