from __future__ import annotations

import pytest

from punnet.sources.http.transport.errors import RedirectRefused
from punnet.sources.http.transport.redirects import Hop, Origin, RedirectRule, Refusal, checked, plan_hop
from punnet.sources.http.transport.values import HttpRequest, HttpResponse

SECRETS = (("authorization", "Bearer a"), ("cookie", "b"), ("x-key", "c"), ("accept", "d"), ("if-none-match", "e"))
STRICT = RedirectRule(hosts=frozenset(), downgrade=False)
HOME = Origin(scheme="https", host="shop.example", port=443)
ADDRESSES = {
    "shop.example": ("93.184.215.14",),
    "files.example": ("93.184.215.15",),
    "sneaky.example": ("93.184.215.15", "169.254.169.254"),
}


def hop(
    location: str, *, allow: str = "", method: str = "GET", status: int = 307, url: str = "https://shop.example/a/b"
) -> Hop | Refusal:
    request = HttpRequest(method=method, url=url, headers=SECRETS, body=b"x" if method == "POST" else None)
    response = HttpResponse(status=status, headers=(("location", location),))
    home = Origin.of(url)
    assert home is not None
    return plan_hop(request, response, home, RedirectRule(hosts=frozenset(allow.split()), downgrade=False))


def followed(location: str, **options: str | int) -> Hop:
    planned = hop(location, **options)  # type: ignore[arg-type]
    assert isinstance(planned, Hop)
    return planned


def why_not(location: str, **options: str | int) -> str:
    planned = hop(location, **options)  # type: ignore[arg-type]
    assert isinstance(planned, Refusal)
    return planned.why


async def resolve(host: str, _port: int) -> tuple[str, ...]:
    if host not in ADDRESSES:
        raise OSError(host)
    return ADDRESSES[host]


def test_within_the_service_everything_is_taken_along_but_conditions() -> None:
    planned = followed("../c?d=1#e")
    assert planned.request.url == "https://shop.example/c?d=1"
    assert planned.request.headers == SECRETS[:4]
    assert planned.is_home


def test_from_http_to_https_of_the_same_host_is_within_the_service() -> None:
    assert followed("https://shop.example/c", url="http://shop.example/").is_home
    assert "another host or port" in why_not("https://shop.example:8443/c", url="http://shop.example/")


def test_another_host_is_refused() -> None:
    assert why_not("https://files.example/") == "it redirects to another host or port"
    assert why_not("//files.example/") == "it redirects to another host or port"


def test_another_port_is_another_host() -> None:
    assert why_not("https://shop.example:6379/") == "it redirects to another host or port"


def test_an_allowed_host_gets_no_credentials() -> None:
    planned = followed("https://files.example/f", allow="files.example")
    assert planned.request.headers == (("accept", "d"),)
    assert not planned.is_home


def test_a_host_can_be_allowed_at_a_port() -> None:
    assert not followed("https://files.example:8443/", allow="files.example:8443").is_home
    assert "another host" in why_not("https://files.example:9000/", allow="files.example:8443")


def test_a_call_that_comes_back_gets_no_credentials_again() -> None:
    request = HttpRequest(method="GET", url="https://files.example/f", headers=(("accept", "d"),))
    response = HttpResponse(status=302, headers=(("location", "https://shop.example/"),))
    planned = plan_hop(request, response, HOME, STRICT)
    assert isinstance(planned, Hop)
    assert not planned.is_home


def test_a_downgrade_is_refused_unless_it_is_allowed() -> None:
    assert why_not("http://shop.example/c", allow="shop.example") == "it redirects from https to http"
    request = HttpRequest(method="GET", url="https://shop.example/", headers=SECRETS)
    response = HttpResponse(status=302, headers=(("location", "http://shop.example/"),))
    allowed = RedirectRule(hosts=frozenset({"shop.example"}), downgrade=True)
    planned = plan_hop(request, response, HOME, allowed)
    assert isinstance(planned, Hop)
    assert planned.request.headers == (("accept", "d"),)


@pytest.mark.parametrize(
    "location",
    [
        "ftp://shop.example/",
        "file:///etc/passwd",
        "https://user@shop.example/",
        "https://shop.example\\@files.example/",
        "https://shop.example:x/",
        "https://[::1/",
        "https://sh op.example/",
        "https://shop.example/\x01",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_plain_http_url_is_refused(location: str) -> None:
    assert why_not(location, allow="files.example").startswith("it redirects to what is no")


@pytest.mark.parametrize(
    ("method", "status", "becomes"),
    [
        ("GET", 301, "GET"),
        ("POST", 301, "GET"),
        ("POST", 302, "GET"),
        ("POST", 303, "GET"),
        ("DELETE", 303, "GET"),
        ("HEAD", 303, "HEAD"),
        ("POST", 307, "POST"),
        ("POST", 308, "POST"),
        ("DELETE", 302, "DELETE"),
    ],
)
def test_the_method_after_a_redirect(method: str, status: int, becomes: str) -> None:
    request = followed("/c", method=method, status=status).request
    assert request.method == becomes
    assert (request.body is not None) == (becomes == "POST")


async def test_a_hop_within_the_service_asks_no_dns() -> None:
    assert (await checked(followed("/c"), HOME, "shop", resolve)).addresses == ()


async def test_a_hop_to_another_host_is_bound_to_the_addresses_that_were_checked() -> None:
    planned = followed("https://files.example/", allow="files.example")
    assert (await checked(planned, HOME, "shop", resolve)).addresses == ADDRESSES["files.example"]


async def test_a_host_with_one_private_address_is_refused() -> None:
    planned = followed("https://sneaky.example/", allow="sneaky.example")
    with pytest.raises(RedirectRefused, match="The source 'shop' failed") as caught:
        await checked(planned, HOME, "shop", resolve)
    assert caught.value.where == "it redirects to a link-local address"


async def test_a_host_without_addresses_is_refused() -> None:
    planned = followed("https://nowhere.example/", allow="nowhere.example")
    with pytest.raises(RedirectRefused):
        await checked(planned, HOME, "shop", resolve)
