"""What a configuration chooses of a database, held against what the database has."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr

from punnet.catalog.surroundings import HiddenRelation, Surroundings
from punnet.configuration.choices import Doubts, Offer, doubts
from punnet.configuration.sources import PostgresConfiguration

AROUND = Surroundings(
    database="shop",
    role="app",
    namespaces=("audit", "empty", "hr", "parts", "public", "sealed"),
    hidden=(
        HiddenRelation(namespace="audit", name="log", why="grant"),
        HiddenRelation(namespace="parts", name="of_an_extension", why="extension"),
        HiddenRelation(namespace="public", name="orders_2024", why="partition"),
        HiddenRelation(namespace="public", name="secrets", why="grant"),
        HiddenRelation(namespace="sealed", name="letters", why="namespace"),
    ),
)
OFFER = Offer(
    relations=("hr.Salaries", "hr.people", "public.orders", "public.people", "public.staff", "public.staff_notes"),
    around=AROUND,
)


def doubted(offer: Offer = OFFER, **chosen: Any) -> Doubts:
    source = PostgresConfiguration(url=SecretStr("postgresql://h/shop"), **chosen)
    return doubts(source, offer, location=("sources", "shop"))


def problem(**chosen: Any) -> str:
    found = doubted(**chosen)
    (only,) = found.problems
    assert found.warnings == ()
    return str(only)


def warning(**chosen: Any) -> str:
    found = doubted(**chosen)
    (only,) = found.warnings
    assert found.problems == ()
    return str(only)


# -- patterns ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["include", "exclude"])
@pytest.mark.parametrize("pattern", ["public.staff", "public.*", "*", "*.staff", "hr.Sal*", "public.staf?"])
def test_a_pattern_that_matches_is_right(word: str, pattern: str) -> None:
    assert doubted(OFFER, **{word: (pattern,)}) == Doubts()


@pytest.mark.parametrize("word", ["include", "exclude"])
@pytest.mark.parametrize(
    ("pattern", "meant"),
    [
        ("staff", "public.staff"),
        ("Staff", "public.staff"),
        ("salaries", "hr.Salaries"),
        ("staff*", "public.staff*"),
        ("people", "*.people"),
        ("hr", "hr.*"),
        ("public.staf", "public.staff"),
        ("public.Staff", "public.staff"),
        ("pulic.staff", "public.staff"),
        ("stafff", "public.staff"),
        ("hr.salaries", "hr.Salaries"),
    ],
)
def test_a_pattern_that_matches_nothing_is_a_problem_with_what_was_meant(word: str, pattern: str, meant: str) -> None:
    said = problem(**{word: (pattern,)})
    assert said.startswith("matches no table or view")
    assert said.endswith(f": '{pattern}'; did you mean '{meant}'?")


def test_a_pattern_without_a_namespace_is_told_that_names_have_one() -> None:
    assert problem(exclude=["xyz"]) == "matches no table or view, for these are named 'namespace.table': 'xyz'"


def test_a_pattern_that_is_like_nothing_gets_no_guess() -> None:
    assert problem(exclude=["nowhere.at_all_1234"]) == "matches no table or view: 'nowhere.at_all_1234'"


def test_each_problem_has_its_place() -> None:
    found = doubted(include=["*", "public.ordres"], exclude=["public.people", "staff", "public.stafff"])
    assert [finding.location for finding in found.problems] == [
        ("sources", "shop", "include", 1),
        ("sources", "shop", "exclude", 1),
        ("sources", "shop", "exclude", 2),
    ]


@pytest.mark.parametrize("pattern", ["public.tmp_*", "*_secret", "hr.[xyz]*", "pub*tmp"])
def test_a_pattern_that_can_match_what_is_made_later_is_only_warned_of(pattern: str) -> None:
    assert warning(exclude=[pattern]) == f"matches no table or view so far: '{pattern}'"


@pytest.mark.parametrize("pattern", ["tmp_*", "nowhere.*"])
def test_a_pattern_that_could_only_match_in_another_namespace_is_a_problem(pattern: str) -> None:
    assert problem(exclude=[pattern]).startswith("matches no table or view")


@pytest.mark.parametrize("pattern", ["public.orders_2024", "public.secrets", "audit.*", "sealed.letters"])
def test_what_is_never_offered_may_be_excluded(pattern: str) -> None:
    assert doubted(exclude=[pattern]) == Doubts()


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("public.orders_2024", "partitions are read through their table"),
        ("public.secrets", "the role 'app' may not read it (grant select)"),
        ("sealed.*", "the role 'app' may not use the namespace (grant usage on schema)"),
        ("parts.of_an_extension", "what belongs to an extension is not"),
    ],
)
def test_what_is_never_offered_cannot_be_included(pattern: str, why: str) -> None:
    assert problem(include=[pattern]) == f"matches only what is not offered: {why}: '{pattern}'"


def test_what_the_namespaces_leave_out_may_be_excluded_too() -> None:
    offer = Offer(relations=("public.staff",), around=AROUND)
    assert doubted(offer, namespaces=["public"], exclude=["hr.people"]) == Doubts()


def test_what_the_namespaces_leave_out_cannot_be_included() -> None:
    offer = Offer(relations=("public.staff",), around=AROUND)
    (only,) = doubted(offer, namespaces=["public"], include=["hr.people"]).problems
    assert str(only) == "matches only what is not offered: 'namespaces' does not have 'hr': 'hr.people'"


# -- namespaces ----------------------------------------------------------------------------------------


def test_namespaces_that_hold_something_are_right() -> None:
    assert doubted(namespaces=["public", "hr"]) == Doubts()


def test_a_namespace_that_is_not_there_is_a_problem_with_what_was_meant() -> None:
    assert problem(namespaces=["pubic"]) == (
        "the database 'shop' has no such namespace: 'pubic'; did you mean 'public'?"
    )


def test_a_namespace_that_is_like_none_is_told_all() -> None:
    assert problem(namespaces=["xyz"]) == (
        "the database 'shop' has no such namespace: 'xyz'; wants 'audit', 'empty', 'hr', 'parts', 'public' or 'sealed'"
    )


@pytest.mark.parametrize(
    ("namespace", "why"),
    [
        ("audit", "the role 'app' may not read it (grant select)"),
        ("sealed", "the role 'app' may not use the namespace (grant usage on schema)"),
        ("parts", "what belongs to an extension is not"),
    ],
)
def test_a_namespace_of_which_nothing_may_be_read_is_a_problem(namespace: str, why: str) -> None:
    assert problem(namespaces=["public", namespace]) == f"has nothing that could be served: {why}: '{namespace}'"


@pytest.mark.parametrize("namespace", ["pg_catalog", "information_schema"])
def test_a_namespace_of_the_system_is_a_problem(namespace: str) -> None:
    assert problem(namespaces=[namespace]) == f"is Postgres's own and never offered: '{namespace}'"


def test_a_namespace_that_is_empty_is_only_warned_of() -> None:
    assert warning(namespaces=["public", "empty"]) == "is a namespace without a table or view: 'empty'"
