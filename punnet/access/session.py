"""Who asks, and what a source has to know about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The caller of a request."""

    role: str
    claims: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


ANONYMOUS = Identity(role="anonymous")


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """How a source runs the work of one request.

    An empty session needs no transaction: the pool's connections are pinned already.
    """

    role: str | None = None
    settings: tuple[tuple[str, str], ...] = ()
    isolation: str | None = None
    deadline_s: float | None = None


EMPTY_SESSION = Session()
