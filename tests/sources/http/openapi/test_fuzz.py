from __future__ import annotations

import copy
import json
from contextlib import suppress
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from punnet.catalog.endpoints import EnumShape, ListShape, NamedShape, ServiceCatalog, Shape
from punnet.errors import PunnetError
from punnet.sources.http.openapi.documents import Documents
from punnet.sources.http.openapi.parse import Malformed, TooLarge, parse_document
from punnet.sources.http.openapi.report import report
from punnet.sources.http.openapi.service import service_catalog
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


def check_catalog(catalog: ServiceCatalog) -> None:
    """All names are there, each once, and nothing is empty."""
    objects = {one.name for one in catalog.objects}
    named = objects | {one.name for one in catalog.unions}
    enums = {one.name: one for one in catalog.enums}
    names = [*named, *enums]
    assert len(named) == len(catalog.objects) + len(catalog.unions)
    assert len(names) == len(set(names))
    assert all(names)
    assert all(one.properties for one in catalog.objects)
    assert all(one.members for one in catalog.unions)
    assert all(one.values for one in catalog.enums)
    assert len({one.id for one in catalog.endpoints}) == len(catalog.endpoints)
    assert all(objects.issuperset(one.members) for one in catalog.unions)
    assert all(member in union.members for union in catalog.unions for _, member in union.mapping)
    for shape in _all_shapes(catalog):
        if isinstance(shape, NamedShape):
            assert shape.name in named
        if isinstance(shape, EnumShape):
            assert enums[shape.name] == shape


def _all_shapes(catalog: ServiceCatalog) -> list[Shape]:
    shapes: list[Shape] = [one.shape for found in catalog.objects for one in found.properties]
    for endpoint in catalog.endpoints:
        shapes += [one.shape for one in endpoint.parameters]
        shapes += [endpoint.result] if endpoint.result is not None else []
    return [_innermost(shape) for shape in shapes]


def _innermost(shape: Shape) -> Shape:
    while isinstance(shape, ListShape):
        shape = shape.element
    return shape
