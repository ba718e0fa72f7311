"""Whether the peers give the same answers: each one's content against that of `limit`."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import workload
from ground import LINES, Ground
from peer import Peer

LIMIT = "limit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What a few answers of one peer to one query were like; means, of the body's bytes and the upstream's calls."""

    ok: bool
    why: str = ""
    bytes: float = 0
    upstream: float = 0


Checks = dict[tuple[str, str], Check]
"""By peer and query; none where a peer does not take part in a query."""


def verify(peers: Mapping[str, Peer], queries: Sequence[str], ground: Ground, count: int) -> Checks:
    """Asks each peer what `limit` was asked, on a few variables, one request at a time."""
    found: Checks = {}
    for query in queries:
        sets = workload.variables(query, "verify", count)
        wanted = [(values, limit_answer(peers[LIMIT], query, values, ground)) for values in sets]
        for name, peer in peers.items():
            if query in peer.queries:
                found[name, query] = check(peer, query, wanted, ground)
    return found


def limit_answer(limit: Peer, query: str, values: dict[str, Any], ground: Ground) -> Any:
    content, _ = limit.ask(query, values)
    if query == "Q7":
        ground.clean()
    return content


def check(peer: Peer, query: str, wanted: Sequence[tuple[dict[str, Any], Any]], ground: Ground) -> Check:
    try:
        seen = [ask_and_compare(peer, query, values, want, ground) for values, want in wanted]
        sizes, calls = zip(*seen, strict=True)
        return Check(ok=True, bytes=statistics.mean(sizes), upstream=statistics.mean(calls))
    except Exception as error:
        if query == "Q7":
            ground.clean()
        return Check(ok=False, why=f"{type(error).__name__}: {error}")


def ask_and_compare(peer: Peer, query: str, values: dict[str, Any], want: Any, ground: Ground) -> tuple[int, int]:
    """The size of the body in bytes, and the calls that the upstream got.

    Raises:
        ValueError: the content is not what it should be, or what is in the database now is not.
    """
    before = ground.upstream_calls()
    content, size = peer.ask(query, values)
    calls = ground.upstream_calls() - before
    why = workload.difference(want, content)
    if query == "Q7":
        rows = ground.written()
        ground.clean()
        if not why and rows != (1, LINES):
            why = f"rows written: {list(rows)}"
    if why:
        raise ValueError(why)
    return size, calls
