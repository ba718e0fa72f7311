"""The report of a run: its tables, as text."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from statistics import median

import workload
from options import Options
from rounds import BASES, REFERENCE, Row, Times
from verification import LIMIT, Checks

Summary = Mapping[str, Mapping[str, Row]]
"""The rows by query and peer."""

FIGURES = (
    *("req/s", "p50 ms", "p99 ms", "errors", "bytes", "RSS MiB", "upstream/req", "server cpu ms", "pg cpu ms"),
    *(f"x {LIMIT}", f"x {REFERENCE}", "range"),
)


def report(summary: Summary, order: Sequence[str], checks: Checks, options: Options) -> str:
    """All tables, peers in the order that was asked for."""
    names = [name for name in order if any(name in peers for peers in summary.values())]
    parts = [table(["query", "peer", *FIGURES], rows(summary, order, checks)), *multiples(summary, names)]
    if summary:
        parts.append(
            "\nserver CPU ms a request (its own process tree; less moved by noise than requests/s)\n\n"
            + peers_side_by_side(summary, names, lambda row: f"{row.cpu_ms:.2f}")
        )
    if names:
        parts.append("\n" + noise(summary, options))
    return "\n".join(parts)


def rows(summary: Summary, order: Sequence[str], checks: Checks) -> Iterator[list[str]]:
    for query, peers in summary.items():
        batched = bool(workload.QUERIES[query][3])
        for name in order:
            check = checks.get((name, query))
            if name in peers:
                yield [query, name, *figures(peers[name], batched)]
            elif check and not check.ok:
                yield [query, name, "WRONG", *[""] * (len(FIGURES) - 1)]


def figures(row: Row, calls_expected: bool) -> list[str]:
    """The cells of FIGURES."""
    return [
        f"{row.rps:.0f}" if row.rps >= 100 else f"{row.rps:.1f}",
        f"{row.p50_ms:.1f}",
        f"{row.p99_ms:.1f}",
        f"{row.errors}",
        f"{row.bytes:.0f}",
        f"{row.rss_mib:.0f}",
        f"{row.upstream:.1f}" if calls_expected or row.upstream else "-",
        f"{row.cpu_ms:.2f}",
        f"{row.pg_cpu_ms:.2f}",
        ratio(row.x_limit),
        ratio(row.x_strawberry),
        spread(row.x_strawberry_range or row.x_limit_range),
    ]


def ratio(value: float | None) -> str:
    return "-" if value is None else f"{value:.3g}" if value < 10 else f"{value:.1f}"


def spread(between: tuple[float, float] | None) -> str:
    return f"{between[0]:.2f}-{between[1]:.2f}" if between else "-"


def multiples(summary: Summary, names: Sequence[str]) -> Iterator[str]:
    """A table for each base that was measured."""
    for base, times in BASES.items():
        if base in names:
            title = f"\nrequests/s as a multiple of `{base}` (median of per-round ratios)\n\n"
            yield title + peers_side_by_side(summary, names, partial(multiple, times))


def multiple(times: Times, row: Row) -> str:
    return ratio(times(row))


def peers_side_by_side(summary: Summary, names: Sequence[str], cell: Callable[[Row], str]) -> str:
    lines = [
        [query, workload.QUERIES[query][0], *(cell(peers[name]) if name in peers else "" for name in names)]
        for query, peers in summary.items()
    ]
    return table(["query", "what", *names], lines)


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Markdown: the first two columns to the left, figures to the right."""
    lines = [header, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    first, *others = (line_of(cells, widths) for cells in lines)
    return "\n".join([first, rule, *others])


def line_of(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [cell.ljust(w) if i < 2 else cell.rjust(w) for i, (cell, w) in enumerate(zip(cells, widths, strict=True))]
    return f"| {' | '.join(padded)} |"


def noise(summary: Summary, options: Options) -> str:
    """What else the machine did, and how it was measured."""
    measured = [row for peers in summary.values() for row in peers.values()]
    others = [row.others_cores for row in measured]
    steal = [row.steal_cores for row in measured]
    return (
        f"noise: other processes used {median(others):.2f} cores (worst {max(others):.2f}), "
        f"steal {median(steal):.2f}; {os.cpu_count()} cores, wrk -t1 -c{options.concurrency} "
        f"-d{options.seconds}s, {options.rounds} rounds, pool {options.pool}, PostgreSQL over {options.pg}, "
        f"upstream latency {options.latency} ms, database {options.db_latency} ms away"
        f"{', server pinned to core 0' if options.pin else ''}"
    )
