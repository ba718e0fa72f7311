"""Where each key of a TOML text stands, by line."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Mapping

Location = tuple[str | int, ...]
"""The keys and indexes that lead to a value: `("joins", 0, "on")`."""

_BLANK = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:[^"\\]++|\\.|"{1,2}(?!"))*+"{3,5}'
    r"|'''(?:[^']++|'{1,2}(?!'))*+'{3,5}"
    r'|"(?:[^"\\\n]++|\\.)*+"'
    r"|'[^'\n]*+'",
    re.DOTALL,
)
_OTHER_SCALAR = re.compile(r"[^,\]}#\r\n]+")


def find_lines(text: str) -> Mapping[Location, int]:
    """The line of each key, table and element of an array, counted from 1.

    A table has the line of its header, or where it has none that of the first key which makes it.

    Args:
        text: TOML that `tomllib` has read: nothing is checked again.
    """
    scanner = _Scanner(text)
    scanner.scan()
    return scanner.lines


def line_of(location: Location, lines: Mapping[Location, int]) -> int:
    """The line of a key, or of what it would stand in if it were there."""
    while location and location not in lines:
        location = location[:-1]
    return lines.get(location, 1)


class _Scanner:
    def __init__(self, text: str) -> None:
        self.lines: dict[Location, int] = {}
        self._text = text
        self._at = 0
        self._newlines = [i for i, character in enumerate(text) if character == "\n"]
        self._tables: dict[Location, int] = {}
        """How many tables each array of tables has so far."""

    def scan(self) -> None:
        table: Location = ()
        self._skip_blank()
        while self._at < len(self._text):
            if self._text.startswith("[", self._at):
                table = self._scan_header()
            else:
                self._scan_pair(table)
            self._skip_blank()

    def _scan_header(self) -> Location:
        line = self._line()
        brackets = 2 if self._text.startswith("[[", self._at) else 1
        self._at += brackets
        *outer, last = self._scan_key()
        self._at += brackets
        location: Location = ()
        for part in outer:
            location = self._last_table((*location, part))
            self.lines.setdefault(location, line)
        location = (*location, last)
        if brackets == 2:
            self._tables[location] = self._tables.get(location, 0) + 1
            self.lines.setdefault(location, line)
            location = self._last_table(location)
        self.lines[location] = line
        return location

    def _last_table(self, location: Location) -> Location:
        return (*location, self._tables[location] - 1) if location in self._tables else location

    def _scan_pair(self, table: Location) -> None:
        line = self._line()
        location = table
        for part in self._scan_key():
            location = (*location, part)
            self.lines.setdefault(location, line)
        self._at += 1  # =
        self._scan_value(location)

    def _scan_key(self) -> list[str]:
        parts = [self._scan_simple_key()]
        while self._text.startswith(".", self._at):
            self._at += 1
            parts.append(self._scan_simple_key())
        return parts

    def _scan_simple_key(self) -> str:
        self._skip_blank()
        bare = _BARE_KEY.match(self._text, self._at)
        if bare:
            self._at = bare.end()
            key = bare.group()
        else:
            # Escapes are tomllib's to read.
            key = tomllib.loads(f"key = {self._take(_STRING)}")["key"]
        self._skip_blank()
        return key

    def _scan_value(self, location: Location) -> None:
        self._skip_blank()
        first = self._text[self._at]
        if first == "[":
            self._scan_array(location)
        elif first == "{":
            self._scan_inline_table(location)
        elif first in "\"'":
            self._take(_STRING)
        else:
            self._take(_OTHER_SCALAR)
        self._skip_blank()

    def _scan_array(self, location: Location) -> None:
        index = 0
        while not self._passes("]"):
            self.lines[*location, index] = self._line()
            self._scan_value((*location, index))
            index += 1

    def _scan_inline_table(self, location: Location) -> None:
        while not self._passes("}"):
            self._scan_pair(location)

    def _passes(self, end: str) -> bool:
        """Go past the bracket or comma here; tell whether nothing but the end came after it."""
        if self._text[self._at] != end:
            self._at += 1
            self._skip_blank()
        if self._text[self._at] != end:
            return False
        self._at += 1
        return True

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        if match is None:
            raise ValueError(f"no TOML at line {self._line()}")
        self._at = match.end()
        return match.group()

    def _skip_blank(self) -> None:
        match = _BLANK.match(self._text, self._at)
        self._at = match.end() if match else self._at

    def _line(self) -> int:
        return bisect_left(self._newlines, self._at) + 1
