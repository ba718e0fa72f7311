"""CPU time of the calls of a service that operations make at once: what Punnet adds to the sockets, all included.

    python benchmarks/http_calls.py [--keys 20] [--operations 16] [--latency 5] [--rounds 40] [--repeats 5] [--profile]

Each operation asks `/shipments/{id}` for as many keys as `--keys` says, through the loaders, the way both ways of
answering do; `--operations` of them are under way at the same time. The service runs in a process of its own and
answers after `--latency` milliseconds. What is counted is the CPU of this process with all its threads.
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import itertools
import pstats
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import uvloop

from punnet.catalog.endpoints import Endpoint, EndpointId, EndpointParameter, NamedShape, ScalarShape
from punnet.catalog.key_places import KeyPlace
from punnet.configuration.services import ServiceConfiguration
from punnet.loaders.calls import Calls
from punnet.planning.calls import KeyedCall
from punnet.sources.http.source import HttpSource
from punnet.sources.http.transport.service_client import ServiceClient

UPSTREAM = Path(__file__).parent / "upstream" / "server.py"
ID = EndpointParameter(
    name="order_id", place="path", shape=ScalarShape(scalar="Int"), required=True, style="simple", explode=False
)
SHIPMENT = Endpoint(
    id=EndpointId(source="upstream", name="shipment"),
    method="GET",
    path="/shipments/{order_id}",
    parameters=(ID,),
    result=NamedShape(name="Shipment"),
)
CALL = KeyedCall(endpoint=SHIPMENT, parameters=(KeyPlace("order_id"),), batch=None, is_list=False)
HEADERS = [(b"host", b"localhost"), (b"content-type", b"application/json"), (b"accept", b"*/*")]


async def operate(source: HttpSource, keys: range) -> None:
    calls = Calls({"upstream": source.begin(HEADERS)})
    answers = await calls.load_many(CALL, [(key,) for key in keys])
    assert [answer["order_id"] for answer in answers if isinstance(answer, dict)] == list(keys)


async def cpu_ms_an_operation(source: HttpSource, asked: argparse.Namespace, starts: itertools.count[int]) -> float:
    async def client() -> None:
        for _ in range(asked.rounds):
            start = next(starts)
            await operate(source, range(start, start + asked.keys))

    began = time.process_time()
    await asyncio.gather(*(client() for _ in range(asked.operations)))
    return (time.process_time() - began) * 1000 / (asked.rounds * asked.operations)


async def measure(url: str, asked: argparse.Namespace) -> list[float]:
    source = HttpSource(
        ServiceClient("upstream", ServiceConfiguration(concurrency=asked.concurrency, cache_bytes=0)), url
    )
    starts = itertools.count(1, asked.keys)
    try:
        await cpu_ms_an_operation(source, asked, starts)
        return [await cpu_ms_an_operation(source, asked, starts) for _ in range(asked.repeats)]
    finally:
        await source.close()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in {"keys": 20, "operations": 16, "concurrency": 100, "rounds": 40, "repeats": 5}.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--latency", type=float, default=5.0)
    parser.add_argument("--profile", action="store_true", help="print where the time goes")
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    port = 18080
    service = subprocess.Popen([sys.executable, str(UPSTREAM), str(port), str(asked.latency)])
    try:
        time.sleep(0.7)
        profile = cProfile.Profile()
        if asked.profile:
            profile.enable()
        figures = uvloop.run(measure(f"http://127.0.0.1:{port}", asked))
        profile.disable()
    finally:
        service.terminate()
        service.wait()
    print(f"CPU ms of {asked.keys} calls: {median(figures):.2f} ({min(figures):.2f} to {max(figures):.2f})")
    if asked.profile:
        pstats.Stats(profile).sort_stats("tottime").print_stats(45)


if __name__ == "__main__":
    main()
