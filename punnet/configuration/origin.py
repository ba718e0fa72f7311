"""Where a configuration was written, so that what its sources say about it can name the line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from punnet.configuration.positions import Location, line_of
from punnet.configuration.problems import Finding, Problem, written


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A file with the lines of its keys; of what was made in Python, nothing."""

    # Two configurations that say the same are equal, wherever they come from.
    file: Path | None = field(default=None, compare=False)
    lines: Mapping[Location, int] = field(default_factory=dict, compare=False)
    names: Mapping[Location, str] = field(default_factory=dict, compare=False)
    """What keys are called where they were not written as such, as by an option of a command."""

    def line(self, location: Location) -> str:
        """The file and line of what stands there, as `punnet.toml:12`; empty where there is no file."""
        return "" if self.file is None else f"{self.file}:{line_of(location, self.lines)}"

    def problem(self, finding: Finding) -> Problem:
        """A finding with its place."""
        name = next(
            (name for location, name in self.names.items() if finding.location[: len(location)] == location), None
        )
        return Problem(
            file=self.file,
            line=line_of(finding.location, self.lines),
            key=written(finding.location) if name is None else name,
            what=str(finding),
            close=finding.close,
        )
