"""HTTP on this machine, for checks."""

from __future__ import annotations

import http.client
import socket
from urllib.parse import urlsplit

JSON = {"content-type": "application/json", "accept": "application/json"}


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port: int = s.getsockname()[1]
        return port


def fetch(url: str, body: bytes | None = None, timeout_s: float = 30) -> tuple[int, bytes]:
    """GETs, or POSTs a body of JSON, on a connection of its own: for checks, never for timing.

    Returns:
        The status, and the body.
    """
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=timeout_s)
    try:
        if body is None:
            connection.request("GET", path)
        else:
            connection.request("POST", path, body, JSON)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()
