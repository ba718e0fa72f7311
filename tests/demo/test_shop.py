from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256

import asyncpg
import pytest

from punnet.demo.embedded import PostgresServer
from punnet.demo.shop import ShopNotLoaded, load_shop
from punnet.demo.upstream import inventory_of, shipment_of
from tests.conftest import MakeDatabase

TABLES = ("addresses", "categories", "customers", "order_lines", "orders", "payments", "products", "reviews")
VIEWS = ("best_sellers", "monthly_revenue")

COMMENTED_THINGS = """
    select 'relation ' || relname as thing, obj_description(oid, 'pg_class') as comment
    from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'v', 'm')
    union all
    select 'column ' || relname || '.' || attname, col_description(attrelid, attnum)
    from pg_attribute join pg_class on pg_class.oid = attrelid
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'v', 'm') and attnum > 0
    union all
    select 'enum ' || typname, obj_description(oid, 'pg_type')
    from pg_type where typnamespace = 'public'::regnamespace and typtype = 'e'
"""

# Each foreign key: its columns followed by those of the primary key, and the columns of the table's indexes.
FOREIGN_KEYS = """
    select
        foreign_key.conrelid::regclass || ' ' || foreign_key.conname as name,
        foreign_key.conkey
            || array(select k from unnest(primary_key.conkey) k where k <> all(foreign_key.conkey)) as wanted,
        array(select indkey::text from pg_index where indrelid = foreign_key.conrelid) as indexes
    from pg_constraint foreign_key
    join pg_constraint primary_key on primary_key.conrelid = foreign_key.conrelid
    where foreign_key.contype = 'f' and primary_key.contype = 'p'
"""


@pytest.fixture
async def shop(shop_url: str) -> AsyncIterator[asyncpg.Connection]:
    async with connected(shop_url) as connection:
        yield connection


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


async def fingerprints(url: str) -> dict[str, str]:
    """A hash of each relation's rows, in the order of their text."""
    async with connected(url) as connection:
        return {name: await fingerprint(connection, name) for name in (*TABLES, *VIEWS)}


async def fingerprint(connection: asyncpg.Connection, relation: str) -> str:
    await connection.execute("set timezone to 'UTC'")
    rows = await connection.fetch(f"select r::text from {relation} r")
    return sha256("\n".join(sorted(row[0] for row in rows)).encode()).hexdigest()


async def test_the_shop_has_about_fifty_thousand_rows(shop: asyncpg.Connection) -> None:
    counts = [await shop.fetchval(f"select count(*) from {table}") for table in TABLES]
    assert 45_000 < sum(counts) < 55_000
    assert min(counts) > 0


async def test_two_loads_give_the_same_rows(shop_url: str, empty_database: MakeDatabase) -> None:
    second = await empty_database()
    await load_shop(second)
    assert await fingerprints(second) == await fingerprints(shop_url)


async def test_postgresql_15_gives_the_same_rows(shop_url: str, shop_url_15: str) -> None:
    assert await fingerprints(shop_url_15) == await fingerprints(shop_url)


async def test_rows_do_not_depend_on_the_sessions_time_zone(shop_url: str, empty_database: MakeDatabase) -> None:
    elsewhere = await empty_database()
    async with connected(elsewhere) as connection:
        name = await connection.fetchval("select current_database()")
        await connection.execute(f"alter database {name} set timezone to 'Asia/Kathmandu'")
    await load_shop(elsewhere)
    assert await fingerprints(elsewhere) == await fingerprints(shop_url)


async def test_everything_has_a_comment(shop: asyncpg.Connection) -> None:
    things = await shop.fetch(COMMENTED_THINGS)
    assert len(things) > 80
    assert [row["thing"] for row in things if row["comment"] is None] == []


async def test_comments_are_sentences(shop: asyncpg.Connection) -> None:
    things = await shop.fetch(COMMENTED_THINGS)
    assert [row["thing"] for row in things if not row["comment"][0].isupper() or row["comment"][-1] != "."] == []


async def test_every_foreign_key_is_indexed_together_with_the_primary_key(shop: asyncpg.Connection) -> None:
    keys = await shop.fetch(FOREIGN_KEYS)
    assert len(keys) == 11
    assert [row["name"] for row in keys if " ".join(map(str, row["wanted"])) not in row["indexes"]] == []


