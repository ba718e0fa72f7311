"""Where the URL of a database leads, in words that hold no secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A database's address and name, as the URL gives them or the driver takes them where it gives none."""

    hosts: str
    """One `host:port`, or several with commas; the directory of a socket. Empty: the driver tries this machine."""
    database: str
    """Empty: the one that has the user's name."""
    sslmode: str
    """Empty: the connection is encrypted where the server can."""

    def __str__(self) -> str:
        database = f"database '{self.database}'" if self.database else "the database of the user's name"
        return f"{database} at {self.hosts or 'this machine'}"


def place_of(url: str, environment: Mapping[str, str]) -> Place | None:
    """Read a URL as the driver does.

    Args:
        url: of a database.
        environment: what the URL leaves out may be in libpq's variables.

    Returns:
        None where the URL is malformed: what looks like a host may be a part of the password then.
    """
    try:
        parts = urlsplit(url)
        query = dict(parse_qsl(parts.query))
    except ValueError:
        return None
    user, _, hosts = parts.netloc.rpartition("@")
    if "@" in f"{user}{parts.path}{parts.query}{parts.fragment}":
        return None
    host = unquote(hosts) or query.get("host") or environment.get("PGHOST", "")
    port = query.get("port") or environment.get("PGPORT") or "5432"
    return Place(
        hosts=",".join(_with_port(each, port) for each in host.split(",")) if host else "",
        database=unquote(parts.path.removeprefix("/"))
        or query.get("dbname")
        or query.get("database")
        or environment.get("PGDATABASE", ""),
        sslmode=query.get("sslmode") or environment.get("PGSSLMODE", ""),
    )


def _with_port(host: str, port: str) -> str:
    has_port = ":" in host.rpartition("]")[2]
    return host if host.startswith("/") or has_port else f"{host}:{port}"
