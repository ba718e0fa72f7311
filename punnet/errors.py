"""Every error that Punnet raises on purpose.

A PunnetError has a `code` whose prefix names the room and never changes, and says what happened, where, and how
to fix it. `str(error)` is for our own log and the command line. A client sees `what` only where `is_public` is
true, together with `client_code`, one of the codes that the API promises in `extensions.code`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Self


class ClientCode(StrEnum):
    """The values of `extensions.code` in an answer."""

    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    BAD_USER_INPUT = "BAD_USER_INPUT"
    PERSISTED_QUERY_NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    LIMIT_EXCEEDED = "LIMIT_EXCEEDED"
    SOURCE_FAILED = "SOURCE_FAILED"
    SOURCE_TIMEOUT = "SOURCE_TIMEOUT"
    VALUE_NOT_REPRESENTABLE = "VALUE_NOT_REPRESENTABLE"
    OVERLOADED = "OVERLOADED"
    INTERNAL_SERVER_ERROR = "INTERNAL_SERVER_ERROR"


class PunnetError(Exception):
    """The root of the tree. Subclasses live in the room that raises them."""

    code: ClassVar[str] = "PUNNET-000"
    client_code: ClassVar[ClientCode] = ClientCode.INTERNAL_SERVER_ERROR
    is_public: ClassVar[bool] = False

    def __init__(self, *, what: str, where: str = "", fix: str = "") -> None:
        self.what = what
        self.where = where
        self.fix = fix
        super().__init__(what)

    def during(self, what: str) -> Self:
        """The same error, which says that it came of `what`: one of its own, for others may have met the error too."""
        told = type(self).__new__(type(self), *self.args)
        told.__dict__ |= self.__dict__
        told.where = f"{what}, {self.where}" if self.where else what
        return told

    def __str__(self) -> str:
        parts = [f"{self.code}: {self.what}"]
        if self.where:
            parts.append(f"where: {self.where}")
        if self.fix:
            parts.append(f"fix: {self.fix}")
        return "\n  ".join(parts)


class BadUserInput(PunnetError):
    """A client gave an argument that the schema's types allow and its meaning does not."""

    code = "API-001"
    client_code = ClientCode.BAD_USER_INPUT
    is_public = True


class ValueNotRepresentable(PunnetError):
    """A row holds a value that the API's scalar cannot carry, such as a float's NaN."""

    code = "API-002"
    client_code = ClientCode.VALUE_NOT_REPRESENTABLE
    is_public = True
