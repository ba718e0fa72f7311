"""Configurations that are right: one that says a bit of everything, and the smallest one."""

from __future__ import annotations

FULL = """
    version = 1

    [server]
    port = "${PORT}"

    [sources.shop]
    type = "postgres"
    url = "${DATABASE_URL}"
    namespaces = ["public", "crm"]
    exclude = ["*.migrations"]

    [sources.stock]
    type = "openapi"
    url = "stock.json"
    base_url = "https://stock.example"
    prefix = ""
    include = { tags = ["inventory"] }
    headers = { Authorization = "Bearer ${STOCK_TOKEN}" }
    [sources.stock.operations.listInventory.batch]
    key = "sku"

    [sources.parcels]
    type = "http"
    url = "http://127.0.0.1:9000"
    [sources.parcels.types.Shipment]
    order_id = "Int!"
    [sources.parcels.operations.shipment]
    path = "/shipments/{order_id}"
    parameters = { order_id = "Int!" }
    result = "Shipment"

    [[joins]]
    on = "Product"
    field = "inventory"
    call = "stock.listInventory"
    match = { sku = "sku" }

    [[joins]]
    on = "Order"
    field = "shipment"
    call = "parcels.shipment"
    match = { order_id = "id" }

    [[joins]]
    on = "Shipment"
    field = "order"
    call = "shop.order"
    match = { id = "order_id" }
    """
ENVIRONMENT = {"PORT": "9999", "DATABASE_URL": "postgresql://shop:geheim@db/shop", "STOCK_TOKEN": "geheim"}
"""The variables that it refers to."""

SMALL = 'version = 1\n[sources.shop]\ntype = "postgres"\nurl = "postgresql://h/d"\n'
