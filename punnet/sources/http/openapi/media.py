"""Which of the media types offered is taken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from punnet.sources.http.openapi.documents import shorten

FORM = "application/x-www-form-urlencoded"
_ANY = ("*/*", "application/*")
# They come piece by piece and have no end.
_STREAMS = frozenset({"text/event-stream"})


def plain_type(media_type: str) -> str:
    """Without parameters such as `charset`, in lower case."""
    return media_type.partition(";")[0].strip().lower()


def pick_json(media_types: Iterable[str]) -> str | None:
    """The first of the best kind: `application/json`, else `application/problem+json` and kin, else any."""
    ranked = [(rank, media_type) for media_type in media_types if (rank := _json_rank(plain_type(media_type))) < 9]
    return min(ranked, key=lambda one: one[0])[1] if ranked else None


def _json_rank(media_type: str) -> int:
    if media_type == "application/json":
        return 0
    if media_type == "text/json" or (media_type.endswith("+json") and "/" in media_type):
        return 1
    return 2 if media_type in _ANY else 9


def pick_text(media_types: Iterable[str]) -> str | None:
    """The first that is text."""
    return next((one for one in media_types if plain_type(one).startswith("text/") and one not in _STREAMS), None)


def pick_form(media_types: Iterable[str]) -> str | None:
    """The first that is a form without files."""
    return next((one for one in media_types if plain_type(one) == FORM), None)


def is_definite(media_type: str) -> bool:
    """Whether it names one type and can be asked for."""
    return "*" not in media_type


def listed(media_types: Sequence[str]) -> str:
    """For a reason."""
    return shorten(", ".join(sorted({plain_type(media_type) for media_type in media_types})))
