"""How near one operation with many calls comes to the ideal of its rounds, both ways of answering.

    BENCH_DSN=postgres://… python benchmarks/http_rounds.py [--orders 200] [--latency 5] [--concurrency 50]

With 200 orders, 50 calls at a time and 5 ms a call, four rounds of 5 ms are the ideal. The database is the rig's:
`run.sh --serve` says where it is.
"""

from __future__ import annotations

import argparse
import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import uvloop

from punnet.access.session import ANONYMOUS
from punnet.configuration.load import load_configuration
from punnet.server.engine import GraphQLRequest
from punnet.server.runtime import Runtime
from punnet.server.settings import Deployment, Way

BENCHMARKS = Path(__file__).parent
QUERY = "query ($first: Int) { orders(first: $first) { nodes { id shipment { orderId carrier eta } } } }"
PORT = 18081


def deployment(way: Way, concurrency: int) -> Deployment:
    text = (BENCHMARKS / "peers" / "punnet" / "punnet.toml").read_text()
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
        file.write(text.replace("concurrency = 100", f"concurrency = {concurrency}"))
        file.flush()
        environment = {**os.environ, "BENCH_UPSTREAM": f"http://127.0.0.1:{PORT}"}
        return Deployment(configuration=load_configuration(Path(file.name), environment), way=way)


async def took_ms(way: Way, asked: argparse.Namespace) -> list[float]:
    runtime = Runtime(deployment(way, asked.concurrency))
    await runtime.start()
    try:
        return [await one_ms(runtime, asked.orders) for _ in range(asked.repeats + 3)][3:]
    finally:
        await runtime.stop()


async def one_ms(runtime: Runtime, orders: int) -> float:
    assert runtime.engine is not None
    request = GraphQLRequest(query=QUERY, variables={"first": orders}, request_id="benchmark")
    began = time.perf_counter()
    answer = await runtime.engine.answer(request, ANONYMOUS)
    took = time.perf_counter() - began
    assert answer.body is not None
    assert answer.body.count(b"carrier") == orders
    return took * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in {"orders": 200, "concurrency": 50, "repeats": 30}.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--latency", type=float, default=5.0)
    asked = parser.parse_args()
    ideal = math.ceil(asked.orders / asked.concurrency) * asked.latency
    server = BENCHMARKS / "upstream" / "server.py"
    upstream = subprocess.Popen([sys.executable, str(server), str(PORT), str(asked.latency)])
    try:
        time.sleep(0.7)
        for way in (Way.COMPILED, Way.RESOLVERS):
            figures = uvloop.run(took_ms(way, asked))
            seen = f"{median(figures):6.1f} ms ({min(figures):.1f} to {max(figures):.1f})"
            print(f"{way.value:10} {seen}, {median(figures) / ideal:.2f} times the ideal of {ideal:.0f} ms")
    finally:
        upstream.terminate()
        upstream.wait()


if __name__ == "__main__":
    main()
