from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from punnet.demo.upstream import UpstreamPortTaken, create_upstream, running_upstream
from tests.faults.waiting import LONGEST_S
from tests.ports import reserved_port

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def client(upstream_url: str) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(base_url=upstream_url) as client:
        yield client


async def test_a_batch_answers_in_its_own_order_each_key_once(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/inventory?sku=BER-0001,APL-0001,BER-0001")
    assert [item["sku"] for item in answer.json()] == ["APL-0001", "BER-0001"]


async def test_a_batch_leaves_out_what_it_does_not_know(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/inventory?sku=BER-0001,what")
    assert [item["sku"] for item in answer.json()] == ["BER-0001"]


@pytest.mark.parametrize("query", ["", "?sku=", "?sku=" + ",".join(["BER-0001"] * 101)])
async def test_a_batch_takes_one_to_a_hundred_keys(client: httpx2.AsyncClient, query: str) -> None:
    answer = await client.get(f"/inventory{query}")
    assert answer.status_code == 400


async def test_a_batch_and_a_single_call_agree(client: httpx2.AsyncClient) -> None:
    batch = await client.get("/inventory?sku=BER-0001")
    single = await client.get("/inventory/BER-0001")
    assert batch.json() == [single.json()]
    assert single.json().keys() == {"sku", "on_hand", "warehouse", "restocked_on"}


async def test_an_unknown_sku_is_not_found(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/inventory/what")
    assert answer.status_code == 404


async def test_a_sent_order_has_a_shipment(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/shipments/1")
    assert answer.json() == {
        "order_id": 1,
        "carrier": "Green Van",
        "tracking_number": "PX2212294583",
        "eta": "2024-01-07",
        "delivered": True,
        "weight_kg": 10.833,
    }


@pytest.mark.parametrize("order_id", [0, 17, 8881, 10**20, -1])
async def test_an_order_that_was_not_sent_has_no_shipment(client: httpx2.AsyncClient, order_id: int) -> None:
    answer = await client.get(f"/shipments/{order_id}")
    assert answer.status_code == 404


async def test_an_order_number_is_a_number(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/shipments/first")
    assert answer.status_code == 422


async def test_calls_are_counted() -> None:
    with running_upstream() as url:
        async with httpx2.AsyncClient(base_url=url) as client:
            await client.get("/inventory?sku=BER-0001,APL-0001")
            await client.get("/inventory/BER-0001")
            await client.get("/shipments/1")
            await client.get("/shipments/17")
            stats = await client.get("/stats")
    assert stats.json() == {
        "inventory_batches": 1,
        "inventory_keys": 2,
        "inventory_single": 1,
        "shipments": 2,
    }


async def test_the_document_names_every_operation(client: httpx2.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    assert {operation["operationId"] for operation in operations(document)} == {
        "listInventory",
        "getInventory",
        "getShipment",
        "getStats",
    }


async def test_the_document_describes_the_batch_as_a_comma_separated_list(client: httpx2.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    (parameter,) = document["paths"]["/inventory"]["get"]["parameters"]
    assert (parameter["style"], parameter["explode"], parameter["schema"]["maxItems"]) == ("form", False, 100)


async def test_the_document_describes_every_field_and_parameter() -> None:
    document = create_upstream().openapi()
    assert [place for place, thing in described(document) if not thing.get("description")] == []


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for path in document["paths"].values() for operation in path.values()]


def described(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """What must have a description: operations, parameters, our schemas and their properties."""
    schemas = {name: document["components"]["schemas"][name] for name in ("Inventory", "Shipment", "Stats")}
    return [
        *((operation["operationId"], operation) for operation in operations(document)),
        *((p["name"], p) for operation in operations(document) for p in operation.get("parameters", ())),
        *schemas.items(),
        *((f"{n}.{field}", p) for n, schema in schemas.items() for field, p in schema["properties"].items()),
    ]


def test_a_taken_port_is_reported() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as other,
        pytest.raises(UpstreamPortTaken, match="is not free"),
        running_upstream(other.getsockname()[1]),
    ):
        pass


def test_the_service_is_gone_after_its_block() -> None:
    with reserved_port() as port:
        with running_upstream(port) as url:
            pass
        with pytest.raises(httpx2.ConnectError):
            httpx2.get(f"{url}/stats")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_as_a_process_it_prints_its_url_and_ends_quietly_by_a_signal(number: signal.Signals) -> None:
    command = [sys.executable, "-m", "punnet.demo.upstream"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert httpx2.get(f"{url}/inventory/BER-0001", timeout=LONGEST_S).status_code == 200
        process.send_signal(number)
        _, errors = process.communicate(timeout=LONGEST_S)
    assert errors == ""
