"""How far an IP address reaches, and which ones a redirect may lead to."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

Resolve = Callable[[str, int], Awaitable[tuple[str, ...]]]
"""Gives the addresses of a host name; raises OSError where it has none."""

_NAT64 = IPv6Network("64:ff9b::/96")


class Reach(StrEnum):
    """Who can be behind an address."""

    PUBLIC = "public"
    PRIVATE = "private"
    LOOPBACK = "loopback"
    LINK_LOCAL = "link-local"
    """Where clouds keep the credentials of their machines."""
    NOBODY = "unusable"


def reach_of(address: str) -> Reach:
    """Tell how far an address reaches; one that carries an IPv4 address inside counts as that."""
    ip = _unwrapped(ip_address(address.partition("%")[0]))
    if ip.is_loopback:
        return Reach.LOOPBACK
    if ip.is_link_local:
        return Reach.LINK_LOCAL
    if ip.is_multicast or ip.is_unspecified or ip.is_reserved:
        return Reach.NOBODY
    return Reach.PUBLIC if ip.is_global else Reach.PRIVATE


def _unwrapped(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(ip, IPv4Address):
        return ip
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None) or ip


def first_forbidden(targets: Iterable[str], home: Iterable[str]) -> Reach | None:
    """Tell what forbids going to a host with these addresses, or None.

    Every address must be public, or reach as far as one of the service's own: a service inside a private network may
    redirect inside of it, but not to the loopback of Punnet's machine.
    """
    allowed = {Reach.PUBLIC} | {reach_of(address) for address in home} - {Reach.NOBODY}
    return next((reach for target in targets if (reach := reach_of(target)) not in allowed), None)


async def resolve(host: str, port: int) -> tuple[str, ...]:
    """Ask the system for the addresses of a host; an address is its own."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[0]).partition("%")[0] for *_, address in found))
