from __future__ import annotations

import asyncio
import gc

import httpx2
import pytest
import strawberry
from structlog.testing import capture_logs

from punnet import OwnCode, Settings, create_app
from punnet.server.mutations import Mutations
from tests.server.serving import client_of


class Change:
    """What a mutation does: it waits in the middle."""

    def __init__(self) -> None:
        self.began = asyncio.Event()
        self.gate = asyncio.Event()
        self.became = "not begun"

    async def __call__(self) -> str:
        self.began.set()
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.became = "cut off"
            raise
        self.became = "done"
        return "the answer"


async def left(mutations: Mutations, change: Change) -> None:
    """Begin, and leave."""
    client = asyncio.create_task(mutations.to_its_end(change(), "request 1"))
    await change.began.wait()
    client.cancel()
    await asyncio.wait([client])
    del client
    gc.collect()


async def test_what_comes_of_a_mutation_is_answered() -> None:
    change = Change()
    change.gate.set()
    assert await Mutations().to_its_end(change(), "request 1") == "the answer"


async def test_a_mutation_that_was_left_is_waited_for() -> None:
    mutations, change = Mutations(), Change()
    await left(mutations, change)
    ending = asyncio.create_task(mutations.end(60))
    await asyncio.sleep(0)
    assert not ending.done()
    change.gate.set()
    await ending
    assert change.became == "done"


async def test_a_mutation_that_takes_longer_than_there_is_time_is_cut_off_and_logged() -> None:
    mutations, change = Mutations(), Change()
    await left(mutations, change)
    with capture_logs() as log:
        await mutations.end(0)
    assert change.became == "cut off"
    assert log == [
        {
            "event": "mutation cut off by the stop: what it has done is not known",
            "request_id": "request 1",
            "log_level": "warning",
        }
    ]


async def test_without_mutations_there_is_nothing_to_wait_for() -> None:
    mutations, change = Mutations(), Change()
    change.gate.set()
    await left(mutations, change)
    await asyncio.wait_for(mutations.end(3600), 60)


@pytest.fixture
async def change() -> Change:
    return Change()


@pytest.fixture
def own(change: Change) -> OwnCode:
    @strawberry.type
    class Query:
        word: str = "hey"

    @strawberry.type
    class Mutation:
        @strawberry.mutation
        async def shout(self) -> str:
            return await change()

    return OwnCode(query=Query, mutation=Mutation)


async def test_an_app_that_stops_waits_for_the_mutation_of_a_client_that_has_gone(
    shop_url: str, own: OwnCode, change: Change
) -> None:
    app = create_app(Settings(database_url=shop_url), own)
    async with client_of(app) as client:
        lifespan = app.router.lifespan_context(app)
        await lifespan.__aenter__()
        await leave(client, change)
        stopping = asyncio.create_task(lifespan.__aexit__(None, None, None))
        await asyncio.sleep(0)
        change.gate.set()
        await stopping
    assert change.became == "done"


async def leave(client: httpx2.AsyncClient, change: Change) -> None:
    leaving = asyncio.create_task(client.post("/graphql", json={"query": "mutation { shout }"}))
    await change.began.wait()
    leaving.cancel()
    await asyncio.wait([leaving])
