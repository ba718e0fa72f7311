"""What a failed attempt to connect to a database means to whoever gave its URL."""

from __future__ import annotations

import errno
import socket
import ssl

import asyncpg

from punnet.sources.errors import SourceRefused, SourceUnreachable
from punnet.sources.postgres.place import Place

_NO_URL = (
    "give one such as postgresql://user:password@host:5432/database, "
    "with special characters in the password as %40 for @, %2F for /"
)
_NO_POSTGRES = "correct the host and the port in the URL: a database's port is most often 5432"


def connect_error(source: str, error: Exception, place: Place | None) -> SourceRefused | SourceUnreachable:
    """The error that says it, and where.

    Of the driver's own errors nothing is shown: they quote the URL, with its password where it is malformed.
    """
    where = "" if place is None else str(place)
    match error:
        case asyncpg.InvalidAuthorizationSpecificationError():
            why, fix = _first_line(error), "correct the user or the password in the URL"
        case asyncpg.InvalidCatalogNameError():
            why, fix = _first_line(error), "correct the database's name in the URL"
        case asyncpg.ConnectionDoesNotExistError():
            return _closed(source, where)
        case asyncpg.CannotConnectNowError() | asyncpg.PostgresConnectionError() | asyncpg.TooManyConnectionsError():
            return SourceUnreachable(source, why=_first_line(error), where=where)
        case asyncpg.PostgresError():
            why, fix = _first_line(error), "correct the URL, or the rights of its user"
        case asyncpg.InternalClientError():
            why, fix = "what answers there does not speak as Postgres does", _NO_POSTGRES
        case OSError():
            return _network_error(source, error, place)
        case _:
            why, fix = "its URL cannot be understood", _NO_URL
    return SourceRefused(source, why=why, fix=fix, where=where)


def _network_error(source: str, error: OSError, place: Place | None) -> SourceRefused | SourceUnreachable:
    where = "" if place is None else str(place)
    match error:
        case socket.gaierror():
            why, fix = "its host name is not known", "correct the host name in the URL"
        case ssl.SSLError():
            why = f"the encrypted connection failed: {error.reason or 'unknown reason'}"
            fix = "correct 'sslmode' in the URL, or the certificates"
        case ConnectionError() if "rejected SSL upgrade" in str(error):
            why, fix = _no_encryption(place)
        case ConnectionError() if "during SSL exchange" in str(error):
            why = "it answers with an error before anything is encrypted"
            return SourceUnreachable(source, why=why, where=where, fix="look at the database's own log")
        case TimeoutError():
            return SourceUnreachable(source, why="no answer within the connect timeout", where=where)
        # The driver's own, which has no number, for a connection that ends before it began.
        case ConnectionError() if error.errno in (None, errno.ECONNRESET, errno.EPIPE):
            return _closed(source, where)
        case _:
            return SourceUnreachable(source, why="nothing listens at its address", where=where)
    return SourceRefused(source, why=why, fix=fix, where=where)


def _no_encryption(place: Place | None) -> tuple[str, str]:
    """What it means that a server neither begins to encrypt nor says in Postgres's way that it does not."""
    if place is not None and place.sslmode in ("", "prefer", "allow"):
        return "what listens at its address is no Postgres server", _NO_POSTGRES
    why = "it takes no encrypted connections, or is no Postgres server"
    return why, "leave out 'sslmode' in the URL, set the server up for it, or correct the host and the port"


def _closed(source: str, where: str) -> SourceUnreachable:
    fix = "see whether this is a Postgres server, whether it is starting, and what its own log says"
    return SourceUnreachable(
        source, why="what listens at its address closes the connection at once", where=where, fix=fix
    )


def _first_line(error: Exception) -> str:
    lines = str(error).splitlines()
    return lines[0] if lines else type(error).__name__
