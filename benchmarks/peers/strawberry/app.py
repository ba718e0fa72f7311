"""Peer "strawberry": hand-written Strawberry + asyncpg + DataLoader on FastAPI/uvicorn."""

import os
import sys
from contextlib import asynccontextmanager
from datetime import datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Annotated

import orjson
import strawberry
import uvicorn
from fastapi import FastAPI
from strawberry.dataloader import DataLoader
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.fastapi import BaseContext, GraphQLRouter
from strawberry.scalars import JSON

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "common"))
from shop_data import Shop

shop = Shop()


class Context(BaseContext):
    """One a request: loaders are made when first asked for."""

    def __init__(self):
        super().__init__()
        self._loaders = {}

    def loader(self, name, function):
        loader = self._loaders.get(name)
        if loader is None:
            loader = self._loaders[name] = DataLoader(load_fn=function)
        return loader

    def orders(self, first, before):
        async def load(ids):
            return [list(map(Order.of, rows)) for rows in await shop.orders_by_customer(ids, first, before)]

        return self.loader(("orders", first, before), load)


Info = strawberry.Info[Context, None]


@strawberry.enum
class ProductOrder(Enum):
    ID_ASC = "ID_ASC"
    PRICE_ASC = "PRICE_ASC"
    PRICE_DESC = "PRICE_DESC"


@strawberry.enum
class OrderStatus(Enum):
    PENDING = "pending"
    PAID = "paid"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


STATUS = {status.value: status for status in OrderStatus}


@strawberry.input
class ProductFilter:
    min_id: int | None = None
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    name_like: str | None = None


@strawberry.input
class LineInput:
    product_id: int
    quantity: int


@strawberry.type
class Inventory:
    sku: str
    on_hand: int
    warehouse: str


@strawberry.type
class Shipment:
    order_id: int
    carrier: str
    eta: datetime


async def load_inventory(skus):
    return [
        i and Inventory(sku=i["sku"], on_hand=i["on_hand"], warehouse=i["warehouse"])
        for i in await shop.inventory_by_sku(skus)
    ]


@strawberry.federation.type(keys=["id"])
class Product:
    id: int
    category_id: int
    name: str
    sku: str
    price: Decimal
    attributes: JSON
    created_at: datetime

    @classmethod
    def of(cls, row):
        return cls(**row)

    @classmethod
    async def resolve_reference(cls, info: Info, id: int):
        return await info.context.loader("products", load_products).load(id)

    @strawberry.field
    async def inventory(self, info: Info) -> Inventory | None:
        return await info.context.loader("inventory", load_inventory).load(self.sku)


async def load_products(ids):
    return [row and Product.of(row) for row in await shop.products_by_id(ids)]


@strawberry.type
class ProductPage:
    filter: strawberry.Private[dict]
    order_by: strawberry.Private[str]
    first: strawberry.Private[int]

    @strawberry.field
    async def total_count(self) -> int:
        return await shop.product_count(self.filter)

    @strawberry.field
    async def nodes(self) -> list[Product]:
        return list(map(Product.of, await shop.products(self.filter, self.order_by, self.first)))


@strawberry.type
class OrderLine:
    order_id: int
    line_no: int
    product_id: int
    quantity: int
    unit_price: Decimal

    @classmethod
    def of(cls, row):
        return cls(**row)

    @strawberry.field
    async def product(self, info: Info) -> Product:
        return await info.context.loader("products", load_products).load(self.product_id)


async def load_lines(ids):
    return [list(map(OrderLine.of, rows)) for rows in await shop.lines_by_order(ids)]


@strawberry.type
class Order:
    id: int
    customer_id: int
    status: OrderStatus
    placed_at: datetime
    total: Decimal

    @classmethod
    def of(cls, row):
        return cls(
            id=row["id"],
            customer_id=row["customer_id"],
            status=STATUS[row["status"]],
            placed_at=row["placed_at"],
            total=row["total"],
        )

    @strawberry.field
    async def customer(self, info: Info) -> Annotated["Customer", strawberry.lazy("__main__")]:
        return await info.context.loader("customers", load_customers).load(self.customer_id)

    @strawberry.field
    async def lines(self, info: Info) -> list[OrderLine]:
        return await info.context.loader("lines", load_lines).load(self.id)

    @strawberry.field
    async def shipment(self) -> Shipment | None:
        s = await shop.shipment(self.id)
        return Shipment(order_id=s["order_id"], carrier=s["carrier"], eta=datetime.fromisoformat(s["eta"]))


@strawberry.type
class Customer:
    id: int
    email: str
    name: str
    city: str
    country: str
    created_at: datetime

    @classmethod
    def of(cls, row):
        return cls(**row)

    @strawberry.field
    async def orders(self, info: Info, first: int, before: datetime | None = None) -> list[Order]:
        return await info.context.orders(first, before).load(self.id)


async def load_customers(ids):
    return [row and Customer.of(row) for row in await shop.customers_by_id(ids)]


@strawberry.type
class Query:
    @strawberry.field
    async def customer(self, info: Info, id: int) -> Customer | None:
        return await info.context.loader("customers", load_customers).load(id)

    @strawberry.field
    async def customers(self, min_id: int, first: int) -> list[Customer]:
        return list(map(Customer.of, await shop.customers(min_id, first)))

    @strawberry.field
    async def orders(self, min_id: int, first: int) -> list[Order]:
        return list(map(Order.of, await shop.orders(min_id, first)))

    @strawberry.field
    async def products(
        self, first: int, filter: ProductFilter | None = None, order_by: ProductOrder = ProductOrder.ID_ASC
    ) -> list[Product]:
        rows = await shop.products(vars(filter) if filter else {}, order_by.value, first)
        return list(map(Product.of, rows))

    @strawberry.field
    async def product_page(
        self, first: int, filter: ProductFilter | None = None, order_by: ProductOrder = ProductOrder.ID_ASC
    ) -> ProductPage:
        return ProductPage(filter=vars(filter) if filter else {}, order_by=order_by.value, first=first)


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def place_order(self, customer_id: int, lines: list[LineInput]) -> Order:
        return Order.of(await shop.place_order(customer_id, [(line.product_id, line.quantity) for line in lines]))


schema = strawberry.federation.Schema(
    query=Query,
    mutation=Mutation,
    types=[Product],
    extensions=[lambda: ParserCache(maxsize=128), lambda: ValidationCache(maxsize=128)],
)


class Router(GraphQLRouter):
    def decode_json(self, data):
        return orjson.loads(data)

    def encode_json(self, data):
        return orjson.dumps(data)


async def get_context() -> Context:
    return Context()


@asynccontextmanager
async def lifespan(app):
    await shop.open()
    yield
    await shop.close()


app = FastAPI(lifespan=lifespan, openapi_url=None)
app.include_router(Router(schema, context_getter=get_context, graphql_ide=None), prefix="/graphql")

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
