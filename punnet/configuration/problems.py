"""What is wrong with a configuration."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from punnet.catalog.close_names import closest
from punnet.configuration.positions import Location
from punnet.errors import PunnetError

_MOST_LISTED = 16
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something wrong, by the keys that lead to it."""

    location: Location
    what: str
    value: str | None = None
    """What stands there, where saying so helps."""
    choices: tuple[str, ...] = ()
    """What could stand there instead."""
    meant: str | None = None
    """What could, where that is known better than by the choices."""

    @property
    def close(self) -> str | None:
        """The choice that was most likely meant."""
        if self.meant is not None:
            return self.meant
        return closest(self.value, self.choices) if self.value is not None else None

    def __str__(self) -> str:
        said = f"{self.what}: '{self.value}'" if self.value is not None else self.what
        if self.close is not None:
            return f"{said}; did you mean '{self.close}'?"
        return f"{said}; wants {_either(self.choices)}" if 0 < len(self.choices) <= _MOST_LISTED else said


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something wrong in a configuration."""

    file: Path | None
    """None where it was made of something else."""
    line: int
    """In the file: of the key, or of the table where it is missing; counted from 1."""
    key: str
    """As it would be written in TOML: `sources.stock.url`, `joins[0].on`. Empty for the file itself."""
    what: str
    close: str | None = None
    """The closest valid name, where `what` is about a name that is none."""

    def __str__(self) -> str:
        said = f"{self.key}: {self.what}" if self.key else self.what
        return said if self.file is None else f"{self.file}:{self.line}: {said}"


class ConfigurationWrong(PunnetError):
    """A configuration cannot be used; every problem found in it is in `problems`, in the order of its lines."""

    code = "CONFIG-001"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems), key=lambda each: (each.line, each.key, each.what)))
        count = len(self.problems)
        super().__init__(what=f"the configuration has {'a problem' if count == 1 else f'{count} problems'}")

    def __str__(self) -> str:
        return "\n  ".join([f"{self.code}: {self.what}", *map(str, self.problems)])


class ConfigurationUnreadable(PunnetError):
    """There is no file to read the configuration from."""

    code = "CONFIG-002"

    def __init__(self, file: Path, why: str) -> None:
        super().__init__(
            what=f"cannot read {file}: {why}", fix="give the path of a punnet.toml, or the URL of a database"
        )


def written(location: Location) -> str:
    """A key as it would be written in TOML."""
    text = ""
    for part in location:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            key = part if _BARE_KEY.fullmatch(part) else f'"{part}"'
            text += f".{key}" if text else key
    return text


def _either(choices: tuple[str, ...]) -> str:
    *others, last = (f"'{choice}'" for choice in choices)
    return f"{', '.join(others)} or {last}" if others else last
