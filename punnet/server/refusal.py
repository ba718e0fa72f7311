"""Requests that are not executed at all."""

from __future__ import annotations

from graphql import GraphQLError

from punnet.errors import ClientCode


class RequestRefused(Exception):
    """A request that is not executed at all: its errors, as they go to the client."""

    def __init__(self, errors: list[GraphQLError], code: ClientCode, *, needs_post: bool = False) -> None:
        super().__init__(code)
        self.errors = errors
        self.code = code
        self.needs_post = needs_post
        """Whether the same request could be executed if it came by POST."""
