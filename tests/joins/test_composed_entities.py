"""References, added fields and entities of services compose with the subgraphs that they are shared with."""

from __future__ import annotations

import pytest

from punnet.schema.federation.sdl import print_subgraph
from tests.federation.node import COMPOSERS, Subgraph, compose
from tests.joins.ways import JoinedWays

pytestmark = pytest.mark.judge

OTHERS = """
extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])

type Query {
  articles: [Article!]!
  carriers: [Carrier!]!
  places: [Place!]!
  variants: [Variant!]!
}

type Article @key(fields: "id") @key(fields: "sku") {
  id: ID!
  sku: String
  note: String
  since: DateTime
  price: Decimal
}

type Carrier @key(fields: "id") {
  id: ID!
  name: String!
}

type Maker @key(fields: "id") {
  id: ID!
  town: String
}

type Place @key(fields: "order line") {
  order: Int!
  line: Int!
  zone: String
}

type Product @key(fields: "id") {
  id: Int!
  description: String @shareable
  stock: BigInt! @shareable
}

type Shipment @key(fields: "orderId") {
  orderId: Int!
  carrierId: String @shareable
}

type Variant @key(fields: "sku maker { id }") {
  sku: String!
  maker: Maker!
}

scalar BigInt
scalar DateTime
scalar Decimal
"""


@pytest.mark.parametrize("composer", COMPOSERS)
def test_a_subgraph_composes_with_those_that_it_shares_types_with(built_subgraph: JoinedWays, composer: str) -> None:
    ours = Subgraph(name="ours", sdl=print_subgraph(built_subgraph.schema))
    composed = compose(composer, [ours, Subgraph(name="others", sdl=OTHERS)])
    assert composed.errors == []
    assert composed.supergraph
