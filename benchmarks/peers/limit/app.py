"""Peer "limit": what this machine can do with no GraphQL at all.

A bare ASGI app. The request's "query" is just the name of a workload item ("Q1" ...); the
answer is the JSON text that ONE hand-tuned SQL statement built, passed through as bytes.
Q5 and Q6 add the HTTP calls they need: through a small keep-alive client of our own (the default:
aiohttp costs several times as much CPU a call, so with it this would be no limit), or through aiohttp
where LIMIT_HTTP=aiohttp (peer "limit-aiohttp").
"""

import asyncio
import os
from urllib.parse import urlsplit

import asyncpg
import orjson

UPSTREAM = os.environ["BENCH_UPSTREAM"]
POOL = int(os.environ["BENCH_POOL"])
HTTP_POOL = int(os.environ["BENCH_HTTP_POOL"])
RAW = os.environ.get("LIMIT_HTTP", "raw") == "raw"


def as_bytes(expression: str) -> str:
    return f"SELECT convert_to({expression}, 'UTF8')"


CUSTOMER_TREE = """
'{"data":{"customers":[' || coalesce((SELECT string_agg(t, ',') FROM (
  SELECT '{"id":' || c.id || ',"name":' || to_json(c.name) || ',"orders":[' || coalesce((
    SELECT string_agg(t, ',') FROM (
      SELECT '{"id":' || o.id || ',"placedAt":' || to_json(o.placed_at) || ',"status":"' || o.status
             || '","total":' || o.total || ',"lines":[' || coalesce((
        SELECT string_agg('{"lineNo":' || l.line_no || ',"quantity":' || l.quantity || ',"unitPrice":' || l.unit_price
                 || ',"product":{"name":' || to_json(p.name) || ',"price":' || p.price || '}}', ',' ORDER BY l.line_no)
        FROM order_lines l JOIN products p ON p.id = l.product_id WHERE l.order_id = o.id), '') || ']}' AS t
      FROM orders o WHERE o.customer_id = c.id %s ORDER BY o.placed_at DESC LIMIT 10) o), '') || ']}' AS t
  FROM customers c WHERE c.id >= $1 ORDER BY c.id LIMIT 20) c), '') || ']}}'
"""

ORDERS = """
'{"data":{"orders":[' || coalesce((SELECT string_agg(t, ',') FROM (
  SELECT '{"id":' || id || ',"placedAt":' || to_json(placed_at) || ',"status":"' || status || '","total":' || total
         || '}' AS t
  FROM orders WHERE id >= $1 ORDER BY id LIMIT %d) o), '') || ']}}'
"""

