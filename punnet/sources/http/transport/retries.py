"""Whether to ask once more, and when."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from punnet.sources.http.transport.values import HttpResponse

RETRIED_STATUSES = frozenset({429, 502, 503, 504})


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryRule:
    """How often to try, and how long to wait in between."""

    attempts: int
    base_s: float
    cap_s: float


def wait_before_retry(
    rule: RetryRule, *, attempt: int, retry_after_s: float | None, remaining_s: float, chance: float
) -> float | None:
    """Say how long to wait before the next attempt, or None to leave it at this one.

    Args:
        rule: the source's.
        attempt: which attempt has just failed, from 1.
        retry_after_s: what the service asked for, if it did.
        remaining_s: time until the deadline. A wait that would not end before it is not begun.
        chance: from 0 to 1, so that those who failed together do not come back together.
    """
    if attempt >= rule.attempts:
        return None
    if retry_after_s is None:
        wait_s = chance * min(rule.cap_s, rule.base_s * 2 ** (attempt - 1))
    else:
        wait_s = retry_after_s + chance * rule.base_s
    return wait_s if wait_s < remaining_s else None


def retry_after_s(response: HttpResponse, wall_now: float) -> float | None:
    """Read Retry-After (RFC 9110, section 10.2.3): seconds, or a date; None where it says nothing readable."""
    asked = response.header("retry-after")
    if asked is None:
        return None
    asked = asked.strip()
    if asked.isascii() and asked.isdigit():
        return float(asked[:9])
    try:
        return max(0.0, parsedate_to_datetime(asked).timestamp() - wall_now)
    except (ValueError, OverflowError):
        return None
