from __future__ import annotations

import copy
import json
from contextlib import suppress
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from punnet.errors import PunnetError
from punnet.sources.http.openapi.documents import Documents
from punnet.sources.http.openapi.parse import Malformed, TooLarge, parse_document
from punnet.sources.http.openapi.report import report
from punnet.sources.http.openapi.service import service_catalog
from tests.sources.http.openapi.coherent import check_catalog
from tests.sources.http.openapi.everything import rich_document, rich_swagger

ROOT = "https://api.test/openapi.json"
WORDS = [
    "$ref",
    "allOf",
    "oneOf",
    "anyOf",
    "items",
    "properties",
    "additionalProperties",
    "required",
    "enum",
    "const",
    "type",
    "format",
    "nullable",
    "schema",
    "content",
    "parameters",
    "responses",
    "requestBody",
    "in",
    "name",
    "style",
    "explode",
    "discriminator",
    "mapping",
    "propertyName",
    "paths",
    "openapi",
    "swagger",
    "servers",
    "url",
    "default",
    "get",
    "200",
    "application/json",
    "readOnly",
    "definitions",
    "components",
    "schemas",
    "x-a",
]
TEXTS = st.sampled_from([
    *WORDS, "object", "array", "string", "integer", "null", "", "#", "#/", "#/paths", "#/components/schemas/Pet",
    "#/components/schemas/Tree", "#/definitions/Pet", "other.yaml#/a", "2.0", "3.1.0", "~1", "%", "{", "é\u0000",
])  # fmt: skip
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS | st.text(max_size=5)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
BASES = [json.dumps(base) for base in (rich_document("3.0.3"), rich_document("3.1.0"), rich_swagger())]
QUICK = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
THOROUGH = settings(max_examples=5_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])

MUTATED = (st.sampled_from(BASES), st.randoms(use_true_random=False), st.lists(VALUES, min_size=1, max_size=12))


@pytest.mark.parametrize("base", BASES, ids=["3.0", "3.1", "2.0"])
def test_before_it_is_mutated_a_document_is_read(base: str) -> None:
    catalog = service_catalog(Documents(root=ROOT, loaded={ROOT: json.loads(base)}), name="svc")
    assert catalog.endpoints
    assert catalog.objects
    check_catalog(catalog)


@QUICK
@given(*MUTATED)
def test_a_mutated_document_is_read_or_refused(base: str, random: Random, values: list[Any]) -> None:
    check(mutated(json.loads(base), random, values))


@pytest.mark.judge
@THOROUGH
@given(*MUTATED)
def test_many_mutated_documents_are_read_or_refused(base: str, random: Random, values: list[Any]) -> None:
    check(mutated(json.loads(base), random, values))


@QUICK
@given(VALUES, st.sampled_from(["3.0.0", "3.1.0"]))
def test_any_value_may_stand_as_a_schema(value: Any, version: str) -> None:
    root = rich_document(version)
    root["components"]["schemas"]["Tree"] = value
    check(root)


@QUICK
@given(VALUES)
def test_any_value_may_stand_as_a_document(value: Any) -> None:
    check(value)
    check({"openapi": "3.1.0", "servers": [{"url": "https://a.test"}], "paths": value})


@QUICK
@given(st.binary(max_size=200) | st.text(alphabet="{}[]:-&*!|>'\"#%@`,? \n\ta1~<", max_size=60).map(str.encode))
def test_any_bytes_are_parsed_or_refused(content: bytes) -> None:
    with suppress(Malformed, TooLarge):
        parse_document(content)


def mutated(root: Any, random: Random, values: list[Any]) -> Any:
    """Put each value somewhere into a document, or move one of the document's own parts there, or leave one out."""
    for value in values:
        places = list(_places(root))
        if not places:
            break
        holder, key = random.choice(places)
        turn = random.randrange(4)
        if turn == 0:
            del holder[key]
        elif turn == 1:
            other, other_key = random.choice(places)
            holder[key] = copy.deepcopy(other[other_key])
        else:
            holder[key] = value
    return root


def _places(root: Any) -> Any:
    waiting = [root]
    while waiting:
        holder = waiting.pop()
        for key in holder if isinstance(holder, dict) else range(len(holder)):
            yield holder, key
            if isinstance(holder[key], dict | list):
                waiting.append(holder[key])


def check(root: Any) -> None:
    """Read a document: it gives a catalog that holds together, or an error of ours."""
    documents = Documents(root=ROOT, loaded={ROOT: root})
    with suppress(PunnetError):
        catalog = service_catalog(documents, name="svc")
        report(catalog, mutations=True)
        check_catalog(catalog)
