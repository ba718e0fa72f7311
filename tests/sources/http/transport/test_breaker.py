from __future__ import annotations

from punnet.sources.http.transport.breaker import Breaker, BreakerRule, Pass, Verdict

RULE = BreakerRule(failures=3, window_s=10, open_s=5)


def passed(breaker: Breaker, verdict: Verdict, now: float) -> None:
    entered = breaker.enter(now)
    assert entered is not None
    breaker.leave(entered, verdict, now)


def all_passed(breaker: Breaker, verdicts: list[Verdict], now: float) -> None:
    for verdict in verdicts:
        passed(breaker, verdict, now)


def opened() -> Breaker:
    breaker = Breaker(RULE)
    all_passed(breaker, [Verdict.FAILED] * 3, 0)
    return breaker


def test_it_opens_after_so_many_failures() -> None:
    breaker = Breaker(RULE)
    passed(breaker, Verdict.FAILED, 0)
    passed(breaker, Verdict.FAILED, 1)
    assert not breaker.is_open(1)
    passed(breaker, Verdict.FAILED, 2)
    assert breaker.is_open(2)
    assert breaker.enter(2) is None


def test_failures_outside_of_the_window_do_not_count() -> None:
    breaker = Breaker(RULE)
    passed(breaker, Verdict.FAILED, 0)
    passed(breaker, Verdict.FAILED, 0)
    passed(breaker, Verdict.FAILED, 20)
    assert not breaker.is_open(20)


def test_failures_of_the_half_before_count() -> None:
    breaker = Breaker(RULE)
    passed(breaker, Verdict.FAILED, 0)
    passed(breaker, Verdict.FAILED, 4)
    passed(breaker, Verdict.FAILED, 6)
    assert breaker.is_open(6)


def test_a_busy_service_that_fails_now_and_then_is_not_cut_off() -> None:
    breaker = Breaker(RULE)
    all_passed(breaker, [Verdict.WELL, Verdict.WELL, Verdict.FAILED] * 20, 1)
    assert not breaker.is_open(1)


def test_after_a_while_one_probe_is_let_through() -> None:
    breaker = opened()
    assert breaker.enter(4.9) is None
    assert breaker.enter(5) is Pass.PROBE
    assert breaker.enter(5) is None


def test_a_good_probe_closes_it() -> None:
    breaker = opened()
    passed(breaker, Verdict.WELL, 5)
    assert breaker.enter(5) is Pass.CALL
    passed(breaker, Verdict.FAILED, 5)
    assert not breaker.is_open(5)


def test_a_failed_probe_opens_it_for_as_long_again() -> None:
    breaker = opened()
    passed(breaker, Verdict.FAILED, 6)
    assert breaker.is_open(10.9)
    assert breaker.enter(11) is Pass.PROBE


def test_a_probe_that_was_given_up_leaves_its_place_to_the_next() -> None:
    breaker = opened()
    passed(breaker, Verdict.UNKNOWN, 5)
    assert breaker.enter(5) is Pass.PROBE


def test_calls_from_before_it_opened_change_nothing() -> None:
    breaker = Breaker(RULE)
    early = breaker.enter(0)
    assert early is not None
    passed(breaker, Verdict.FAILED, 0)
    passed(breaker, Verdict.FAILED, 0)
    passed(breaker, Verdict.FAILED, 0)
    breaker.leave(early, Verdict.WELL, 1)
    assert breaker.is_open(1)


def test_calls_that_were_given_up_say_nothing() -> None:
    breaker = Breaker(RULE)
    all_passed(breaker, [Verdict.UNKNOWN] * 10, 0)
    assert not breaker.is_open(0)
