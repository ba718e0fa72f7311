"""Where the log goes."""

from __future__ import annotations

import logging
import sys
from contextlib import suppress
from typing import TextIO

import structlog


def configure_log(*, verbose: bool) -> None:
    """Send the log to standard error, as text to a terminal and as JSON to anything else.

    What Python's own logging and warnings say, the server's word among it, goes the same way.
    """
    _configure(verbose=verbose)
    logging.basicConfig(handlers=[_ToOurLog()], level=logging.INFO if verbose else logging.WARNING, force=True)
    logging.captureWarnings(True)


def configure_log_unless_done() -> None:
    """Leave a team's own configuration; without any, structlog prints the locals of tracebacks, secrets and all."""
    if not structlog.is_configured():
        _configure(verbose=False)


def _configure(*, verbose: bool) -> None:
    renderer = (
        structlog.dev.ConsoleRenderer(pad_event_to=0, exception_formatter=structlog.dev.plain_traceback)
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO if verbose else logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(_Unfailing(sys.stderr)),  # type: ignore[arg-type] # it only writes
    )


class _Unfailing:
    """A file that loses what it cannot write: a request must not fail because nobody reads the log any more."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, text: str) -> None:
        """Write it, where that is possible."""
        with suppress(OSError, ValueError):
            self._file.write(text)

    def flush(self) -> None:
        """Write what was kept back, likewise."""
        with suppress(OSError, ValueError):
            self._file.flush()


class _ToOurLog(logging.Handler):
    """Says in our log what others say in Python's."""

    def emit(self, record: logging.LogRecord) -> None:
        """Say it; levels between two of the usual ones count as the lower one."""
        usual = max((level for level in _USUAL if level <= record.levelno), default=logging.DEBUG)
        told = {"exc_info": record.exc_info} if record.exc_info else {}
        structlog.get_logger().log(usual, _words_of(record), logger=record.name, **told)


def _words_of(record: logging.LogRecord) -> str:
    try:
        return record.getMessage().strip()
    except Exception:  # its arguments do not fit, which must not be the trouble of who logs
        return str(record.msg)


_USUAL = (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL)
