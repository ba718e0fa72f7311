"""Operations that change things and answer nothing: fields that say whether it is done."""

from __future__ import annotations

import pytest
from graphql import GraphQLBoolean

from tests.joins.depot import Depot
from tests.joins.ways import JoinedWays
from tests.sources.http.transport.upstreams import Behaviour, Exchange, status

FORGET = "mutation { forget(orderId: 3) }"


async def done(exchange: Exchange) -> None:
    await exchange.answer(b"done", 200, content_type="text/plain")


def test_it_is_a_nullable_boolean(built: JoinedWays) -> None:
    mutations = built.schema.mutation_type
    assert mutations is not None
    assert mutations.fields["forget"].type is GraphQLBoolean


@pytest.mark.parametrize("behave", [status(204), done], ids=["204", "200"])
async def test_it_is_true_where_it_succeeded(ways: JoinedWays, depot: Depot, behave: Behaviour) -> None:
    depot.trouble["/shipments/3"] = behave
    answer = await ways.resolved(FORGET)
    assert (answer.data, answer.errors) == ({"forget": True}, [])
    assert answer.targets == ["DELETE /shipments/3"]


async def test_it_is_null_where_there_is_no_such_thing(ways: JoinedWays, depot: Depot) -> None:
    depot.trouble["/shipments/3"] = status(404)
    answer = await ways.resolved(FORGET)
    assert (answer.data, answer.errors) == ({"forget": None}, [])


async def test_it_is_an_error_where_it_failed(ways: JoinedWays, depot: Depot) -> None:
    depot.trouble["/shipments/3"] = status(409)
    answer = await ways.resolved(FORGET)
    assert answer.data == {"forget": None}
    assert [error["message"] for error in answer.errors] == ["The source 'parcels' answered with status 409."]
