"""What one run is asked to do, from the words of its command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection


class Options(argparse.Namespace):
    peers: str
    queries: str
    seconds: int
    rounds: int
    warmup: int
    concurrency: int
    pool: int
    pg: str
    latency: float
    db_latency: float
    pin: bool
    verify_only: bool
    verify_count: int
    force: bool
    list: bool
    serve: bool


def parse_options(description: str, peers: Collection[str]) -> Options:
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", default="all", help=f"comma-separated, or all: {', '.join(peers)}")
    parser.add_argument("--queries", default="all", help="comma-separated, or all: Q1..Q13")
    parser.add_argument("--seconds", type=int, default=5, help="per peer, query and round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--warmup", type=int, default=3, help="seconds per peer and query before round 1")
    parser.add_argument("--concurrency", type=int, default=16)
    parser.add_argument("--pool", type=int, default=10, help="database connections of each peer")
    parser.add_argument("--pg", choices=("tcp", "unix"), default="tcp")
    parser.add_argument("--latency", type=float, default=5, help="simulated latency of the upstream, ms")
    parser.add_argument("--db-latency", type=float, default=0, help="a round trip to the database, ms more")
    parser.add_argument("--pin", action="store_true", help="servers on core 0, everything else on core 1")
    parser.add_argument("--verify-only", action="store_true")
    parser.add_argument("--verify-count", type=int, default=3, help="variable sets compared per query")
    parser.add_argument("--force", action="store_true", help="time peers whose answers are wrong, too")
    parser.add_argument("--list", action="store_true", help="list peers and queries")
    parser.add_argument("--serve", action="store_true", help="start everything, print the addresses, wait for Ctrl-C")
    options = parser.parse_args(namespace=Options())
    if options.db_latency and options.pg != "tcp":
        sys.exit("--db-latency holds back TCP: leave --pg out")
    return options


def chosen(words: str, known: Collection[str], kind: str) -> list[str]:
    """The names of a comma-separated option, all of them for `all`; ends the run at one that is not known."""
    names = list(known) if words == "all" else words.split(",")
    for name in names:
        if name not in known:
            sys.exit(f"no such {kind}: {name}")
    return names
