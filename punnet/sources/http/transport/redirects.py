"""Where a redirect may lead, and what a call takes along.

The rule: within the service's own origin, and from http to https of the same host, always. To another host, or another
port, only where `redirect_hosts` names it; from https to http only where `redirect_downgrade` says so. Another host's
addresses are looked up, must not be private, loopback or link-local unless the service's own are, and the connection
goes to exactly those that were checked. Whatever could be a credential stays behind.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit

from punnet.sources.http.transport.addresses import Resolve, first_forbidden
from punnet.sources.http.transport.errors import RedirectRefused
from punnet.sources.http.transport.values import HttpRequest, HttpResponse

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_DEFAULT_PORTS = {"http": 80, "https": 443}
# The rest can be a credential, or says something about the caller.
_TAKEN_TO_STRANGERS = frozenset({"accept", "accept-language", "content-type", "traceparent", "user-agent"})
_CONDITIONS = frozenset({"if-none-match", "if-modified-since"})
# Two readers of such a URL may disagree on its host.
_AMBIGUOUS = re.compile(r"[\x00-\x20\\\x7f]")
_HOST = re.compile(r"[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Scheme, host and port: who answers for a URL."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> Origin | None:
        """Read the origin of a URL; None if it is not plainly one of HTTP."""
        try:
            parts = urlsplit(url)
            scheme, host, port = parts.scheme.lower(), parts.hostname or "", parts.port
        except ValueError:
            return None
        written = f"[{host}]" if ":" in host else host
        if (
            scheme not in _DEFAULT_PORTS
            or "@" in parts.netloc
            or _AMBIGUOUS.search(url)
            or not _HOST.fullmatch(written)
        ):
            return None
        return cls(scheme=scheme, host=host.lower(), port=_DEFAULT_PORTS[scheme] if port is None else port)


@dataclass(frozen=True, slots=True, kw_only=True)
class RedirectRule:
    """What the configuration allows."""

    hosts: frozenset[str]
    downgrade: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """The next request of a call that was redirected."""

    request: HttpRequest
    origin: Origin
    is_home: bool
    """Whether the service's own origin is still asked; its credentials go nowhere else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a redirect is not followed."""

    why: str


def is_redirect(response: HttpResponse) -> bool:
    """Tell whether the answer sends the call elsewhere."""
    return response.status in REDIRECTS and response.header("location") is not None


def plan_hop(request: HttpRequest, response: HttpResponse, home: Origin, rule: RedirectRule) -> Hop | Refusal:
    """Say where a redirect leads, as far as that can be said without asking DNS.

    Args:
        request: what was answered.
        response: an answer of which `is_redirect` is true.
        home: the service's own origin.
        rule: the source's.
    """
    try:
        target = urljoin(request.url, (response.header("location") or "").strip()).partition("#")[0]
    except ValueError:
        return Refusal(why="it redirects to what is no URL")
    here, there = Origin.of(request.url), Origin.of(target)
    if here is None or there is None:
        return Refusal(why="it redirects to what is no plain HTTP URL")
    if here.scheme == "https" and there.scheme == "http" and not rule.downgrade:
        return Refusal(why="it redirects from https to http")
    is_home = _is_same_service(home, there)
    if not is_home and not {there.host, f"{there.host}:{there.port}"} & rule.hosts:
        return Refusal(why="it redirects to another host or port")
    # Once a call has left, a stranger decides where it goes: it does not get the credentials back.
    is_home = is_home and _is_same_service(home, here)
    return Hop(request=_redirected(request, response.status, target, is_home=is_home), origin=there, is_home=is_home)


async def checked(hop: Hop, home: Origin, source: str, resolve: Resolve) -> HttpRequest:
    """Give the request of a hop, bound to addresses that it may go to.

    Raises:
        RedirectRefused.
    """
    if _is_same_service(home, hop.origin):
        return hop.request
    targets = await _addresses(hop.origin, source, resolve)
    forbidden = first_forbidden(targets, await _addresses(home, source, resolve))
    if forbidden is not None:
        raise RedirectRefused(source, why=f"it redirects to a {forbidden} address")
    return replace(hop.request, addresses=tuple(targets))


async def _addresses(origin: Origin, source: str, resolve: Resolve) -> Sequence[str]:
    try:
        return await resolve(origin.host, origin.port)
    except (OSError, UnicodeError) as error:
        raise RedirectRefused(source, why="it redirects to a host that has no address") from error


def _is_same_service(home: Origin, there: Origin) -> bool:
    if there == home:
        return True
    upgraded = (home.scheme, there.scheme, there.port) == ("http", "https", 443)
    return there.host == home.host and upgraded and home.port == 80


def _redirected(request: HttpRequest, status: int, target: str, *, is_home: bool) -> HttpRequest:
    # As browsers do it: whatever was asked, 303 is read with GET, and a POST becomes one by 301 and 302 as well.
    becomes_get = (status == 303 and request.method != "HEAD") or (status in (301, 302) and request.method == "POST")
    dropped = _CONDITIONS | {"content-type"} if becomes_get else _CONDITIONS
    headers = tuple(
        (name, value)
        for name, value in request.headers
        if name not in dropped and (is_home or name in _TAKEN_TO_STRANGERS)
    )
    if becomes_get:
        return HttpRequest(method="GET", url=target, headers=headers)
    return replace(request, url=target, headers=headers, addresses=())
