"""Errors of calling an HTTP service.

What a client sees names the source, and the status where there is one: never a URL, a body or a header. Nor does
`where`, which goes to the log: URLs and headers carry secrets. Who makes calls of operations adds their names.
"""

from __future__ import annotations

from punnet.errors import BadUserInput, ClientCode, PunnetError
from punnet.sources.errors import SourceFailed, SourceTimeout


class ConnectFailed(SourceFailed):
    """No connection to the service could be made: refused, unknown name, no TLS, not within the connect timeout."""

    code = "HTTP-101"

    def __init__(self, source: str, *, why: str) -> None:
        super().__init__(source, why=why)
        self.fix = "start the service, or correct the source's url or base_url"


class ConnectionLost(SourceFailed):
    """The service closed or reset the connection before it had answered whole."""

    code = "HTTP-102"


class AnswerMalformed(SourceFailed):
    """What came back is not HTTP, or not in the encoding that it claims."""

    code = "HTTP-103"


class ServiceTimeout(SourceTimeout):
    """The service had not answered whole when the time was over."""

    code = "HTTP-104"

    def __init__(self, source: str, *, why: str) -> None:
        super().__init__(source, why=why)
        self.fix = "ask for less, look at the service, or raise the source's total_timeout_s"


class AnswerTooLarge(SourceFailed):
    """The answer is larger than the source may send; reading stopped there."""

    code = "HTTP-105"

    def __init__(self, source: str, *, max_bytes: int) -> None:
        super().__init__(source, why=f"the answer is larger than {max_bytes} bytes")
        self.fix = "ask for less, or raise the source's max_response_bytes"


class QueueFull(PunnetError):
    """As many calls as may wait for the service wait already."""

    code = "HTTP-106"
    client_code = ClientCode.OVERLOADED
    is_public = True

    def __init__(self, source: str, *, waiting: int) -> None:
        super().__init__(
            what=f"The source '{source}' is asked too much.",
            where=f"{waiting} calls wait for a free place",
            fix="try again later, or raise the source's concurrency or queue",
        )


class BreakerOpen(SourceFailed):
    """The service failed so often that it is left alone for a while."""

    code = "HTTP-107"

    def __init__(self, source: str) -> None:
        super().__init__(source, why="it failed so often lately that it is not asked for a while")


class TooManyCalls(PunnetError):
    """One operation needs more calls of a source than it may make."""

    code = "HTTP-108"
    client_code = ClientCode.LIMIT_EXCEEDED
    is_public = True

    def __init__(self, source: str, *, limit: int) -> None:
        super().__init__(
            what=f"The operation needs more than {limit} calls of the source '{source}'.",
            where=f"calling '{source}'",
            fix="ask for fewer objects, declare a batch form, or raise the source's max_calls",
        )


class RedirectRefused(SourceFailed):
    """The service sent the call somewhere that it may not go, or round in circles."""

    code = "HTTP-109"

    def __init__(self, source: str, *, why: str) -> None:
        super().__init__(source, why=why)
        self.fix = "use the service's final URL, or allow the host in the source's redirect_hosts"


class TokenRefused(SourceFailed):
    """The authorization server gave no usable access token."""

    code = "HTTP-110"

    def __init__(self, source: str, *, why: str) -> None:
        super().__init__(source, why=why)
        self.fix = "check the source's oauth settings with the authorization server"


class StatusFailed(SourceFailed):
    """The service answered with a status that is no success."""

    code = "HTTP-111"

    def __init__(self, source: str, *, status: int) -> None:
        super().__init__(source, why=f"status {status}")
        self.status = status
        self.what = f"The source '{source}' answered with status {status}."


class HeaderRefused(BadUserInput):
    """A value that was to be sent as a header holds a line break or another control character."""

    code = "HTTP-112"

    def __init__(self, source: str, *, name: str) -> None:
        super().__init__(
            what=f"A value for the source '{source}' holds a character that a header cannot carry.",
            where=f"the header '{name}'",
            fix="send text without line breaks and control characters",
        )


class ServiceMisconfigured(PunnetError):
    """The settings of a service cannot work: a certificate that cannot be read, a URL that is none."""

    code = "HTTP-113"
    client_code = ClientCode.SOURCE_FAILED

    def __init__(self, source: str, *, what: str, fix: str) -> None:
        super().__init__(what=what, where=f"source '{source}'", fix=fix)


class ServiceClosed(SourceFailed):
    """The service was closed while a call was at work, or before it began: the server shuts down or reloads."""

    code = "HTTP-114"

    def __init__(self, source: str) -> None:
        super().__init__(source, why="it was closed: the server shuts down or reloads")
