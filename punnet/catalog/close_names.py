"""The name that was probably meant by one that does not exist."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def closest(name: str, known: Iterable[str]) -> str | None:
    """The name that looks most like this one, whatever its case; None where none looks like it."""
    by_lower = {each.lower(): each for each in known}
    found = get_close_matches(name.lower(), by_lower, n=1)
    return by_lower[found[0]] if found else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """What is appended to a message about a name that does not exist; nothing where none looks like it."""
    close = closest(name, known)
    return f"; did you mean '{close}'?" if close is not None else ""
