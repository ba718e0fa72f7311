"""The sample upstream service: a real HTTP server on loopback that knows stocks and parcels, by arithmetic.

Its answers follow from the keys alone, so that they agree with the sample shop without a database.
"""

from __future__ import annotations

import re
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from threading import Thread
from typing import Annotated, Any, TypeVar
from zlib import crc32

import uvicorn
from fastapi import FastAPI, HTTPException, Path, Request
from pydantic import BaseModel, Field

from punnet.errors import PunnetError

T = TypeVar("T")

HOST = "127.0.0.1"
MAX_BATCH = 100
# The sample shop's own rule, in shop/rows.sql: which orders have left the house.
LAST_SHIPPED_ORDER = 8880
CANCELLED_EVERY = 17
LAST_DELIVERED_ORDER = 8800
FIRST_DAY = date(2024, 1, 1)
ORDERS_A_DAY = 12
SKU = re.compile(r"[A-Z]{3}-[0-9]{4}")
NOT_STOCKED_EVERY = 29

WAREHOUSES = ("Rotterdam", "Leipzig", "Lyon", "Bologna")
CARRIERS = ("Parcel Pigeon", "Kurier Krause", "La Flèche", "Green Van")
NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {"description": "There is none for this key."}}


class UpstreamPortTaken(PunnetError):
    """Another process listens on the port that the sample upstream service was to have."""

    code = "DEMO-006"

    def __init__(self, port: int) -> None:
        super().__init__(
            what=f"port {port} of {HOST} is not free",
            where="starting the sample upstream service",
            fix="give another port, or 0 for any that is free",
        )


class Inventory(BaseModel):
    """How much of a product lies where."""

    sku: str = Field(description="Stock keeping unit, as on the label.", examples=["BER-0001"])
    on_hand: int = Field(description="Pieces on the shelf, counted last night.", ge=0, examples=[140])
    warehouse: str = Field(description="Town of the warehouse that the product is sent from.")
    restocked_on: date | None = Field(description="Day of the next delivery; null if none is planned.")


class Shipment(BaseModel):
    """A parcel on its way to a customer, or arrived."""

    order_id: int = Field(description="Number of the order that is in the parcel.", examples=[1])
    carrier: str = Field(description="Company that carries the parcel.")
    tracking_number: str = Field(description="Number to follow the parcel by, with the carrier.")
    eta: date = Field(description="Day on which the parcel is expected, or came.")
    delivered: bool = Field(description="Whether the parcel has arrived.")
    weight_kg: float = Field(description="Weight of the parcel in kilograms.", gt=0)


class Stats(BaseModel):
    """How often each endpoint has been called since the service started."""

    inventory_batches: int = Field(description="Calls of `GET /inventory`.")
    inventory_keys: int = Field(description="Keys asked by those calls, repeated ones counted each time.")
    inventory_single: int = Field(description="Calls of `GET /inventory/{sku}`.")
    shipments: int = Field(description="Calls of `GET /shipments/{order_id}`.")


@dataclass(slots=True)
class Calls:
    """The counters behind Stats; one service's event loop alone changes them."""

    inventory_batches: int = 0
    inventory_keys: int = 0
    inventory_single: int = 0
    shipments: int = 0


# Described by hand, since OpenAPI's comma-separated lists are more than the signature of a function can say.
SKU_LIST_PARAMETER = {
    "name": "sku",
    "in": "query",
    "required": True,
    "style": "form",
    "explode": False,
    "description": f"The products to look up, separated by commas, at most {MAX_BATCH}.",
    "example": ["BER-0001", "APL-0001"],
    "schema": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": MAX_BATCH},
}


