"""The upstream HTTP services of dataset "shop", with a simulated latency of 5 ms.

GET /inventory?sku=a,b,c   one call for many keys  -> [{sku, on_hand, warehouse}, ...]
GET /shipments/{order_id}  one call a key          -> {order_id, carrier, eta}
GET /stats                 how many calls came in (no latency)
GET /reset                 the same answer, then the counters go to zero
GET /openapi.json          description for peers that generate from OpenAPI

A bare asyncio protocol on uvloop: it should cost as little of the machine as possible, because
it shares the cores with the server under test. Every answer waits the same time, so one FIFO
and one timer serve all of them. Keep-alive and pipelining work; bodies of requests are not read
(GET only).

usage: server.py PORT [latency_ms]
"""

import asyncio
import json
import sys
from collections import deque
from urllib.parse import unquote, urlsplit

import uvloop

LATENCY = float(sys.argv[2]) / 1000 if len(sys.argv) > 2 else 0.005
WAREHOUSES = ("AMS", "BER", "CDG", "DUB", "EDI")
CARRIERS = ("postal", "express", "bike", "drone")
STATS = dict.fromkeys(("inventory_calls", "inventory_skus", "shipment_calls", "other_calls", "connections"), 0)
ETAS = [f"2025-{1 + d // 28:02d}-{1 + d % 28:02d}T12:00:00Z" for d in range(336)]

OPENAPI = {
    "openapi": "3.0.3",
    "info": {"title": "shop upstream", "version": "1"},
    "paths": {
        "/inventory": {
            "get": {
                "operationId": "inventory",
                "parameters": [
                    {
                        "name": "sku",
                        "in": "query",
                        "required": True,
                        "style": "form",
                        "explode": False,
                        "schema": {"type": "array", "items": {"type": "string"}},
                    }
                ],
                "responses": {
                    "200": {
                        "description": "stock",
                        "content": {
                            "application/json": {
                                "schema": {"type": "array", "items": {"$ref": "#/components/schemas/Inventory"}}
                            }
                        },
                    }
                },
            }
        },
        "/shipments/{order_id}": {
            "get": {
                "operationId": "shipment",
                "parameters": [{"name": "order_id", "in": "path", "required": True, "schema": {"type": "integer"}}],
                "responses": {
                    "200": {
                        "description": "shipment",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Shipment"}}},
                    }
                },
            }
        },
    },
    "components": {
        "schemas": {
            "Inventory": {
                "type": "object",
                "required": ["sku", "on_hand", "warehouse"],
                "properties": {
                    "sku": {"type": "string"},
                    "on_hand": {"type": "integer"},
                    "warehouse": {"type": "string"},
                },
            },
            "Shipment": {
                "type": "object",
                "required": ["order_id", "carrier", "eta"],
                "properties": {
                    "order_id": {"type": "integer"},
                    "carrier": {"type": "string"},
                    "eta": {"type": "string", "format": "date-time"},
                },
            },
        }
    },
}


def inventory_item(sku: str) -> str:
    n = int(sku[4:]) if sku[4:].isdigit() else 0
    return f'{{"sku":"{sku}","on_hand":{n * 37 % 500},"warehouse":"{WAREHOUSES[n % 5]}"}}'


def frame(body: str, status: str = "200 OK") -> bytes:
    return (
        f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n{body}"
    ).encode()


def answer(target: str) -> tuple[bytes, bool]:
    """-> (response bytes, whether the simulated latency applies)."""
    if target.startswith("/shipments/"):
        STATS["shipment_calls"] += 1
        tail = target[11:].split("?", 1)[0]
        if not tail.isdigit():
            return frame('{"error":"bad id"}', "404 Not Found"), True
        n = int(tail)
        return frame(f'{{"order_id":{n},"carrier":"{CARRIERS[n % 4]}","eta":"{ETAS[n % 336]}"}}'), True
    if target.startswith("/inventory?"):
        skus = []
        for part in urlsplit(target).query.split("&"):
            key, _, value = part.partition("=")
            if key in ("sku", "sku[]", "sku%5B%5D"):
                skus += [s for s in unquote(value).split(",") if s]
        STATS["inventory_calls"] += 1
        STATS["inventory_skus"] += len(skus)
        return frame("[" + ",".join(map(inventory_item, skus)) + "]"), True
    path = target.split("?", 1)[0]
    if path == "/openapi.json":
        return frame(json.dumps(OPENAPI)), False
    if path in ("/stats", "/reset"):
        body = frame(json.dumps(STATS))
        if path == "/reset":
            for key in STATS:
                STATS[key] = 0
        return body, False
    STATS["other_calls"] += 1
    return frame('{"error":"not found"}', "404 Not Found"), True


class Delay:
    """FIFO of (due, transport, bytes): the delay is constant, so one timer is enough."""

    def __init__(self, loop):
        self.loop, self.queue, self.armed = loop, deque(), False

    def add(self, transport, data):
        due = self.loop.time() + LATENCY
        self.queue.append((due, transport, data))
        if not self.armed:
            self.armed = True
            self.loop.call_at(due, self.fire)

    def fire(self):
        now, queue = self.loop.time() + 0.0005, self.queue
        while queue and queue[0][0] <= now:
            _, transport, data = queue.popleft()
            if not transport.is_closing():
                transport.write(data)
        if queue:
            self.loop.call_at(queue[0][0], self.fire)
        else:
            self.armed = False


class Protocol(asyncio.Protocol):
    def __init__(self, delay):
        self.delay, self.buffer = delay, b""

    def connection_made(self, transport):
        self.transport = transport
        STATS["connections"] += 1

    def data_received(self, data):
        buffer = self.buffer + data if self.buffer else data
        while True:
            head, end, rest = buffer.partition(b"\r\n\r\n")
            if not end:
                break
            buffer = rest
            method, _, tail = head.partition(b" ")
            target = tail[: tail.index(b" ")].decode()
            if method != b"GET":
                self.transport.write(frame('{"error":"GET only"}', "405 Method Not Allowed"))
                self.transport.close()
                return
            data, delayed = answer(target)
            if delayed:
                self.delay.add(self.transport, data)
            else:
                self.transport.write(data)
        self.buffer = buffer


async def main():
    loop = asyncio.get_running_loop()
    delay = Delay(loop)
    server = await loop.create_server(lambda: Protocol(delay), "127.0.0.1", int(sys.argv[1]), backlog=1024)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main())
