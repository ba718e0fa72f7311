"""A thousand tables are a schema in seconds, however their foreign keys run."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLSchema, get_introspection_query, graphql, validate_schema

from punnet.access.policy import UNRESTRICTED
from punnet.access.session import ANONYMOUS, EMPTY_SESSION, Session
from punnet.loaders.calls import Calls
from punnet.loaders.reads import ReadLoaders
from punnet.planning.level import column_key
from punnet.planning.read import Read
from punnet.resolvers.context import RequestContext
from punnet.schema.build import BuiltSchema
from punnet.sources.rows import RowValues
from tests.schema.full_size import TYPES_OF_A_TABLE, build_full
from tests.schema.introspection_samples import directly, executed
from tests.speed import slowness

MAX_BUILD_S = 4
MAX_BUILD_MB = 400
MAX_INTROSPECTION_S = 2

# In a process of its own, whose memory and garbage nothing else has touched. `VmHWM` is this process's own peak,
# which `getrusage` is not: after a fork it begins with the parent's.
MEASURE = """
import json, time
from pathlib import Path
from graphql import get_introspection_query, parse
from tests.schema.full_size import build_full
from tests.schema.introspection_samples import introspection_bytes, selection_of

def peak_mb():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))

start_mb, start = peak_mb(), time.process_time()
schema = build_full(1000).graphql
built, built_mb = time.process_time(), peak_mb()
selection = selection_of(schema, parse(get_introspection_query(input_value_deprecation=True, one_of=True)), {})
answer = introspection_bytes(selection)
print(json.dumps({
    "build_s": built - start, "build_mb": built_mb - start_mb, "introspection_s": time.process_time() - built,
    "types": len(schema.type_map), "answer_mb": len(answer) / 2**20,
}))
"""


@pytest.fixture(scope="module")
def built() -> BuiltSchema:
    return build_full(50)


def test_the_schema_is_valid(built: BuiltSchema) -> None:
    kwargs = built.graphql.to_kwargs()
    # The merge says so of itself.
    kwargs["assume_valid"] = False
    assert validate_schema(GraphQLSchema(**kwargs)) == []


def test_a_table_has_all_of_its_types(built: BuiltSchema) -> None:
    names = {f"SalesOrderDraftRecord{suffix}" for suffix in TYPES_OF_A_TABLE}
    assert len(names) == 14
    assert names <= built.graphql.type_map.keys()


def test_the_fields_of_query_lead_to_every_type(built: BuiltSchema) -> None:
    assert GraphQLSchema(built.graphql.query_type).type_map.keys() == built.graphql.type_map.keys()


def test_its_introspection_has_the_executors_bytes(built: BuiltSchema) -> None:
    query = get_introspection_query(input_value_deprecation=True, one_of=True)
    assert directly(built.graphql, query) == executed(built.graphql, query) is not None


async def test_own_and_generated_fields_answer_in_one_operation(built: BuiltSchema) -> None:
    query = '{ greeting(name: "Ada") { text } salesOrderDraftRecords(first: 1) { nodes { title } } }'
    result = await graphql(built.graphql, query, context_value=context_of(OneRow()))
    assert result.errors is None
    assert result.data == {
        "greeting": {"text": "Hello, Ada"},
        "salesOrderDraftRecords": {"nodes": [{"title": "The first"}]},
    }


@pytest.mark.judge
def test_a_thousand_tables_are_built_and_described_in_time() -> None:
    root = Path(__file__).parents[2]
    before = slowness()
    done = subprocess.run([sys.executable, "-c", MEASURE], cwd=root, capture_output=True, text=True, check=True)
    slow = max(before, slowness())
    measured = json.loads(done.stdout)
    assert measured["types"] > 14_000
    assert measured["build_s"] / slow < MAX_BUILD_S, (measured, slow)
    assert measured["build_mb"] < MAX_BUILD_MB, measured
    assert measured["introspection_s"] / slow < MAX_INTROSPECTION_S, (measured, slow)


class OneRow:
    """A source with one row."""

    name = "main"

    async def rows(self, _read: Read, _variables: Mapping[str, Any], _session: Session) -> list[RowValues]:
        return [RowValues("SalesOrderDraftRecord", {column_key("title"): "The first"})]


def context_of(source: Any) -> RequestContext:
    loaders = ReadLoaders({source.name: source}, {}, EMPTY_SESSION)
    return RequestContext(
        identity=ANONYMOUS, loaders=loaders, calls=Calls({}), policy_of=lambda _relation: UNRESTRICTED
    )
