"""Who gets a name that several things want."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple

EVERY_SCHEMA = "every schema"
"""Who has a name that means something whatever the catalog is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collision:
    """Things of one place that wanted one name."""

    place: str
    """`types`, `query fields`, or whose fields or values: `public.products`."""
    wanted: str
    given: tuple[tuple[str, str], ...]
    """Each raw name with the name that it got, in order."""


class Claim(NamedTuple):
    """A thing that wants a name."""

    choices: tuple[str, ...]
    """The names that it takes, the best first."""
    rank: tuple[object, ...]
    """The lower, the better the claim; no two claims of one place share it."""
    raw: str
    """The raw name: it stands in messages, and is hashed where no choice is free."""


@dataclass(slots=True)
class Clashes:
    """Names that were given by hand to what cannot have them."""

    found: list[str] = field(default_factory=list)

    def add(self, thing: str, name: str, why: str) -> None:
        """Tell of one."""
        self.found.append(f"'{thing}' cannot have the name '{name}': {why}")

    def take(self, place: str, thing: str, name: str, taken: dict[str, str]) -> None:
        """Give a thing of a place its name, unless that is gone."""
        if name in taken:
            whose = "it means something in every schema" if taken[name] == EVERY_SCHEMA else f"'{taken[name]}' has it"
            self.add(thing if thing == place else f"{place} {thing}", name, whose)
        taken.setdefault(name, thing)


def settle(
    place: str,
    claims: Sequence[Claim],
    collisions: list[Collision],
    *,
    taken: Mapping[str, str] | None = None,
    mark: Callable[[str], str] = str,
) -> list[str]:
    """Give each claim a name that no other has.

    All claims ask for their first choice at once; who does not get it asks for the second one in the next
    round, and who gets none has its last choice with a hash.

    Args:
        place: what the collisions say.
        claims: in any order.
        collisions: takes what was contested.
        taken: names that are gone, with the raw names that have them.
        mark: turns a hash to the place's case.
    """
    owner = dict(taken or {})
    wanted = [claim.choices[0] for claim in claims]
    if len(set(wanted)) == len(wanted) and owner.keys().isdisjoint(wanted):
        return wanted
    given: dict[int, str] = {}
    contests: dict[str, set[int]] = {}
    ranked = sorted(range(len(claims)), key=lambda i: claims[i].rank)
    for turn in range(max(len(claim.choices) for claim in claims)):
        for i in [i for i in ranked if i not in given and turn < len(claims[i].choices)]:
            choice = claims[i].choices[turn]
            if choice in owner:
                contests.setdefault(choice, set()).add(i)
            else:
                owner[choice] = claims[i].raw
                given[i] = choice
    for i in [i for i in ranked if i not in given]:
        given[i] = _marked(claims[i], owner, mark)
        owner[given[i]] = claims[i].raw
    for choice, losers in contests.items():
        parties = [(owner[choice], choice), *((claims[i].raw, given[i]) for i in losers)]
        collisions.append(Collision(place=place, wanted=choice, given=tuple(sorted(parties))))
    return [given[i] for i in range(len(claims))]


def _marked(claim: Claim, owner: Mapping[str, str], mark: Callable[[str], str]) -> str:
    stem = claim.choices[-1].rstrip("_")
    for attempt in count():
        text = f"{claim.raw} {attempt}" if attempt else claim.raw
        digest = hashlib.blake2s(text.encode(errors="backslashreplace"), digest_size=3).hexdigest()
        name = f"{stem}_{mark(digest)}"
        if name not in owner:
            return name
    raise AssertionError("count() does not end")
