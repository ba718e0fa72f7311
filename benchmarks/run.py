#!/usr/bin/env python3
"""Runs the peers side by side on the same data and the same work, and prints who is how fast.

  benchmarks/run.py --peers punnet,strawberry,limit --queries Q1,Q3 --seconds 5 --concurrency 16

See README.md. Needs setup.sh to have run once; run.sh does both.
"""
# ruff: noqa: E402 -- what the other modules import is installed for the rig's own Python only

import sys

sys.dont_write_bytecode = True
import rig

rig.enter_venv()

import json
import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import NoReturn

import workload
from ground import Ground, common_ground
from options import Options, chosen, parse_options
from peer import Entry, Peer, started
from report import report
from rig import HERE, RESULTS, say
from rounds import Round, measure_rounds, summarise
from verification import LIMIT, Checks, verify


def main() -> int:
    entries: dict[str, Entry] = json.loads((HERE / "peers.json").read_text())
    options = parse_options(__doc__ or "", entries)
    if options.list:
        list_all(entries)
        return 0
    wanted = chosen(options.peers, entries, "peer")
    queries = chosen(options.queries, workload.QUERIES, "query")
    rig.make_folders()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        return run(entries, wanted, queries, options)
    except KeyboardInterrupt:
        return 130


def list_all(entries: Mapping[str, Entry]) -> None:
    for name, entry in entries.items():
        say(f"{name:14} {entry['about']}")
    for query, (about, *_) in workload.QUERIES.items():
        say(f"{query:14} {about}")


def run(entries: Mapping[str, Entry], wanted: Sequence[str], queries: Sequence[str], options: Options) -> int:
    """Starts everything, compares the answers, times whose are right; 0 where nothing was wrong."""
    names = [LIMIT, *(name for name in wanted if name != LIMIT)]
    with common_ground(options) as ground, started(names, entries, ground, options) as (peers, failed):
        for name, why in failed.items():
            say(f"NOT STARTED {name}: {why}")
        if LIMIT not in peers:
            return 1
        if options.serve:
            serve(peers, ground)
        checks = verify(peers, queries, ground, options.verify_count)
        tell(checks, peers, queries)
        if not options.verify_only:
            able = [peers[name] for name in wanted if name in peers]
            rounds = time_all(able, queries, checks, ground, options)
            keep(rounds, wanted, checks, failed, options)
    return 0 if not failed and all(check.ok for check in checks.values()) else 1


def serve(peers: Mapping[str, Peer], ground: Ground) -> NoReturn:
    """Says where everything is, and leaves it there until Ctrl-C."""
    for name, peer in peers.items():
        say(f"{name:14} {peer.url}")
    say(f"{'upstream':14} {ground.upstream_url}\n{'postgres':14} {ground.tcp_dsn}")
    while True:
        time.sleep(3600)


def tell(checks: Checks, peers: Mapping[str, Peer], queries: Sequence[str]) -> None:
    """Says who gives wrong answers, and how often the upstream was called for one request."""
    for (name, query), check in checks.items():
        if not check.ok:
            say(f"WRONG {query} {name}: {check.why}")
    right = {pair: check for pair, check in checks.items() if check.ok}
    say(f"verified: {len(right)} of {len(checks)} peer/query pairs agree with `{LIMIT}`")
    for query in queries:
        expected = workload.QUERIES[query][3]
        if expected:
            calls = (f"{name} {right[name, query].upstream:.1f}" for name in peers if (name, query) in right)
            say(f"{query}: upstream calls for one request (expected {expected}): {', '.join(calls)}")


def time_all(
    peers: Sequence[Peer], queries: Sequence[str], checks: Checks, ground: Ground, options: Options
) -> dict[str, list[Round]]:
    """The rounds of each query, with the peers that take part in it and give right answers."""
    done: dict[str, list[Round]] = {}
    for query in queries:
        part = [peer for peer in peers if query in peer.queries]
        runners = [peer for peer in part if checks[peer.name, query].ok or options.force]
        done[query] = measure_rounds(runners, query, options, ground)
        rows = summarise(done[query])
        say(f"{query} done: " + ", ".join(f"{peer.name} {rows[peer.name].rps:.3g}/s" for peer in runners))
    return done


def keep(
    rounds: Mapping[str, list[Round]],
    wanted: Sequence[str],
    checks: Checks,
    failed: Mapping[str, str],
    options: Options,
) -> None:
    """Prints the report, and puts it into a file beside one with all the figures."""
    summary = {query: summarise(measured) for query, measured in rounds.items()}
    text = report(summary, wanted, checks, options)
    everything = {
        "options": vars(options),
        "not_started": failed,
        "summary": summary,
        "rounds": rounds,
        "checks": {f"{name} {query}": check for (name, query), check in checks.items()},
    }
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
    (RESULTS / f"{stamp}.md").write_text(text + "\n")
    (RESULTS / f"{stamp}.json").write_text(json.dumps(everything, indent=1, default=asdict))
    say("\n" + text + f"\n\nkept in {RESULTS / stamp}.md and .json")


if __name__ == "__main__":
    sys.exit(main())
