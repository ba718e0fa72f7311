"""W3C trace context: passed on as it came, or begun where the caller brought none."""

from __future__ import annotations

import re
from collections.abc import Callable

from punnet.sources.http.transport.values import Headers

RandomBytes = Callable[[int], bytes]

_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?", re.ASCII)


def trace_headers(traceparent: str | None, tracestate: str | None, random_bytes: RandomBytes) -> Headers:
    """Give the headers that tie a call to the request that caused it.

    Args:
        traceparent: what the incoming request said, if it did.
        tracestate: likewise; it means nothing without a valid traceparent, and is dropped then.
        random_bytes: `os.urandom`.

    Returns:
        `traceparent`, and `tracestate` where there is one. A trace that begins here is marked as not sampled: nobody
        upstream asked for it, and a service may still decide for itself.

    The form is that of www.w3.org/TR/trace-context, sections 3.2 and 3.3.
    """
    if traceparent is None or not _is_valid(traceparent):
        return (("traceparent", f"00-{random_bytes(16).hex()}-{random_bytes(8).hex()}-00"),)
    if tracestate and tracestate.isprintable():
        return (("traceparent", traceparent), ("tracestate", tracestate))
    return (("traceparent", traceparent),)


def _is_valid(traceparent: str) -> bool:
    matched = _TRACEPARENT.fullmatch(traceparent)
    # Version 00 has exactly four fields; later versions may add some.
    return matched is not None and not (traceparent.startswith("00") and matched.group(1))
