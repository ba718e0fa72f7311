"""Fields that lead from one source to the next, both ways and to any depth."""

from __future__ import annotations

from tests.joins.ways import JoinedWays


async def test_fifty_products_with_items_take_one_statement_and_one_call(ways: JoinedWays) -> None:
    answer = await ways.agreed("{ products(first: 50) { nodes { sku item { sku onHand } } } }")
    assert (answer.statements, len(answer.calls)) == (1, 1)
    assert [row for row in answer.data["products"]["nodes"] if row["item"] and row["item"]["sku"] != row["sku"]] == []


async def test_a_service_without_a_batch_form_is_asked_once_a_key(ways: JoinedWays) -> None:
    answer = await ways.agreed("{ orders(first: 20) { nodes { id shipment { orderId weight } } } }")
    assert len(answer.calls) == 20
    assert answer.data["orders"]["nodes"][:1] == [{"id": 1, "shipment": {"orderId": 1, "weight": 0.125}}]


async def test_a_404_is_null_without_an_error(ways: JoinedWays) -> None:
    answer = await ways.agreed("{ order(id: 8) { id shipment { orderId } } }")
    assert answer.data == {"order": {"id": 8, "shipment": None}}
    assert answer.errors == []


async def test_a_null_key_makes_no_call(ways: JoinedWays) -> None:
    answer = await ways.agreed("{ categories(where: {parentId: {isNull: true}}) { nodes { name mark { text } } } }")
    assert answer.calls == ()
    assert {row["mark"] for row in answer.data["categories"]["nodes"]} == {None}


async def test_a_null_member_makes_no_call(ways: JoinedWays) -> None:
    answer = await ways.agreed("{ orders(where: {id: {eq: 4}}) { nodes { shipment { carrierId carrier { name } } } } }")
    assert answer.data["orders"]["nodes"] == [{"shipment": {"carrierId": None, "carrier": None}}]
    assert answer.targets == ["GET /shipments/4"]


async def test_no_rows_make_no_call(ways: JoinedWays) -> None:
    answer = await ways.agreed("{ products(where: {id: {eq: -1}}) { nodes { item { sku } notes { text } } } }")
    assert answer.calls == ()


async def test_a_result_leads_back_to_its_row(ways: JoinedWays) -> None:
    answer = await ways.agreed("{ order(id: 3) { shipment { order { id shipment { order { id } } } } } }")
    assert answer.data == {"order": {"shipment": {"order": {"id": 3, "shipment": {"order": {"id": 3}}}}}}
    assert answer.targets == ["GET /shipments/3"]


async def test_a_result_leads_to_many_rows(ways: JoinedWays) -> None:
    answer = await ways.agreed(
        "{ getSupplier(id: 15) { name products(first: 2, orderBy: {name: DESC}) { totalCount nodes { categoryId } } } }"
    )
    assert answer.data["getSupplier"]["products"]["nodes"] == [{"categoryId": 15}] * 2


async def test_arguments_of_joined_rows_can_be_variables(ways: JoinedWays) -> None:
    query = """query ($first: Int, $where: ProductWhere) {
      getSupplier(id: 15) { products(first: $first, where: $where) { nodes { id sku } pageInfo { hasNextPage } } }
    }"""
    answer = await ways.agreed(query, {"first": 1, "where": {"sku": {"startsWith": "BER"}}})
    assert answer.data["getSupplier"]["products"]["nodes"] == [{"id": 1, "sku": "BER-0001"}]


async def test_a_result_leads_to_another_service(ways: JoinedWays) -> None:
    answer = await ways.agreed("{ order(id: 5) { shipment { carrier { name supplier { name parent { name } } } } } }")
    assert answer.targets == ["GET /carriers/c%2F1", "GET /shipments/5", "GET /suppliers/3", "GET /suppliers/7"]
    supplier = answer.data["order"]["shipment"]["carrier"]["supplier"]
    assert supplier == {"name": "Supplier 7", "parent": {"name": "Supplier 3"}}


async def test_hops_follow_each_other_over_four_sources(ways: JoinedWays) -> None:
    answer = await ways.agreed("""{
      products(first: 20) { nodes {
        thing { id products(first: 2) { nodes {
          item { supplier { name goods { sku product { id item { onHand } } } } }
        } } }
      } }
    }""")
    assert answer.errors == []
    assert answer.statements <= 4