async def test_statistics_are_there(shop: asyncpg.Connection) -> None:
    estimate = await shop.fetchval("select reltuples from pg_class where oid = 'order_lines'::regclass")
    assert estimate == 20_000


async def test_the_first_products_have_a_category_and_two_reviews(shop: asyncpg.Connection) -> None:
    rows = await shop.fetch(
        """select products.name, categories.name as category, count(*) as reviews
        from products
        join categories on categories.id = category_id
        join reviews on product_id = products.id
        join customers on customers.id = customer_id
        where products.id <= 3 group by 1, 2 having count(*) >= 2"""
    )
    assert {row["category"] for row in rows} == {"Berries", "Apples & pears", "Citrus"}


async def test_categories_are_a_tree_of_three_levels(shop: asyncpg.Connection) -> None:
    levels = await shop.fetch(
        """with recursive tree as (
            select id, 1 as level from categories where parent_id is null
            union all select categories.id, level + 1 from tree join categories on parent_id = tree.id
        ) select level, count(*) as n from tree group by level order by level"""
    )
    assert [row["n"] for row in levels] == [4, 10, 30]


async def test_every_order_costs_what_its_lines_do(shop: asyncpg.Connection) -> None:
    wrong = await shop.fetchval(
        """select count(*) from orders
        where total is distinct from (select sum(line_total) from order_lines where order_id = orders.id)"""
    )
    assert wrong == 0


async def test_orders_go_to_addresses_of_their_customer(shop: asyncpg.Connection) -> None:
    wrong = await shop.fetchval(
        """select count(*) from orders
        join addresses as billing on billing.id = billing_address_id
        join addresses as shipping on shipping.id = shipping_address_id
        where billing.customer_id <> orders.customer_id or shipping.customer_id <> orders.customer_id"""
    )
    assert wrong == 0
    assert await shop.fetchval("select count(*) from orders where billing_address_id <> shipping_address_id") > 500


async def test_names_and_texts_have_umlauts_quotes_and_emoji(shop: asyncpg.Connection) -> None:
    assert await shop.fetchval("select count(*) from customers where full_name ~ '[ü'']'") > 100
    assert await shop.fetchval("select count(*) from reviews where body ~ '[🙏🐕]' or title ~ '[❤✨]'") > 100
    assert await shop.fetchval("select count(*) from products where name like '%\"%'") > 5


async def test_email_addresses_are_plain_ascii(shop: asyncpg.Connection) -> None:
    assert await shop.fetchval("select count(*) from customers where email !~ '^[a-z.]+@example\\.(com|org|net)$'") == 0


async def test_the_next_row_gets_the_next_number(shop: asyncpg.Connection) -> None:
    transaction = shop.transaction()
    await transaction.start()
    added = await shop.fetchval(
        """insert into categories (name, slug, description, position)
        values ('New', 'new', 'Just in.', 5) returning id"""
    )
    await transaction.rollback()
    assert added == 45


async def test_every_product_has_a_sku_that_the_upstream_service_understands(
    shop: asyncpg.Connection,
) -> None:
    skus = [row["sku"] for row in await shop.fetch("select sku from products")]
    stocked = [sku for sku in skus if inventory_of(sku) is not None]
    assert 1000 < len(stocked) < len(skus)


async def test_the_upstream_service_has_a_shipment_for_each_order_that_was_sent(
    shop: asyncpg.Connection,
) -> None:
    orders = await shop.fetch("select id, shipped_at is not null as sent from orders")
    assert [row["id"] for row in orders if row["sent"] != (shipment_of(row["id"]) is not None)] == []


async def test_shipments_arrive_after_they_were_sent(shop: asyncpg.Connection) -> None:
    orders = await shop.fetch("select id, shipped_at::date as sent_on from orders where shipped_at is not null")
    late = [row["id"] for row in orders if (found := shipment_of(row["id"])) and found.eta < row["sent_on"]]
    assert late == []


async def test_a_database_with_a_shop_is_left_as_it_is(shop_url: str) -> None:
    before = await fingerprints(shop_url)
    with pytest.raises(ShopNotLoaded, match="already exists"):
        await load_shop(shop_url)
    assert await fingerprints(shop_url) == before


async def test_a_database_that_does_not_exist_is_reported(postgres: PostgresServer) -> None:
    with pytest.raises(ShopNotLoaded, match="does not exist"):
        await load_shop(postgres.url("nowhere"))
