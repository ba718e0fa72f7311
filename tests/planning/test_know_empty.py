"""A root read that finds nothing is answered without its source."""

from __future__ import annotations

import pytest

from punnet.access.condition import Constant, Variable
from punnet.planning.plan import Known
from punnet.planning.read import ConnectionField, Nodes, Page, PageInfo, TotalCount, Typename
from punnet.planning.rules import rewrite
from punnet.planning.rules.fold_constants import NOTHING
from punnet.planning.rules.know_empty import know_empty
from tests.bounds import Bound, most_asked
from tests.planning.made_plans import JUST_IDS, connection, id_is, plan_with, row, values_of

N = Variable(("n",))
FACTS = PageInfo(tuple((name, name) for name in ("hasNextPage", "hasPreviousPage", "endCursor", "__typename")))


def test_a_row_is_null() -> None:
    assert values_of(know_empty(plan_with(a=row(NOTHING)))) == [Known("null")]


def test_a_connection_is_without_rows_and_says_so() -> None:
    read = connection(
        ConnectionField("n", Nodes(JUST_IDS)),
        ConnectionField("t", TotalCount()),
        ConnectionField("p", FACTS),
        ConnectionField("k", Typename("ThingConnection")),
        where=NOTHING,
    )
    facts = '{"hasNextPage":false,"hasPreviousPage":false,"endCursor":null,"__typename":"PageInfo"}'
    known = Known(f'{{"n":[],"t":0,"p":{facts},"k":"ThingConnection"}}')
    assert values_of(know_empty(plan_with(a=read))) == [known]


@pytest.mark.parametrize(("offset", "has_previous"), [(0, "false"), (3, "true")])
def test_what_is_before_a_page_is_known_by_its_offset(offset: int, has_previous: str) -> None:
    facts = ConnectionField("p", PageInfo((("before", "hasPreviousPage"),)))
    read = connection(facts, where=NOTHING, page=Page(offset=Constant(offset)))
    assert values_of(know_empty(plan_with(a=read))) == [Known(f'{{"p":{{"before":{has_previous}}}}}')]


def test_a_number_of_rows_that_the_request_brings_can_be_wrong() -> None:
    read = connection(where=NOTHING, page=Page(first=N, offset=Constant(-1)))
    assert values_of(know_empty(plan_with(a=read))) == [Known('{"nodes":[]}', (N, Constant(-1)))]


@pytest.mark.parametrize("page", [Page(after=N), Page(offset=N)])
def test_a_page_that_the_request_decides_is_asked(page: Page) -> None:
    plan = plan_with(a=connection(where=NOTHING, page=page))
    assert know_empty(plan) == plan


def test_a_filter_that_lets_rows_through_is_asked() -> None:
    plan = plan_with(a=row(id_is(1)), b=connection())
    assert know_empty(plan) == plan


def test_nothing_is_promised_for_what_is_known() -> None:
    plan = rewrite(plan_with(a=row(NOTHING), b=connection(where=NOTHING), c=row()))
    assert most_asked(plan, {}) == Bound(statements=1, calls=0)
