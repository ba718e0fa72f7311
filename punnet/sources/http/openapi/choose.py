"""Which operations of a document are wanted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from punnet.catalog.endpoints import LeftOut


@dataclass(frozen=True, slots=True, kw_only=True)
class Picks:
    """Operations, by any of three handles."""

    tags: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    """Patterns with `*`, `?` and `[...]`; a `*` matches slashes too."""
    operations: tuple[str, ...] = ()
    """operationIds, exactly; of an operation without one, the name that is made for it."""

    def __bool__(self) -> bool:
        return bool(self.tags or self.paths or self.operations)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What an operation can be chosen by."""

    path: str
    tags: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose:
    """An operation is kept that any handle of `include` matches, or where that is empty, and none of `exclude`."""

    include: Picks = Picks()
    exclude: Picks = Picks()

    def keeps(self, candidate: Candidate) -> bool:
        """Whether the operation is wanted."""
        is_included = not self.include or _picks(self.include, candidate)
        return is_included and not _picks(self.exclude, candidate)

    def idle(self, candidates: Iterable[Candidate]) -> Iterator[LeftOut]:
        """Tell the handles that match nothing, most likely for a slip of the pen."""
        everything = tuple(candidates)
        for word, picks in (("include", self.include), ("exclude", self.exclude)):
            for kind, one, handle in _single_picks(picks):
                if not any(_picks(one, candidate) for candidate in everything):
                    yield LeftOut(place=f"{word} {kind} '{handle}'", reason="matches no operation of the document")


def _picks(picks: Picks, candidate: Candidate) -> bool:
    return (
        any(tag in picks.tags for tag in candidate.tags)
        or any(name in picks.operations for name in candidate.names)
        or any(fnmatchcase(candidate.path, pattern) for pattern in picks.paths)
    )


def _single_picks(picks: Picks) -> Iterator[tuple[str, Picks, str]]:
    yield from (("tag", Picks(tags=(tag,)), tag) for tag in picks.tags)
    yield from (("path", Picks(paths=(path,)), path) for path in picks.paths)
    yield from (("operation", Picks(operations=(name,)), name) for name in picks.operations)
