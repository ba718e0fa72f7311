"""One run of `punnet check`."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from tests.cli.command import TRACEBACK, run


class Checked:
    """What `punnet check` said of a configuration."""

    def __init__(self, path: Path, text: str, **variables: str) -> None:
        path.write_text(dedent(text))
        ended = run("check", str(path), **variables)
        self.code, self.output = ended.returncode, ended.stderr
        assert ended.stdout == ""
        assert TRACEBACK not in self.output
