"""What the log says of an answer's errors: one line for each distinct failure, however many fields had it."""

from __future__ import annotations

import traceback
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any

import structlog
from graphql import GraphQLError

from punnet.errors import PunnetError, ValueNotRepresentable

_log = structlog.get_logger("punnet")


@dataclass(slots=True)
class _Failure:
    """An error, and how many fields had it."""

    error: Exception
    path: list[str | int] | None
    """Of the first field."""
    places: int = 0

    def log(self, request_id: str) -> None:
        told: dict[str, Any] = {"request_id": request_id, "path": self.path, "places": self.places}
        if is_hidden(self.error):
            _log.error("field failed", **told, error=repr(self.error), exc_info=self.error)
        else:
            _log.warning("field failed", **told, error=str(self.error))


def log_failures(errors: Iterable[GraphQLError], request_id: str) -> None:
    """Log what a client does not read of its request's errors.

    Clients have an error for each field, as GraphQL's specification wants it. A call that failed can be that of a
    thousand fields, and is one line.
    """
    failures: dict[Hashable, _Failure] = {}
    known: dict[int, _Failure] = {}
    for error in errors:
        original = original_of(error)
        if original is None or not _is_worth_a_line(original):
            continue
        # Most often all fields have the very same error, which then need not be compared.
        failure = known.get(id(original))
        if failure is None:
            failure = failures.setdefault(_sameness(original), _Failure(original, error.path))
            known[id(original)] = failure
        failure.places += 1
    for failure in failures.values():
        failure.log(request_id)


def original_of(error: GraphQLError) -> Exception | None:
    """The error below graphql-core's; None where it is graphql-core's or a team's own."""
    original = error.original_error
    while isinstance(original, GraphQLError):
        original = original.original_error
    return original


def is_hidden(error: Exception) -> bool:
    """Whether a client reads nothing of it but the request's id."""
    return not isinstance(error, PunnetError) or not error.is_public


def _is_worth_a_line(error: Exception) -> bool:
    # Clients read all that there is to say of the others, and may well be their cause.
    if is_hidden(error) or isinstance(error, ValueNotRepresentable):
        return True
    return isinstance(error, PunnetError) and bool(error.where)


def _sameness(error: Exception) -> Hashable:
    """What two errors have in common that are one failure."""
    if not is_hidden(error):
        return str(error)
    # Equal words can come from different lines of code: each has its own traceback to show.
    frames = [(frame.f_code, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    return type(error), str(error), frames[-1] if frames else None
