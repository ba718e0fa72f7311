"""Requests that are not executed at all."""

from __future__ import annotations

from graphql import GraphQLError

from punnet.errors import ClientCode
from punnet.server.failures import original_of

_JUDGEMENTS = (ValueError, TypeError, ArithmeticError)
"""What a team's own scalar says of a value with. Anything else that it raises is a failure."""


class RequestRefused(Exception):
    """A request that is not executed at all: its errors, as they go to the client."""

    def __init__(self, errors: list[GraphQLError], code: ClientCode, *, needs_post: bool = False) -> None:
        super().__init__(code)
        self.errors = [_as_told(error) for error in errors]
        self.code = code
        self.needs_post = needs_post
        """Whether the same request could be executed if it came by POST."""


def _as_told(error: GraphQLError) -> GraphQLError:
    """The error, of a judgement without what it came of: refusals are kept, and its frames hold the whole request."""
    original = original_of(error)
    if original is not None and not isinstance(original, _JUDGEMENTS):
        return error
    return GraphQLError(
        error.message, error.nodes, error.source, error.positions, error.path, extensions=error.extensions
    )
