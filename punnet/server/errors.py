"""Errors as a client sees them."""

from __future__ import annotations

from typing import Any

import structlog
from graphql import GraphQLError

from punnet.errors import ClientCode, PunnetError

_log = structlog.get_logger("punnet")

HIDDEN_MESSAGE = "Internal server error."


class NotCompiled(PunnetError):
    """An operation has no compiled plan where only compiled plans may answer."""

    code = "SERVER-001"


class SettingsWrong(PunnetError):
    """The settings cannot be used."""

    code = "SERVER-002"


def format_error(error: GraphQLError, request_id: str, default: ClientCode) -> dict[str, Any]:
    """One entry of `errors`: message, locations, path, and extensions with `code` and `requestId`.

    A message is the client's to read where it comes from graphql-core, from a `GraphQLError` that a team's code
    raised, or from an error of ours that says it is public. Of anything else it sees the request's id.
    """
    original = _original(error)
    message, code = error.message, default
    extensions: dict[str, Any] = dict(error.extensions or {})
    if isinstance(original, PunnetError):
        code = original.client_code
        message = original.what if original.is_public else HIDDEN_MESSAGE
    elif original is not None:
        code, message = ClientCode.INTERNAL_SERVER_ERROR, HIDDEN_MESSAGE
    if message == HIDDEN_MESSAGE:
        _log.error("field failed", request_id=request_id, path=error.path, error=repr(original), exc_info=original)
    elif isinstance(original, PunnetError) and original.where:
        _log.warning("field failed", request_id=request_id, path=error.path, error=str(original))
    formatted: dict[str, Any] = {"message": message}
    if error.locations:
        formatted["locations"] = [{"line": at.line, "column": at.column} for at in error.locations]
    if error.path:
        formatted["path"] = error.path
    formatted["extensions"] = {"code": code, **extensions, "requestId": request_id}
    return formatted


def _original(error: GraphQLError) -> Exception | None:
    """The error below graphql-core's; None where it is graphql-core's or a team's own."""
    original = error.original_error
    while isinstance(original, GraphQLError):
        original = original.original_error
    return original
