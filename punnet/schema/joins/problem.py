"""What is wrong with one join or entity, said so that the name that was meant is near."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class Problem(Exception):
    """Something is wrong with one join or entity."""


def close(name: str, known: Iterable[str]) -> str:
    """What is appended to a message about an unknown name: the closest one that there is, if any is close."""
    found = get_close_matches(name, list(known), n=1)
    return f"; did you mean '{found[0]}'?" if found else ""