SQL = {
    "Q1": as_bytes("""
        '{"data":{"customer":' || coalesce((SELECT '{"id":' || id || ',"email":' || to_json(email) || ',"name":'
          || to_json(name) || ',"city":' || to_json(city) || ',"createdAt":' || to_json(created_at) || '}'
          FROM customers WHERE id = $1), 'null') || '}}'"""),
    "Q2": as_bytes("""
        '{"data":{"products":[' || coalesce((SELECT string_agg(t, ',') FROM (
          SELECT '{"id":' || id || ',"sku":' || to_json(sku) || ',"name":' || to_json(name) || ',"price":' || price
                 || ',"attributes":' || attributes::text || ',"createdAt":' || to_json(created_at) || '}' AS t
          FROM products WHERE price <= $1 ORDER BY price DESC LIMIT 100) p), '') || ']}}'"""),
    "Q3": as_bytes(CUSTOMER_TREE % ""),
    "Q4": "WITH m AS MATERIALIZED (SELECT id, sku, name, price FROM products"
    " WHERE price BETWEEN $1 AND $2 AND name ILIKE $3) "
    + as_bytes("""
        '{"data":{"productPage":{"totalCount":' || (SELECT count(*) FROM m) || ',"nodes":[' || coalesce((
          SELECT string_agg(t, ',') FROM (
          SELECT '{"id":' || id || ',"sku":' || to_json(sku) || ',"name":' || to_json(name) || ',"price":' || price
                 || '}' AS t
          FROM m ORDER BY price LIMIT 50) p), '') || ']}}}'"""),
    "Q5": """SELECT convert_to('{"id":' || id || ',"name":' || to_json(name) || ',"sku":' || to_json(sku), 'UTF8'), sku
             FROM products WHERE id >= $1 ORDER BY id LIMIT 50""",
    "Q6": """SELECT convert_to('{"id":' || id || ',"status":"' || status || '","placedAt":' || to_json(placed_at),
             'UTF8'), id FROM orders WHERE id >= $1 ORDER BY id LIMIT 20""",
    "Q7": """
        WITH l AS (SELECT u.n, p.id AS product_id, u.quantity, p.price
                   FROM unnest($2::int[], $3::int[]) WITH ORDINALITY AS u(product_id, quantity, n)
                   JOIN products p ON p.id = u.product_id),
             o AS (INSERT INTO orders (customer_id, total) SELECT $1, sum(quantity * price) FROM l RETURNING id, total),
             i AS (INSERT INTO order_lines (order_id, line_no, product_id, quantity, unit_price)
                   SELECT o.id, l.n, l.product_id, l.quantity, l.price FROM o, l
                   RETURNING line_no, product_id, quantity, unit_price)
        """
    + as_bytes("""
        '{"data":{"placeOrder":{"id":' || (SELECT id FROM o) || ',"total":' || (SELECT total FROM o)
          || ',"lines":[' || (
          SELECT string_agg('{"lineNo":' || line_no || ',"productId":' || product_id || ',"quantity":' || quantity
                            || ',"unitPrice":' || unit_price || '}', ',' ORDER BY line_no) FROM i) || ']}}}'"""),
    "Q8": as_bytes("""
        '{"data":{"_entities":[' || (
          SELECT string_agg('{"id":' || p.id || ',"sku":' || to_json(p.sku) || ',"name":' || to_json(p.name)
                            || ',"price":' || p.price || '}', ',' ORDER BY u.n)
          FROM unnest($1::int[]) WITH ORDINALITY AS u(id, n) JOIN products p ON p.id = u.id) || ']}}'"""),
    "Q9": as_bytes(CUSTOMER_TREE % "AND o.placed_at < $2::text::timestamptz"),
    "Q10": as_bytes("""
        (SELECT '{"data":{"products":{"edges":[' || coalesce(string_agg(t, ',') FILTER (WHERE n <= 100), '')
          || '],"pageInfo":{"hasNextPage":' || (count(*) > 100) || ',"endCursor":' || to_json(max(id)
          FILTER (WHERE n <= 100)) || '}}}}' FROM (
          SELECT '{"cursor":"' || id || '","node":{"id":' || id || ',"sku":' || to_json(sku) || ',"name":'
                 || to_json(name) || ',"price":' || price || '}}' AS t, id, row_number() over () AS n
          FROM (SELECT * FROM products WHERE id >= $1 ORDER BY id LIMIT 101) p) q)"""),
    "Q12": as_bytes(ORDERS % 100),
    "Q13": as_bytes(ORDERS % 10000),
}


class Database:
    """Ten connections in a LIFO; no pool bookkeeping and no reset query on release."""

    async def open(self):
        self.idle = asyncio.LifoQueue()
        for _ in range(POOL):
            self.idle.put_nowait(
                await asyncpg.connect(os.environ["BENCH_DSN"], server_settings={"search_path": "shop"})
            )

    async def run(self, method, *args):
        connection = await self.idle.get()
        try:
            return await getattr(connection, method)(*args)
        finally:
            self.idle.put_nowait(connection)


class RawConnection(asyncio.Protocol):
    def __init__(self, pool):
        self.pool, self.buffer, self.waiter, self.need = pool, b"", None, -1

    def connection_made(self, transport):
        self.transport = transport

    def connection_lost(self, error):
        self.pool.size -= 1
        if self in self.pool.idle:
            self.pool.idle.remove(self)
        if self.waiter and not self.waiter.done():
            self.waiter.set_exception(error or ConnectionError("upstream closed"))

    def data_received(self, data):
        self.buffer = self.buffer + data if self.buffer else data
        if self.need < 0:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            head = self.buffer[:end].lower()
            if not head.startswith(b"http/1.1 200"):
                self.waiter.set_exception(RuntimeError(head.decode("latin-1")))
                self.transport.close()
                return
            at = head.index(b"content-length:") + 15
            stop = head.find(b"\r", at)
            self.need = int(head[at : stop if stop > 0 else end])
            self.buffer = self.buffer[end + 4 :]
        if len(self.buffer) >= self.need:
            body, self.buffer, self.need = self.buffer, b"", -1
            self.waiter.set_result(body)


