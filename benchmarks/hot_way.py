#!/usr/bin/env python3
"""What each part of a small request costs in CPU time of this process: hot_way.py [REQUESTS].

It starts the sample shop on an embedded Postgres, and sends the endpoint requests as a server would hand them over,
without sockets to clients. Parts are timed by themselves, many times each; "the rest" is what the whole takes beside
them. That is more than its own lines take: whatever comes after waiting for the database comes out of cold caches.

Each part has its budget, on a machine and a Python as in RESULTS.md. A request that succeeds writes no line to the log.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

import orjson
import uvloop
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from punnet.access.session import ANONYMOUS, EMPTY_SESSION
from punnet.cli.process import settle_memory, uvicorn_config
from punnet.configuration.configuration import Configuration
from punnet.demo.embedded import EmbeddedPostgres
from punnet.demo.shop import load_shop
from punnet.planning.marks import UNREPRESENTABLE
from punnet.server.endpoint import GraphQLEndpoint
from punnet.server.identity import anonymous
from punnet.server.protocol import accepts_graphql_response, check_content_type, header, requests_from_body
from punnet.server.runtime import Runtime
from punnet.server.while_connected import WhileConnected
from punnet.sources.deadlines import Deadlines

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


UVICORN = "uvicorn: bytes to a call of the app, its answer to bytes"
HEADERS = "the headers: identity, types, size"
BODY_READ = "the body's JSON to a request"
WATCH = "the client watched"
ENDPOINT = "the rest of the endpoint: the response"
DOCUMENT = "the document and operation by text and name"
COERCION = "coercion of the variables"
PLAN = "the plan by role and the variables' shape"
PARAMETERS = "the statement's parameters"
DRIVER = "the driver: the statement sent, its answer read"
POOL = "the pool: a connection handed over, the deadline"
ENGINE = "the rest of the engine: the run, the answer joined"
ALL = "all of it"
LONG = "more for an answer of 20 KB: looked through, and joined"

BUDGETS_US = {
    UVICORN: 20, HEADERS: 2, BODY_READ: 2, WATCH: 2, ENDPOINT: 18, DOCUMENT: 1, COERCION: 2, PLAN: 2,
    PARAMETERS: 1, DRIVER: 60, POOL: 10, ENGINE: 20, ALL: 120, LONG: 2,
}  # fmt: skip

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
        runtime = Runtime(Configuration.model_validate({"version": 1, "sources": {"shop": shop}}, by_alias=True))
        await runtime.start()
        try:
            await report(runtime, times)
        finally:
            await runtime.stop()


async def report(runtime, times):
    settle_memory()
    engine = runtime.engine
    endpoint = GraphQLEndpoint(lambda: engine, graphiql=True, max_body_bytes=1_000_000)
    request = requests_from_body(BODY, "r")
    await engine.answer(request, ANONYMOUS)
    operation = engine._documents.document(QUERY).operation(None)
    variables = operation.coerce(request.variables)
    plan = engine._plan(operation, variables, ANONYMOUS)
    prepared = plan.roots[0].prepared
    source = runtime.sources.databases["shop"]
    values = prepared.values(variables.coerced, ())
    driver = await source.pool.run(lambda db: timed_async(lambda: db.records_of(prepared.text, values), times))
    statement = await timed_async(lambda: source.answer(prepared, variables.coerced, EMPTY_SESSION), times)
    engine_parts = {
        DOCUMENT: timed(lambda: engine._documents.document(QUERY).operation(None), times),
        COERCION: timed(lambda: operation.coerce(request.variables), times),
        PLAN: timed(lambda: engine._plan(operation, variables, ANONYMOUS), times),
        PARAMETERS: timed(lambda: prepared.values(variables.coerced, ()), times),
        DRIVER: driver,
    }
    engine_parts[POOL] = statement - driver - engine_parts[PARAMETERS]
    whole = await timed_async(lambda: engine.answer(request, ANONYMOUS), times)
    engine_parts[ENGINE] = whole - sum(engine_parts.values())
    endpoint_parts = {
        HEADERS: timed(look_at_headers, times),
        BODY_READ: timed(lambda: requests_from_body(BODY, "r"), times),
        WATCH: await timed_watch(times),
    }
    endpoint_whole = await timed_async(lambda: endpoint(SCOPE, receive, send), times)
    endpoint_parts[ENDPOINT] = endpoint_whole - whole - sum(endpoint_parts.values())
    uvicorn = await timed_uvicorn(times)
    show({UVICORN: uvicorn, **endpoint_parts, **engine_parts, ALL: uvicorn + endpoint_whole, LONG: timed_long(times)})


def show(parts):
    for name, cost in parts.items():
        print(f"{cost:8.1f} µs (budget {BUDGETS_US[name]:3d})  {name}")


def look_at_headers():
    headers = SCOPE["headers"]
    anonymous(headers)
    accepts_graphql_response(header(headers, b"accept"))
    check_content_type(header(headers, b"content-type"))
    header(headers, b"content-length")


LONG_ANSWER = b'"' + b"x" * 20_000 + b'"'


def timed_long(times):
    def join():
        if UNREPRESENTABLE not in LONG_ANSWER:
            b"".join([b'{"data":{', b'"product":', LONG_ANSWER, b"}}"])

    return timed(join, times)


async def timed_watch(times):
    slow = Deadlines(time.monotonic, WhileConnected.begin_to_look)

    def watch():
        with WhileConnected(receive, slow):
            pass

    try:
        return timed(watch, times)
    finally:
        slow.close()


class NoSocket(asyncio.Transport):
    """Takes what is written, and forgets it."""

    def write(self, data):
        pass

    def is_closing(self):
        return False

    def resume_reading(self):
        pass


async def no_app(scope, receive, send):
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"{}"})


async def timed_uvicorn(times):
    """What the server itself takes of a request, around an app that does nothing, without reading and writing."""
    config = uvicorn_config(no_app, stop_timeout_s=5)
    config.load()
    protocol = HttpToolsProtocol(config=config, server_state=ServerState(), app_state={})
    protocol.connection_made(NoSocket())
    lines = [b"%b: %b\r\n" % pair for pair in SCOPE["headers"]]
    request = b"".join([b"POST /graphql HTTP/1.1\r\n", *lines, b"\r\n", BODY])

    async def one():
        protocol.data_received(request)
        # The app's task runs to its end meanwhile: it has nothing to wait for.
        await asyncio.sleep(0)

    await one()
    if not protocol.cycle.response_complete:
        raise RuntimeError("the app has not answered yet")
    return await timed_async(one, times)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        uvloop.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000, folder))
