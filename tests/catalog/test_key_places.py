from __future__ import annotations

import pytest

from punnet.catalog.key_places import KeyPlace

PARAMETERS = ("sku", "body", "b.c", "ids[]", "rows[].id")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("sku", KeyPlace(("sku",))),
        ("body.sku", KeyPlace(("body", "sku"))),
        ("body.visit.town", KeyPlace(("body", "visit", "town"))),
        ("body[].sku", KeyPlace(("body",), ("sku",))),
        ("body.wanted[].at.line", KeyPlace(("body", "wanted"), ("at", "line"))),
    ],
)
def test_a_place_is_read_and_written(text: str, place: KeyPlace) -> None:
    assert KeyPlace.parse(text, PARAMETERS) == place
    assert str(place) == text


@pytest.mark.parametrize("name", ["b.c", "ids[]", "rows[].id"])
def test_a_parameter_whose_name_looks_like_a_path_is_a_parameter(name: str) -> None:
    assert KeyPlace.parse(name, PARAMETERS) == KeyPlace((name,))


@pytest.mark.parametrize("text", ["", ".", "body.", "body[]", "body[].", ".sku", "body..sku", "body[].a[].b"])
def test_what_leads_nowhere_stays_as_it_is_written(text: str) -> None:
    place = KeyPlace.parse(text, PARAMETERS)
    assert str(place) == text
    assert place != KeyPlace(("body",))


@pytest.mark.parametrize(
    ("text", "name"), [("sku", "sku"), ("b.c", "c"), ("body.visit.town", "town"), ("body.wanted[].at.line", "line")]
)
def test_what_is_filled_has_a_name(text: str, name: str) -> None:
    assert KeyPlace.parse(text, PARAMETERS).name == name


def test_places_lie_one_in_the_other() -> None:
    wanted = KeyPlace(("body",)).inner("wanted")
    assert str(wanted.inner("at", of_items=True).inner("line")) == "body.wanted[].at.line"


@pytest.mark.parametrize("outer", ["body", "body.wanted", "body.wanted[].at", "body.wanted[].at.line"])
def test_a_place_is_in_what_leads_to_it(outer: str) -> None:
    assert KeyPlace.parse("body.wanted[].at.line", PARAMETERS).is_in(KeyPlace.parse(outer, PARAMETERS))


@pytest.mark.parametrize("other", ["sku", "body.want", "body.wanted.at", "body[].wanted", "body.wanted[].at.line.x"])
def test_a_place_is_not_in_others(other: str) -> None:
    assert not KeyPlace.parse("body.wanted[].at.line", PARAMETERS).is_in(KeyPlace.parse(other, PARAMETERS))