async def test_a_hop_can_go_on_for_ever(ways: JoinedWays) -> None:
    answer = await ways.agreed(
        "{ getSupplier(id: 26) { parent { parent { parent { parent { parent { name } } } } } } }"
    )
    assert answer.targets == [f"GET /suppliers/{number}" for number in (1, 13, 26, 3, 6)]


async def test_a_key_is_asked_once_however_often_it_occurs(ways: JoinedWays) -> None:
    answer = await ways.agreed("""{
      a: product(id: 1) { item { sku } }
      b: product(id: 1) { item { onHand } again: item { season } }
      reviews(where: {productId: {eq: 1}}, first: 10) { nodes { product { item { bins { code } } } } }
    }""")
    assert answer.targets == ["GET /items?sku=BER-0001"]


async def test_a_key_is_asked_once_even_at_different_depths(ways: JoinedWays) -> None:
    answer = await ways.agreed("""{
      order(id: 3) { shipment { weight order { shipment { orderId order { shipment { carrierId } } } } } }
      orders(first: 3) { nodes { shipment { orderId } } }
    }""")
    assert answer.targets == [f"GET /shipments/{order}" for order in (1, 2, 3)]


async def test_hops_of_one_level_to_one_call_go_in_one_batch(ways: JoinedWays) -> None:
    answer = await ways.compiled("""{
      a: products(first: 10) { nodes { item { sku } } }
      b: products(first: 10, offset: 5) { nodes { item { onHand } } }
      c: products(first: 10, offset: 20) { nodes { other: item { season } } }
    }""")
    assert len(answer.calls) == 1


async def test_several_hops_of_one_row_are_asked_together(ways: JoinedWays) -> None:
    answer = await ways.agreed(
        "{ products(first: 5) { nodes { item { sku } quote { cents } grams notes { text } thing { text } } } }"
    )
    assert sorted({seen.path.split("?")[0] for seen in answer.calls}) == ["/items", "/notes", "/quotes", "/weights"]
    assert len(answer.calls) == 4


async def test_aliases_fragments_and_conditions_are_followed(ways: JoinedWays) -> None:
    query = """query ($yes: Boolean!, $no: Boolean!) {
      products(first: 8) { nodes {
        ...Stock
        item { onHand @skip(if: $yes) code: sku }
        gone: item @include(if: $no) { extra }
        notes @skip(if: $no) { __typename t: text }
        ... on Product @include(if: $yes) { item { ...Rest } }
      } }
    }
    fragment Stock on Product { item { __typename bins { ...Bin } } }
    fragment Rest on Item { season supplier { ... { name } } }
    fragment Bin on Bin { code next { code next { code } } }"""
    answer = await ways.agreed(query, {"yes": True, "no": False})
    assert list(answer.data["products"]["nodes"][0]["item"]) == ["__typename", "bins", "code", "season", "supplier"]
    assert "gone" not in answer.data["products"]["nodes"][0]


async def test_a_hop_that_is_skipped_asks_nothing(ways: JoinedWays) -> None:
    query = "query ($with: Boolean!) { order(id: 1) { id shipment @include(if: $with) { orderId } } }"
    assert (await ways.agreed(query, {"with": False})).calls == ()
    assert len((await ways.agreed(query, {"with": True})).calls) == 1


async def test_unions_in_results_are_told_apart_and_lead_on(ways: JoinedWays) -> None:
    answer = await ways.agreed("""{
      products(first: 30) { nodes { item {
        origin { __typename ... on Farm { name supplier { name } } ... on Import { country } }
      } } }
    }""")
    origins = [row["item"]["origin"] for row in answer.data["products"]["nodes"] if row["item"]]
    assert {origin["__typename"] for origin in origins if origin} == {"Farm", "Import"}
    assert answer.errors == []


async def test_lists_in_results_lead_on(ways: JoinedWays) -> None:
    answer = await ways.agreed("{ orders(first: 6) { nodes { shipment { stops { town customer { fullName } } } } } }")
    stops = [stop for row in answer.data["orders"]["nodes"] if row["shipment"] for stop in row["shipment"]["stops"]]
    assert {stop["town"]: stop["customer"] is None for stop in stops} == {"Town 0": True, "Town 1": False}


