#!/usr/bin/env python3
"""What each part of a small request costs in CPU time of this process: hot_way.py [REQUESTS].

It starts the sample shop on an embedded Postgres, and sends the endpoint requests as a server would hand them over,
without sockets to clients. Parts are timed by themselves, many times each; what is left of the whole is between them.
"""

import sys
import tempfile
import time
from pathlib import Path

import orjson
import uvloop

from punnet.access.session import ANONYMOUS, EMPTY_SESSION
from punnet.configuration.configuration import Configuration
from punnet.demo.embedded import EmbeddedPostgres
from punnet.demo.shop import load_shop
from punnet.server.endpoint import GraphQLEndpoint
from punnet.server.protocol import requests_from_body
from punnet.server.service import Service

QUERY = "query Q1($id: Int!) { product(id: $id) { id sku name price createdAt } }"
BODY = orjson.dumps({"query": QUERY, "variables": {"id": 7}})
SCOPE = {
    "type": "http",
    "method": "POST",
    "path": "/graphql",
    "query_string": b"",
    "headers": [
        (b"host", b"127.0.0.1:8000"),
        (b"content-type", b"application/json"),
        (b"accept", b"application/json"),
        (b"content-length", str(len(BODY)).encode()),
    ],
}


async def receive():
    return {"type": "http.request", "body": BODY, "more_body": False}


async def send(_message):
    return None


ROUNDS = 5


def timed(work, times):
    """CPU microseconds of one call, of the best round."""
    rounds = []
    for _ in range(ROUNDS):
        started = time.process_time_ns()
        for _ in range(times):
            work()
        rounds.append(time.process_time_ns() - started)
    return min(rounds) / times / 1000


async def timed_async(work, times):
    """The same of a coroutine function."""
    rounds = []
    for _ in range(ROUNDS):
        started = time.process_time_ns()
        for _ in range(times):
            await work()
        rounds.append(time.process_time_ns() - started)
    return min(rounds) / times / 1000


async def main(times, directory):
    with EmbeddedPostgres(Path(directory)) as server:
        await load_shop(server.url())
        shop = {"type": "postgres", "url": server.url()}
        service = Service(Configuration.model_validate({"version": 1, "sources": {"shop": shop}}, by_alias=True))
        await service.start()
        try:
            await report(service, times)
        finally:
            await service.stop()


async def report(service, times):
    engine = service.engine
    endpoint = GraphQLEndpoint(lambda: engine, graphiql=True, max_body_bytes=1_000_000)
    request = requests_from_body(BODY, "r")
    await engine.answer(request, ANONYMOUS)
    operation = engine._documents.document(QUERY).operation(None)
    variables = operation.coerce(request.variables)
    plan = engine._plan(operation, variables, ANONYMOUS)
    read = plan.roots[0]
    source = service.sources.databases["shop"]
    parts = {
        "the body's JSON to a request": timed(lambda: requests_from_body(BODY, "r"), times),
        "the document and operation by text and name": timed(
            lambda: engine._documents.document(QUERY).operation(None), times
        ),
        "coercion of the variables": timed(lambda: operation.coerce(request.variables), times),
        "the plan by role and the variables' shape": timed(
            lambda: engine._plan(operation, variables, ANONYMOUS), times
        ),
        "the statement, driver and pool": await timed_async(
            lambda: source.answer(read.prepared, variables.coerced, EMPTY_SESSION), times
        ),
    }
    whole = await timed_async(lambda: engine.answer(request, ANONYMOUS), times)
    endpoint_too = await timed_async(lambda: endpoint(SCOPE, receive, send), times)
    statement = parts["the statement, driver and pool"]
    parts["the rest of the engine"] = whole - sum(parts.values())
    parts["the endpoint around it: headers, body, client watched, response"] = endpoint_too - whole
    parts["all of it"] = endpoint_too
    parts["all of it but the statement"] = endpoint_too - statement
    for name, cost in parts.items():
        print(f"{cost:8.1f} µs  {name}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        uvloop.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000, folder))