class RawClient:
    async def open(self):
        parts = urlsplit(UPSTREAM)
        self.host, self.port, self.netloc = parts.hostname, parts.port, parts.netloc
        self.idle, self.size = [], 0
        self.gate = asyncio.Semaphore(HTTP_POOL)
        self.loop = asyncio.get_running_loop()

    async def get(self, path):
        async with self.gate:
            if self.idle:
                connection = self.idle.pop()
            else:
                _, connection = await self.loop.create_connection(lambda: RawConnection(self), self.host, self.port)
                self.size += 1
            connection.waiter = self.loop.create_future()
            connection.transport.write(f"GET {path} HTTP/1.1\r\nhost: {self.netloc}\r\n\r\n".encode())
            body = await connection.waiter
            connection.waiter = None
            self.idle.append(connection)
            return orjson.loads(body)


class AiohttpClient:
    async def open(self):
        import aiohttp

        self.session = aiohttp.ClientSession(
            base_url=UPSTREAM, connector=aiohttp.TCPConnector(limit=HTTP_POOL, limit_per_host=HTTP_POOL)
        )

    async def get(self, path):
        async with self.session.get(path) as response:
            response.raise_for_status()
            return orjson.loads(await response.read())


database = Database()
client = RawClient() if RAW else AiohttpClient()


async def q5(v):
    rows = await database.run("fetch", SQL["Q5"], v["minId"])
    stock = {i["sku"]: i for i in await client.get("/inventory?sku=" + ",".join(r[1] for r in rows))}
    out = []
    for head, sku in rows:
        i = stock.get(sku)
        tail = (
            b"null"
            if i is None
            else b'{"sku":"%s","onHand":%d,"warehouse":"%s"}' % (sku.encode(), i["on_hand"], i["warehouse"].encode())
        )
        out.append(head + b',"inventory":' + tail + b"}")
    return b'{"data":{"products":[' + b",".join(out) + b"]}}"


async def q6(v):
    rows = await database.run("fetch", SQL["Q6"], v["minId"])
    ships = await asyncio.gather(*[client.get(f"/shipments/{r[1]}") for r in rows])
    return (
        b'{"data":{"orders":['
        + b",".join(
            [
                b'%s,"shipment":{"orderId":%d,"carrier":"%s","eta":"%s"}}'
                % (row[0], s["order_id"], s["carrier"].encode(), s["eta"].encode())
                for row, s in zip(rows, ships, strict=True)
            ]
        )
        + b"]}}"
    )


def one(sql, arguments):
    async def handler(v):
        return await database.run("fetchval", sql, *arguments(v))

    return handler


HANDLERS = {
    "Q1": one(SQL["Q1"], lambda v: (v["id"],)),
    "Q2": one(SQL["Q2"].replace("$1", "$1::text::numeric"), lambda v: (str(v["priceMax"]),)),
    "Q3": one(SQL["Q3"], lambda v: (v["minId"],)),
    "Q4": one(
        SQL["Q4"].replace("$1", "$1::text::numeric").replace("$2", "$2::text::numeric"),
        lambda v: (str(v["priceMin"]), str(v["priceMax"]), v["nameLike"]),
    ),
    "Q5": q5,
    "Q6": q6,
    "Q7": one(
        SQL["Q7"],
        lambda v: (v["customerId"], [n["productId"] for n in v["lines"]], [n["quantity"] for n in v["lines"]]),
    ),
    "Q8": one(SQL["Q8"], lambda v: ([r["id"] for r in v["representations"]],)),
    "Q9": one(SQL["Q9"], lambda v: (v["minId"], v["before"])),
    **{query: one(SQL[query], lambda v: (v["minId"],)) for query in ("Q10", "Q12", "Q13")},
}

OK_HEADERS = [(b"content-type", b"application/json")]


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        await database.open()
        await client.open()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    if scope["path"] != "/graphql":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"ok"})
        return
    message = await receive()
    body = message["body"]
    while message.get("more_body"):
        message = await receive()
        body += message["body"]
    request = orjson.loads(body)
    status, answer = 200, b""
    try:
        answer = await HANDLERS[request["query"]](request["variables"])
    except Exception as error:
        status, answer = 500, orjson.dumps({"errors": [{"message": repr(error)}]})
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [*OK_HEADERS, (b"content-length", b"%d" % len(answer))],
        }
    )
    await send({"type": "http.response.body", "body": answer})


if __name__ == "__main__":
    import uvicorn

    uvicorn.run(
        app,
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
        lifespan="on",
        ws="none",
    )