async def test_a_row_that_is_not_there_is_null(ways: JoinedWays) -> None:
    answer = await ways.agreed("{ getSupplier(id: 3) { goods { sku product { id } } } }")
    found = {good["sku"]: good["product"] for good in answer.data["getSupplier"]["goods"]}
    assert found == {"BER-0001": {"id": 1}, "APL-0001": {"id": 2}, "no such thing": None}


async def test_rows_of_one_database_lead_to_rows_of_another(ways: JoinedWays) -> None:
    answer = await ways.agreed(
        "{ products(first: 6) { nodes { id thing { id products(first: 1) { nodes { id } } } } } }"
    )
    assert [row["thing"] and row["thing"]["id"] for row in answer.data["products"]["nodes"]] == [1, 2, 3, 4, None, None]
    assert (answer.statements, answer.calls) == (3, ())


async def test_enums_that_graphql_cannot_name_are_renamed(ways: JoinedWays) -> None:
    answer = await ways.agreed("{ products(first: 20) { nodes { item { season } } } }")
    seasons = {row["item"]["season"] for row in answer.data["products"]["nodes"] if row["item"]}
    assert seasons == {"SPRING", "HIGH_SUMMER", "_2ND_AUTUMN", "NULL_", None}


async def test_arguments_reach_the_service_as_it_names_them(ways: JoinedWays) -> None:
    query = """query ($season: Season!) {
      search(season: $season, seasons: [HIGH_SUMMER, NULL_], where: {minStock: 3}, limit: 1) { sku }
    }"""
    answer = await ways.agreed(query, {"season": "_2ND_AUTUMN"})
    [target] = answer.targets
    assert target == ("GET /search?season=2nd%20autumn&seasons=high-summer&seasons=null&where%5Bmin-stock%5D=3&limit=1")


async def test_arguments_out_of_variables_reach_the_service_the_same(ways: JoinedWays) -> None:
    query = """query ($list: [Season!], $where: WhereInput, $limit: Int) {
      search(seasons: $list, where: $where, limit: $limit) { sku }
    }"""
    variables = {"list": ["SPRING"], "where": {"season": "NULL_", "minStock": 0}, "limit": 3}
    answer = await ways.agreed(query, variables)
    assert answer.targets == ["GET /search?seasons=spring&where%5Bmin-stock%5D=0&where%5Bseason%5D=null&limit=3"]


async def test_a_root_call_is_made_once_however_often_it_is_asked(ways: JoinedWays) -> None:
    answer = await ways.agreed("{ a: getSupplier(id: 2) { name } b: getSupplier(id: 2) { id } }")
    assert answer.targets == ["GET /suppliers/2"]


async def test_a_mutation_is_made_as_often_as_it_is_asked(ways: JoinedWays) -> None:
    answer = await ways.resolved(
        """mutation {
          a: placeOrder(body: {sku: "x", onHand: 1}) { sku }
          b: placeOrder(body: {sku: "x", onHand: 1}) { sku }
        }"""
    )
    assert answer.targets == ['POST /orders {"sku":"x","on-hand":1}'] * 2


async def test_keys_of_every_type_are_sent_the_same_both_ways(ways: JoinedWays) -> None:
    query = """{ things(orderBy: {id: ASC}) { nodes {
      echoBig { value } echoCode { value } echoAmount { value } echoRatio { value } echoDay { value }
      echoMoment { value } echoFlag { value } echoText { value }
    } } }"""
    compiled, resolved = await ways.compiled(query), await ways.resolved(query)
    assert compiled.same_as(resolved)
    assert compiled.targets == resolved.targets
    first, _, third, _ = compiled.data["things"]["nodes"]
    assert {name: echoed["value"] for name, echoed in first.items()} == {
        "echoBig": "9223372036854775807",
        "echoCode": "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
        "echoAmount": "12345678901234567890.5000",
        "echoRatio": "0.1",
        "echoDay": "2024-02-29",
        "echoMoment": "2024-05-01T10:30:00.25Z",
        "echoFlag": "true",
        "echoText": "it's 100% ü/ö?&=+#",
    }
    assert set(third.values()) == {None}


async def test_an_enum_is_sent_as_its_database_has_it(ways: JoinedWays) -> None:
    answer = await ways.agreed("{ thing(id: 1) { kind echoKind { value } } }")
    assert answer.data == {"thing": {"kind": "VERY_ODD", "echoKind": {"value": "very-odd"}}}
