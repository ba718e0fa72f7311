"""Ports that are a test's own, also while nobody listens there."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def reserved_port() -> Iterator[int]:
    """A port of the loopback interface for a server that is started later, or again. Who connects before is refused.

    A port that was only found free may be another process's a moment later: its server's, or its end of a connection.
    This one is held by a socket that does not listen, so that the system gives it to nobody who asks for any port,
    and still lets a server have it that asks for this one with SO_REUSEADDR, as servers do.
    """
    with socket.socket() as holding:
        holding.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holding.bind(("127.0.0.1", 0))
        port: int = holding.getsockname()[1]
        if sys.platform != "linux":
            # Elsewhere the server would be refused the port, too.
            holding.close()
        yield port
