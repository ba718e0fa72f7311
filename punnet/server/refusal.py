"""Requests that are not executed at all."""

from __future__ import annotations

from graphql import GraphQLError

from punnet.errors import ClientCode


class RequestRefused(Exception):
    """A request that is not executed at all: its errors, as they go to the client."""

    def __init__(self, errors: list[GraphQLError], code: ClientCode, *, needs_post: bool = False) -> None:
        super().__init__(code)
        self.errors = [_as_told(error) for error in errors]
        self.code = code
        self.needs_post = needs_post
        """Whether the same request could be executed if it came by POST."""


def _as_told(error: GraphQLError) -> GraphQLError:
    """The error without what it came of.

    What a team's own scalar raised is its judgement of a value, and no failure. And refusals are kept, while the frames
    of an exception hold the whole request.
    """
    return GraphQLError(
        error.message, error.nodes, error.source, error.positions, error.path, extensions=error.extensions
    )
