"""Where a URL leads, in words that hold no secret."""

from __future__ import annotations

import pytest

from punnet.sources.postgres.place import place_of


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("postgresql://user:geheim@db.example.com:6543/shop", "database 'shop' at db.example.com:6543"),
        ("postgresql://user:geheim@db/my%20shop?sslmode=require", "database 'my shop' at db:5432"),
        ("postgresql://user:geheim@[::1]/shop", "database 'shop' at [::1]:5432"),
        ("postgresql://user:geheim@a:1,b:2/shop", "database 'shop' at a:1,b:2"),
        ("postgresql://user@db", "the database of the user's name at db:5432"),
        ("postgresql:///shop?host=/run/postgres&port=6543", "database 'shop' at /run/postgres"),
        ("postgresql://?host=db&port=6543&dbname=shop&password=geheim", "database 'shop' at db:6543"),
        ("postgresql:///shop", "database 'shop' at this machine"),
        ("postgresql://user:p%40ss%2Fw@db/shop", "database 'shop' at db:5432"),
    ],
)
def test_a_url_names_host_port_and_database(url: str, place: str) -> None:
    assert str(place_of(url, {})) == place


def test_what_the_url_leaves_out_comes_from_the_drivers_variables() -> None:
    variables = {"PGHOST": "db", "PGPORT": "6543", "PGDATABASE": "shop", "PGSSLMODE": "require"}
    place = place_of("postgresql://", variables)
    assert (str(place), place and place.sslmode) == ("database 'shop' at db:6543", "require")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://user:geheim@x@db/shop",
        "postgresql://user:12/geheim@db/shop",
        "postgresql://user:12?geheim@db/shop",
        "postgresql://user:12#geheim@db/shop",
        "postgresql://user:geheim@[::1/shop",
    ],
)
def test_a_url_whose_parts_may_be_a_password_is_no_place(url: str) -> None:
    assert place_of(url, {}) is None
