"""A service in trouble fails its own fields, the same both ways, and nothing is asked twice for it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest

from punnet.access.session import ANONYMOUS
from punnet.planning.selection import Selection
from punnet.server.engine import GraphQLRequest
from punnet.server.settings import Way
from punnet.sources.errors import SourceTimeout
from tests.joins.depot import Depot, Json
from tests.joins.ways import Joined, JoinedWays
from tests.sources.http.transport.upstreams import Behaviour, Exchange, hang, raw, status

SHIPMENTS = "{ orders(first: 5) { nodes { id shipment { orderId } } } }"
ITEMS = "{ products(first: 3) { nodes { sku item { sku onHand } quote { cents } } } }"
BOTH = pytest.mark.parametrize("way", [Way.COMPILED, Way.RESOLVERS])


def errors_of(answer: Joined) -> list[tuple[list[Any], str, str]]:
    """(path, code, message) of each error."""
    return [(each["path"], each["extensions"]["code"], each["message"]) for each in answer.errors]


def answering(body: bytes, content_type: str = "application/json") -> Behaviour:
    async def behave(exchange: Exchange) -> None:
        await exchange.answer(body, 200, content_type=content_type)

    return behave


async def reset(exchange: Exchange) -> None:
    exchange.reset()


# -- one key, one batch, one service -----------------------------------------------------------------


async def test_a_key_that_fails_nulls_its_own_field(ways: JoinedWays, depot: Depot) -> None:
    depot.trouble["/shipments/3"] = status(500)
    answer = await ways.agreed(SHIPMENTS)
    assert [row["shipment"] for row in answer.data["orders"]["nodes"]] == [
        {"orderId": 1}, {"orderId": 2}, None, {"orderId": 4}, {"orderId": 5}
    ]  # fmt: skip
    assert errors_of(answer) == [
        (["orders", "nodes", 2, "shipment"], "SOURCE_FAILED", "The source 'parcels' answered with status 500.")
    ]


async def test_an_error_shows_neither_url_nor_body(ways: JoinedWays, depot: Depot) -> None:
    async def secretive(exchange: Exchange) -> None:
        await exchange.answer(b'{"detail": "password hunter2"}', 503)

    depot.trouble["/shipments/"] = secretive
    answer = await ways.agreed(SHIPMENTS)
    assert len(answer.errors) == 5
    assert b"hunter2" not in answer.body
    assert b"127.0.0.1" not in answer.body
    assert b"shipments/" not in answer.body


async def test_a_fallback_asks_nothing_twice(ways: JoinedWays, depot: Depot) -> None:
    depot.trouble["/shipments/3"] = status(500)
    answer = await ways.agreed("""{
      getSupplier(id: 2) { name parent { name } }
      getSupplierAgain: getSupplier(id: 3) { name }
      orders(first: 5) { nodes { shipment { orderId carrier { name } } } }
      products(first: 12) { nodes { item { sku } quote { cents } grams notes { text } } }
    }""")
    assert len(answer.targets) == len(set(answer.targets))
    assert len(answer.errors) == 1


async def test_a_batch_that_fails_nulls_the_fields_of_its_keys(ways: JoinedWays, depot: Depot) -> None:
    depot.trouble["/quotes.*APL-0001"] = status(500)
    answer = await ways.agreed("{ products(first: 8) { nodes { sku quote { cents } } } }")
    paths = [path[2] for path, _, _ in errors_of(answer)]
    assert paths == [0, 1, 2, 3, 4]
    assert len(answer.calls) == 2
    assert any(row["quote"] for row in answer.data["products"]["nodes"][5:])


async def test_fields_of_other_sources_are_answered(ways: JoinedWays, depot: Depot) -> None:
    depot.trouble["/"] = reset
    answer = await ways.agreed("""{
      product(id: 1) { sku thing { text } item { sku } grams }
      getSupplier(id: 1) { name }
      customer(id: 1) { fullName }
    }""")
    assert answer.data == {
        "product": {"sku": "BER-0001", "thing": {"text": "it's 100% ü/ö?&=+#"}, "item": None, "grams": None},
        "getSupplier": None,
        "customer": {"fullName": "Amelia Smith"},
    }
    assert errors_of(answer) == [
        (["getSupplier"], "SOURCE_FAILED", "The source 'depot' failed."),
        (["product", "grams"], "SOURCE_FAILED", "The source 'parcels' failed."),
        (["product", "item"], "SOURCE_FAILED", "The source 'depot' failed."),
    ]


async def test_what_stands_below_a_failed_hop_is_not_asked(ways: JoinedWays, depot: Depot) -> None:
    depot.trouble["/shipments/"] = status(500)
    answer = await ways.agreed("{ order(id: 5) { shipment { carrier { name } order { id } } } }")
    assert answer.targets == ["GET /shipments/5"]


async def test_a_hop_fails_deep_below(ways: JoinedWays, depot: Depot) -> None:
    depot.trouble["/suppliers/3"] = status(500)
    answer = await ways.agreed("{ order(id: 5) { shipment { carrier { name supplier { name parent { name } } } } } }")
    assert answer.data["order"]["shipment"]["carrier"] == {
        "name": "Carrier c/1", "supplier": {"name": "Supplier 7", "parent": None}
    }  # fmt: skip
    assert [path for path, _, _ in errors_of(answer)] == [["order", "shipment", "carrier", "supplier", "parent"]]


# -- answers that are none ---------------------------------------------------------------------------

NO_ANSWERS: dict[str, Behaviour] = {
    "no JSON": answering(b'{"sku": '),
    "a page": answering(b"<html>Welcome</html>", "text/html"),
    "no text": answering(b"\xff\xfe"),
    "half of a surrogate": answering(b'[{"sku": "\\ud800"}]'),
    "nothing that is HTTP": raw(b"220 ftp.example\r\n"),
    "half an answer": raw(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n[{"),
    "a status that is none": raw(b"HTTP/1.1 999 ?\r\ncontent-length: 0\r\n\r\n"),
    "unauthorized": status(401),
    "a redirect to nowhere": status(302),
}


@pytest.mark.parametrize("what", NO_ANSWERS)
async def test_what_is_no_answer_fails_the_source(ways: JoinedWays, depot: Depot, what: str) -> None:
    depot.trouble["/items"] = NO_ANSWERS[what]
    answer = await ways.agreed("{ products(first: 3) { nodes { sku item { sku } } } }")
    assert {code for _, code, _ in errors_of(answer)} == {"SOURCE_FAILED"}
    assert [row["item"] for row in answer.data["products"]["nodes"]] == [None] * 3
    assert len(answer.calls) == 1


async def test_an_answer_that_is_too_large_fails_the_source(ways: JoinedWays, depot: Depot) -> None:
    depot.trouble["/items"] = answering(b"[" + b" " * 100_000 + b"]")
    answer = await ways.agreed(ITEMS, max_response_bytes=50_000)
    assert {code for _, code, _ in errors_of(answer)} == {"SOURCE_FAILED"}


@pytest.mark.parametrize("body", [b"", b"null", b"[]"])
async def test_an_empty_answer_is_nothing_for_every_key(ways: JoinedWays, depot: Depot, body: bytes) -> None:
    depot.trouble["/items"] = answering(body)
    answer = await ways.agreed(ITEMS)
    assert [row["item"] for row in answer.data["products"]["nodes"]] == [None] * 3
    assert answer.errors == []


@pytest.mark.parametrize("found", [{}, "text", 5, True, {"sku": "BER-0001"}])
async def test_an_answer_to_many_keys_that_is_no_list_fails_them(ways: JoinedWays, depot: Depot, found: Json) -> None:
    depot.answers["/(items|weights)"] = lambda _: found
    answer = await ways.agreed("{ products(first: 2) { nodes { item { sku } grams } } }")
    assert [code for _, code, _ in errors_of(answer)] == ["SOURCE_FAILED"] * 4


@pytest.mark.parametrize("found", [[], [1.5], [1.5, 2.5, 3.5]])
async def test_answers_by_order_that_are_too_few_or_too_many_fail_their_keys(
    ways: JoinedWays, depot: Depot, found: Json
) -> None:
    depot.answers["/weights"] = lambda _: found
    answer = await ways.agreed("{ products(first: 2) { nodes { grams } } }")
    assert [code for _, code, _ in errors_of(answer)] == ["SOURCE_FAILED"] * 2


# -- values of other types than were promised -------------------------------------------------------------


def with_member(name: str, value: Json) -> Callable[[Json], Json]:
    """The answer with a member of its first item, or of itself, changed."""

    def change(found: Json) -> Json:
        if isinstance(found, list):
            return [found[0] | {name: value}, *found[1:]]
        return found | {name: value}

    return change


def without_member(name: str) -> Callable[[Json], Json]:
    return lambda found: {member: value for member, value in found.items() if member != name}


@pytest.mark.parametrize("wrong", ["x", 1.5, [1], {"a": 1}, 2**31, 10**30])
async def test_a_value_that_its_scalar_cannot_carry_is_an_error_of_its_field(
    ways: JoinedWays, depot: Depot, wrong: Json
) -> None:
    depot.answers["/suppliers/2"] = with_member("parentId", wrong)
    answer = await ways.agreed("{ getSupplier(id: 2) { id name parentId } }")
    assert answer.data == {"getSupplier": {"id": 2, "name": "Supplier 2", "parentId": None}}
    assert [path for path, _, _ in errors_of(answer)] == [["getSupplier", "parentId"]]


async def test_a_wrong_value_in_a_required_member_nulls_its_object(ways: JoinedWays, depot: Depot) -> None:
    depot.answers["/suppliers/3"] = with_member("id", "x")
    answer = await ways.agreed("{ order(id: 5) { shipment { carrier { name supplier { parent { id } name } } } } }")
    assert answer.data["order"]["shipment"]["carrier"]["supplier"] == {"parent": None, "name": "Supplier 7"}
    assert [path[-2:] for path, _, _ in errors_of(answer)] == [["parent", "id"]]


async def test_a_required_member_that_is_missing_nulls_its_object(ways: JoinedWays, depot: Depot) -> None:
    depot.answers["/shipments/3"] = without_member("stops")
    answer = await ways.agreed("{ orders(first: 3) { nodes { shipment { orderId stops { town } } } } }")
    assert [row["shipment"] is None for row in answer.data["orders"]["nodes"]] == [False, False, True]
    assert [path for path, _, _ in errors_of(answer)] == [["orders", "nodes", 2, "shipment", "stops"]]


async def test_null_goes_up_through_lists(ways: JoinedWays, depot: Depot) -> None:
    depot.answers["/shipments/5"] = with_member("stops", [{"town": "A"}, {"town": None}, None])
    answer = await ways.agreed("{ order(id: 5) { id shipment { stops { town } } } }")
    assert answer.data == {"order": {"id": 5, "shipment": None}}


async def test_a_member_that_is_missing_and_not_required_is_null(ways: JoinedWays, depot: Depot) -> None:
    depot.answers["/suppliers/2"] = without_member("parentId")
    answer = await ways.agreed("{ getSupplier(id: 2) { parentId parent { name } } }")
    assert answer.data == {"getSupplier": {"parentId": None, "parent": None}}
    assert answer.errors == []


@pytest.mark.parametrize("wrong", ["text", 5, [], [{"id": 1}], True])
async def test_something_else_than_an_object_is_an_error(ways: JoinedWays, depot: Depot, wrong: Json) -> None:
    depot.answers["/suppliers/2"] = lambda _: wrong
    answer = await ways.agreed("{ getSupplier(id: 2) { parentId name } a: getSupplier(id: 2) { parentId } }")
    assert answer.data == {"getSupplier": None, "a": {"parentId": None}}
    assert answer.codes == {"VALUE_NOT_REPRESENTABLE"}


@pytest.mark.parametrize("wrong", ["text", 5, {"town": "A"}, True])
async def test_something_else_than_a_list_is_an_error(ways: JoinedWays, depot: Depot, wrong: Json) -> None:
    depot.answers["/shipments/5"] = with_member("stops", wrong)
    answer = await ways.agreed("{ order(id: 5) { id shipment { stops { town } } } }")
    assert answer.data == {"order": {"id": 5, "shipment": None}}
    assert len(answer.errors) == 1


@pytest.mark.parametrize("wrong", ["text", 5, {"text": "a"}, True, [None]])
async def test_a_call_of_its_own_that_gives_no_such_list_is_the_sources_mistake(
    ways: JoinedWays, depot: Depot, wrong: Json
) -> None:
    depot.answers["/notes"] = lambda _: wrong
    answer = await ways.agreed('{ listNotes(sku: "a") { text } }')
    assert [(path, code) for path, code, _ in errors_of(answer)] == [(["listNotes"], "VALUE_NOT_REPRESENTABLE")]


async def test_the_places_of_many_failures_are_found_at_once(ways: JoinedWays, depot: Depot) -> None:
    depot.trouble["/suppliers/"] = status(500)
    query = "{" + " ".join(f"s{number}: getSupplier(id: {number}) {{ name }}" for number in range(1, 31)) + "}"
    with patch.object(Selection, "root", autospec=True, side_effect=Selection.root) as collect:
        answer = await ways.compiled(query)
    assert [each["path"] for each in answer.errors] == sorted([f"s{number}"] for number in range(1, 31))
    # For the plan, and for all errors together.
    assert collect.call_count == 2


@pytest.mark.parametrize(
    "wrong", ["text", 5, [], True, {}, {"kind": "moon"}, {"kind": 5}, {"kind": ["farm"]}, {"name": "no kind"}]
)
async def test_something_else_than_an_object_of_a_union_is_an_error(
    ways: JoinedWays, depot: Depot, wrong: Json
) -> None:
    depot.answers["/items/a"] = with_member("origin", wrong)
    answer = await ways.agreed(
        '{ getItem(sku: "a") { sku origin { __typename ... on Farm { name } ... on Import { country } } } }'
    )
    assert answer.data == {"getItem": {"sku": "a", "origin": None}}
    assert [(error["path"], error["extensions"]["code"]) for error in answer.errors] == [
        (["getItem", "origin"], "VALUE_NOT_REPRESENTABLE")
    ]


async def test_a_value_that_an_enum_does_not_know_is_an_error(ways: JoinedWays, depot: Depot) -> None:
    depot.answers["/items/a"] = with_member("season", "dry")
    answer = await ways.agreed('{ getItem(sku: "a") { sku season } }')
    assert answer.data == {"getItem": {"sku": "a", "season": None}}
    assert len(answer.errors) == 1


@pytest.mark.parametrize("wrong", [[1], {"a": 1}, [], {}])
async def test_a_key_that_is_no_single_value_is_an_error(ways: JoinedWays, depot: Depot, wrong: Json) -> None:
    depot.answers["/(shipments/5|suppliers/2)$"] = lambda found: found | {
        "carrier_id": wrong, "order_id": wrong, "id": wrong
    }  # fmt: skip
    answer = await ways.agreed(
        "{ order(id: 5) { id shipment { weight carrier { name } order { id } } } "
        "getSupplier(id: 2) { name products { nodes { id } } } }"
    )
    assert answer.data["order"]["shipment"] == {"weight": 0.625, "carrier": None, "order": None}
    assert answer.data["getSupplier"] == {"name": "Supplier 2", "products": None}
    assert answer.codes == {"VALUE_NOT_REPRESENTABLE"}


@pytest.mark.parametrize("odd", ["", ".", "..", "x", 1.5, 10**30, -1, True, "\u0000", "5", 5.0])
async def test_a_key_of_another_type_is_the_same_both_ways(ways: JoinedWays, depot: Depot, odd: Json) -> None:
    depot.answers["/(shipments/5|suppliers/2)$"] = lambda found: found | {
        "carrier_id": odd, "order_id": odd, "id": odd, "parentId": odd
    }  # fmt: skip
    await ways.agreed(
        "{ order(id: 5) { id shipment { carrier { name } order { id } } } "
        "getSupplier(id: 2) { name parent { name } products { nodes { id } } } }"
    )


# -- slow, and too many ------------------------------------------------------------------------------


async def test_a_slow_service_is_a_timeout(ways: JoinedWays, depot: Depot) -> None:
    depot.trouble["/shipments/3"] = hang
    answer = await ways.agreed(SHIPMENTS, total_timeout_s=2)
    assert errors_of(answer) == [
        (["orders", "nodes", 2, "shipment"], "SOURCE_TIMEOUT", "The source 'parcels' did not answer in time.")
    ]
    assert len(answer.calls) == 5


async def test_an_operation_makes_no_more_calls_than_its_source_allows(ways: JoinedWays) -> None:
    answer = await ways.agreed(SHIPMENTS, max_calls=3)
    assert len(answer.calls) == 3
    assert [row["shipment"] is None for row in answer.data["orders"]["nodes"]] == [False, False, False, True, True]
    assert {code for _, code, _ in errors_of(answer)} == {"LIMIT_EXCEEDED"}


async def test_a_full_queue_fails_the_keys_that_found_no_place(ways: JoinedWays) -> None:
    answer = await ways.agreed(SHIPMENTS, concurrency=1, queue=1)
    assert {code for _, code, _ in errors_of(answer)} == {"OVERLOADED"}
    assert len(answer.calls) == 2


# -- cancelling ----------------------------------------------------------------------------------------


@BOTH
async def test_cancelling_the_request_cancels_its_calls(ways: JoinedWays, depot: Depot, way: Way) -> None:
    depot.trouble["/"] = hang
    upstream = depot.upstream
    hanging = upstream.hanging
    query = "{ orders(first: 5) { nodes { shipment { orderId } } } products(first: 2) { nodes { item { sku } } } }"
    asking = asyncio.create_task(ways.ask(way, query))
    await upstream.until(lambda upstream: upstream.hanging == hanging + 6)
    asking.cancel()
    await asyncio.wait([asking])
    await upstream.until(lambda upstream: upstream.gone == upstream.hanging)
    assert asking.cancelled()


@BOTH
async def test_cancelling_cancels_root_calls(ways: JoinedWays, depot: Depot, way: Way) -> None:
    depot.trouble["/"] = hang
    upstream = depot.upstream
    hanging = upstream.hanging
    asking = asyncio.create_task(
        ways.ask(way, "{ a: getSupplier(id: 1) { id } b: getSupplier(id: 1) { name } c: getSupplier(id: 2) { id } }")
    )
    await upstream.until(lambda upstream: upstream.hanging == hanging + 2)
    asking.cancel()
    await asyncio.wait([asking])
    await upstream.until(lambda upstream: upstream.gone == upstream.hanging)


@BOTH
async def test_cancelling_cancels_what_runs_beside_a_failure(ways: JoinedWays, depot: Depot, way: Way) -> None:
    depot.trouble |= {"/shipments/[1-4]": hang, "/shipments/5": status(500), "/items": status(500)}
    upstream = depot.upstream
    hanging = upstream.hanging
    query = "{ orders(first: 5) { nodes { shipment { orderId } } } products(first: 2) { nodes { item { sku } } } }"
    asking = asyncio.create_task(ways.ask(way, query))
    await upstream.until(lambda upstream: upstream.hanging == hanging + 4 and len(upstream.seen) == 6)
    asking.cancel()
    await asyncio.wait([asking])
    await upstream.until(lambda upstream: upstream.gone == upstream.hanging)
    assert len(upstream.seen) == 6


# -- users -------------------------------------------------------------------------------------------


@BOTH
async def test_two_users_never_share_an_answer(ways: JoinedWays, depot: Depot, way: Way) -> None:
    async def by_user(exchange: Exchange) -> None:
        await asyncio.sleep(0.05)
        user = exchange.seen.headers["x-user"]
        await exchange.answer(json.dumps({"id": 1, "name": user}).encode(), 200, cache_control="max-age=60")

    depot.trouble["/suppliers/1"] = by_user
    query = '{ getSupplier(id: 1) { name } getItem(sku: "a") { supplier { name } } }'
    async with ways.engine(way) as engine:
        answers = await asyncio.gather(
            *(
                engine.answer(GraphQLRequest(query=query, headers=[(b"x-user", user), (b"cookie", b"no")]), ANONYMOUS)
                for user in (b"ann", b"bob") * 5
            )
        )
    found = [json.loads(answer.body)["data"]["getSupplier"]["name"] for answer in answers]
    assert found == ["ann", "bob"] * 5
    assert len(depot.calls("/suppliers/1")) == 2
    assert [seen for seen in depot.upstream.seen if "cookie" in seen.headers] == []


async def test_a_database_that_fails_a_hop_is_not_asked_for_it_again(
    ways: JoinedWays, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = ways.runtime.sources.databases["shop"]
    asked: list[str] = []

    async def fail(what: Any, *_: object) -> None:
        asked.append(type(what).__name__)
        raise SourceTimeout("shop", why="too slow")

    monkeypatch.setattr(shop, "answers", fail)
    monkeypatch.setattr(shop, "keyed_rows", fail)
    answer = await ways.compiled("{ shipment(orderId: 1) { orderId order { id } } }")
    assert asked == ["Prepared"]
    assert answer.data == {"shipment": {"orderId": 1, "order": None}}
    assert errors_of(answer) == [(["shipment", "order"], "SOURCE_TIMEOUT", "The source 'shop' did not answer in time.")]


@pytest.mark.parametrize(("levels", "codes"), [(100, set()), (300, {"VALUE_NOT_REPRESENTABLE"})])
async def test_json_that_is_nested_too_deeply_fails_its_own_field(
    ways: JoinedWays, depot: Depot, levels: int, codes: set[str]
) -> None:
    deep = json.loads("[" * levels + "]" * levels)
    depot.answers["/items/"] = lambda item: {**item, "extra": deep}
    answer = await ways.agreed('{ getItem(sku: "BER-0001") { sku extra } product(id: 1) { id } }')
    assert answer.data["getItem"] == {"sku": "BER-0001", "extra": None if codes else deep}
    assert answer.data["product"] == {"id": 1}
    assert answer.codes == codes
