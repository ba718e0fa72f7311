#!/usr/bin/env python3
"""Runs the peers side by side on the same data and the same work, and prints who is how fast.

  benchmarks/run.py --peers punnet,strawberry,limit --queries Q1,Q3 --seconds 5 --concurrency 16

See README.md. Needs setup.sh to have run once; run.sh does both.
"""

import argparse
import asyncio
import contextlib
import http.client
import json
import math
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

HERE = Path(__file__).resolve().parent
WORK = Path(os.environ.get("BENCH_HOME") or Path(tempfile.gettempdir()) / "punnet-bench")
VENV_PYTHON = WORK / "venv" / "bin" / "python"
if Path(sys.prefix) != WORK / "venv":
    if not VENV_PYTHON.exists():
        sys.exit(f"no {VENV_PYTHON}: run {HERE / 'setup.sh'} first")
    os.execv(VENV_PYTHON, [str(VENV_PYTHON), str(HERE / "run.py"), *sys.argv[1:]])

import asyncpg  # noqa: E402
import orjson  # noqa: E402
import psutil  # noqa: E402

sys.dont_write_bytecode = True
import workload  # noqa: E402

LOGS, RUN, RESULTS = WORK / "logs", WORK / "run", WORK / "results"
NODE = WORK / "nodejs" / "node_modules" / ".bin" / "node"
ORDERS = 100000  # orders of the dataset; ids above it were written by Q7
LIMIT, REFERENCE = "limit", "strawberry"


def say(*words):
    print(*words, flush=True)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


# ---- processes --------------------------------------------------------------------------------


class Process:
    """A process this run started, with its children: CPU time, peak memory, and a stop by pid."""

    def __init__(self, name, command, cwd=None, env=None, cores=None, hold_stdin=False):
        self.name, self.log = name, LOGS / f"{name}.log"
        with self.log.open("wb") as log:
            self.child = subprocess.Popen(
                command,
                cwd=cwd,
                env={**os.environ, **(env or {})},
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.PIPE if hold_stdin else subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=(lambda: os.sched_setaffinity(0, cores)) if cores else None,
            )

    def alive(self):
        return self.child.poll() is None

    def tree(self):
        try:
            top = psutil.Process(self.child.pid)
            return [top, *top.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def cpu(self):
        total = 0.0
        for process in self.tree():
            try:
                times = process.cpu_times()
                total += times.user + times.system
            except psutil.NoSuchProcess:
                pass
        return total

    def reset_peak(self):
        for process in self.tree():
            with contextlib.suppress(OSError):
                Path(f"/proc/{process.pid}/clear_refs").write_text("5")

    def peak_rss(self):
        """Sum over the tree of each process's peak (VmHWM) since reset_peak, in MiB."""
        total = 0
        for process in self.tree():
            try:
                for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
                    if line.startswith("VmHWM:"):
                        total += int(line.split()[1])
            except OSError:
                pass
        return total / 1024

    def stop(self):
        tree = self.tree()
        if self.child.stdin:
            self.child.stdin.close()
        for process in tree:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGTERM)
        _, left = psutil.wait_procs(tree, timeout=5)
        for process in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        self.child.wait()

    def tail(self, lines=15):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def wait_for(test, seconds, process, what):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not process.alive():
            raise RuntimeError(f"{what} ended (exit {process.child.returncode}):\n{process.tail()}")
        try:
            if test():
                return
        except (OSError, http.client.HTTPException, ValueError, KeyError):
            pass
        time.sleep(0.1)
    raise RuntimeError(f"{what} was not ready after {seconds} s:\n{process.tail()}")


