"""The command line."""

from punnet.cli.main import main

__all__ = ["main"]
