"""What the log says of services and databases in trouble: each failure once, by source and operation, no secrets."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

import pytest
from structlog.testing import capture_logs

from punnet.server.settings import Way
from punnet.sources.errors import SourceTimeout
from tests.joins.depot import Depot
from tests.joins.ways import Joined, JoinedWays
from tests.sources.http.transport.upstreams import Behaviour, Exchange, hang, status

BOTH = pytest.mark.parametrize("way", [Way.COMPILED, Way.RESOLVERS])
ITEMS = "{ products(first: 30) { nodes { item { onHand } } } }"
Line = MutableMapping[str, Any]


async def logged(ways: JoinedWays, way: Way, query: str, **settings: object) -> tuple[Joined, list[Line]]:
    """The answer, and the lines about fields that failed."""
    with capture_logs() as logs:
        answer = await ways.ask(way, query, **settings)  # type: ignore[arg-type]
    return answer, [line for line in logs if line["event"] == "field failed"]


@BOTH
async def test_a_failed_batch_is_one_line_however_many_rows_wait_for_it(
    ways: JoinedWays, depot: Depot, way: Way
) -> None:
    depot.trouble["/items"] = status(500)
    answer, lines = await logged(ways, way, ITEMS)
    assert len(answer.errors) == 30
    [line] = lines
    assert (line["log_level"], line["request_id"], line["places"]) == ("warning", "test", 30)
    assert line["path"] == ["products", "nodes", 0, "item"]
    assert line["error"] == (
        "HTTP-111: The source 'depot' answered with status 500.\n"
        "  where: operation 'listItems', status 500\n"
        "  fix: look at the source's own log; the request can be repeated"
    )


@BOTH
async def test_calls_of_one_operation_that_fail_alike_are_one_line(ways: JoinedWays, depot: Depot, way: Way) -> None:
    depot.trouble["/shipments/"] = status(500)
    _, lines = await logged(ways, way, "{ orders(first: 5) { nodes { shipment { orderId } } } }")
    assert [(line["path"], line["places"]) for line in lines] == [(["orders", "nodes", 0, "shipment"], 5)]


@BOTH
async def test_distinct_failures_have_a_line_each(ways: JoinedWays, depot: Depot, way: Way) -> None:
    depot.trouble["/shipments/[12]$"] = status(500)
    depot.trouble["/shipments/3$"] = status(403)
    depot.trouble["/items"] = status(500)
    query = """{
      orders(first: 3) { nodes { shipment { orderId } } }
      products(first: 4) { nodes { item { onHand } } }
    }"""
    _, lines = await logged(ways, way, query)
    told = sorted((line["error"].splitlines()[1], line["places"]) for line in lines)
    assert told == [
        ("  where: operation 'listItems', status 500", 4),
        ("  where: operation 'shipment', status 403", 1),
        ("  where: operation 'shipment', status 500", 2),
    ]


@BOTH
async def test_a_request_that_fails_again_has_its_line_again(ways: JoinedWays, depot: Depot, way: Way) -> None:
    depot.trouble["/items"] = status(500)
    with capture_logs() as logs:
        await ways.ask(way, ITEMS)
        await ways.ask(way, ITEMS)
    assert [line["places"] for line in logs if line["event"] == "field failed"] == [30, 30]


@BOTH
async def test_a_timeout_names_its_operation(ways: JoinedWays, depot: Depot, way: Way) -> None:
    depot.trouble["/items"] = hang
    _, [line] = await logged(ways, way, ITEMS, total_timeout_s=0.2)
    assert "where: operation 'listItems', it had not answered whole at the deadline" in line["error"]


@BOTH
@pytest.mark.parametrize(
    ("body", "why"),
    [(b"nonsense", "its answer is no JSON"), (b"{}", "its answer to many keys is no list")],
    ids=["no-json", "no-list"],
)
async def test_an_answer_that_is_none_names_its_operation(
    ways: JoinedWays, depot: Depot, way: Way, body: bytes, why: str
) -> None:
    depot.trouble["/items"] = answering(body)
    _, [line] = await logged(ways, way, ITEMS)
    assert f"where: operation 'listItems', {why}\n" in line["error"]


@BOTH
async def test_an_operation_asked_at_the_root_is_named_too(ways: JoinedWays, depot: Depot, way: Way) -> None:
    depot.trouble["/suppliers/2"] = status(500)
    _, [line] = await logged(ways, way, "{ getSupplier(id: 2) { name } }")
    assert "where: operation 'getSupplier', status 500" in line["error"]


@BOTH
async def test_too_many_calls_name_the_operation_that_had_none_left(ways: JoinedWays, way: Way) -> None:
    query = "{ orders(first: 5) { nodes { shipment { orderId } } } }"
    _, [line] = await logged(ways, way, query, max_calls=3)
    assert "where: operation 'shipment', calling 'parcels'" in line["error"]


@BOTH
async def test_no_line_holds_what_could_be_secret(ways: JoinedWays, depot: Depot, way: Way) -> None:
    depot.trouble["/items"] = status(500)
    depot.trouble["/shipments/"] = hang
    query = """{
      orders(first: 3) { nodes { shipment { orderId } } }
      products(first: 4) { nodes { item { onHand } } }
    }"""
    with capture_logs() as logs:
        await ways.ask(way, query, headers=[(b"x-user", b"hunter2")], total_timeout_s=0.2)
    assert len(logs) == 2
    assert not any(word in str(logs) for word in ("hunter2", "127.0.0.1", "?sku", "APL-0001", "/shipments"))


@BOTH
async def test_a_value_that_a_scalar_cannot_carry_is_one_line_with_its_source_and_field(
    ways: JoinedWays, depot: Depot, way: Way
) -> None:
    depot.answers["/items"] = lambda found: [item | {"on-hand": "plenty"} for item in found]
    answer, [line] = await logged(ways, way, ITEMS)
    assert answer.errors[0]["message"] == "A source gave a value that Int cannot carry."
    assert (line["log_level"], line["places"]) == ("warning", len(answer.errors))
    assert line["path"] == ["products", "nodes", 0, "item", "onHand"]
    assert line["error"] == (
        "API-002: A source gave a value that Int cannot carry.\n  where: source 'depot', field 'Item.onHand'"
    )


@BOTH
async def test_a_joined_value_that_a_scalar_cannot_carry_names_its_source(
    ways: JoinedWays, depot: Depot, way: Way
) -> None:
    depot.trouble["/weights"] = answering(b'["heavy", "heavier"]')
    _, [line] = await logged(ways, way, "{ products(first: 2) { nodes { grams } } }")
    assert line["places"] == 2
    assert "where: source 'parcels', field 'Product.grams'" in line["error"]


@BOTH
async def test_a_database_that_fails_a_hop_is_one_line(
    ways: JoinedWays, monkeypatch: pytest.MonkeyPatch, way: Way
) -> None:
    async def fail(*_: object) -> None:
        raise SourceTimeout("lab", why="canceling statement due to statement timeout")

    lab = ways.runtime.sources.databases["lab"]
    monkeypatch.setattr(lab, "answers", fail)
    monkeypatch.setattr(lab, "keyed_rows", fail)
    answer, [line] = await logged(ways, way, "{ products(first: 20) { nodes { thing { id } } } }")
    assert line["places"] == len(answer.errors) == 20


@BOTH
async def test_what_a_client_did_wrong_is_not_logged(ways: JoinedWays, way: Way) -> None:
    answer, lines = await logged(ways, way, '{ products(after: "nonsense") { nodes { id } } }')
    assert answer.codes == {"BAD_USER_INPUT"}
    assert lines == []


def answering(body: bytes) -> Behaviour:
    async def behave(exchange: Exchange) -> None:
        await exchange.answer(body, 200, content_type="application/json")

    return behave
