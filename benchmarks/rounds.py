"""The rounds of a query, in which the peers take turns, and what they come to."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ground import Ground
from measuring import Measurement, measure
from options import Options
from peer import Peer
from verification import LIMIT

REFERENCE = "strawberry"
LONGEST_S = 30
"""What a round is made longer to, at most, where a peer is slow."""

Round = dict[str, Measurement]
"""By peer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(Measurement):
    """A peer and query over all rounds: medians, and how many times as fast as a base (median, lowest and highest)."""

    x_limit: float | None
    x_limit_range: tuple[float, float] | None
    x_strawberry: float | None
    x_strawberry_range: tuple[float, float] | None


Times = Callable[[Row], float | None]
BASES: dict[str, Times] = {LIMIT: lambda row: row.x_limit, REFERENCE: lambda row: row.x_strawberry}
"""The peers that others are compared with, and where a row says how."""


def measure_rounds(peers: Sequence[Peer], query: str, options: Options, ground: Ground) -> list[Round]:
    """Warms each peer up, and measures each once a round, the order rotating."""
    seconds = {peer.name: warm_up(peer, query, options, ground) for peer in peers}
    rounds: list[Round] = []
    for number in range(1, options.rounds + 1):
        shift = number % max(len(peers), 1)
        turns = [*peers[shift:], *peers[:shift]]
        rounds.append({p.name: measure(p, query, number, seconds[p.name], options, ground) for p in turns})
    return rounds


def warm_up(peer: Peer, query: str, options: Options, ground: Ground) -> int:
    """The seconds a round of this peer and query takes.

    They are more than asked where it is so slow that fewer than two answers a connection would come in.
    """
    seconds = max(options.warmup, 1)
    while True:
        rps = measure(peer, query, 0, seconds, options, ground).rps
        if rps or seconds > LONGEST_S:
            break
        seconds *= 3
    enough = math.ceil(2.2 * options.concurrency / rps) if rps else LONGEST_S
    return max(options.seconds, min(LONGEST_S, enough))


def summarise(rounds: Sequence[Round]) -> dict[str, Row]:
    """The row of each peer that was measured in any round."""
    names = {name: None for each in rounds for name in each}
    return {name: row_of(name, rounds) for name in names}


def row_of(name: str, rounds: Sequence[Round]) -> Row:
    mine = [asdict(each[name]) for each in rounds if name in each]
    figures: dict[str, Any] = {key: statistics.median(m[key] for m in mine) for key in mine[0]}
    figures["errors"] = sum(m["errors"] for m in mine)
    figures["rss_mib"] = max(m["rss_mib"] for m in mine)
    for base in BASES:
        figures |= compared(base, ratios(name, base, rounds))
    return Row(**figures)


def ratios(name: str, base: str, rounds: Sequence[Round]) -> list[float]:
    """How many times as fast as a base in each round: neighbours in time see the same noise."""
    both = [each for each in rounds if name in each and base in each]
    return [each[name].rps / each[base].rps for each in both if each[base].rps]


def compared(base: str, values: Sequence[float]) -> Mapping[str, Any]:
    return {
        f"x_{base}": statistics.median(values) if values else None,
        f"x_{base}_range": (min(values), max(values)) if values else None,
    }
