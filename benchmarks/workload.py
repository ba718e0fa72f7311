"""The work items of the rig: what each asks, and the variables it is asked with.

Variables are canonical (the same values for every peer in a round); queries/<peer>.json says how
a peer's own query takes them and where in its answer the canonical content is. See README.md.
"""

import random
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation

import orjson

NOUNS = ("Lamp", "Chair", "Table", "Shelf", "Clock", "Mirror", "Basket", "Vase", "Desk", "Stool")
EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
DOCUMENTS = 200


def q1(r, n):
    return {"id": r.randint(1, 10000)}


def q2(r, n):
    return {"priceMax": r.randint(500, 1850)}


def q3(r, n):
    return {"minId": r.randint(1, 9980)}


def q4(r, n):
    low = r.randint(1, 1200)
    return {"priceMin": low, "priceMax": low + 600, "nameLike": f"%{r.choice(NOUNS).lower()}%"}


def q5(r, n):
    return {"minId": r.randint(1, 4950)}


def q6(r, n):
    return {"minId": r.randint(1, 99980)}


def q7(r, n):
    return {
        "customerId": r.randint(1, 10000),
        "lines": [{"productId": p, "quantity": r.randint(1, 5)} for p in r.sample(range(1, 5001), 3)],
    }


def q8(r, n):
    return {"representations": [{"__typename": "Product", "id": p} for p in r.sample(range(1, 5001), 200)]}


def q9(r, n):
    # (minId, before) never repeats within a run: `before` grows with n, and each round has its own day.
    return {"minId": r.randint(1, 9980), "before": (EPOCH + timedelta(seconds=n)).strftime("%Y-%m-%dT%H:%M:%SZ")}


def q10(r, n):
    return {"minId": r.randint(1, 4900)}


def q11(r, n):
    # So many different texts of one operation: what a server keeps of a document pays only where it finds it again.
    return {"id": r.randint(1, 10000), "document": n % DOCUMENTS}


def q12(r, n):
    return {"minId": r.randint(1, 89000)}


# name: (what it asks, generator, how many different bodies a round, upstream calls a request when batched right)
QUERIES = {
    "Q1": ("customer by id, 5 scalars", q1, 2000, None),
    "Q2": ("100 products by price desc, 6 scalars (one jsonb)", q2, 1000, None),
    "Q3": ("20 customers -> 10 latest orders -> lines -> product", q3, 2000, None),
    "Q4": ("products by price range + name ilike, first 50, total count", q4, 2000, None),
    "Q5": ("50 products -> inventory over HTTP, batched", q5, 2000, 1),
    "Q6": ("20 orders -> shipment over HTTP, one call each", q6, 2000, 20),
    "Q7": ("insert an order with 3 lines in one transaction", q7, 2000, None),
    "Q8": ("federation _entities, 200 products by id, 4 scalars", q8, 300, None),
    "Q9": ("Q3 with never-repeating variables (id, date)", q9, 20000, None),
    "Q10": ("100 products as edges with cursors and page info", q10, 2000, None),
    "Q11": ("Q1 in 200 documents that take turns", q11, 2000, None),
    "Q12": ("a page of 100 orders, 4 scalars", q12, 500, None),
    "Q13": ("a page of 10,000 orders, 4 scalars", q12, 100, None),
}
UNLIKE = {"cursor", "startCursor", "endCursor"}
"""What each server writes in its own way: it has to be there, and is not compared."""


def variables(query, seed, count=None):
    _, generate, bodies, _ = QUERIES[query]
    r = random.Random(f"{query}/{seed}")
    base = seed * 86400 if isinstance(seed, int) else 0
    return [generate(r, base + n) for n in range(count or bodies)]


# ---- how a peer takes the canonical variables -------------------------------------------------


def render(template, values):
    """Fill "$name" (or "$name:str" / "$name:float" / "$name:upper") and {"$each": "name", "as": ...}."""
    if isinstance(template, str) and template.startswith("$"):
        name, _, kind = template[1:].partition(":")
        value = values
        for part in name.split("."):
            value = value[part]
        return {"": lambda v: v, "str": str, "float": float, "upper": lambda v: str(v).upper()}[kind](value)
    if isinstance(template, dict):
        if "$each" in template:
            return [render(template["as"], {**values, "item": item}) for item in values[template["$each"]]]
        return {key: render(value, values) for key, value in template.items()}
    if isinstance(template, list):
        return [render(value, values) for value in template]
    return template


def body(entry, values):
    return orjson.dumps(
        {
            "query": entry["query"].replace("%DOCUMENT%", str(values.get("document", ""))),
            "variables": render(entry["variables"], values),
            **({"operationName": entry["operationName"]} if "operationName" in entry else {}),
        }
    )


# ---- what a peer answers, made comparable -----------------------------------------------------

NUMBER = re.compile(r"-?\d+(\.\d+)?")
DATE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d")


def scalar(value):
    """Same content, same value: 12.50 == "12.5", "…Z" == "…+00:00", JSON text == JSON, enum case aside."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, (int, float)) or NUMBER.fullmatch(value):
        try:
            return ("n", Decimal(str(value)).normalize())
        except InvalidOperation:
            return value
    if DATE.match(value):
        moment = datetime.fromisoformat(value.replace(" ", "T"))
        return ("t", (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC))
    if value[:1] in "{[" and value[-1:] in "}]":
        try:
            return normal(orjson.loads(value))
        except orjson.JSONDecodeError:
            return value
    return value


def normal(value, drop=(), names=None, key=None):
    if names is None:
        names = {}
    if isinstance(value, list):
        return [normal(item, drop, names) for item in value]
    if isinstance(value, dict):
        value = {names.get(k, k): v for k, v in value.items() if k != "__typename"}
        value = {k: v for k, v in value.items() if k not in drop}
        if set(value) == {"nodes"}:
            return normal(value["nodes"], drop, names)
        if set(value) == {"edges"}:
            return [normal(edge["node"], drop, names) for edge in value["edges"]]
        value = {k: bool(v) if k in UNLIKE else v for k, v in value.items()}
        if "edges" in value and "pageInfo" not in value:
            value["nodes"] = [edge["node"] for edge in value.pop("edges")]
        return {k: normal(v, drop, names, k) for k, v in value.items()}
    if key == "status" and isinstance(value, str):
        return value.lower()
    return scalar(value)


def canonical(query, entry, answer):
    """The comparable content of a decoded answer; raises ValueError where there is none."""
    if not isinstance(answer, dict) or answer.get("errors") or answer.get("data") is None:
        raise ValueError(str(answer)[:400])
    value = answer["data"]
    for part in entry["answer"].split("."):
        value = value[part]
    drop = ("id", "orderId") if query == "Q7" else ()
    return normal(value, drop, entry.get("rename", {}))


def difference(a, b, path="$"):
    """The first place where two canonical values differ, in words; None where they agree."""
    if type(a) is not type(b):
        return f"{path}: {str(a)[:80]} != {str(b)[:80]}"
    if isinstance(a, dict):
        if set(a) != set(b):
            return f"{path}: keys {sorted(a)} != {sorted(b)}"
        return next((d for k in a if (d := difference(a[k], b[k], f"{path}.{k}"))), None)
    if isinstance(a, list):
        if len(a) != len(b):
            return f"{path}: {len(a)} items != {len(b)}"
        pairs = enumerate(zip(a, b, strict=True))
        return next((d for i, (x, y) in pairs if (d := difference(x, y, f"{path}[{i}]"))), None)
    return None if a == b else f"{path}: {a!r} != {b!r}"
