"""The port that is served, and what is said of it."""

from __future__ import annotations

import errno
import os
import socket

from punnet.cli.terminal import say
from punnet.errors import PunnetError
from punnet.server.runtime import Runtime
from punnet.server.settings import SOURCE


class PortTaken(PunnetError):
    """Something else listens where we should."""

    code = "CLI-001"

    def __init__(self, host: str, port: int, why: str) -> None:
        super().__init__(
            what=f"cannot listen on {host}:{port}: {why}",
            fix="give another port with --port, or `punnet serve` another address with --host",
        )


def listen(host: str, port: int) -> socket.socket:
    """Take the port before any work is done for it. Who asks before we serve waits."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(2048)
        except OSError:
            listener.close()
            raise
    except socket.gaierror as error:
        raise PortTaken(host, port, "this is no address of this machine") from error
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        raise PortTaken(host, port, "the port is in use" if taken else os.strerror(error.errno or 0)) from error
    return listener


def announce(runtime: Runtime, listener: socket.socket) -> None:
    """Say what is served and where."""
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    if runtime.catalog is None:
        say(f"warning: {runtime.readiness.reason}; waiting for it")
    else:
        for warning in runtime.sources.warnings:
            say(f"warning: {warning}")
        for source in runtime.catalog.sources:
            named = "" if source.name == SOURCE else f"{source.name}, "
            say(f"Serving {len(source.relations)} tables and views of {named}Postgres {source.version}, read-only.")
            left_out = runtime.sources.left_out(source)
            if left_out is not None:
                say(f"  {left_out}.")
        for each in runtime.catalog.services:
            say(f"Serving {len(each.endpoints)} operations of {each.name}, an HTTP service.")
    say(f"GraphQL, and GraphiQL in a browser: http://{shown}:{port}{runtime.configuration.server.path}")
    say("Stop with Ctrl-C.")
