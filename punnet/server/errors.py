"""Errors as a client sees them."""

from __future__ import annotations

from typing import Any

from graphql import GraphQLError, ValueNode

from punnet.errors import ClientCode, PunnetError
from punnet.server.failures import is_hidden, original_of

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
    original = original_of(error)
    message, code = error.message, default
    extensions: dict[str, Any] = dict(error.extensions or {})
    if isinstance(original, PunnetError):
        code = original.client_code
        message = HIDDEN_MESSAGE if is_hidden(original) else original.what
    elif original is not None:
        code, message = ClientCode.INTERNAL_SERVER_ERROR, HIDDEN_MESSAGE
    elif default is ClientCode.INTERNAL_SERVER_ERROR and _is_about_a_value(error):
        code = ClientCode.BAD_USER_INPUT
    formatted: dict[str, Any] = {"message": message}
    if error.locations:
        formatted["locations"] = [{"line": at.line, "column": at.column} for at in error.locations]
    if error.path:
        formatted["path"] = error.path
    formatted["extensions"] = {"code": code, **extensions, "requestId": request_id}
    return formatted


def _is_about_a_value(error: GraphQLError) -> bool:
    """Whether a field failed for an argument: a variable with a default can be null where the argument cannot."""
    return error.nodes is not None and any(isinstance(node, ValueNode) for node in error.nodes[:1])
