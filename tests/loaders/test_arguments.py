from __future__ import annotations

from punnet.catalog.key_places import KeyPlace
from punnet.loaders.arguments import arguments_of_key, arguments_of_keys


def places(*texts: str) -> list[KeyPlace]:
    return [KeyPlace.parse(text, ("b.c",)) for text in texts]


def test_the_parts_of_a_key_fill_parameters() -> None:
    assert arguments_of_key(places("a", "b.c"), (1, 2)) == {"a": 1, "b.c": 2}


def test_members_make_objects_one_in_the_other() -> None:
    arguments = arguments_of_key(places("body.visit.town", "body.id", "body.visit.reason"), ("Ulm", 7, "tea"))
    assert arguments == {"body": {"visit": {"town": "Ulm", "reason": "tea"}, "id": 7}}


def test_many_keys_make_a_list_for_each_place() -> None:
    assert arguments_of_keys(places("a", "body.b"), [(1, "x"), (2, "y")]) == {"a": [1, 2], "body": {"b": ["x", "y"]}}


def test_many_keys_make_a_list_of_objects() -> None:
    arguments = arguments_of_keys(places("body.wanted[].at.order", "body.wanted[].line"), [(1, "x"), (2, "y")])
    assert arguments == {"body": {"wanted": [{"at": {"order": 1}, "line": "x"}, {"at": {"order": 2}, "line": "y"}]}}


def test_a_parameter_itself_can_be_the_list_of_objects() -> None:
    assert arguments_of_keys(places("rows[].id"), [(1,), (2,)]) == {"rows": [{"id": 1}, {"id": 2}]}
