from __future__ import annotations

from punnet.server.stopping import Stopping


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_before_it_is_told_all_of_the_time_is_left() -> None:
    stopping = Stopping(delay_s=10, timeout_s=5, clock=Clock())
    assert (stopping.has_begun, stopping.remaining_s()) == (False, 5)


def test_the_time_of_requests_begins_after_the_delay() -> None:
    clock = Clock()
    stopping = Stopping(delay_s=10, timeout_s=5, clock=clock)
    stopping.begin()
    clock.now += 12
    assert (stopping.has_begun, stopping.remaining_s()) == (True, 3)


def test_at_once_means_without_the_delay() -> None:
    stopping = Stopping(delay_s=10, timeout_s=5, clock=Clock())
    stopping.begin(at_once=True)
    assert stopping.remaining_s() == 5


def test_to_be_told_again_gives_no_more_time() -> None:
    clock = Clock()
    stopping = Stopping(delay_s=0, timeout_s=5, clock=clock)
    stopping.begin()
    clock.now += 4
    stopping.begin()
    assert stopping.remaining_s() == 1


def test_to_be_told_again_at_once_ends_the_delay() -> None:
    clock = Clock()
    stopping = Stopping(delay_s=3600, timeout_s=5, clock=clock)
    stopping.begin()
    clock.now += 1
    stopping.begin(at_once=True)
    assert stopping.remaining_s() == 5


def test_there_is_never_less_than_no_time() -> None:
    clock = Clock()
    stopping = Stopping(delay_s=0, timeout_s=5, clock=clock)
    stopping.begin()
    clock.now += 60
    assert stopping.remaining_s() == 0


def test_a_server_that_starts_again_has_not_been_told() -> None:
    stopping = Stopping(delay_s=0, timeout_s=5, clock=Clock())
    stopping.begin()
    stopping.reset()
    assert not stopping.has_begun
