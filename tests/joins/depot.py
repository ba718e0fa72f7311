"""What the services of these tests answer, and what they were asked: real HTTP on loopback."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.sources.http.transport.upstreams import Behaviour, Exchange, Seen, Upstream, upstream

Json = Any


@dataclass(frozen=True, slots=True)
class Asked:
    """What a service is asked."""

    path: str
    query: dict[str, list[str]]
    body: Json


@dataclass
class Depot:
    """The services, all on one server."""

    upstream: Upstream = field(default_factory=Upstream)
    trouble: dict[str, Behaviour] = field(default_factory=dict)
    """By a pattern of targets, what happens there instead."""
    answers: dict[str, Callable[[Json], Json]] = field(default_factory=dict)
    """By a pattern of targets, what becomes of the answer."""
    delay_s: float = 0
    together: int = 0
    """Nothing is answered before so many calls have been at work at the same time."""
    at_work: int = 0
    most_at_work: int = 0

    def reset(self) -> None:
        """Forget what was asked, and answer well again."""
        self.trouble.clear()
        self.answers.clear()
        self.upstream.seen.clear()
        self.delay_s = self.together = self.most_at_work = 0

    def calls(self, path: str) -> list[Seen]:
        """The calls whose path begins so."""
        return [seen for seen in self.upstream.seen if seen.path.startswith(path)]

    async def behave(self, exchange: Exchange) -> None:
        self.at_work += 1
        self.most_at_work = max(self.most_at_work, self.at_work)
        try:
            await self._behave(exchange)
        finally:
            self.at_work -= 1

    async def _behave(self, exchange: Exchange) -> None:
        target = unquote(exchange.seen.path)
        await self.upstream.until(lambda _upstream: self.most_at_work >= self.together)
        if self.delay_s:
            await asyncio.sleep(self.delay_s)
        for pattern, behaviour in self.trouble.items():
            if re.match(pattern, target):
                return await behaviour(exchange)
        found = answer(asked(exchange.seen))
        for pattern, change in self.answers.items():
            if re.match(pattern, target):
                found = change(found)
        if found is None:
            return await exchange.answer(b"", 404)
        return await exchange.answer(json.dumps(found).encode(), 200, content_type="application/json")


def asked(seen: Seen) -> Asked:
    parts = urlsplit(seen.path)
    return Asked(unquote(parts.path), parse_qs(parts.query), json.loads(seen.body) if seen.body else None)


@asynccontextmanager
async def running_depot() -> AsyncIterator[Depot]:
    depot = Depot()
    async with upstream(depot.behave) as server:
        depot.upstream = server
        yield depot


# -- what there is: made from the key alone, missing where a number says so ----------------------------


def number(text: object) -> int:
    return sum(ord(character) * place for place, character in enumerate(str(text), 1))


def item(sku: str) -> Json:
    own = number(sku)
    if own % 9 == 0:
        return None
    farm = {"kind": "farm", "name": f"Farm {own}", "ownerId": own % 7 or None}
    return {
        "sku": sku,
        "on-hand": own % 500,
        "supplier-id": own % 12 or None,
        "season": ["spring", "high-summer", "2nd autumn", "null", None][own % 5],
        "bins": [{"code": f"B{bin_}", "next": {"code": "N"} if bin_ else None} for bin_ in range(own % 3)],
        "origin": [farm, {"kind": "import", "country": "ES"}, None][own % 3],
        "extra": {"any": [own, None, "x"]},
    }


def supplier(own: int) -> Json:
    return None if own % 5 == 4 else {"id": own, "name": f"Supplier {own}", "parentId": own // 2 or None}


def shipment(order: int) -> Json:
    if order % 8 == 0:
        return None
    stops = [{"town": f"Town {stop}", "customer_id": order * stop or None} for stop in range(order % 3)]
    return {
        "order_id": order, "carrier_id": f"c/{order % 4}" if order % 4 else None, "weight": order / 8, "stops": stops
    }  # fmt: skip


def note_texts(sku: str) -> list[Json]:
    return [{"sku": sku, "text": f"Note {place} on {sku}"} for place in range(number(sku) % 3)]


def answer(asked: Asked) -> Json:
    """The answer's JSON; None is a 404."""
    match asked.path.strip("/").split("/", 1):
        case ["items"]:
            # Backwards, with one too many and one twice.
            found = [found for sku in reversed(asked.query["sku"]) if (found := item(sku))]
            return [{**item("extra"), "sku": "nobody asked"}, *found, *found[:1]]
        case ["items", sku]:
            return item(sku)
        case ["quotes"]:
            skus = sorted(asked.query["skus"][0].split(","))
            return [{"item": {"sku": sku}, "cents": number(sku) + 0.5} for sku in skus if number(sku) % 4]
        case ["notes"]:
            return [note for sku in asked.query["sku"] for note in note_texts(sku)][::-1]
        case ["suppliers", rest] if rest.endswith("/goods"):
            own = int(rest.partition("/")[0])
            return [{"sku": sku} for sku in ("BER-0001", "APL-0001", "no such thing", "BER-0001")[: own % 5]]
        case ["suppliers", own]:
            return supplier(int(own))
        case ["search"]:
            return [item(f"found-{place}") for place in range(int(asked.query["limit"][0])) if item(f"found-{place}")]
        case ["orders"]:
            return item(asked.body["sku"])
        case ["shipments", order]:
            return shipment(int(order))
        case ["carriers", name]:
            carrier = {"id": name, "name": f"Carrier {name}", "supplier_id": number(name) % 9 or None}
            return {"data": {"carrier": carrier}}
        case ["marks"]:
            return [{"id": own, "text": f"Mark {own}"} for own in asked.query["ids"][0].split("|") if int(own) % 4]
        case ["spots"]:
            wanted = asked.body["wanted"]
            return {"spots": [{"at": at, "shelf": f"{at['order']}/{at['line']}"} for at in wanted if at["order"] % 7]}
        case ["weights"]:
            return [number(sku) / 4 if number(sku) % 6 else None for sku in asked.body["skus"]]
        case ["bookings"]:
            visit = asked.body["visit"]
            return {"value": f"{visit['town']}: {visit['reason']}"}
        case ["facts"]:
            return {name: values[0] for name, values in asked.query.items()}
        case ["echo", value]:
            return {"value": value}
    return None
