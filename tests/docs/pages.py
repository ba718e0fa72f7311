"""The documentation, taken apart: its pages, their blocks of code, links, headings and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])

_FENCE = re.compile(r"^```(\S*) *(.*)$")
_LINK = re.compile(r"\[(?:[^\]\[]|\[[^\]]*\])*\]\(([^)\s]+)\)")
_WORDS = ("check", "demo", "fails", "resolvers", "schema", "run", "variables", "whole")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A fenced block of code."""

    page: Path
    line: int
    language: str
    words: tuple[str, ...]
    """What stands behind the language."""
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"

    def option(self, name: str) -> str | None:
        """The value of a word `name=value`."""
        return next((word.removeprefix(f"{name}=") for word in self.words if word.startswith(f"{name}=")), None)

    @property
    def is_whole(self) -> bool:
        """Whether it is a configuration that can be served as it stands."""
        return self.language == "toml" and "whole" in self.words

    @property
    def unknown_words(self) -> list[str]:
        return [
            word for word in self.words if word not in _WORDS and not word.startswith(("app=", "calls=", "statements="))
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A query of the documentation, with what belongs to it."""

    query: Block
    variables: Block | None
    answer: Block | None
    app: Block | None
    """The program whose app is asked, or the configuration; None for what the demo serves."""

    def __str__(self) -> str:
        return str(self.query)


def blocks(page: Path) -> list[Block]:
    """The page's blocks of code, in their order."""
    found: list[Block] = []
    opened: tuple[int, str, str] | None = None
    lines: list[str] = []
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), start=1):
        fence = _FENCE.match(line)
        if fence and opened is None:
            opened, lines = (number, fence[1], fence[2]), []
        elif fence and opened is not None:
            at, language, words = opened
            text = "\n".join(lines)
            found.append(Block(page=page, line=at, language=language, words=tuple(words.split()), text=text))
            opened = None
        else:
            lines.append(line)
    if opened is not None:
        raise ValueError(f"{page}:{opened[0]}: a block that does not end")
    return found


def all_blocks(language: str) -> list[Block]:
    return [block for page in PAGES for block in blocks(page) if block.language == language]


def examples() -> Iterator[Example]:
    """Every query, in the order of the pages."""
    for page in PAGES:
        found = blocks(page)
        for at, block in enumerate(found):
            if block.language == "graphql" and "schema" not in block.words:
                yield _example(found, at)


def checks() -> Iterator[tuple[Block, Block | None]]:
    """What `punnet check` says, each with the configuration right before it; None for the demo's."""
    for page in PAGES:
        before: Block | None = None
        for block in blocks(page):
            if block.language == "text" and "check" in block.words:
                yield block, before if before is not None and before.is_whole else None
            before = block


def _example(found: list[Block], at: int) -> Example:
    before = found[at - 1] if at else None
    behind = [block for block in found[at + 1 : at + 3] if block.language == "json"]
    # A block in between belongs to something else.
    behind = behind if found[at + 1 : at + 1 + len(behind)] == behind else []
    variables = behind.pop(0) if behind and "variables" in behind[0].words else None
    answer = behind[0] if behind and "variables" not in behind[0].words else None
    is_of_app = before is not None and (before.option("app") is not None or before.is_whole)
    return Example(query=found[at], variables=variables, answer=answer, app=before if is_of_app else None)


def prose(page: Path) -> str:
    """The page without its blocks of code."""
    return re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


def links(page: Path) -> list[str]:
    """The targets of the page's links and pictures."""
    return _LINK.findall(prose(page))


def anchors(page: Path) -> set[str]:
    """What can stand behind `#` in a link to the page, by GitHub's rules."""
    headings = re.findall(r"^#+ (.+)$", prose(page), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def table(page: Path, first_heading: str) -> list[list[str]]:
    """The rows of the page's table whose first column has this heading."""
    lines = iter(page.read_text(encoding="utf-8").splitlines())
    for line in lines:
        if line.startswith(f"| {first_heading} |"):
            next(lines)
            return [_cells(row) for row in _until_empty(lines)]
    raise LookupError(f"{page} has no table '{first_heading}'")


def _until_empty(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        if not line:
            return
        yield line


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip("|").split("|")]


def code_words(cell: str) -> list[str]:
    """What a cell has in backticks."""
    return re.findall(r"`([^`]+)`", cell)
