"""Data access shared by the hand-written Python peers (Strawberry, Ariadne).

What a careful engineer writes: one asyncpg pool of BENCH_POOL connections, prepared statements
(asyncpg's own cache), one SQL statement a batch, one HTTP call for a batch where the service
has a batch call and concurrent calls where it has none, orjson, aiohttp with keep-alive.
"""

import os
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

import aiohttp
import asyncpg
import orjson

ORDER_BY = {"ID_ASC": "id", "PRICE_ASC": "price", "PRICE_DESC": "price DESC"}
PRODUCT = "id, category_id, name, sku, price, attributes, created_at"
ORDER = "id, customer_id, status::text AS status, placed_at, total"


async def _no_reset(connection):
    """asyncpg's reset query costs a round trip on every release; this code leaves no session state."""


async def _init(connection):
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", encoder=lambda v: orjson.dumps(v).decode(), decoder=orjson.loads
    )


class Shop:
    async def open(self):
        self.pool = await asyncpg.create_pool(
            os.environ["BENCH_DSN"],
            min_size=int(os.environ["BENCH_POOL"]),
            max_size=int(os.environ["BENCH_POOL"]),
            init=_init,
            reset=_no_reset,
            server_settings={"search_path": "shop"},
        )
        self.http = aiohttp.ClientSession(
            base_url=os.environ["BENCH_UPSTREAM"],
            connector=aiohttp.TCPConnector(
                limit=int(os.environ["BENCH_HTTP_POOL"]), limit_per_host=int(os.environ["BENCH_HTTP_POOL"])
            ),
        )

    async def close(self):
        await self.http.close()
        await self.pool.close()

    # root fields

    async def customers(self, min_id, first):
        return await self.pool.fetch(
            "SELECT id, email, name, city, country, created_at FROM customers WHERE id >= $1 ORDER BY id LIMIT $2",
            min_id,
            first,
        )

    async def orders(self, min_id, first):
        return await self.pool.fetch(f"SELECT {ORDER} FROM orders WHERE id >= $1 ORDER BY id LIMIT $2", min_id, first)

    @staticmethod
    def _product_where(filter):
        conditions, arguments = [], []
        for key, condition in (
            ("min_id", "id >= ${}"),
            ("price_min", "price >= ${}"),
            ("price_max", "price <= ${}"),
            ("name_like", "name ILIKE ${}"),
        ):
            if filter.get(key) is not None:
                arguments.append(filter[key])
                conditions.append(condition.format(len(arguments)))
        return (" WHERE " + " AND ".join(conditions) if conditions else ""), arguments

    async def products(self, filter, order_by, first):
        where, arguments = self._product_where(filter)
        return await self.pool.fetch(
            f"SELECT {PRODUCT} FROM products{where} ORDER BY {ORDER_BY[order_by]} LIMIT ${len(arguments) + 1}",
            *arguments,
            first,
        )

    async def product_count(self, filter):
        where, arguments = self._product_where(filter)
        return await self.pool.fetchval(f"SELECT count(*) FROM products{where}", *arguments)

    async def place_order(self, customer_id, lines):
        async with self.pool.acquire() as connection, connection.transaction():
            prices = dict(
                await connection.fetch(
                    "SELECT id, price FROM products WHERE id = ANY($1::int[])", [p for p, _ in lines]
                )
            )
            order = await connection.fetchrow(
                f"INSERT INTO orders (customer_id, total) VALUES ($1, $2) RETURNING {ORDER}",
                customer_id,
                sum((prices[p] * q for p, q in lines), Decimal()),
            )
            await connection.execute(
                """INSERT INTO order_lines (order_id, line_no, product_id, quantity, unit_price)
                   SELECT $1, u.n, u.p, u.q, u.price
                   FROM unnest($2::int[], $3::int[], $4::numeric[]) WITH ORDINALITY AS u(p, q, price, n)""",
                order["id"],
                [p for p, _ in lines],
                [q for _, q in lines],
                [prices[p] for p, _ in lines],
            )
        return order

    # batches: one list of keys in, one list of values out, same order

    async def customers_by_id(self, ids):
        rows = await self.pool.fetch(
            "SELECT id, email, name, city, country, created_at FROM customers WHERE id = ANY($1::int[])", ids
        )
        found = {row["id"]: row for row in rows}
        return [found.get(i) for i in ids]

    async def products_by_id(self, ids):
        rows = await self.pool.fetch(f"SELECT {PRODUCT} FROM products WHERE id = ANY($1::int[])", ids)
        found = {row["id"]: row for row in rows}
        return [found.get(i) for i in ids]

    async def orders_by_customer(self, ids, first, before):
        if before is None:
            rows = await self.pool.fetch(
                f"""SELECT o.* FROM unnest($1::int[]) AS k(id), LATERAL (
                      SELECT {ORDER} FROM orders WHERE customer_id = k.id
                      ORDER BY placed_at DESC LIMIT $2) AS o""",
                ids,
                first,
            )
        else:
            rows = await self.pool.fetch(
                f"""SELECT o.* FROM unnest($1::int[]) AS k(id), LATERAL (
                      SELECT {ORDER} FROM orders WHERE customer_id = k.id AND placed_at < $3
                      ORDER BY placed_at DESC LIMIT $2) AS o""",
                ids,
                first,
                before,
            )
        found = {k: list(g) for k, g in groupby(rows, key=itemgetter("customer_id"))}
        return [found.get(i, []) for i in ids]

    async def lines_by_order(self, ids):
        rows = await self.pool.fetch(
            """SELECT order_id, line_no, product_id, quantity, unit_price FROM order_lines
               WHERE order_id = ANY($1::int[]) ORDER BY order_id, line_no""",
            ids,
        )
        found = {k: list(g) for k, g in groupby(rows, key=itemgetter("order_id"))}
        return [found.get(i, []) for i in ids]

    async def inventory_by_sku(self, skus):
        async with self.http.get("/inventory", params={"sku": ",".join(skus)}) as response:
            response.raise_for_status()
            found = {item["sku"]: item for item in orjson.loads(await response.read())}
        return [found.get(s) for s in skus]

    async def shipment(self, order_id):
        async with self.http.get(f"/shipments/{order_id}") as response:
            response.raise_for_status()
            return orjson.loads(await response.read())
