"""Where the parts of a key go in a call."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """What a part of a key fills: a parameter, a member of it, or a member of each object of a list in it.

    It is written `sku`, `body.sku` or `body.wanted[].sku`.
    """

    path: tuple[str, ...]
    """The parameter, and the members one in the other that lead to what is filled, or to the list."""
    item: tuple[str, ...] = ()
    """The members that lead from each object of the list to what is filled; none where there is no such list."""

    @classmethod
    def parse(cls, text: str, parameters: Collection[str]) -> KeyPlace:
        """Read a place, in a call that has these parameters: their names can hold dots and brackets themselves."""
        if text in parameters:
            return cls((text,))
        path, has_items, item = text.partition("[].")
        return cls(tuple(path.split(".")), tuple(item.split(".")) if has_items else ())

    @property
    def parameter(self) -> str:
        """The parameter that is filled, or has what is filled."""
        return self.path[0]

    def __str__(self) -> str:
        path = ".".join(self.path)
        return f"{path}[].{'.'.join(self.item)}" if self.item else path

    @property
    def name(self) -> str:
        """What is filled, by its own name."""
        return (*self.path, *self.item)[-1].rpartition(".")[2]

    def inner(self, *members: str, of_items: bool = False) -> KeyPlace:
        """The place of a member of what is here, or of each of its items; members are one in the other."""
        if of_items or self.item:
            return replace(self, item=(*self.item, *members))
        return replace(self, path=(*self.path, *members))

    def is_in(self, other: KeyPlace) -> bool:
        """Whether what is here is another place's value, or a part of it."""
        if other.item:
            return self.path == other.path and self.item[: len(other.item)] == other.item
        return self.path[: len(other.path)] == other.path
