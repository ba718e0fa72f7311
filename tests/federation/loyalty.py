"""A subgraph that is not Punnet: a loyalty programme written by hand in Strawberry, beside the sample shop."""

from __future__ import annotations

from decimal import Decimal
from hashlib import md5
from typing import NewType
from uuid import UUID
from zlib import crc32

import strawberry
from fastapi import FastAPI
from strawberry.fastapi import GraphQLRouter
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet
from strawberry.schema.config import StrawberryConfig
from strawberry.types.scalar import ScalarDefinition

CUSTOMERS = 2000
TIERS = ("Basil", "Saffron", "Truffle")

BigInt = NewType("BigInt", int)


def public_id(number: int) -> UUID:
    """The sample shop's own rule, in shop/rows.sql."""
    return UUID(md5(f"customer {number}".encode(), usedforsecurity=False).hexdigest())


NUMBERS = {public_id(number): number for number in range(1, CUSTOMERS + 1)}


def reward_of(root: Product) -> int:
    """A point a euro."""
    return int(root.price)


@strawberry.federation.type(keys=["sku"], description="A product of the shop, by a key that is not its first.")
class Product:
    sku: str
    price: Decimal = strawberry.federation.field(external=True, default=Decimal(0))
    reward: int = strawberry.federation.field(requires=["price"], resolver=reward_of)

    @strawberry.field
    def popularity(self) -> int:
        return popularity_of(self.sku)

    @classmethod
    def resolve_reference(cls, sku: str, price: str = "0") -> Product:
        return cls(sku=sku, price=Decimal(price))


@strawberry.federation.type(keys=["publicId"], description="A customer of the shop, by a UUID.")
class Customer:
    public_id: UUID

    @strawberry.field
    def membership(self) -> Membership | None:
        number = NUMBERS.get(self.public_id)
        return Membership(number=str(number)) if number is not None else None

    @classmethod
    def resolve_reference(cls, publicId: str) -> Customer:
        return cls(public_id=UUID(publicId))


@strawberry.federation.type(keys=["number"], description="An entity of our own.")
class Membership:
    number: str

    @strawberry.field
    def tier(self) -> str:
        return TIERS[int(self.number) % len(TIERS)]

    @strawberry.field
    def customer(self) -> Customer:
        return Customer(public_id=public_id(int(self.number)))

    @classmethod
    def resolve_reference(cls, number: str) -> Membership:
        return cls(number=number)


@strawberry.federation.type(
    keys=[Key(fields=FieldSet("id"), resolvable=False)], description="A payment, by a 64-bit number."
)
class Payment:
    id: BigInt


@strawberry.federation.type(
    keys=[Key(fields=FieldSet("orderId lineNo"), resolvable=False)], description="By two columns."
)
class OrderLine:
    order_id: int
    line_no: int


@strawberry.type
class Query:
    @strawberry.field
    def favourites(self, skus: list[str]) -> list[Product | None]:
        return [Product(sku=sku) for sku in skus]

    @strawberry.field
    def memberships(self, numbers: list[str]) -> list[Membership]:
        return [Membership(number=number) for number in numbers]

    @strawberry.field
    def refunds(self, payments: list[BigInt]) -> list[Payment | None]:
        return [Payment(id=payment) for payment in payments]

    @strawberry.field
    def gifts(self, order_id: int, line_nos: list[int]) -> list[OrderLine | None]:
        return [OrderLine(order_id=order_id, line_no=line_no) for line_no in line_nos]


def popularity_of(sku: str) -> int:
    """How popular a product is, by arithmetic."""
    return crc32(sku.encode()) % 100


def loyalty_schema() -> strawberry.federation.Schema:
    """The schema, in the latest version of federation that all composers know."""
    scalars: dict[object, ScalarDefinition] = {BigInt: strawberry.scalar(name="BigInt", serialize=str, parse_value=int)}
    return strawberry.federation.Schema(
        Query, types=[Membership, Customer], federation_version="2.9", config=StrawberryConfig(scalar_map=scalars)
    )


def loyalty_app() -> FastAPI:
    """The subgraph at `/graphql`."""
    app = FastAPI()
    app.include_router(GraphQLRouter(loyalty_schema()), prefix="/graphql")
    return app