def fetch(url, body=None, timeout=30):
    """-> (status, body bytes). One connection a call: used for checks, never for timing."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        if body is None:
            connection.request("GET", path)
        else:
            connection.request("POST", path, body, {"content-type": "application/json", "accept": "application/json"})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


# ---- the common ground: database and upstream -------------------------------------------------


class Ground:
    def __init__(self, options):
        self.options = options
        self.port, self.upstream_port = free_port(), free_port()
        self.far_port = free_port() if options.db_latency else self.port
        self.upstream_url = f"http://127.0.0.1:{self.upstream_port}"
        data = WORK / "pgdata"
        self.tcp_dsn = f"postgres://postgres@127.0.0.1:{self.port}/shop"
        if options.pg == "tcp":
            self.host, self.dsn = "127.0.0.1", f"postgres://postgres@127.0.0.1:{self.far_port}/shop"
        else:
            self.host, self.dsn = str(data), f"postgres://postgres@/shop?host={data}&port={self.port}"
        rest = {1} if options.pin else None
        self.upstream = self.postgres = self.delay = None
        self.postgres = Process(
            "postgres", [VENV_PYTHON, HERE / "pg_holder.py", data, str(self.port)], cores=rest, hold_stdin=True
        )
        self.upstream = Process(
            "upstream",
            [VENV_PYTHON, HERE / "upstream" / "server.py", str(self.upstream_port), str(options.latency)],
            cores=rest,
        )
        if options.db_latency:
            words = [str(self.far_port), str(self.port), str(options.db_latency)]
            self.delay = Process("delay", [VENV_PYTHON, HERE / "delay.py", *words], cores=rest)

    def wait(self):
        def database_answers():
            try:
                return asyncio.run(self._fetchval("SELECT count(*) FROM shop.orders")) >= ORDERS
            except (asyncpg.PostgresError, OSError):
                return False

        wait_for(database_answers, 60, self.postgres, "PostgreSQL with dataset shop (setup.sh loads it)")
        wait_for(lambda: fetch(self.upstream_url + "/stats")[0] == 200, 10, self.upstream, "upstream")

    def environment(self):
        return {
            "BENCH_DSN": self.dsn,
            "BENCH_PG_HOST": self.host,
            "BENCH_PG_PORT": str(self.far_port),
            "BENCH_PG_USER": "postgres",
            "BENCH_PG_DATABASE": "shop",
            "BENCH_UPSTREAM": self.upstream_url,
            "BENCH_POOL": str(self.options.pool),
            "BENCH_HTTP_POOL": "100",
            "NODE_ENV": "production",
            "NO_COLOR": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    async def _fetchval(self, *statements):
        connection = await asyncpg.connect(self.tcp_dsn, server_settings={"search_path": "shop"})
        try:
            value = None
            for statement in statements:
                value = await connection.fetchval(statement)
            return value
        finally:
            await connection.close()

    def written(self):
        return asyncio.run(
            self._fetchval(
                f"SELECT array[(SELECT count(*) FROM orders WHERE id > {ORDERS}),"
                f" (SELECT count(*) FROM order_lines WHERE order_id > {ORDERS})]"
            )
        )

    def clean(self):
        """Takes out what Q7 wrote, so that every peer inserts into the same tables."""
        asyncio.run(
            self._fetchval(
                f"DELETE FROM order_lines WHERE order_id > {ORDERS}",
                f"DELETE FROM orders WHERE id > {ORDERS}",
                f"SELECT setval(pg_get_serial_sequence('orders', 'id'), {ORDERS})",
                "VACUUM orders",
                "VACUUM order_lines",
                "CHECKPOINT",
            )
        )

    def upstream_calls(self):
        stats = orjson.loads(fetch(self.upstream_url + "/stats")[1])
        return stats["inventory_calls"] + stats["shipment_calls"] + stats["other_calls"]

    def stop(self):
        for process in (self.delay, self.upstream, self.postgres):
            if process:
                process.stop()


# ---- peers ------------------------------------------------------------------------------------


class Peer:
    def __init__(self, name, entry, ground, options):
        self.name, self.entry = name, entry
        self.port = free_port()
        words = {
            "python": VENV_PYTHON,
            "node": NODE,
            "bench": HERE,
            "work": WORK,
            "port": self.port,
            "port2": free_port(),
            "peer": WORK / "peers" / name,
            "dsn": ground.dsn,
            "upstream": ground.upstream_url,
            "pool": options.pool,
        }

        def fill(text):
            for key, value in words.items():
                text = text.replace("{" + key + "}", str(value))
            return text

        self.queries = load_queries(HERE / entry["queries"])
        only = entry.get("only")
        if only:
            self.queries = {q: e for q, e in self.queries.items() if q in only}
        self.url = fill(entry["url"])
        env = {**ground.environment(), "PORT": str(self.port), **{k: fill(v) for k, v in entry.get("env", {}).items()}}
        cwd = fill(entry.get("cwd", "{work}"))
        if "sync" in entry:  # sources into the folder where setup.sh put this peer's node_modules
            folder = WORK / "peers" / name
            for source in entry["sync"]:
                shutil.copytree(HERE / source, folder, dirs_exist_ok=True)
            cwd = fill(entry["cwd"]) if "cwd" in entry else str(folder)
        if "prepare" in entry:
            with (LOGS / f"{name}.prepare.log").open("wb") as log:
                subprocess.run(
                    [fill(w) for w in entry["prepare"]],
                    cwd=cwd,
                    env={**os.environ, **env},
                    check=True,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    timeout=300,
                )
        self.process = Process(
            name, [fill(w) for w in entry["start"]], cwd=cwd, env=env, cores={0} if options.pin else None
        )

    def wait(self):
        ready = self.entry.get("ready", {"query": "{ __typename }"})

        def answers():
            if "path" in ready:
                parts = urlsplit(self.url)
                return fetch(f"http://{parts.netloc}{ready['path']}", timeout=5)[0] == 200
            status, body = fetch(self.url, orjson.dumps({"query": ready["query"]}), timeout=5)
            return status == 200 and "data" in orjson.loads(body)

        wait_for(answers, self.entry.get("ready_seconds", 60), self.process, f"peer {self.name}")

    def ask(self, query, values):
        """-> (canonical content, body size)"""
        entry = self.queries[query]
        status, body = fetch(self.url, workload.body(entry, values))
        if status != 200:
            raise ValueError(f"HTTP {status}: {body[:300]!r}")
        return workload.canonical(query, entry, orjson.loads(body)), len(body)

    def settle(self):
        """Waits (up to 3 s) until what wrk left in flight is done."""
        before = self.process.cpu()
        for _ in range(15):
            time.sleep(0.2)
            now = self.process.cpu()
            if now - before < 0.02:
                return
            before = now


def load_queries(path):
    entries = json.loads(path.read_text())
    base = entries.pop("extends", None)
    return {**(load_queries(path.parent / base) if base else {}), **entries}


# ---- correctness ------------------------------------------------------------------------------


def verify(peers, queries, ground, count):
    """Each peer's content against `limit` on a few variables, one request at a time.

    -> {(peer, query): {"ok", "why", "bytes", "upstream"}}
    """
    found = {}
    for query in queries:
        sets = workload.variables(query, "verify", count)
        expected = []
        for values in sets:
            expected.append(peers[LIMIT].ask(query, values)[0])
            if query == "Q7":
                ground.clean()
        for name, peer in peers.items():
            if query not in peer.queries:
                continue
            result = {"ok": True, "why": "", "bytes": 0, "upstream": 0}
            sizes, calls = [], []
            try:
                for values, want in zip(sets, expected, strict=True):
                    before = ground.upstream_calls()
                    got, size = peer.ask(query, values)
                    calls.append(ground.upstream_calls() - before)
                    sizes.append(size)
                    why = workload.difference(want, got)
                    if query == "Q7":
                        rows = ground.written()
                        ground.clean()
                        if not why and list(rows) != [1, 3]:
                            why = f"rows written: {rows}"
                    if why:
                        raise ValueError(why)
                result["bytes"], result["upstream"] = statistics.mean(sizes), statistics.mean(calls)
            except Exception as error:
                result.update(ok=False, why=f"{type(error).__name__}: {error}")
                if query == "Q7":
                    ground.clean()
            found[name, query] = result
    return found


# ---- timing -----------------------------------------------------------------------------------


def bodies_file(peer, query, seed):
    path = RUN / f"{peer.name}.{query}.jsonl"
    entry = peer.queries[query]
    path.write_bytes(b"\n".join(workload.body(entry, v) for v in workload.variables(query, seed)) + b"\n")
    return path


def machine_busy():
    fields = [int(x) for x in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]]
    user, nice, system, _idle, _iowait, irq, softirq, steal = fields[:8]
    tick = os.sysconf("SC_CLK_TCK")
    return (user + nice + system + irq + softirq) / tick, steal / tick


def measure(peer, query, seed, seconds, options, ground):
    path = bodies_file(peer, query, seed)
    command = [
        "wrk",
        "-t1",
        f"-c{options.concurrency}",
        f"-d{seconds}s",
        "--timeout",
        "60s",
        "-s",
        str(HERE / "load" / "post.lua"),
        peer.url,
        "--",
        str(path),
    ]
    groups = {"cpu_ms": peer.process, "pg_cpu_ms": ground.postgres, "upstream_cpu_ms": ground.upstream}
    peer.process.reset_peak()
    calls = ground.upstream_calls()
    before = {key: process.cpu() for key, process in groups.items()}
    children, (busy, steal), started = os.times(), machine_busy(), time.monotonic()
    done = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=(lambda: os.sched_setaffinity(0, {1})) if options.pin else None,
    )
    wall, (now_busy, now_steal), after = time.monotonic() - started, machine_busy(), os.times()
    ours = sum(process.cpu() - before[key] for key, process in groups.items())
    wrk = after.children_user + after.children_system - children.children_user - children.children_system
    mark = done.stdout.rfind("@@{")
    if mark < 0:
        raise RuntimeError(f"wrk gave no result:\n{done.stdout[-2000:]}")
    raw = json.loads(done.stdout[mark + 2 :].splitlines()[0])
    peer.settle()
    # wrk leaves `concurrency` requests in flight, which the server still works off: they belong
    # into the divisor of everything that is counted on the server's side.
    served = raw["answers"] + options.concurrency
    result = {key: (process.cpu() - before[key]) * 1000 / served for key, process in groups.items()}
    calls = ground.upstream_calls() - calls
    result.update(
        {
            "rps": raw["answers"] / raw["seconds"] if raw["answers"] else 0.0,
            "requests": raw["requests"],
            "wall_s": wall,
            "p50_ms": raw["p50_us"] / 1000,
            "p90_ms": raw["p90_us"] / 1000,
            "p99_ms": raw["p99_us"] / 1000,
            "errors": raw["gql_errors"] + raw["status_errors"] + raw["socket_errors"] + raw["timeouts"],
            "bytes": raw["body_bytes"] / max(raw["answers"], 1),
            "rss_mib": peer.process.peak_rss(),
            "upstream": calls / served,
            "wrk_cpu_ms": wrk * 1000 / served,
            "others_cores": max(0.0, (now_busy - busy - ours - wrk) / wall),
            "steal_cores": (now_steal - steal) / wall,
        }
    )
    if query == "Q7":
        orders, lines = ground.written()
        if lines != 3 * orders or orders < raw["answers"] - raw["gql_errors"] - raw["status_errors"]:
            result["errors"] += 1
            say(f"Q7 {peer.name}: {raw['answers']} answers, but {orders} orders with {lines} lines are in the database")
        ground.clean()
    return result


def warm_up(peer, query, options, ground):
    """-> the seconds a round of this peer and query takes: longer than asked where it is so slow
    that fewer than two answers a connection would come in."""
    seconds = max(options.warmup, 1)
    while True:
        rps = measure(peer, query, 0, seconds, options, ground)["rps"]
        if rps or seconds > 30:
            break
        seconds *= 3
    return max(options.seconds, min(30, math.ceil(2.2 * options.concurrency / rps)) if rps else 30)


def median(values):
    return statistics.median(values) if values else float("nan")


def summarise(rounds):
    """rounds: [{peer: measurement}] of one query -> {peer: medians, and medians of per-round ratios}"""
    out = {}
    for name in {name for r in rounds for name in r}:
        mine = [r[name] for r in rounds if name in r]
        row = {key: median([m[key] for m in mine]) for key in mine[0]}
        row["errors"] = sum(m["errors"] for m in mine)
        row["rss_mib"] = max(m["rss_mib"] for m in mine)
        for base in (LIMIT, REFERENCE):
            ratios = [r[name]["rps"] / r[base]["rps"] for r in rounds if name in r and base in r and r[base]["rps"]]
            row[f"x_{base}"] = median(ratios) if ratios else None
            row[f"x_{base}_range"] = [min(ratios), max(ratios)] if ratios else None
        out[name] = row
    return out


# ---- report -----------------------------------------------------------------------------------


def ratio(value):
    return "-" if value is None else f"{value:.3g}" if value < 10 else f"{value:.1f}"


def table(header, rows):
    widths = [max(len(str(row[i])) for row in [header, *rows]) for i in range(len(header))]
    lines = [
        "| "
        + " | ".join(
            str(c).ljust(w) if i < 2 else str(c).rjust(w) for i, c, w in zip(range(len(row)), row, widths, strict=True)
        )
        + " |"
        for row in [header, *rows]
    ]
    return "\n".join([lines[0], "|" + "|".join("-" * (w + 2) for w in widths) + "|", *lines[1:]])


def report(summary, order, checks, options):
    header = [
        "query",
        "peer",
        "req/s",
        "p50 ms",
        "p99 ms",
        "errors",
        "bytes",
        "RSS MiB",
        "upstream/req",
        "server cpu ms",
        "pg cpu ms",
        f"x {LIMIT}",
        f"x {REFERENCE}",
        "range",
    ]
    rows = []
    for query, peers in summary.items():
        for name in order:
            if name not in peers:
                check = checks.get((name, query))
                if check and not check["ok"]:
                    rows.append([query, name, "WRONG", *[""] * 11])
                continue
            m = peers[name]
            spread = m[f"x_{REFERENCE}_range"] or m[f"x_{LIMIT}_range"]
            expected = workload.QUERIES[query][3]
            rows.append(
                [
                    query,
                    name,
                    f"{m['rps']:.0f}" if m["rps"] >= 100 else f"{m['rps']:.1f}",
                    f"{m['p50_ms']:.1f}",
                    f"{m['p99_ms']:.1f}",
                    m["errors"],
                    f"{m['bytes']:.0f}",
                    f"{m['rss_mib']:.0f}",
                    f"{m['upstream']:.1f}" if expected or m["upstream"] else "-",
                    f"{m['cpu_ms']:.2f}",
                    f"{m['pg_cpu_ms']:.2f}",
                    ratio(m[f"x_{LIMIT}"]),
                    ratio(m[f"x_{REFERENCE}"]),
                    f"{spread[0]:.2f}-{spread[1]:.2f}" if spread else "-",
                ]
            )
    text = [table(header, rows)]
    for base in (LIMIT, REFERENCE):
        if any(peers.get(base) for peers in summary.values()):
            names = [n for n in order if any(n in p for p in summary.values())]
            text.append(
                f"\nrequests/s as a multiple of `{base}` (median of per-round ratios)\n\n"
                + table(
                    ["query", "what", *names],
                    [
                        [q, workload.QUERIES[q][0], *[ratio(p[n][f"x_{base}"]) if n in p else "" for n in names]]
                        for q, p in summary.items()
                    ],
                )
            )
    if summary:
        names = [n for n in order if any(n in p for p in summary.values())]
        text.append(
            "\nserver CPU ms a request (its own process tree; less moved by noise than requests/s)\n\n"
            + table(
                ["query", "what", *names],
                [
                    [q, workload.QUERIES[q][0], *[f"{p[n]['cpu_ms']:.2f}" if n in p else "" for n in names]]
                    for q, p in summary.items()
                ],
            )
        )
    others = [m["others_cores"] for p in summary.values() for m in p.values()]
    steal = [m["steal_cores"] for p in summary.values() for m in p.values()]
    if others:
        text.append(
            f"\nnoise: other processes used {median(others):.2f} cores (worst {max(others):.2f}), "
            f"steal {median(steal):.2f}; {os.cpu_count()} cores, wrk -t1 -c{options.concurrency} "
            f"-d{options.seconds}s, {options.rounds} rounds, pool {options.pool}, PostgreSQL over {options.pg}, "
            f"upstream latency {options.latency} ms, database {options.db_latency} ms away"
            f"{', server pinned to core 0' if options.pin else ''}"
        )
    return "\n".join(text)


def main():
    entries = json.loads((HERE / "peers.json").read_text())
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", default="all", help=f"comma-separated, or all: {', '.join(entries)}")
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
    options = parser.parse_args()
    if options.db_latency and options.pg != "tcp":
        sys.exit("--db-latency holds back TCP: leave --pg out")
    if options.list:
        for name, entry in entries.items():
            say(f"{name:14} {entry['about']}")
        for query, (about, *_) in workload.QUERIES.items():
            say(f"{query:14} {about}")
        return 0
    wanted = list(entries) if options.peers == "all" else options.peers.split(",")
    queries = list(workload.QUERIES) if options.queries == "all" else options.queries.split(",")
    for kind, words, known in (("peer", wanted, entries), ("query", queries, workload.QUERIES)):
        for word in words:
            if word not in known:
                sys.exit(f"no such {kind}: {word}")
    for folder in (LOGS, RUN, RESULTS):
        folder.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

    ground, peers, failed = None, {}, {}
    try:
        ground = Ground(options)
        ground.wait()
        ground.clean()
        started = [LIMIT, *[name for name in wanted if name != LIMIT]]
        for name in started:
            try:
                peers[name] = Peer(name, entries[name], ground, options)
            except Exception as error:
                failed[name] = f"{type(error).__name__}: {error}"
        for name in list(peers):
            try:
                peers[name].wait()
            except RuntimeError as error:
                failed[name] = str(error)
                peers.pop(name).process.stop()
        for name, why in failed.items():
            say(f"NOT STARTED {name}: {why}")
        if LIMIT not in peers:
            return 1
        if options.serve:
            for name, peer in peers.items():
                say(f"{name:14} {peer.url}")
            say(f"{'upstream':14} {ground.upstream_url}\n{'postgres':14} {ground.tcp_dsn}")
            while True:
                time.sleep(3600)

        checks = verify(peers, queries, ground, options.verify_count)
        for (name, query), check in checks.items():
            if not check["ok"]:
                say(f"WRONG {query} {name}: {check['why']}")
        say(f"verified: {sum(c['ok'] for c in checks.values())} of {len(checks)} peer/query pairs agree with `{LIMIT}`")
        for query in queries:
            expected = workload.QUERIES[query][3]
            if expected:
                say(
                    f"{query}: upstream calls for one request (expected {expected}): "
                    + ", ".join(
                        f"{name} {checks[name, query]['upstream']:.1f}"
                        for name in peers
                        if (name, query) in checks and checks[name, query]["ok"]
                    )
                )
        if options.verify_only:
            return 0 if all(c["ok"] for c in checks.values()) and not failed else 1

        raw, summary = {}, {}
        for query in queries:
            runners = [
                name
                for name in wanted
                if name in peers and query in peers[name].queries and (checks[name, query]["ok"] or options.force)
            ]
            seconds = {name: warm_up(peers[name], query, options, ground) for name in runners}
            raw[query] = []
            for number in range(1, options.rounds + 1):
                shift = number % max(len(runners), 1)
                raw[query].append({})
                for name in runners[shift:] + runners[:shift]:
                    raw[query][-1][name] = measure(peers[name], query, number, seconds[name], options, ground)
            summary[query] = summarise(raw[query])
            say(f"{query} done: " + ", ".join(f"{n} {summary[query][n]['rps']:.3g}/s" for n in runners))

        text = report(summary, wanted, checks, options)
        stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
        (RESULTS / f"{stamp}.md").write_text(text + "\n")
        (RESULTS / f"{stamp}.json").write_text(
            json.dumps(
                {
                    "options": vars(options),
                    "not_started": failed,
                    "summary": summary,
                    "rounds": raw,
                    "checks": {f"{n} {q}": c for (n, q), c in checks.items()},
                },
                indent=1,
                default=str,
            )
        )
        say("\n" + text + f"\n\nkept in {RESULTS / stamp}.md and .json")
        return 0 if not failed and all(c["ok"] for c in checks.values()) else 1
    except KeyboardInterrupt:
        return 130
    finally:
        for peer in peers.values():
            peer.process.stop()
        if ground:
            ground.stop()


if __name__ == "__main__":
    sys.exit(main())
