from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr

from punnet.configuration.services import OAuth2Configuration, ServiceConfiguration
from punnet.sources.http.transport.errors import HeaderRefused
from punnet.sources.http.transport.headers import CallerHeaders, HeaderRule, OwnHeaders
from punnet.sources.http.transport.values import HttpRequest
from tests.sources.http.transport.services import TRACEPARENT

DEFAULTS = {"accept": "application/json", "user-agent": "punnet"}


def compose(settings: ServiceConfiguration, own: dict[str, str] | None = None, **incoming: str) -> OwnHeaders:
    request = HttpRequest(method="GET", url="http://shop/", headers=tuple((own or {}).items()))
    caller = CallerHeaders.of((name.replace("_", "-"), value) for name, value in incoming.items())
    return HeaderRule("shop", settings).compose(request, caller)


def static(**headers: Any) -> ServiceConfiguration:
    return ServiceConfiguration(
        headers={name: SecretStr(value) for name, value in headers.items()}, forward_headers=("X-User",)
    )


def test_nothing_of_the_incoming_request_is_forwarded_unless_it_is_allowed() -> None:
    composed = compose(ServiceConfiguration(), authorization="Bearer a", cookie="b", x_user="c")
    assert dict(composed.headers) == DEFAULTS
    assert not composed.forwarded


def test_allowed_headers_are_forwarded_whatever_their_case() -> None:
    composed = compose(
        ServiceConfiguration(forward_headers=("X-User", "AUTHORIZATION")), x_USER="c", Authorization="Bearer a"
    )
    assert dict(composed.headers) == {"x-user": "c", "authorization": "Bearer a", **DEFAULTS}
    assert composed.forwarded


def test_the_configurations_word_counts_most_then_what_is_forwarded_then_the_calls_own() -> None:
    composed = compose(
        static(**{"X-Key": "secret"}), {"x-key": "guess", "X-User": "guess", "X-Own": "1"}, X_User="alice"
    )
    assert dict(composed.headers)["x-key"] == "secret"
    assert dict(composed.headers)["x-user"] == "alice"
    assert dict(composed.headers)["x-own"] == "1"
    fixed = compose(static(**{"x-user": "fixed"}), {"X-User": "guess"}, X_User="alice")
    assert dict(fixed.headers)["x-user"] == "fixed"
    assert not fixed.forwarded


def test_a_service_with_tokens_takes_no_other_authorization() -> None:
    oauth = OAuth2Configuration(token_url="http://auth/", client_id="p", client_secret=SecretStr("s"))
    settings = ServiceConfiguration(oauth2=oauth, forward_headers=("authorization",))
    composed = compose(settings, {"Authorization": "Basic guess"}, authorization="Bearer alice")
    assert dict(composed.headers) == DEFAULTS


@pytest.mark.parametrize("name", ["Host", "Content-Length", "Transfer-Encoding", "Connection", "TE", "Upgrade"])
def test_no_header_that_frames_messages_is_taken(name: str) -> None:
    assert dict(compose(ServiceConfiguration(), {name: "1"}, **{name: "1"}).headers) == DEFAULTS
    with pytest.raises(ValueError, match="each connection sets for itself"):
        ServiceConfiguration(headers={name: SecretStr("1")})
    with pytest.raises(ValueError, match="each connection sets for itself"):
        ServiceConfiguration(forward_headers=(name,))


def test_a_value_that_would_end_its_header_is_refused_without_being_shown() -> None:
    with pytest.raises(HeaderRefused) as caught:
        compose(ServiceConfiguration(), {"X-Own": "a\r\nX-Key: b"})
    assert "X-Key" not in str(caught.value)
    assert caught.value.is_public


def test_a_forwarded_value_that_would_end_its_header_is_refused() -> None:
    with pytest.raises(HeaderRefused):
        compose(ServiceConfiguration(forward_headers=("x-user",)), x_user="a\nb")


def test_static_headers_are_checked_when_they_are_configured() -> None:
    with pytest.raises(ValueError, match="without control characters"):
        ServiceConfiguration(headers={"x-key": SecretStr("a\nb")})
    with pytest.raises(ValueError, match="wants the name of a header"):
        ServiceConfiguration(headers={"x key": SecretStr("a")})
    with pytest.raises(ValueError, match="wants the name of a header"):
        ServiceConfiguration(forward_headers=("x:key",))


def test_repeated_headers_are_one() -> None:
    request = HttpRequest(
        method="GET", url="http://shop/", headers=(("A", "1"), ("a", "2"), ("Cookie", "x=1"), ("cookie", "y=2"))
    )
    composed = dict(HeaderRule("shop", ServiceConfiguration()).compose(request, CallerHeaders.of(())).headers)
    assert (composed["a"], composed["cookie"]) == ("1, 2", "x=1; y=2")
    assert CallerHeaders.of((("Cookie", "x=1"), ("cookie", "y=2"))).values == {"cookie": "x=1; y=2"}


def test_the_calls_of_an_operation_belong_to_one_trace() -> None:
    assert CallerHeaders.of([("Traceparent", TRACEPARENT)]).trace == (("traceparent", TRACEPARENT),)


def test_two_callers_of_one_service_keep_their_own() -> None:
    rule = HeaderRule("shop", ServiceConfiguration(forward_headers=("x-user",)))
    request = HttpRequest(method="GET", url="http://shop/")
    alice, bob = (CallerHeaders.of([("x-user", name)]) for name in ("alice", "bob"))
    assert [dict(rule.compose(request, each).headers)["x-user"] for each in (alice, bob, alice)] == [
        "alice",
        "bob",
        "alice",
    ]


def test_secrets_are_not_in_the_repr() -> None:
    settings = static(x_key="hush")
    request = HttpRequest(method="GET", url="http://shop/?key=hush", headers=(("x", "hush"),), body=b"hush")
    caller = CallerHeaders.of([("x-user", "hush")])
    assert "hush" not in repr((settings, request, caller, compose(settings, x_user="hush")))
