from __future__ import annotations

import time
from dataclasses import replace
from email.utils import formatdate

import pytest

from punnet.sources.http.transport.cache import Miss, ResponseCache, received
from punnet.sources.http.transport.values import HttpRequest, HttpResponse

REQUEST = HttpRequest(method="GET", url="http://shop/a", headers=(("accept", "application/json"),))


@pytest.fixture
def now() -> float:
    # hishel looks at the system's clock itself.
    return time.time()


def answer(body: bytes = b"1", status: int = 200, /, **headers: str) -> HttpResponse:
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return HttpResponse(status=status, headers=pairs, body=body)


def cache(now: float, max_bytes: int = 100_000) -> ResponseCache:
    return ResponseCache(max_bytes, lambda: now)


def key_of(request: HttpRequest) -> tuple[object, ...]:
    return (request.method, request.url, request.headers)


def asked(store: ResponseCache, request: HttpRequest = REQUEST, *, user: bool = False) -> HttpResponse | Miss:
    return store.look_up(request, key_of(request), for_one_user=user)


def missed(store: ResponseCache, request: HttpRequest = REQUEST, *, user: bool = False) -> Miss:
    found = asked(store, request, user=user)
    assert isinstance(found, Miss)
    return found


def kept(store: ResponseCache, response: HttpResponse, request: HttpRequest = REQUEST, *, user: bool = False) -> bool:
    store.settle(missed(store, request, user=user), response)
    found = asked(store, request, user=user)
    return isinstance(found, HttpResponse) and found.body == response.body


@pytest.mark.parametrize(
    ("headers", "is_kept"),
    [
        ({"cache_control": "max-age=60"}, True),
        ({"cache_control": "s-maxage=60"}, True),
        ({"cache_control": "public, max-age=60"}, True),
        ({"cache_control": "max-age=0"}, False),
        ({"cache_control": "no-store"}, False),
        ({"cache_control": "no-cache, max-age=60"}, False),
        ({"cache_control": "private, max-age=60"}, False),
        ({"cache_control": "max-age=60", "age": "61"}, False),
        ({"cache_control": "max-age=60", "age": "10"}, True),
        ({"cache_control": "max-age=60", "vary": "*"}, False),
        ({"cache_control": "max-age=60", "vary": "accept"}, True),
        ({"expires": "0"}, False),
        ({}, False),
        ({"etag": '"1"', "last_modified": "Thu, 01 Jan 2015 00:00:00 GMT"}, False),
    ],
)
def test_what_may_be_used_again(headers: dict[str, str], is_kept: bool, now: float) -> None:
    assert kept(cache(now), answer(**headers)) is is_kept


def test_expires_counts_from_the_date_of_the_answer(now: float) -> None:
    fresh = answer(date=formatdate(now - 30, usegmt=True), expires=formatdate(now + 30, usegmt=True))
    stale = answer(date=formatdate(now - 60, usegmt=True), expires=formatdate(now - 30, usegmt=True))
    assert kept(cache(now), fresh)
    assert not kept(cache(now), stale)


def test_a_date_in_the_future_makes_no_answer_younger(now: float) -> None:
    ahead = answer(date=formatdate(now + 500, usegmt=True), cache_control="max-age=60")
    assert received(ahead, now).header("date") == formatdate(now, usegmt=True)


def test_an_age_from_a_cache_on_the_way_counts(now: float) -> None:
    aged = answer(date=formatdate(now - 5, usegmt=True), age="40", cache_control="max-age=60")
    assert received(aged, now).header("date") == formatdate(now - 40, usegmt=True)
    assert received(aged, now).header("age") is None


def test_private_answers_are_kept_for_the_user_they_were_given_to(now: float) -> None:
    assert kept(cache(now), answer(cache_control="private, max-age=60"), user=True)


def test_users_with_other_credentials_share_nothing(now: float) -> None:
    store = cache(now)
    alice, bob = (replace(REQUEST, headers=(("authorization", name),)) for name in ("alice", "bob"))
    assert kept(store, answer(b"for alice", cache_control="public, max-age=60"), alice, user=True)
    missed(store, bob, user=True)


def test_other_methods_are_not_kept(now: float) -> None:
    head = replace(REQUEST, method="HEAD")
    assert not kept(cache(now), answer(cache_control="max-age=60"), head)


