"""What the commands say, and how they end."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import NoReturn

import typer

from punnet.errors import PunnetError


def say(text: str) -> None:
    """Print a line for the person who runs the command."""
    typer.echo(text, err=True)


def fail(error: PunnetError) -> NoReturn:
    """End the command: what is wrong, where, and how to fix it."""
    typer.secho(f"error: {error}", fg=typer.colors.RED, err=True)
    raise typer.Exit(1)


@contextmanager
def progress(text: str, *, after_s: float = 1.0) -> Iterator[None]:
    """Say what takes so long, if it takes longer than `after_s`."""
    timer = threading.Timer(after_s, say, [f"{text} …"])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


@contextmanager
def until_stopped() -> Iterator[None]:
    """Let other signals end what runs as Ctrl-C does: whatever it holds is put away, and all is well."""
    _handle(signal.SIGTERM, signal.default_int_handler)
    if sys.platform != "win32":
        # The terminal was closed. A server knows what to do at SIGTERM, and not at this.
        _handle(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))
    with suppress(KeyboardInterrupt):
        yield


def _handle(number: signal.Signals, handler: Callable[[int, FrameType | None], object]) -> None:
    # One that is ignored was meant to be: that is what `nohup` does.
    if signal.getsignal(number) is signal.SIG_DFL:
        signal.signal(number, handler)
