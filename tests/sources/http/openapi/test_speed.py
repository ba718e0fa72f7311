from __future__ import annotations

import orjson
import pytest
import yaml

from punnet.sources.http.openapi.documents import Documents
from punnet.sources.http.openapi.parse import parse_document
from punnet.sources.http.openapi.service import service_catalog
from tests.sources.http.openapi.coherent import check_catalog
from tests.sources.http.openapi.everything import large_document
from tests.speed import cpu_time

OPERATIONS = 1_000


def test_a_smaller_one_of_the_large_documents_is_carried_whole() -> None:
    catalog = service_catalog(Documents(root="file:///x", loaded={"file:///x": large_document(20)}), name="svc")
    assert (len(catalog.endpoints), len(catalog.objects), catalog.left_out) == (20, 20, ())
    check_catalog(catalog)


@pytest.mark.judge
def test_thirteen_megabytes_of_json_take_less_than_four_seconds_of_cpu() -> None:
    content = orjson.dumps(large_document(OPERATIONS))
    assert len(content) > 13_000_000
    assert cpu_seconds(content) < 4


@pytest.mark.judge
def test_the_same_in_yaml_takes_less_than_eight_seconds_of_cpu() -> None:
    content = yaml.dump(large_document(OPERATIONS), Dumper=yaml.CSafeDumper, width=1_000).encode()
    assert cpu_seconds(content) < 8


def cpu_seconds(content: bytes) -> float:
    root = "https://large.test/openapi"
    with cpu_time() as taken:
        catalog = service_catalog(Documents(root=root, loaded={root: parse_document(content)}), name="svc")
    assert len(catalog.endpoints) == OPERATIONS
    return taken.seconds
