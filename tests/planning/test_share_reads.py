"""Equal roots are asked once; what is not the same question is not shared."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from graphql import GraphQLString

from punnet.access.condition import Constant, Variable
from punnet.catalog.endpoints import Endpoint, EndpointId
from punnet.planning.calls import RootCall
from punnet.planning.choice import Choice
from punnet.planning.ids import GlobalIds
from punnet.planning.plan import RootValue, SameAs
from punnet.planning.read import Page, Typename
from punnet.planning.rules.share_reads import share_reads
from tests.bounds import Bound, most_asked
from tests.planning.made_plans import connection, id_is, plan_with, row, values_of

FIRST_OF_N = connection(page=Page(first=Variable(("n",))))


def call(method: str, argument: object = 1) -> RootCall:
    endpoint = Endpoint(
        id=EndpointId(source="depot", name="search"), method=method, path="/search", parameters=(), result=None
    )
    return RootCall(endpoint, (("limit", Constant(argument)),), GraphQLString, None)


def test_a_root_that_equals_an_earlier_one_has_its_answer() -> None:
    plan = plan_with(a=FIRST_OF_N, x=row(), b=FIRST_OF_N, y=row(), c=FIRST_OF_N)
    assert values_of(share_reads(plan)) == [FIRST_OF_N, row(), SameAs(0), SameAs(1), SameAs(0)]


def test_the_keys_keep_their_order() -> None:
    plan = plan_with(b=row(), a=row())
    assert [root.key for root in share_reads(plan).roots] == ["b", "a"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (row(id_is(1)), row(id_is(2))),
        (row(id_is(1)), row(id_is(True))),
        (FIRST_OF_N, connection(page=Page(first=Variable(("m",))))),
        (FIRST_OF_N, connection()),
        (connection(), row()),
        (call("GET", 1), call("GET", 2)),
    ],
)
def test_what_differs_is_asked_each(one: RootValue, other: RootValue) -> None:
    plan = plan_with(a=one, b=other)
    assert share_reads(plan) == plan


def test_a_call_that_only_reads_is_made_once() -> None:
    plan = plan_with(a=call("GET"), b=call("GET"))
    assert values_of(share_reads(plan)) == [call("GET"), SameAs(0)]


def test_of_other_calls_nobody_knows_whether_two_are_one() -> None:
    plan = plan_with(a=call("POST"), b=call("POST"))
    assert share_reads(plan) == plan


def test_a_choice_is_asked_each_time_since_it_does_not_say_all_that_it_asks() -> None:
    choice = Choice((), GlobalIds(()), Variable(("id",)), is_list=False, read_of_other=lambda _name: row())
    plan = plan_with(a=choice, b=replace(choice, read_of_other=lambda _name: connection()))
    assert share_reads(plan) == plan


def test_what_needs_no_source_stays_as_it_is() -> None:
    plan = plan_with(a=Typename("Query"), b=Typename("Query"))
    assert share_reads(plan) == plan


@pytest.mark.parametrize(
    ("roots", "bound"),
    [
        ({"a": row(), "b": row(), "c": row(id_is(1))}, Bound(statements=2, calls=0)),
        ({"a": call("GET"), "b": call("GET")}, Bound(statements=0, calls=1)),
    ],
)
def test_a_shared_root_is_promised_once(roots: dict[str, Any], bound: Bound) -> None:
    assert most_asked(share_reads(plan_with(**roots)), {}) == bound
