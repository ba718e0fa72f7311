"""What a schema has as a subgraph of a federated graph, and what it has no more."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import strawberry
from graphql import GraphQLObjectType, GraphQLUnionType, build_schema, parse
from graphql.execution.values import VariableValues

from punnet.access.condition import Variable
from punnet.access.policy import UNRESTRICTED
from punnet.catalog.directives import SchemaDirectives, TypeDirectives
from punnet.catalog.relations import Catalog
from punnet.execution.run import ready
from punnet.planning.choice import Choice
from punnet.planning.compile import Compiler
from punnet.planning.plan import Plan
from punnet.planning.read import Read
from punnet.planning.selection import Selection
from punnet.schema.build import BuiltSchema, Choices, OwnCode
from punnet.schema.build import build_schema as build
from punnet.schema.federation.directives import directives_of
from punnet.schema.federation.service import subgraph_sdl
from tests.conftest import fresh_database
from tests.engines import Ways, both_ways
from tests.nasty.database import load_nasty
from tests.nasty.values import KEY_TYPES
from tests.schema.full_size import big_catalog

SUBGRAPH = Choices(federation=True)


@strawberry.federation.type(keys=["code"])
class Coupon:
    """What a team keeps in its own code."""

    code: str
    percent: int

    @classmethod
    def resolve_reference(cls, code: str) -> Coupon | None:
        if code == "broken":
            raise RuntimeError("the cellar is flooded")
        return None if code == "gone" else cls(code=code, percent=len(code))


@strawberry.federation.type(keys=["orderId lineNo"])
class Gift:
    order_id: int
    line_no: int

    @classmethod
    async def resolve_reference(cls, info: strawberry.Info, order_id: int, line_no: int) -> Gift:
        return cls(order_id=order_id, line_no=line_no)


@strawberry.type(name="Query")
class OwnQuery:
    @strawberry.field
    def best_coupon(self) -> Coupon:
        return Coupon(code="best", percent=50)

    @strawberry.field
    def gift(self) -> Gift:
        return Gift(order_id=1, line_no=1)


OWN = OwnCode(query=OwnQuery)


@pytest.fixture(scope="module")
async def shop(shop_url: str) -> AsyncIterator[Ways]:
    async with both_ways(shop_url, choices=SUBGRAPH, own=OWN) as ways:
        yield ways


@pytest.fixture(scope="module")
async def nasty(request: pytest.FixtureRequest) -> AsyncIterator[Ways]:
    async with fresh_database(request.getfixturevalue("postgres")) as url:
        await load_nasty(url)
        async with both_ways(url, choices=SUBGRAPH) as ways:
            yield ways


def keys_of(built: BuiltSchema, type_name: str) -> list[str]:
    """The fields of each `@key` of a type."""
    directives = directives_of(built.graphql.type_map[type_name])
    return [dict(each.arguments)["fields"].strip('"') for each in directives if each.name == "key"]


def directives_on(built: BuiltSchema, type_name: str) -> list[str]:
    return [str(each) for each in directives_of(built.graphql.type_map[type_name])]


def query_fields(built: BuiltSchema) -> set[str]:
    query = built.graphql.query_type
    assert query is not None
    return set(query.fields)


def entities_of(built: BuiltSchema) -> set[str]:
    union = built.graphql.type_map["_Entity"]
    assert isinstance(union, GraphQLUnionType)
    return {type_.name for type_ in union.types}


# -- keys ------------------------------------------------------------------------------------------


def test_each_key_of_a_relation_is_one_of_its_type(shop: Ways) -> None:
    assert keys_of(shop.built, "Product") == ["id", "sku"]
    assert keys_of(shop.built, "OrderLine") == ["orderId lineNo"]


def test_a_key_that_can_be_null_is_none(nasty: Ways) -> None:
    assert keys_of(nasty.built, "Ware") == ["id"]
    assert keys_of(nasty.built, "Person") == ["id"]


def test_a_relation_without_a_key_is_no_entity(nasty: Ways) -> None:
    assert keys_of(nasty.built, "Keyless") == []
    assert "Keyless" not in entities_of(nasty.built)


@pytest.mark.parametrize("type_name", ["float4", "float8", "jsonb", "int4[]", "spot", "int4range", "money"])
def test_values_that_others_cannot_give_back_exactly_are_no_keys(nasty: Ways, type_name: str) -> None:
    number = KEY_TYPES.index(type_name)
    assert keys_of(nasty.built, f"Keyed{number}") == []


@pytest.mark.parametrize(
    "type_name", ["text", "citext", "bool", "int2", "int8", "numeric", "uuid", "timestamptz", "mood"]
)
def test_all_other_values_are(nasty: Ways, type_name: str) -> None:
    number = KEY_TYPES.index(type_name)
    assert keys_of(nasty.built, f"Keyed{number}") == ["key"]


def chosen(catalog: Catalog, *types: TypeDirectives) -> BuiltSchema:
    return build(catalog, OWN, Choices(federation=True, directives=SchemaDirectives(types=types)))


async def test_keys_that_are_chosen_take_the_place_of_those(shop: Ways) -> None:
    built = chosen(shop.catalog, TypeDirectives(type="Product", keys=("sku",)))
    assert keys_of(built, "Product") == ["sku"]


async def test_a_type_whose_keys_are_not_resolvable_is_not_asked_for(shop: Ways) -> None:
    built = chosen(shop.catalog, TypeDirectives(type="Product", resolvable=False))
    assert entities_of(shop.built) - entities_of(built) == {"Product"}


# -- what is shared, and what is left out ----------------------------------------------------------


def test_page_infos_and_values_may_be_shared(nasty: Ways) -> None:
    assert directives_on(nasty.built, "PageInfo") == ["@shareable"]
    assert directives_on(nasty.built, "Spot") == ["@shareable"]
    assert directives_on(nasty.built, "IntRange") == ["@shareable"]


def test_rows_and_their_connections_may_not(shop: Ways) -> None:
    assert "@shareable" not in directives_on(shop.built, "Product")
    assert directives_on(shop.built, "ProductConnection") == []


def test_a_subgraph_has_node_ids_but_no_node_field(shop: Ways) -> None:
    assert not {"node", "nodes"} & query_fields(shop.built)
    product = shop.built.graphql.type_map["Product"]
    assert isinstance(product, GraphQLObjectType)
    assert [interface.name for interface in product.interfaces] == ["Node"]


def test_a_schema_that_is_no_subgraph_has_nothing_of_it(shop: Ways) -> None:
    built = build(shop.catalog)
    assert not {"_service", "_entities"} & query_fields(built)
    assert not {"_Any", "_Entity", "_Service"} & set(built.graphql.type_map)
    assert directives_on(built, "Product") == []


# -- _service --------------------------------------------------------------------------------------


async def test_the_service_gives_the_schema_as_text_without_a_statement(shop: Ways) -> None:
    answer = await shop.agreed("{ _service { sdl } again: _service { text: sdl __typename } }")
    assert answer.statements == 0
    assert answer.data["again"] == {"text": answer.data["_service"]["sdl"], "__typename": "_Service"}
    assert answer.data["_service"]["sdl"] == subgraph_sdl(shop.built.graphql)


async def test_the_service_beside_data_is_still_planned(shop: Ways) -> None:
    answer = await shop.agreed("{ _service { sdl } products(first: 1) { nodes { id } } }")
    assert answer.statements == 1


async def test_own_code_alone_is_a_subgraph_too() -> None:
    built = build(Catalog(sources=()), OwnCode(query=OwnQuery), SUBGRAPH)
    assert entities_of(built) == {"Coupon", "Gift"}


async def test_a_subgraph_without_entities_has_no_field_for_them() -> None:
    @strawberry.type(name="Query")
    class Greeting:
        hello: str = "hello"

    built = build(Catalog(sources=()), OwnCode(query=Greeting), SUBGRAPH)
    assert query_fields(built) == {"hello", "_service"}
    assert "_Entity" not in built.graphql.type_map
    assert "type Query" in subgraph_sdl(built.graphql)


# -- entities of own code --------------------------------------------------------------------------

COUPONS = "query Q($r: [_Any!]!) { _entities(representations: $r) { ... on Coupon { code percent } } }"


async def test_own_types_with_keys_are_found_by_their_own_resolvers(shop: Ways) -> None:
    given = [{"__typename": "Coupon", "code": code} for code in ("spring", "gone", "a")]
    answer = await shop.resolved(COUPONS, {"r": given})
    assert answer.data == {"_entities": [{"code": "spring", "percent": 6}, None, {"code": "a", "percent": 1}]}


async def test_they_mix_with_rows(shop: Ways) -> None:
    query = """query Q($r: [_Any!]!) { _entities(representations: $r) {
        __typename ... on Gift { orderId lineNo } ... on Product { id }
    } }"""
    gift = {"__typename": "Gift", "orderId": 1, "lineNo": 2}
    answer = await shop.resolved(query, {"r": [gift, {"__typename": "Product", "id": 1}]})
    assert answer.data == {
        "_entities": [{"__typename": "Gift", "orderId": 1, "lineNo": 2}, {"__typename": "Product", "id": 1}]
    }


async def test_what_own_code_raises_fails_that_entry_alone_and_is_not_shown(shop: Ways) -> None:
    given = [{"__typename": "Coupon", "code": code} for code in ("broken", "a")]
    answer = await shop.resolved(COUPONS, {"r": given})
    assert answer.data == {"_entities": [None, {"code": "a", "percent": 1}]}
    [error] = answer.errors
    assert error["path"] == ["_entities", 0]
    assert "cellar" not in error["message"]


async def test_a_representation_without_a_whole_key_does_not_get_to_own_code(shop: Ways) -> None:
    answer = await shop.resolved(COUPONS, {"r": [{"__typename": "Coupon", "percent": 3}]})
    assert answer.codes == {"BAD_USER_INPUT"}


async def test_a_plan_leaves_entities_of_own_code_to_resolvers(shop: Ways) -> None:
    query = "query Q($r: [_Any!]!) { _entities(representations: $r) { ... on Product { id } } }"
    given = [{"__typename": "Coupon", "code": "a"}, {"__typename": "Product", "id": 1}]
    answer = await shop.agreed(query, {"r": given})
    assert answer.data == {"_entities": [{}, {"id": 1}]}


def test_keys_of_own_types_are_printed(shop: Ways) -> None:
    assert 'type Coupon @key(fields: "code")' in subgraph_sdl(shop.built.graphql)


# -- size ------------------------------------------------------------------------------------------


class Counting:
    """A source that counts the reads that it renders."""

    name = "main"

    def __init__(self) -> None:
        self.prepared: list[Read] = []

    def prepare(self, read: Read) -> Read:
        self.prepared.append(read)
        return read


def plan_of(built: BuiltSchema, selection: str) -> Plan:
    [node] = parse(f"query ($r: [_Any!]!) {{ _entities(representations: $r) {selection} }}").definitions
    opened: Any = VariableValues({}, {"r": Variable(("r",))})
    query = built.graphql.query_type
    assert query is not None
    return Compiler(Selection(built.graphql, node, {}, opened), lambda _relation: UNRESTRICTED).plan(query)  # type: ignore[arg-type]


@pytest.mark.parametrize(("selection", "reads"), [("{ __typename }", 0), ("{ ... on %s { id } }", 1)])
def test_a_plan_has_reads_of_only_those_types_whose_fields_are_selected(selection: str, reads: int) -> None:
    built = build(big_catalog(100), None, SUBGRAPH)
    [type_name, *others] = sorted(entities_of(built))
    assert len(others) == 99
    plan = plan_of(built, selection.replace("%s", type_name))
    source: Any = Counting()
    ready(plan, {"main": source})
    assert isinstance(plan.roots[0].value, Choice)
    assert len(plan.roots[0].value.reads) == reads
    assert source.prepared == []


def test_the_printed_subgraph_reads_back(nasty: Ways) -> None:
    text = subgraph_sdl(nasty.built.graphql).partition("\n\n")[2]
    definitions = "directive @key(fields: String!) repeatable on OBJECT\ndirective @shareable on OBJECT\n"
    assert "Person" in build_schema(definitions + text).type_map
