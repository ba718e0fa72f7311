"""One measurement: a peer under load, and what it, the database and the machine did meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import workload
import wrk
from clocks import Clocks, clocks
from ground import LINES, Ground
from options import Options
from peer import Peer
from processes import Process
from rig import RUN, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """The figures of one peer and query; CPU, calls and bytes are those of a request, cores those of the machine."""

    cpu_ms: float
    pg_cpu_ms: float
    upstream_cpu_ms: float
    rps: float
    requests: float
    wall_s: float
    p50_ms: float
    p90_ms: float
    p99_ms: float
    errors: int
    bytes: float
    rss_mib: float
    upstream: float
    wrk_cpu_ms: float
    others_cores: float
    steal_cores: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Meanwhile:
    """What was counted: `machine` and `ours_s` until wrk ended, the others until the servers had nothing left to do."""

    load: wrk.Load
    machine: Clocks
    ours_s: float
    """CPU of all servers."""
    cpu_s: tuple[float, ...]
    """CPU of the peer, of the database, of the upstream."""
    calls: int
    rss_mib: float


def measure(peer: Peer, query: str, seed: int, seconds: int, options: Options, ground: Ground) -> Measurement:
    meanwhile = watch(peer, bodies_file(peer, query, seed), seconds, options, ground)
    figures = figures_of(meanwhile, options.concurrency)
    if query != "Q7":
        return figures
    lost = not all_written(peer, meanwhile.load, ground)
    ground.clean()
    return replace(figures, errors=figures.errors + lost)


def bodies_file(peer: Peer, query: str, seed: int) -> Path:
    path = RUN / f"{peer.name}.{query}.jsonl"
    entry = peer.queries[query]
    path.write_bytes(b"\n".join(workload.body(entry, v) for v in workload.variables(query, seed)) + b"\n")
    return path


def watch(peer: Peer, bodies: Path, seconds: int, options: Options, ground: Ground) -> Meanwhile:
    servers = (peer.process, ground.postgres, ground.upstream)
    peer.process.reset_peak()
    calls, cpu, began = ground.upstream_calls(), cpu_seconds(servers), clocks()
    output = wrk.post(peer.url, bodies, seconds, options)
    machine, ours_s = clocks() - began, sum(cpu_seconds(servers)) - sum(cpu)
    load = wrk.read(output)
    peer.settle()
    return Meanwhile(
        load=load,
        machine=machine,
        ours_s=ours_s,
        cpu_s=tuple(now - then for now, then in zip(cpu_seconds(servers), cpu, strict=True)),
        calls=ground.upstream_calls() - calls,
        rss_mib=peer.process.peak_rss(),
    )


def cpu_seconds(servers: tuple[Process, ...]) -> list[float]:
    return [server.cpu() for server in servers]


def figures_of(seen: Meanwhile, concurrency: int) -> Measurement:
    load, machine = seen.load, seen.machine
    # wrk leaves `concurrency` requests in flight, which the server still works off: they belong
    # into the divisor of everything that is counted on the server's side.
    served = load.answers + concurrency
    cpu_ms, pg_cpu_ms, upstream_cpu_ms = (seconds * 1000 / served for seconds in seen.cpu_s)
    return Measurement(
        cpu_ms=cpu_ms,
        pg_cpu_ms=pg_cpu_ms,
        upstream_cpu_ms=upstream_cpu_ms,
        rps=load.rps,
        requests=load.requests,
        wall_s=machine.wall,
        p50_ms=load.p50_us / 1000,
        p90_ms=load.p90_us / 1000,
        p99_ms=load.p99_us / 1000,
        errors=load.errors,
        bytes=load.body_bytes / max(load.answers, 1),
        rss_mib=seen.rss_mib,
        upstream=seen.calls / served,
        wrk_cpu_ms=machine.children * 1000 / served,
        others_cores=max(0.0, (machine.busy - seen.ours_s - machine.children) / machine.wall),
        steal_cores=machine.steal / machine.wall,
    )


def all_written(peer: Peer, load: wrk.Load, ground: Ground) -> bool:
    """Whether each answer of Q7 without an error is an order in the database, with all its lines."""
    orders, lines = ground.written()
    if lines == LINES * orders and orders >= load.good:
        return True
    say(f"Q7 {peer.name}: {load.answers} answers, but {orders} orders with {lines} lines are in the database")
    return False
