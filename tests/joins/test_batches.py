"""The forms in which many keys go in one call, and how the answer is told apart."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.joins.depot import Depot, Json, item, note_texts, number
from tests.joins.made_joins import BOOK, schema_with
from tests.joins.ways import Joined, JoinedWays

ITEMS = "{ products(first: 6) { nodes { sku item { sku onHand } } } }"


def rows(answer: Joined) -> list[Json]:
    found: list[Json] = answer.data["products"]["nodes"]
    assert found
    return found


def items_of(found: list[Json]) -> list[Json]:
    """What `ITEMS` has to show for rows with these SKUs."""
    items = [item(row["sku"]) for row in found]
    assert any(items)
    return [each and {"sku": each["sku"], "onHand": each["on-hand"]} for each in items]


# -- how keys are sent ---------------------------------------------------------------------------


async def test_a_parameter_is_repeated(ways: JoinedWays) -> None:
    answer = await ways.agreed("{ products(first: 3) { nodes { item { sku } } } }")
    assert answer.targets == ["GET /items?sku=BER-0001&sku=APL-0001&sku=CIT-0001"]


async def test_keys_go_in_a_list_with_commas(ways: JoinedWays) -> None:
    answer = await ways.agreed("{ products(first: 3) { nodes { quote { cents } } } }")
    assert answer.targets == ["GET /quotes?skus=BER-0001,APL-0001,CIT-0001"]


async def test_keys_go_in_a_list_with_bars(ways: JoinedWays) -> None:
    answer = await ways.agreed("{ categories(where: {id: {in: [15, 21]}}) { nodes { mark { text } } } }")
    assert answer.targets == ["GET /marks?ids=5%7C10"]


async def test_keys_go_in_a_member_of_the_body(ways: JoinedWays) -> None:
    answer = await ways.agreed("{ products(first: 3) { nodes { grams } } }")
    assert answer.targets == ['POST /weights {"skus":["BER-0001","APL-0001","CIT-0001"]}']


async def test_members_of_members_make_objects_one_in_the_other(ways: JoinedWays) -> None:
    answer = await replace(ways, built=schema_with(ways, BOOK)).agreed(
        "{ products(first: 1) { nodes { id name sku x { value } } } }"
    )
    [row], [call] = rows(answer), answer.calls
    assert json.loads(call.body) == {"customer": row["id"], "visit": {"town": row["name"], "reason": row["sku"]}}
    assert row["x"] == {"value": f"{row['name']}: {row['sku']}"}


async def test_a_list_beside_single_values_has_one_value(ways: JoinedWays) -> None:
    book = BOOK | {"match": {**BOOK["match"], "body.guests": "id"}}
    answer = await replace(ways, built=schema_with(ways, book)).agreed(
        "{ products(first: 1) { nodes { id x { value } } } }"
    )
    [row], [call] = rows(answer), answer.calls
    assert json.loads(call.body)["guests"] == [row["id"]]


async def test_keys_of_several_parts_go_as_a_list_of_objects(ways: JoinedWays) -> None:
    answer = await ways.agreed(
        "{ orderLines(first: 2, where: {orderId: {eq: 3}}) { nodes { lineNo spot { shelf } } } }"
    )
    [call] = answer.calls
    assert json.loads(call.body) == {"wanted": [{"order": 3, "line": 1}, {"order": 3, "line": 2}]}
    assert [row["spot"] for row in answer.data["orderLines"]["nodes"]] == [{"shelf": "3/1"}, {"shelf": "3/2"}]


async def test_keys_of_several_parts_are_told_apart_by_all_of_them(ways: JoinedWays) -> None:
    answer = await ways.agreed(
        "{ orderLines(first: 60) { nodes { orderId lineNo spot { shelf at { order line } } } } }"
    )
    places = {
        (row["orderId"], row["lineNo"]): row["spot"] and row["spot"]["shelf"]
        for row in answer.data["orderLines"]["nodes"]
    }
    assert places == {(order, line): f"{order}/{line}" if order % 7 else None for order, line in places}


# -- how answers are told apart --------------------------------------------------------------------


async def test_items_come_in_any_order_some_missing_some_too_many(ways: JoinedWays) -> None:
    answer = await ways.agreed("{ products(first: 30) { nodes { sku item { sku } } } }")
    assert [row["item"] for row in rows(answer)] == [
        {"sku": row["sku"]} if number(row["sku"]) % 9 else None for row in rows(answer)
    ]


async def test_the_first_of_two_items_with_one_key_is_taken(ways: JoinedWays, depot: Depot) -> None:
    depot.answers["/items"] = lambda found: [*found, *({**each, "on-hand": -1} for each in found)]
    found = rows(await ways.agreed(ITEMS))
    assert [row["item"] for row in found] == items_of(found)


async def test_items_without_a_key_are_passed_over(ways: JoinedWays, depot: Depot) -> None:
    depot.answers["/items"] = lambda found: [None, 5, "text", [], {"on-hand": 1}, {"sku": None}, *found]
    answer = await ways.agreed(ITEMS)
    assert [row["item"] for row in rows(answer)] == items_of(rows(answer))
    assert answer.errors == []


async def test_a_key_is_found_below_other_members(ways: JoinedWays) -> None:
    answer = await ways.agreed("{ products(first: 12) { nodes { sku quote { cents item { sku } } } } }")
    assert [row["quote"] for row in rows(answer)] == [
        {"cents": number(row["sku"]) + 0.5, "item": {"sku": row["sku"]}} if number(row["sku"]) % 4 else None
        for row in rows(answer)
    ]


async def test_a_number_is_found_by_its_text(ways: JoinedWays) -> None:
    answer = await ways.agreed("{ categories(first: 40) { nodes { parentId mark { id text } } } }")
    found = {row["parentId"]: row["mark"] and row["mark"]["text"] for row in answer.data["categories"]["nodes"]}
    assert found == {key: f"Mark {key}" if key is not None and key % 4 else None for key in found}
    assert len(found) > 4


async def test_answers_come_in_the_order_of_the_keys(ways: JoinedWays) -> None:
    answer = await ways.agreed("{ products(first: 20) { nodes { sku grams } } }")
    assert [row["grams"] for row in rows(answer)] == [
        number(row["sku"]) / 4 if number(row["sku"]) % 6 else None for row in rows(answer)
    ]


async def test_a_key_can_have_many_items(ways: JoinedWays) -> None:
    answer = await ways.agreed("{ products(first: 20) { nodes { sku notes { text sku } } } }")
    assert [sorted(note["text"] for note in row["notes"]) for row in rows(answer)] == [
        [note["text"] for note in note_texts(row["sku"])] for row in rows(answer)
    ]


async def test_items_of_one_key_keep_their_order(ways: JoinedWays, depot: Depot) -> None:
    depot.answers["/notes"] = lambda _: [{"sku": "BER-0001", "text": text} for text in ("b", "c", "a")]
    answer = await ways.agreed("{ product(id: 1) { notes { text } } }")
    assert answer.data["product"]["notes"] == [{"text": "b"}, {"text": "c"}, {"text": "a"}]


async def test_no_answer_at_all_is_nothing_for_every_key(ways: JoinedWays, depot: Depot) -> None:
    depot.answers["/(items|notes)"] = lambda _: None
    answer = await ways.agreed("{ products(first: 2) { nodes { item { sku } notes { text } } } }")
    assert rows(answer) == [{"item": None, "notes": []}] * 2
    assert answer.errors == []


# -- how many go in one call -----------------------------------------------------------------------


@pytest.mark.parametrize(("products", "calls"), [(1, 1), (5, 1), (6, 2), (23, 5)])
async def test_a_call_has_no_more_keys_than_allowed(ways: JoinedWays, products: int, calls: int) -> None:
    answer = await ways.agreed("query ($n: Int) { products(first: $n) { nodes { quote { cents } } } }", {"n": products})
    assert len(answer.calls) == calls
    assert max(len(parse_qs(urlsplit(seen.path).query)["skus"][0].split(",")) for seen in answer.calls) <= 5


async def test_a_hundred_keys_go_in_one_call_unless_something_else_is_said(ways: JoinedWays) -> None:
    answer = await ways.agreed("{ products(first: 250) { nodes { item { sku } } } }")
    assert len(answer.calls) == 3


async def test_chunks_are_asked_at_the_same_time(ways: JoinedWays, depot: Depot) -> None:
    depot.together = 5
    await ways.compiled("{ products(first: 25) { nodes { quote { cents } } } }")
    assert depot.most_at_work == 5


async def test_keys_without_a_batch_form_are_asked_at_the_same_time(ways: JoinedWays, depot: Depot) -> None:
    depot.together = 40
    await ways.compiled("{ orders(first: 40) { nodes { shipment { orderId } } } }")
    assert depot.most_at_work == 40


async def test_no_more_calls_are_at_work_than_the_source_allows(ways: JoinedWays, depot: Depot) -> None:
    depot.together, depot.delay_s = 6, 0.01
    answer = await ways.agreed("{ orders(first: 40) { nodes { shipment { orderId } } } }", concurrency=6)
    assert (len(answer.calls), depot.most_at_work) == (40, 6)


async def test_a_key_in_several_chunks_worth_of_rows_is_in_one(ways: JoinedWays) -> None:
    answer = await ways.agreed("{ reviews(first: 80) { nodes { product { sku quote { cents } } } } }")
    skus = [sku for seen in answer.calls for sku in parse_qs(urlsplit(seen.path).query)["skus"][0].split(",")]
    assert len(skus) == len(set(skus)) == len({row["product"]["sku"] for row in answer.data["reviews"]["nodes"]})
