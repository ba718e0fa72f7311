from tests.joins.ways import JoinedWays
async def test_x(ways: JoinedWays) -> None:
    from graphql import print_type
    for t in ("Item","Supplier","Shipment","Product"):
        print(print_type(ways.schema.type_map[t]))
    a = await ways.agreed("{ products(first: 50) { nodes { sku item { sku onHand } } } }")
    print(a.body, a.targets)
