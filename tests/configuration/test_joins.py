"""Joins and entities of a configuration, as the values that the schema is made of."""

from __future__ import annotations

from punnet.catalog.entities import ServiceEntity, Stub
from punnet.catalog.joins import Batch, Join, Reference
from punnet.configuration.configuration import Configuration
from tests.configuration.conftest import Load
from tests.configuration.samples import ENVIRONMENT, FULL


def with_more(load: Load, more: str) -> Configuration:
    return load(FULL + more, **ENVIRONMENT)


def test_a_join_is_a_field_with_its_call(load: Load) -> None:
    assert load(FULL, **ENVIRONMENT).joined_fields[1:] == [
        Join(on="Order", field="shipment", call="parcels.shipment", match=(("order_id", "id"),)),
        Join(on="Shipment", field="order", call="shop.order", match=(("id", "order_id"),)),
    ]


def test_a_batch_form_is_declared_once_for_an_operation(load: Load) -> None:
    [inventory, *_] = load(FULL, **ENVIRONMENT).joined_fields
    assert inventory == Join(
        on="Product",
        field="inventory",
        call="stock.listInventory",
        match=(("sku", "sku"),),
        batch=Batch(key=("sku",), max_keys=100),
    )


def test_a_join_s_own_batch_form_comes_first(load: Load) -> None:
    more = """
    [[joins]]
    on = "Shipment"
    field = "inventories"
    call = "stock.listInventory"
    match = { sku = "sku" }
    batch = { order = true, max = 7 }
    list = true
    value = "amount.free"
    """
    assert with_more(load, more).joined_fields[3] == Join(
        on="Shipment",
        field="inventories",
        call="stock.listInventory",
        match=(("sku", "sku"),),
        batch=Batch(in_order=True, max_keys=7),
        is_list=True,
        value=("amount", "free"),
    )


def test_the_members_of_a_batch_have_the_order_of_the_parameters(load: Load) -> None:
    more = """
    [[joins]]
    on = "OrderLine"
    field = "spot"
    call = "stock.listSpots"
    match = { order = "orderId", line = "lineNo" }
    batch = { parameter = "body.wanted", key = { line = "at.line", order = "at.order" } }
    """
    assert with_more(load, more).joined_fields[3] == Join(
        on="OrderLine",
        field="spot",
        call="stock.listSpots",
        match=(("order", "orderId"), ("line", "lineNo")),
        batch=Batch(key=("at.order", "at.line"), parameter="body.wanted"),
    )


def test_entities_are_types_of_other_subgraphs_or_objects_of_services(load: Load) -> None:
    more = """
    [[entities]]
    type = "User"
    key = "id"
    fields = { id = "ID!" }

    [[entities]]
    type = "Item"
    key = "sku"
    call = "stock.listInventory"
    match = { sku = "sku" }

    [[joins]]
    on = "Order"
    field = "user"
    entity = "User"
    match = { id = "userId" }
    """
    configuration = with_more(load, more)
    assert configuration.shared_types == [
        Stub(type="User", key="id", fields=(("id", "ID!"),)),
        ServiceEntity(
            type="Item", key="sku", call="stock.listInventory", match=(("sku", "sku"),), batch=Batch(key=("sku",))
        ),
    ]
    assert configuration.joined_fields[3] == Reference(
        on="Order", field="user", entity="User", match=(("id", "userId"),)
    )
