"""Lines of a console in the documentation: whether they are commands that there are."""

from __future__ import annotations

import re
import shlex

import typer.main

from punnet.cli.main import app as command_line
from tests.docs.pages import ROOT

MAKE_TARGETS = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))


def problem_of(line: str) -> str | None:
    """What would be wrong with typing this line."""
    words = [word for word in shlex.split(line) if not re.match(r"[A-Z_]+=", word)]
    program, *rest = words
    match program.rpartition("/")[2]:
        case "make":
            return None if set(rest) <= MAKE_TARGETS else f"make {rest}"
        case "punnet":
            return unknown_in(rest)
        case "docker":
            return None if (ROOT / "Dockerfile").exists() else "there is no Dockerfile"
        case "curl":
            return None
        case other:
            return f"'{other}' is not known here: add it to these"


def unknown_in(words: list[str]) -> str | None:
    """What `punnet` would not understand."""
    commands = getattr(typer.main.get_command(command_line), "commands")  # noqa: B009  # a group has them
    command = commands.get(words[0])
    if command is None:
        return f"no command {words[0]}"
    known = {option for parameter in command.params for option in parameter.opts}
    return next((f"no option {word}" for word in words[1:] if word.startswith("--") and word not in known), None)
