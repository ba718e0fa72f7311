"""Errors of the outward edge."""

from __future__ import annotations

from punnet.errors import ClientCode, PunnetError


class SourceFailed(PunnetError):
    """A source could not be asked, or could not answer."""

    code = "SOURCE-001"
    client_code = ClientCode.SOURCE_FAILED
    is_public = True

    def __init__(self, source: str, *, why: str) -> None:
        super().__init__(
            what=f"The source '{source}' failed.",
            where=why,
            fix="look at the source's own log; the request can be repeated",
        )


class StatementFailed(SourceFailed):
    """A source was asked, and the statement failed: a view that divides by zero, a column that is gone."""

    code = "SOURCE-006"

    def __init__(self, source: str, *, why: str, fix: str | None = None) -> None:
        super().__init__(source, why=why)
        self.fix = fix or self.fix


class SourceTimeout(PunnetError):
    """A source did not answer within its time."""

    code = "SOURCE-002"
    client_code = ClientCode.SOURCE_TIMEOUT
    is_public = True

    def __init__(self, source: str, *, why: str) -> None:
        super().__init__(
            what=f"The source '{source}' did not answer in time.",
            where=why,
            fix="ask for less, or raise the source's statement timeout",
        )


class ValueRefused(PunnetError):
    """A database refused a value that the client gave, such as a number beyond its column's range."""

    code = "SOURCE-003"
    client_code = ClientCode.BAD_USER_INPUT
    is_public = True

    def __init__(self, source: str, *, why: str) -> None:
        super().__init__(
            what="A value is malformed or out of range for the column that it is compared with.",
            where=f"source '{source}': {why}",
            fix="give a value within the column's type",
        )


class SourceRefused(PunnetError):
    """A source can be reached, but not with these words: a wrong password, a database that is not there."""

    code = "SOURCE-004"

    def __init__(self, source: str, *, why: str, fix: str, where: str = "") -> None:
        super().__init__(what=f"cannot open the source '{source}': {why}", where=where, fix=fix)


class SourceUnreachable(PunnetError):
    """Nothing answers at the source's address, yet."""

    code = "SOURCE-005"
    client_code = ClientCode.SOURCE_FAILED

    def __init__(self, source: str, *, why: str, where: str = "", fix: str = "start it, or correct its URL") -> None:
        super().__init__(what=f"cannot reach the source '{source}': {why}", where=where, fix=fix)