def test_a_call_that_forbids_storing_is_not_kept(now: float) -> None:
    careful = replace(REQUEST, headers=(("cache-control", "no-store"),))
    assert not kept(cache(now), answer(cache_control="max-age=60"), careful)


def test_a_stale_answer_is_asked_about_and_used_when_it_is_confirmed(now: float) -> None:
    store = cache(now)
    store.settle(missed(store), answer(b"old", cache_control="max-age=60", age="61", etag='"1"'))
    miss = missed(store)
    assert dict(miss.request.headers)["if-none-match"] == '"1"'
    confirmed = store.settle(miss, answer(b"", 304, etag='"1"', cache_control="max-age=60"))
    assert isinstance(confirmed, HttpResponse)
    assert (confirmed.status, confirmed.body) == (200, b"old")
    assert isinstance(asked(store), HttpResponse)


def test_a_stale_answer_is_replaced_by_a_new_one(now: float) -> None:
    store = cache(now)
    store.settle(missed(store), answer(b"old", cache_control="max-age=60", age="61", etag='"1"'))
    new = answer(b"new", cache_control="max-age=60", etag='"2"')
    settled = store.settle(missed(store), new)
    found = asked(store)
    assert isinstance(settled, HttpResponse)
    assert isinstance(found, HttpResponse)
    assert (settled.body, found.body) == (b"new", b"new")


def test_a_stale_answer_that_may_no_longer_be_kept_is_dropped(now: float) -> None:
    store = cache(now)
    store.settle(missed(store), answer(b"old", cache_control="no-cache", etag='"1"'))
    settled = store.settle(missed(store), answer(b"new", cache_control="no-store"))
    assert isinstance(settled, HttpResponse)
    assert settled.body == b"new"
    assert store.bytes_held == 0


def test_a_confirmation_of_something_else_is_asked_again_without_conditions(now: float) -> None:
    store = cache(now)
    store.settle(missed(store), answer(b"old", cache_control="no-cache", etag='"1"'))
    again = store.settle(missed(store), answer(b"", 304, etag='"other"'))
    assert isinstance(again, Miss)
    assert again.request == REQUEST
    assert store.bytes_held == 0


def test_an_error_while_asking_about_a_stale_answer_is_the_answer(now: float) -> None:
    store = cache(now)
    store.settle(missed(store), answer(b"old", cache_control="no-cache", etag='"1"'))
    settled = store.settle(missed(store), answer(b"sorry", 500))
    assert isinstance(settled, HttpResponse)
    assert settled.status == 500


def test_a_change_at_a_url_drops_what_is_kept_of_it(now: float) -> None:
    store = cache(now)
    other = replace(REQUEST, url="http://shop/b")
    assert kept(store, answer(cache_control="max-age=60"))
    assert kept(store, answer(cache_control="max-age=60"), other)
    store.forget(REQUEST.url)
    missed(store)
    assert isinstance(asked(store, other), HttpResponse)


def test_memory_is_bounded_and_the_longest_unused_goes_first(now: float) -> None:
    store = cache(now, max_bytes=10_000)
    urls = [replace(REQUEST, url=f"http://shop/{number}") for number in range(4)]
    assert kept(store, answer(b"x" * 1000, cache_control="max-age=60"), urls[0])
    assert kept(store, answer(b"x" * 1000, cache_control="max-age=60"), urls[1])
    assert kept(store, answer(b"x" * 1000, cache_control="max-age=60"), urls[2])
    asked(store, urls[0])
    assert kept(store, answer(b"x" * 1000, cache_control="max-age=60"), urls[3])
    assert store.bytes_held <= 10_000
    assert isinstance(asked(store, urls[0]), HttpResponse)
    missed(store, urls[1])


def test_an_answer_larger_than_the_cache_is_not_kept(now: float) -> None:
    assert not kept(cache(now), answer(b"x" * 200_000, cache_control="max-age=60"))
    assert not kept(cache(now, max_bytes=0), answer(cache_control="max-age=60"))


def test_thousands_of_answers_stay_within_the_bound(now: float) -> None:
    store = cache(now, max_bytes=50_000)
    [
        store.settle(missed(store, replace(REQUEST, url=f"http://shop/{n}")), answer(cache_control="max-age=60"))
        for n in range(3000)
    ]
    assert store.bytes_held <= 50_000
    assert len(store._kept) < 30
    assert len(store._keys_of_url) == len(store._kept)
