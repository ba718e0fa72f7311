"""Requests that are not executed at all."""

from __future__ import annotations

from graphql import GraphQLError

from punnet.errors import ClientCode


class RequestRefused(Exception):
    """A request that is not executed at all: its errors, as they go to the client."""

    def __init__(self, errors: list[GraphQLError], code: ClientCode) -> None:
        super().__init__(code)
        self.errors = errors
        self.code = code
