"""Large documents load, make a schema, and a field of each is served: by a service of ours, and by Prism."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLSchema, validate_schema

from punnet.access.session import ANONYMOUS
from punnet.configuration.configuration import Configuration
from punnet.configuration.load import check
from punnet.server.engine import Engine, GraphQLRequest
from punnet.server.runtime import Runtime
from punnet.server.settings import Deployment, Way
from tests.faults.waiting import wait_until
from tests.joins.large_documents import cluster, mock, payments, with_examples
from tests.ports import reserved_port
from tests.sources.http.transport.upstreams import upstream
from tests.speed import cpu_time

PRISM = Path(__file__).parent / "node_modules" / ".bin" / "prism"

DOCUMENTS: dict[str, Callable[[int], Any]] = {"cluster": cluster, "payments": payments}
KINDS = 750
"""Four operations each make three thousand."""

QUERIES = {
    "cluster": """{ listNamespacedKind3(namespace: "a/b", sortBy: TRUE_, watch: true) {
      __typename items { apiVersion spec { replicas xKubernetesIoOrder labels template { apiVersion } } specRaw }
      metadata { continue remainingCount }
    } }""",
    "payments": """{ getObject3s(expand: ["data.other"]) {
      hasMore object data { id amount status source { __typename } history { id } }
    } }""",
}


@asynccontextmanager
async def engines(document: Path, url: str) -> AsyncIterator[Mapping[Way, Engine]]:
    """Both ways to ask what a document describes, at this URL."""
    source = {"type": "openapi", "url": str(document), "base_url": url, "prefix": "", "mutations": True}
    configuration = check({"version": 1, "sources": {"big": source}}, {})
    assert isinstance(configuration, Configuration), configuration
    runtime = Runtime(Deployment(configuration=configuration, way=Way.COMPILED))
    try:
        compiled = await runtime.build()
        resolving = Engine(
            compiled.built,
            {},
            way=Way.RESOLVERS,
            document_cache_size=10,
            plan_cache_size=10,
            services=runtime.sources.services,
        )
        yield {Way.COMPILED: compiled, Way.RESOLVERS: resolving}
    finally:
        await runtime.stop()


@pytest.fixture(params=list(DOCUMENTS))
def name(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture
def path(name: str, tmp_path: Path) -> Path:
    """The document as a file."""
    path = tmp_path / f"{name}.json"
    path.write_text(json.dumps(DOCUMENTS[name](KINDS)))
    return path


@pytest.fixture
def prism_path(name: str, tmp_path: Path) -> Path:
    """A smaller document, which Prism can make answers of."""
    path = tmp_path / f"{name}-examples.json"
    path.write_text(json.dumps(with_examples(DOCUMENTS[name](40))))
    return path


async def ask(engine: Engine, query: str) -> Any:
    return json.loads((await engine.answer(GraphQLRequest(query=query), ANONYMOUS)).body)


def type_count(schema: GraphQLSchema) -> int:
    return sum(1 for name in schema.type_map if not name.startswith("__"))


async def test_a_large_document_loads_in_seconds_and_is_served(name: str, path: Path) -> None:
    async with AsyncExitStack() as stack:
        with cpu_time() as taken:
            server = await stack.enter_async_context(upstream(mock(DOCUMENTS[name](KINDS))))
            ways = await stack.enter_async_context(engines(path, server.url))
        assert taken.seconds < 20
        assert type_count(ways[Way.COMPILED].schema) > 3 * KINDS
        answer = await ask(ways[Way.COMPILED], QUERIES[name])
        assert "errors" not in answer
        assert len(server.seen) == 1
        assert await ask(ways[Way.RESOLVERS], QUERIES[name]) == answer


async def test_objects_that_refer_to_each_other_in_a_long_row_are_no_trouble(tmp_path: Path) -> None:
    path = tmp_path / "cluster.json"
    path.write_text(json.dumps(cluster(KINDS, circle=KINDS)))
    async with engines(path, "http://127.0.0.1:9") as ways:
        assert type_count(ways[Way.COMPILED].schema) > 3 * KINDS


async def test_a_form_is_sent_as_one(tmp_path: Path) -> None:
    path = tmp_path / "payments.json"
    path.write_text(json.dumps(payments(3)))
    async with upstream(mock(payments(3))) as server, engines(path, server.url) as ways:
        query = 'mutation { postObject1s(body: {amount: 5, expand: ["a b", "c"], mode: _10_5}) { id } }'
        answer = await ask(ways[Way.RESOLVERS], query)
    assert answer == {"data": {"postObject1s": {"id": "text"}}}
    [seen] = server.seen
    assert (seen.method, seen.headers["content-type"]) == ("POST", "application/x-www-form-urlencoded")
    assert seen.body == b"amount=5&expand=a%20b&expand=c&mode=10.5"


@pytest.mark.judge
async def test_the_schema_of_a_large_document_is_valid(name: str, path: Path) -> None:
    async with engines(path, "http://127.0.0.1:9") as ways:
        assert validate_schema(ways[Way.COMPILED].schema) == []


# -- Prism -------------------------------------------------------------------------------------------


@contextmanager
def running_prism(document: Path) -> Iterator[str]:
    """Prism, answering as the document says; gone at the end."""
    assert PRISM.exists(), "run first: npm install --prefix tests/joins"
    with reserved_port() as port:
        process = subprocess.Popen(
            [str(PRISM), "mock", "--host", "127.0.0.1", "--port", str(port), str(document)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            wait_until(lambda: is_listening(port))
            yield f"http://127.0.0.1:{port}"
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.judge
async def test_a_field_is_served_through_prism(name: str, prism_path: Path) -> None:
    with running_prism(prism_path) as url:
        async with engines(prism_path, url) as ways:
            compiled = await ask(ways[Way.COMPILED], QUERIES[name])
            assert "errors" not in compiled
            assert compiled == await ask(ways[Way.RESOLVERS], QUERIES[name])
