"""Parts of configurations as the documentation shows them, made whole."""

from __future__ import annotations

import re

REST = {
    "shop": 'type = "postgres"\nurl = "postgresql://h/d"',
    "stock": 'type = "openapi"\nurl = "stock.json"',
    "parcels": 'type = "http"\nurl = "http://h"\noperations.shipment.path = "/"',
}
"""The sources that fragments refer to."""


def completed(example: str) -> str:
    """The whole file of an example that says only what matters to it."""
    named = re.findall(r"^\[sources\.(\w+)", example, flags=re.MULTILINE)
    rest = "".join(f"\n[sources.{name}]\n{text}\n" for name, text in REST.items() if name not in named)
    return example if example.startswith("version") else f"version = 1\n{example}{rest}"
