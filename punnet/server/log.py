"""Where the log goes."""

from __future__ import annotations

import logging
import sys

import structlog


def configure_log(*, verbose: bool) -> None:
    """Send the log to standard error, as text to a terminal and as JSON to anything else."""
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
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def configure_log_unless_done() -> None:
    """Leave a team's own configuration; without any, structlog prints the locals of tracebacks, secrets and all."""
    if not structlog.is_configured():
        configure_log(verbose=False)
