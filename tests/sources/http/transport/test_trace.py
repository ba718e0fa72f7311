from __future__ import annotations

import pytest

from punnet.sources.http.transport.trace import trace_headers
from tests.sources.http.transport.services import TRACEPARENT

BEGUN = (("traceparent", f"00-{'01' * 16}-{'01' * 8}-00"),)


def ones(size: int) -> bytes:
    return b"\x01" * size


def test_a_trace_is_passed_on_as_it_came() -> None:
    assert trace_headers(TRACEPARENT, "vendor=1", ones) == (("traceparent", TRACEPARENT), ("tracestate", "vendor=1"))
    assert trace_headers(TRACEPARENT, None, ones) == (("traceparent", TRACEPARENT),)


def test_a_trace_begins_where_there_is_none() -> None:
    assert trace_headers(None, None, ones) == BEGUN


def test_a_version_to_come_is_passed_on() -> None:
    later = f"01{TRACEPARENT[2:]}-more"
    assert trace_headers(later, None, ones) == (("traceparent", later),)


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "nonsense",
        f"{TRACEPARENT}-more",
        f"ff{TRACEPARENT[2:]}",
        TRACEPARENT.upper(),
        f"00-{'0' * 32}-b7ad6b7169203331-01",
        f"00-0af7651916cd43dd8448eb211c80319c-{'0' * 16}-01",
        f"{TRACEPARENT}\n",
    ],
)
def test_a_broken_trace_is_replaced_together_with_its_state(broken: str) -> None:
    assert trace_headers(broken, "vendor=1", ones) == BEGUN
