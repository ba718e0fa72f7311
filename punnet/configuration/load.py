"""Reads a `punnet.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from punnet.configuration.configuration import Configuration
from punnet.configuration.environment import Filling
from punnet.configuration.keys import keys_at
from punnet.configuration.origin import Origin
from punnet.configuration.partial import partial_findings
from punnet.configuration.positions import Location, find_lines
from punnet.configuration.problems import ConfigurationUnreadable, ConfigurationWrong, Finding, Problem
from punnet.configuration.section import FINDINGS
from punnet.configuration.wording import wording


def load_configuration(path: Path, environment: Mapping[str, str]) -> Configuration:
    """Read and check a configuration; nothing that it names is asked.

    Args:
        path: the file; the paths in it are relative to its directory.
        environment: where the variables in its texts come from.

    Raises:
        ConfigurationUnreadable: there is no such file, or it is not ours to read.
        ConfigurationWrong: it says something that cannot be, with every problem found.
    """
    document, lines = _parse(path, _read(path))
    outcome = check(document, environment, directory=path.parent)
    origin = Origin(file=path, lines=lines)
    if isinstance(outcome, Configuration):
        return outcome.written_in(origin)
    raise ConfigurationWrong(map(origin.problem, outcome))


def check(
    document: object, environment: Mapping[str, str], *, directory: Path | None = None
) -> Configuration | list[Finding]:
    """Make a configuration of what a file holds, or tell everything that is wrong with it; pure."""
    filling = Filling(environment)
    filled = filling.fill(document)
    findings = []
    try:
        configuration = Configuration.model_validate(
            filled, by_alias=True, by_name=False, context={"directory": directory}
        )
    except ValidationError as error:
        findings = list(_findings(error, filled))
    else:
        if not filling.findings:
            return configuration
    # What is wrong with a text that could not be filled in says nothing.
    unfilled = {finding.location for finding in filling.findings}
    others = (_without_secrets(each, filling.filled) for each in findings if each.location not in unfilled)
    return [*filling.findings, *others]


def _read(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigurationUnreadable(path, (error.strerror or "it is not there").lower()) from error
    try:
        # Some editors begin a file with a byte order mark, which TOML does not know.
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigurationWrong([Problem(file=path, line=line, key="", what="this is not UTF-8")]) from error


def _parse(path: Path, text: str) -> tuple[dict[str, Any], Mapping[Location, int]]:
    try:
        return tomllib.loads(text), find_lines(text)
    except tomllib.TOMLDecodeError as error:
        line, what = _syntax_error(str(error), text)
    except RecursionError:
        line, what = 1, "lists or tables are nested too deeply"
    raise ConfigurationWrong([Problem(file=path, line=line, key="", what=f"this is no TOML: {what}")]) from None


def _syntax_error(message: str, text: str) -> tuple[int, str]:
    where = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", message)
    if where is None:
        return 1, message
    line = int(where[1]) if where[1] else text.rstrip("\n").count("\n") + 1
    what = message[: where.start()]
    return line, what[:1].lower() + what[1:]


def _findings(error: ValidationError, document: object) -> Iterator[Finding]:
    for each in error.errors(include_url=False):
        yield from _findings_of(each)
    yield from partial_findings(document)


def _findings_of(error: ErrorDetails) -> Iterator[Finding]:
    raw: Location = error["loc"]
    location = _plain_location(raw)
    context = error.get("ctx", {})
    match error["type"]:
        case "findings":
            for finding in context[FINDINGS]:
                yield replace(finding, location=(*location, *finding.location))
        case "missing":
            yield Finding(location=location, what="is missing" if location != ("version",) else "is missing: write 1")
        case "extra_forbidden":
            name = str(location[-1])
            # A value of an unknown key may be anything; its name may not.
            yield Finding(location=location, what="there is no such key", value=name, choices=keys_at(raw[:-1]))
        case "union_tag_not_found":
            yield Finding(location=(*location, "type"), what="is missing", choices=_SOURCE_TYPES)
        case "union_tag_invalid":
            yield Finding(
                location=(*location, "type"), what="there is no such type", value=context["tag"], choices=_SOURCE_TYPES
            )
        case "literal_error" if isinstance(error["input"], str):
            choices = tuple(re.findall(r"'([^']*)'", context["expected"]))
            what, value = ("there is no such value", error["input"]) if choices else (wording(error), None)
            yield Finding(location=location, what=what, value=value, choices=choices)
        case _:
            yield Finding(location=location, what=wording(error))


_SOURCE_TYPES = ("postgres", "openapi", "http")


def _plain_location(location: Location) -> Location:
    """Where an error is in the document: without the types of sources, and marks of a wrong key."""
    if location[:1] == ("sources",) and len(location) > 2:
        location = (*location[:2], *location[3:])
    return location[:-1] if location[-1:] == ("[key]",) else location


def _without_secrets(finding: Finding, filled: Iterable[Location]) -> Finding:
    return replace(finding, value=None, choices=()) if finding.location in filled else finding
