"""Whether a service that keeps failing is asked at all, as a state machine with a clock from outside."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Pass(Enum):
    """What a call was let through as."""

    CALL = auto()
    PROBE = auto()
    """The one call that finds out whether the service is well again."""


class Verdict(Enum):
    """What a call told about the service."""

    WELL = auto()
    FAILED = auto()
    UNKNOWN = auto()
    """The call was given up before it told anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerRule:
    """When to open, and for how long."""

    failures: int
    window_s: float
    open_s: float


class Breaker:
    """Closed, it lets every call through; open, none; half open, one probe.

    It opens after `failures` within the window, if they are half of its calls or more: a busy service that fails now
    and then is not cut off. The window is kept as two halves, the one that runs and the one before, so that a call
    costs the same whatever the traffic.
    """

    def __init__(self, rule: BreakerRule) -> None:
        self._rule = rule
        self._opened_at: float | None = None
        self._probing = False
        self._half_began = float("-inf")
        self._now = _Counts()
        self._before = _Counts()

    def is_open(self, now: float) -> bool:
        """Tell whether a call would be refused now."""
        return self._opened_at is not None and (self._probing or now < self._opened_at + self._rule.open_s)

    def enter(self, now: float) -> Pass | None:
        """Let a call through, or give None. Who was let through must `leave`."""
        if self._opened_at is None:
            return Pass.CALL
        if self.is_open(now):
            return None
        self._probing = True
        return Pass.PROBE

    def leave(self, entered: Pass, verdict: Verdict, now: float) -> None:
        """Take note of how a call went."""
        if entered is Pass.PROBE:
            self._probing = False
            self._judge_probe(verdict, now)
        elif self._opened_at is None and verdict is not Verdict.UNKNOWN:
            # A call from before the breaker opened says nothing about what came after.
            self._count(verdict, now)

    def _judge_probe(self, verdict: Verdict, now: float) -> None:
        if verdict is Verdict.WELL:
            self._opened_at = None
            self._now, self._before = _Counts(), _Counts()
        elif verdict is Verdict.FAILED:
            self._opened_at = now

    def _count(self, verdict: Verdict, now: float) -> None:
        half = self._rule.window_s / 2
        if now >= self._half_began + half:
            self._before = self._now if now < self._half_began + 2 * half else _Counts()
            self._now = _Counts()
            self._half_began = now
        self._now.calls += 1
        if verdict is Verdict.FAILED:
            self._now.failures += 1
            failures = self._now.failures + self._before.failures
            if failures >= self._rule.failures and 2 * failures >= self._now.calls + self._before.calls:
                self._opened_at = now


@dataclass(slots=True)
class _Counts:
    calls: int = 0
    failures: int = 0
