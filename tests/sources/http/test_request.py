"""Requests out of endpoints and arguments. The cases are those of OpenAPI 3.1, "Style Examples"."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from punnet.catalog.endpoints import (
    Endpoint,
    EndpointId,
    EndpointParameter,
    MemberEncoding,
    ParameterPlace,
    ParameterStyle,
    ScalarShape,
)
from punnet.errors import BadUserInput
from punnet.sources.http.request import Asked, build_request

TEXT = "blue"
LIST = ["blue", "black", "brown"]
OBJECT = {"R": 100, "G": 200, "B": 150}


def parameter(
    place: ParameterPlace, style: ParameterStyle, *, explode: bool = False, name: str = "color", **more: Any
) -> EndpointParameter:
    shape = ScalarShape(scalar="JSON")
    return EndpointParameter(name=name, place=place, shape=shape, required=False, style=style, explode=explode, **more)


def asked(path: str, arguments: dict[str, object], *parameters: EndpointParameter, method: str = "GET") -> Asked:
    id_ = EndpointId(source="paint", name="mix")
    endpoint = Endpoint(id=id_, method=method, path=path, parameters=parameters, result=None)
    return build_request(endpoint, arguments)


def in_path(style: ParameterStyle, value: object, *, explode: bool = False) -> str:
    return asked("/{color}", {"color": value}, parameter("path", style, explode=explode)).target


def in_query(style: ParameterStyle, value: object, *, explode: bool = False) -> str:
    return asked("/", {"color": value}, parameter("query", style, explode=explode)).target


def body_of(style: ParameterStyle, value: object, *encodings: MemberEncoding) -> tuple[bytes | None, tuple[Any, ...]]:
    body = parameter("body", style, name="body", encodings=encodings)
    request = asked("/", {"body": value}, body, method="POST")
    return request.body, request.headers


# -- the table ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("style", "explode", "value", "target"),
    [
        ("simple", False, TEXT, "/blue"),
        ("simple", False, LIST, "/blue,black,brown"),
        ("simple", False, OBJECT, "/R,100,G,200,B,150"),
        ("simple", True, TEXT, "/blue"),
        ("simple", True, LIST, "/blue,black,brown"),
        ("simple", True, OBJECT, "/R=100,G=200,B=150"),
        ("label", False, TEXT, "/.blue"),
        ("label", False, LIST, "/.blue,black,brown"),
        ("label", False, OBJECT, "/.R,100,G,200,B,150"),
        ("label", True, TEXT, "/.blue"),
        ("label", True, LIST, "/.blue.black.brown"),
        ("label", True, OBJECT, "/.R=100.G=200.B=150"),
        ("matrix", False, TEXT, "/;color=blue"),
        ("matrix", False, LIST, "/;color=blue,black,brown"),
        ("matrix", False, OBJECT, "/;color=R,100,G,200,B,150"),
        ("matrix", True, TEXT, "/;color=blue"),
        ("matrix", True, LIST, "/;color=blue;color=black;color=brown"),
        ("matrix", True, OBJECT, "/;R=100;G=200;B=150"),
    ],
)
def test_styles_of_paths(style: ParameterStyle, explode: bool, value: object, target: str) -> None:
    assert in_path(style, value, explode=explode) == target


@pytest.mark.parametrize(
    ("style", "explode", "value", "target"),
    [
        ("form", False, "", "/?color="),
        ("form", False, TEXT, "/?color=blue"),
        ("form", False, LIST, "/?color=blue,black,brown"),
        ("form", False, OBJECT, "/?color=R,100,G,200,B,150"),
        ("form", True, "", "/?color="),
        ("form", True, TEXT, "/?color=blue"),
        ("form", True, LIST, "/?color=blue&color=black&color=brown"),
        ("form", True, OBJECT, "/?R=100&G=200&B=150"),
        ("spaceDelimited", False, LIST, "/?color=blue%20black%20brown"),
        ("spaceDelimited", False, OBJECT, "/?color=R%20100%20G%20200%20B%20150"),
        ("pipeDelimited", False, LIST, "/?color=blue%7Cblack%7Cbrown"),
        ("pipeDelimited", False, OBJECT, "/?color=R%7C100%7CG%7C200%7CB%7C150"),
        ("deepObject", True, OBJECT, "/?color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150"),
        ("deepObject", True, {"a": {"b": [1, 2], "c": None}}, "/?color%5Ba%5D%5Bb%5D=1&color%5Ba%5D%5Bb%5D=2"),
        ("json", False, OBJECT, "/?color=%7B%22R%22%3A100%2C%22G%22%3A200%2C%22B%22%3A150%7D"),
        ("form", True, [], "/"),
        ("form", False, [], "/"),
        ("form", True, {}, "/"),
        ("form", True, None, "/"),
        ("form", True, {"R": None, "G": 1}, "/?G=1"),
        ("form", False, [{"R": 1}], "/?color=%7B%22R%22%3A1%7D"),
        ("form", False, ["plain", "a,b", "ü"], "/?color=plain,a%2Cb,%C3%BC"),
        ("form", True, {"plain": "a=b", "a&b": "plain"}, "/?plain=a%3Db&a%26b=plain"),
    ],
)
def test_styles_of_queries(style: ParameterStyle, explode: bool, value: object, target: str) -> None:
    assert in_query(style, value, explode=explode) == target


@pytest.mark.parametrize(
    ("explode", "value", "text"),
    [
        (False, TEXT, "blue"),
        (False, LIST, "blue,black,brown"),
        (False, OBJECT, "R,100,G,200,B,150"),
        (True, LIST, "blue,black,brown"),
        (True, OBJECT, "R=100,G=200,B=150"),
        (False, "a b/ü", "a b/ü"),
    ],
)
def test_styles_of_headers(explode: bool, value: object, text: str) -> None:
    request = asked("/", {"color": value}, parameter("header", "simple", explode=explode))
    assert request.headers == (("color", text),)


@pytest.mark.parametrize(
    ("explode", "value", "text"),
    [
        (True, TEXT, "color=blue"),
        (False, LIST, "color=blue,black,brown"),
        (True, LIST, "color=blue,black,brown"),
        (False, OBJECT, "color=R,100,G,200,B,150"),
        (True, OBJECT, "R=100; G=200; B=150"),
        (True, "a; b=c", "color=a%3B%20b%3Dc"),
    ],
)
def test_styles_of_cookies(explode: bool, value: object, text: str) -> None:
    request = asked("/", {"color": value}, parameter("cookie", "form", explode=explode))
    assert request.headers == (("cookie", text),)


def test_cookies_go_in_one_header() -> None:
    parameters = [parameter("cookie", "form", name=name) for name in ("a", "b")]
    assert asked("/", {"a": 1, "b": 2}, *parameters).headers == (("cookie", "a=1; b=2"),)


# -- bodies ------------------------------------------------------------------------------------------


def test_a_body_is_json() -> None:
    assert body_of("json", {"a": [1, None]}) == (b'{"a":[1,null]}', (("content-type", "application/json"),))


def test_a_body_has_the_media_type_of_its_document() -> None:
    body = parameter("body", "json", name="body", media_type="application/merge-patch+json")
    request = asked("/", {"body": {}}, body, method="PATCH")
    assert request.headers == (("content-type", "application/merge-patch+json"),)


@pytest.mark.parametrize(
    ("value", "body"),
    [
        ({"a": "x y", "b": 1}, b"a=x%20y&b=1"),
        ({"a": [1, 2]}, b"a=1&a=2"),
        ({"a": {"b": 1}}, b"a=%7B%22b%22%3A1%7D"),
        ({"a": None, "b": True}, b"b=true"),
        ({"a&b": "c=d"}, b"a%26b=c%3Dd"),
        ({}, b""),
    ],
)
def test_forms(value: object, body: bytes) -> None:
    assert body_of("urlencoded", value) == (body, (("content-type", "application/x-www-form-urlencoded"),))


@pytest.mark.parametrize(
    ("style", "explode", "value", "body"),
    [
        ("form", False, LIST, b"color=blue,black,brown&n=1"),
        ("pipeDelimited", False, LIST, b"color=blue%7Cblack%7Cbrown&n=1"),
        ("deepObject", True, OBJECT, b"color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150&n=1"),
        ("deepObject", True, None, b"n=1"),
    ],
)
def test_members_of_forms_have_styles(style: ParameterStyle, explode: bool, value: object, body: bytes) -> None:
    encoding = MemberEncoding(name="color", style=style, explode=explode)
    assert body_of("urlencoded", {"color": value, "n": 1}, encoding)[0] == body


# -- values ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (False, "false"),
        (10**20, "100000000000000000000"),
        (1.5, "1.5"),
        (Decimal("1.50"), "1.50"),
        (date(2024, 2, 29), "2024-02-29"),
        (datetime(2024, 5, 1, 12, 30, tzinfo=UTC), "2024-05-01T12%3A30%3A00Z"),
        (datetime(2024, 5, 1, 12, 30, tzinfo=timezone(timedelta(hours=2))), "2024-05-01T10%3A30%3A00Z"),
        (UUID(int=0), "00000000-0000-0000-0000-000000000000"),
        ("a/b?c&d=e#f%g ü+", "a%2Fb%3Fc%26d%3De%23f%25g%20%C3%BC%2B"),
    ],
)
def test_values_as_text(value: object, text: str) -> None:
    assert in_query("form", value, explode=True) == f"/?color={text}"
    assert in_path("simple", value) == f"/{text}"


def test_a_value_is_no_place_for_another() -> None:
    parameters = [parameter("path", "simple", name=name) for name in ("a", "b")]
    assert asked("/{a}/{b}", {"a": "{b}", "b": "{a}"}, *parameters).target == "/%7Bb%7D/%7Ba%7D"


def test_an_odd_name_is_encoded() -> None:
    assert asked("/", {"a[b]&c": 1}, parameter("query", "form", name="a[b]&c")).target == "/?a%5Bb%5D%26c=1"


# -- what cannot be asked ------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [None, "", [], [""], ["a", ""], {}])
def test_a_path_has_no_empty_parameter(value: object) -> None:
    with pytest.raises(BadUserInput, match="'color' cannot be empty"):
        in_path("simple", value)


@pytest.mark.parametrize(("style", "value"), [("simple", "."), ("simple", ".."), ("label", ".")])
def test_a_path_is_not_left(style: ParameterStyle, value: object) -> None:
    with pytest.raises(BadUserInput, match="dot segment"):
        in_path(style, value)


def test_a_path_is_not_left_by_two_parameters_together() -> None:
    parameters = [parameter("path", "simple", name=name) for name in ("a", "b")]
    with pytest.raises(BadUserInput, match="dot segment"):
        asked("/x/{a}{b}/y", {"a": ".", "b": "."}, *parameters)


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(BadUserInput, match="JSON"):
        body_of("json", {"a": 10**30})


def test_a_form_is_an_object() -> None:
    with pytest.raises(BadUserInput, match="object"):
        body_of("urlencoded", [1])


def test_an_argument_without_a_parameter_is_not_sent() -> None:
    assert asked("/", {"other": 1}, parameter("query", "form")).target == "/"


def test_equal_endpoints_make_equal_requests() -> None:
    one = parameter("query", "form")
    assert asked("/", {"color": 1}, one) == asked("/", {"color": 1}, replace(one))
