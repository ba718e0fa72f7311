"""Writes random TOML in every style that the format has, and remembers in which line each key went."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from punnet.configuration.positions import Location

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=8) | st.sampled_from(
    ['"""', "'''", 'a\n"', "# no comment", "[x]", "a\\", "]\n[b]\n", '"' * 7]
)
KEYS = st.from_regex(r"[A-Za-z0-9_-]{1,3}", fullmatch=True) | TEXTS
SCALARS = st.one_of(TEXTS, st.integers(-99, 99), st.booleans(), st.floats(allow_nan=False, allow_infinity=False))
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=12
)
DOCUMENTS = st.dictionaries(KEYS, VALUES, max_size=5)


@dataclass
class TomlWriter:
    draw: st.DrawFn
    text: str = ""
    lines: dict[Location, int] = field(default_factory=dict)

    @property
    def line(self) -> int:
        return self.text.count("\n") + 1

    def write_document(self, document: Mapping[str, Any]) -> None:
        self.write_members(document, ())

    def write_members(self, table: Mapping[str, Any], location: Location) -> None:
        own_tables = {key for key, value in table.items() if can_have_header(value) and self.draw(st.booleans())}
        for key, value in table.items():
            if key not in own_tables:
                self.write_pair(key, value, (*location, key))
                self.write_line_end()
        for key in table:
            if key in own_tables:
                self.write_tables(table[key], (*location, key))

    def write_tables(self, value: Any, location: Location) -> None:
        if isinstance(value, dict):
            self.write_table(value, location, "[", "]")
            return
        self.write_blank()
        for i, each in enumerate(value):
            self.write_blank()
            self.lines.setdefault(location, self.line)
            self.write_table(each, (*location, i), "[[", "]]")

    def write_table(self, table: Mapping[str, Any], location: Location, start: str, end: str) -> None:
        keys = [part for part in location if isinstance(part, str)]
        self.lines[location] = self.line
        self.text += f"{start}{self.space()}{self.dotted(keys)}{self.space()}{end}"
        self.write_line_end()
        self.write_members(table, location)

    def write_pair(self, key: str, value: Any, location: Location) -> None:
        self.lines[location] = self.line
        keys = [key]
        while isinstance(value, dict) and len(value) == 1 and self.draw(st.booleans()):
            [(key, value)] = value.items()
            keys.append(key)
            location = (*location, key)
            self.lines[location] = self.line
        self.text += f"{self.dotted(keys)}{self.space()}={self.space()}"
        self.write_value(value, location)

    def write_value(self, value: Any, location: Location) -> None:
        if isinstance(value, dict):
            self.write_inline_table(value, location)
        elif isinstance(value, list):
            self.write_array(value, location)
        else:
            self.text += self.scalar(value)

    def write_inline_table(self, table: Mapping[str, Any], location: Location) -> None:
        self.text += "{" + self.space()
        for i, (key, value) in enumerate(table.items()):
            self.text += f",{self.space()}" if i else ""
            self.write_pair(key, value, (*location, key))
            self.text += self.space()
        self.text += "}"

    def write_array(self, array: Sequence[Any], location: Location) -> None:
        self.text += "["
        self.write_blank()
        for i, each in enumerate(array):
            self.lines[*location, i] = self.line
            self.write_value(each, (*location, i))
            self.write_blank()
            self.text += "," if i < len(array) - 1 or self.draw(st.booleans()) else ""
            self.write_blank()
        self.text += "]"

    def write_blank(self) -> None:
        self.text += self.draw(st.sampled_from(["", " ", "\t", "\n", " # ] } ' \" = \n\n", "\r\n "]))

    def write_line_end(self) -> None:
        self.text += self.draw(st.sampled_from(["\n", "\r\n", " # '''\n", "\n\n  \n", "\n#[no.table]\n\t"]))

    def space(self) -> str:
        return self.draw(st.sampled_from(["", " ", "\t "]))

    def dotted(self, keys: Sequence[str]) -> str:
        return f"{self.space()}.{self.space()}".join(map(self.key, keys))

    def key(self, key: str) -> str:
        can_be_bare = re.fullmatch(r"[A-Za-z0-9_-]+", key) is not None
        styles = [basic(key), *([key] if can_be_bare else []), *([f"'{key}'"] if can_be_literal(key) else [])]
        return self.draw(st.sampled_from(styles))

    def scalar(self, value: Any) -> str:
        if not isinstance(value, str):
            return json.dumps(value)
        styles = [basic(value), f'"""\n{multi_line(value)}"""']
        styles += [f"'{value}'"] if can_be_literal(value) else []
        can_be_lines = "'''" not in value and can_be_literal(value.replace("\n", "").replace("'", ""))
        styles += [f"'''\n{value}'''"] if can_be_lines else []
        return self.draw(st.sampled_from(styles))


def can_have_header(value: Any) -> bool:
    is_tables = isinstance(value, list) and bool(value) and all(isinstance(each, dict) for each in value)
    return isinstance(value, dict) or is_tables


def can_be_literal(text: str) -> bool:
    return not re.search(r"['\x00-\x08\x0a-\x1f\x7f]", text)


def basic(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def multi_line(text: str) -> str:
    escaped = "".join("\n" if line == "\n" else basic(line)[1:-1] for line in re.split("(\n)", text))
    # Two quotes can stand for themselves, three would be the end.
    return escaped.replace('\\"', '"').replace('"""', '""\\"') if "\\" not in text else escaped


@st.composite
def written_documents(draw: st.DrawFn) -> tuple[dict[str, Any], TomlWriter]:
    document = draw(DOCUMENTS)
    writer = TomlWriter(draw)
    writer.write_document(document)
    return document, writer
