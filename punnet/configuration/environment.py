"""Variables of the environment in a configuration's texts: `${NAME}`, and `$${` for `${` itself."""

from __future__ import annotations

import re
from collections.abc import Mapping

from punnet.configuration.positions import Location
from punnet.configuration.problems import Finding

_REFERENCE = re.compile(r"(?P<escaped>\$\$\{)|\$\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)\}|(?P<broken>\$\{)")


class Filling:
    """Fills texts in, and remembers where: what came from the environment may be secret."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.filled: set[Location] = set()
        self.findings: list[Finding] = []
        self._environment = environment

    def fill(self, value: object, location: Location = ()) -> object:
        """Put the variables into every text of a TOML document; a text that cannot be filled stays as it is."""
        if isinstance(value, dict):
            return {key: self.fill(each, (*location, key)) for key, each in value.items()}
        if isinstance(value, list):
            return [self.fill(each, (*location, i)) for i, each in enumerate(value)]
        if isinstance(value, str):
            return _REFERENCE.sub(lambda match: self._replace(match, location), value)
        return value

    def _replace(self, match: re.Match[str], location: Location) -> str:
        if match["escaped"]:
            return "${"
        self.filled.add(location)
        name = match["name"]
        if name is None:
            # Not shown: it may be the middle of a password.
            what = "holds a ${ that names no variable: write ${NAME}, or $${ for ${ itself"
            self.findings.append(Finding(location=location, what=what))
        elif name not in self._environment:
            what = f"the environment has no variable {name}"
            self.findings.append(Finding(location=location, what=what))
        else:
            return self._environment[name]
        return match[0]
