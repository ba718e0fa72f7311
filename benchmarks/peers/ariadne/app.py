"""Peer "ariadne": hand-written Ariadne + asyncpg + aiodataloader on uvicorn."""

import os
import sys
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import orjson
import uvicorn
from aiodataloader import DataLoader
from ariadne import EnumType, MutationType, ObjectType, QueryType, ScalarType
from ariadne.asgi import GraphQL
from ariadne.asgi.handlers import GraphQLHTTPHandler
from ariadne.contrib.federation import FederatedObjectType, make_federated_schema
from graphql import parse, validate
from starlette.responses import Response

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "common"))
from shop_data import Shop

shop = Shop()

SDL = (Path(__file__).resolve().parent.parent / "common" / "schema.graphql").read_text()

decimal = ScalarType("Decimal", serializer=str, value_parser=lambda v: Decimal(str(v)))
date_time = ScalarType("DateTime", serializer=datetime.isoformat, value_parser=datetime.fromisoformat)
order_status = EnumType(
    "OrderStatus", {name.upper(): name for name in ("pending", "paid", "shipped", "delivered", "cancelled")}
)
json_value = ScalarType("JSON", serializer=lambda v: v)

query, mutation = QueryType(), MutationType()
customer, order, order_line = ObjectType("Customer"), ObjectType("Order"), ObjectType("OrderLine")
page, product = ObjectType("ProductPage"), FederatedObjectType("Product")
inventory, shipment = ObjectType("Inventory"), ObjectType("Shipment")


def column(name):
    return lambda row, info: row[name]


# One resolver a plain field: reads the asyncpg Record (or dict), no conversion.
for bindable, names in (
    (
        customer,
        {"id": "id", "email": "email", "name": "name", "city": "city", "country": "country", "createdAt": "created_at"},
    ),
    (order, {"id": "id", "customerId": "customer_id", "status": "status", "placedAt": "placed_at", "total": "total"}),
    (
        order_line,
        {
            "orderId": "order_id",
            "lineNo": "line_no",
            "productId": "product_id",
            "quantity": "quantity",
            "unitPrice": "unit_price",
        },
    ),
    (
        product,
        {
            "id": "id",
            "categoryId": "category_id",
            "name": "name",
            "sku": "sku",
            "price": "price",
            "attributes": "attributes",
            "createdAt": "created_at",
        },
    ),
    (inventory, {"sku": "sku", "onHand": "on_hand", "warehouse": "warehouse"}),
    (shipment, {"orderId": "order_id", "carrier": "carrier"}),
):
    for field, name in names.items():
        bindable.set_field(field, column(name))
shipment.set_field("eta", lambda row, info: datetime.fromisoformat(row["eta"]))


class Loaders(dict):
    def get_loader(self, key, function):
        loader = self.get(key)
        if loader is None:
            loader = self[key] = DataLoader(function)
        return loader


def context_value(request, data):
    return Loaders()


@query.field("customer")
def resolve_customer(_, info, id):
    return info.context.get_loader("customers", shop.customers_by_id).load(id)


@query.field("customers")
async def resolve_customers(_, info, minId, first):
    return await shop.customers(minId, first)


@query.field("orders")
async def resolve_orders(_, info, minId, first):
    return await shop.orders(minId, first)


def snake(filter):
    filter = filter or {}
    return {
        "min_id": filter.get("minId"),
        "price_min": filter.get("priceMin"),
        "price_max": filter.get("priceMax"),
        "name_like": filter.get("nameLike"),
    }


@query.field("products")
async def resolve_products(_, info, first, orderBy, filter=None):
    return await shop.products(snake(filter), orderBy, first)


@query.field("productPage")
def resolve_product_page(_, info, first, orderBy, filter=None):
    return snake(filter), orderBy, first


@page.field("totalCount")
async def resolve_total_count(page, info):
    return await shop.product_count(page[0])


@page.field("nodes")
async def resolve_nodes(page, info):
    return await shop.products(*page)


@mutation.field("placeOrder")
async def resolve_place_order(_, info, customerId, lines):
    return await shop.place_order(customerId, [(line["productId"], line["quantity"]) for line in lines])


@customer.field("orders")
def resolve_customer_orders(row, info, first, before=None):
    async def load(ids):
        return await shop.orders_by_customer(ids, first, before)

    return info.context.get_loader(("orders", first, before), load).load(row["id"])


@order.field("customer")
def resolve_order_customer(row, info):
    return info.context.get_loader("customers", shop.customers_by_id).load(row["customer_id"])


@order.field("lines")
def resolve_order_lines(row, info):
    return info.context.get_loader("lines", shop.lines_by_order).load(row["id"])


@order.field("shipment")
async def resolve_shipment(row, info):
    return await shop.shipment(row["id"])


@order_line.field("product")
def resolve_line_product(row, info):
    return info.context.get_loader("products", shop.products_by_id).load(row["product_id"])


@product.field("inventory")
def resolve_inventory(row, info):
    return info.context.get_loader("inventory", shop.inventory_by_sku).load(row["sku"])


@product.reference_resolver
async def resolve_product_reference(_, info, representation):
    row = await info.context.get_loader("products", shop.products_by_id).load(int(representation["id"]))
    return row and dict(row)  # Ariadne marks the object with its __typename, which a Record does not take


schema = make_federated_schema(
    SDL,
    query,
    mutation,
    customer,
    order,
    order_line,
    page,
    product,
    inventory,
    shipment,
    decimal,
    date_time,
    json_value,
    order_status,
)


@lru_cache(maxsize=128)
def parse_cached(text):
    return parse(text)


# Documents come out of parse_cached, so their identity is a sound key; parse_cached holds 128.
_validated = {}


def validate_cached(schema, document, *args, **kwargs):
    entry = _validated.get(id(document))
    if entry is None or entry[0] is not document:
        if len(_validated) > 512:
            _validated.clear()
        entry = _validated[id(document)] = (document, validate(schema, document, *args, **kwargs))
    return entry[1]


class Handler(GraphQLHTTPHandler):
    async def create_json_response(self, request, result, success):
        return Response(orjson.dumps(result), status_code=200 if success else 400, media_type="application/json")


graphql_app = GraphQL(
    schema,
    context_value=context_value,
    http_handler=Handler(),
    introspection=False,
    query_parser=lambda context, data: parse_cached(data["query"]),
    query_validator=validate_cached,
)


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        await shop.open()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await shop.close()
        await send({"type": "lifespan.shutdown.complete"})
        return
    await graphql_app(scope, receive, send)


if __name__ == "__main__":
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
        ws="none",
    )
