from __future__ import annotations

import pytest

from punnet.sources.http.transport.addresses import Reach, first_forbidden, reach_of, resolve


@pytest.mark.parametrize(
    ("address", "reach"),
    [
        ("93.184.215.14", Reach.PUBLIC),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", Reach.PUBLIC),
        ("127.0.0.1", Reach.LOOPBACK),
        ("127.8.8.8", Reach.LOOPBACK),
        ("::1", Reach.LOOPBACK),
        ("10.0.0.1", Reach.PRIVATE),
        ("172.16.0.1", Reach.PRIVATE),
        ("192.168.1.1", Reach.PRIVATE),
        ("100.64.0.1", Reach.PRIVATE),
        ("fd00::1", Reach.PRIVATE),
        ("169.254.169.254", Reach.LINK_LOCAL),
        ("fe80::1%eth0", Reach.LINK_LOCAL),
        ("::ffff:127.0.0.1", Reach.LOOPBACK),
        ("::ffff:169.254.169.254", Reach.LINK_LOCAL),
        ("64:ff9b::a9fe:a9fe", Reach.LINK_LOCAL),
        ("64:ff9b::a00:1", Reach.PRIVATE),
        ("2002:7f00:1::", Reach.LOOPBACK),
        ("0.0.0.0", Reach.NOBODY),
        ("::", Reach.NOBODY),
        ("224.0.0.1", Reach.NOBODY),
        ("ff02::1", Reach.NOBODY),
        ("255.255.255.255", Reach.NOBODY),
    ],
)
def test_the_reach_of_an_address(address: str, reach: Reach) -> None:
    assert reach_of(address) is reach


def test_public_addresses_are_always_allowed() -> None:
    assert first_forbidden(["93.184.215.14"], ["10.0.0.1"]) is None


def test_others_only_where_the_service_has_one_of_the_kind() -> None:
    assert first_forbidden(["10.0.0.2"], ["93.184.215.14"]) is Reach.PRIVATE
    assert first_forbidden(["10.0.0.2"], ["192.168.0.1"]) is None
    assert first_forbidden(["127.0.0.1"], ["10.0.0.1"]) is Reach.LOOPBACK
    assert first_forbidden(["169.254.169.254"], ["10.0.0.1"]) is Reach.LINK_LOCAL


def test_one_forbidden_address_is_enough() -> None:
    assert first_forbidden(["93.184.215.14", "10.0.0.2"], ["93.184.215.14"]) is Reach.PRIVATE


def test_nobodys_address_is_never_allowed() -> None:
    assert first_forbidden(["0.0.0.0"], ["0.0.0.0"]) is Reach.NOBODY


async def test_an_address_is_its_own() -> None:
    assert await resolve("127.0.0.1", 80) == ("127.0.0.1",)