def inventory_of(sku: str) -> Inventory | None:
    """Tell the stock of a product; some products, and whatever is no SKU, are in no warehouse."""
    number = crc32(sku.encode())
    if not SKU.fullmatch(sku) or number % NOT_STOCKED_EVERY == 0:
        return None
    restocked_on = FIRST_DAY + timedelta(days=730 + number % 28) if number % 3 else None
    return Inventory(
        sku=sku,
        on_hand=number // 7 % 500,
        warehouse=WAREHOUSES[number // 11 % len(WAREHOUSES)],
        restocked_on=restocked_on,
    )


def shipment_of(order_id: int) -> Shipment | None:
    """Tell where the parcel of an order is; cancelled and fresh orders have none."""
    if not 1 <= order_id <= LAST_SHIPPED_ORDER or order_id % CANCELLED_EVERY == 0:
        return None
    number = crc32(str(order_id).encode())
    return Shipment(
        order_id=order_id,
        carrier=CARRIERS[number % len(CARRIERS)],
        tracking_number=f"PX{number:010d}",
        eta=FIRST_DAY + timedelta(days=order_id // ORDERS_A_DAY + 4 + number % 3),
        delivered=order_id <= LAST_DELIVERED_ORDER,
        weight_kg=round(0.25 + number % 12000 / 1000, 3),
    )


def requested_skus(request: Request) -> list[str]:
    """Read the comma-separated keys of a batch, or refuse the request."""
    joined = ",".join(request.query_params.getlist("sku"))
    skus = [sku for sku in joined.split(",") if sku]
    if not skus or len(skus) > MAX_BATCH:
        raise HTTPException(400, f"give 1 to {MAX_BATCH} values of sku, separated by commas")
    return skus


def create_upstream() -> FastAPI:
    """Make the service, with counters of its own."""
    app = FastAPI(
        title="Sample inventory and shipments",
        version="1.0.0",
        summary="The upstream service of the sample shop.",
        description="Stocks by SKU, one by one or in batches, and parcels by order, one by one.",
        docs_url=None,
        redoc_url=None,
    )
    calls = Calls()
    add_inventory(app, calls)
    add_shipments(app, calls)
    add_stats(app, calls)
    return app


def add_inventory(app: FastAPI, calls: Calls) -> None:
    """Add the stock's two endpoints: many keys a call, and one."""

    @app.get(
        "/inventory",
        operation_id="listInventory",
        summary="Stocks of several products",
        tags=["inventory"],
        responses={400: {"description": f"No keys, or more than {MAX_BATCH}."}},
        openapi_extra={"parameters": [SKU_LIST_PARAMETER]},
    )
    async def list_inventory(request: Request) -> list[Inventory]:
        """Answer in the order of the SKUs, each once; those that are in no warehouse are left out."""
        skus = requested_skus(request)
        calls.inventory_batches += 1
        calls.inventory_keys += len(skus)
        return [found for sku in sorted(set(skus)) if (found := inventory_of(sku)) is not None]

    @app.get(
        "/inventory/{sku}",
        operation_id="getInventory",
        summary="Stock of one product",
        tags=["inventory"],
        responses=NOT_FOUND,
    )
    async def get_inventory(
        sku: Annotated[str, Path(description="The product's stock keeping unit.", examples=["BER-0001"])],
    ) -> Inventory:
        """Answer 404 for a product that is in no warehouse."""
        calls.inventory_single += 1
        return present(inventory_of(sku), f"no warehouse has '{sku}'")


def add_shipments(app: FastAPI, calls: Calls) -> None:
    """Add the parcels' endpoint, which takes one key only."""

    @app.get(
        "/shipments/{order_id}",
        operation_id="getShipment",
        summary="Parcel of an order",
        tags=["shipments"],
        responses=NOT_FOUND,
    )
    async def get_shipment(
        order_id: Annotated[int, Path(description="Number of the order.", examples=[1])],
    ) -> Shipment:
        """Answer 404 for an order that has not been sent."""
        calls.shipments += 1
        return present(shipment_of(order_id), f"order {order_id} has not been sent")


def add_stats(app: FastAPI, calls: Calls) -> None:
    """Add the counters, by which a caller sees how well it batches."""

    @app.get("/stats", operation_id="getStats", summary="Calls so far", tags=["stats"])
    async def get_stats() -> Stats:
        """Count every call but those of this endpoint."""
        return Stats(**asdict(calls))


def present(found: T | None, otherwise: str) -> T:
    """Answer 404 if there is nothing."""
    if found is None:
        raise HTTPException(404, otherwise)
    return found


@contextmanager
def running_upstream(port: int = 0) -> Iterator[str]:
    """Serve in a thread with an event loop of its own, and give the service's base URL.

    The service takes connections at once, and is gone when the block ends. Raises UpstreamPortTaken.
    """
    with listening_socket(port) as listener:
        server = uvicorn.Server(server_settings())
        thread = Thread(target=server.run, args=([listener],), name="upstream", daemon=True)
        thread.start()
        try:
            yield base_url(listener)
        finally:
            server.should_exit = True
            thread.join()


def serve_upstream(port: int = 0) -> None:
    """Serve until a signal ends the process; the first line that it prints is the base URL."""
    with listening_socket(port) as listener:
        sys.stdout.write(base_url(listener) + "\n")
        sys.stdout.flush()
        # uvicorn has shut down properly when it passes Ctrl-C on.
        with suppress(KeyboardInterrupt):
            uvicorn.Server(server_settings()).run([listener])


def listening_socket(port: int) -> socket.socket:
    """Listen before the server runs: who connects early waits instead of being refused."""
    try:
        return socket.create_server((HOST, port), backlog=256)
    except OSError as error:
        raise UpstreamPortTaken(port) from error


def base_url(listener: socket.socket) -> str:
    """Name the service by the port that it has got."""
    return f"http://{HOST}:{listener.getsockname()[1]}"


def server_settings() -> uvicorn.Config:
    """Give the settings of a quiet server without WebSockets."""
    return uvicorn.Config(
        create_upstream(),
        log_level="warning",
        access_log=False,
        lifespan="off",
        ws="none",
        server_header=False,
    )


if __name__ == "__main__":
    serve_upstream(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
