"""What the architecture and the decisions name is where they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, blocks, code_words, prose, table

PACKAGE = ROOT / "punnet"
ARCHITECTURE = ROOT / "ARCHITECTURE.md"
PAGES = [ARCHITECTURE, *sorted((ROOT / "docs/adr").glob("*.md"))]
FILES = [
    (page, word)
    for page in PAGES
    for word in code_words(prose(page))
    if re.fullmatch(r"[\w/]+/\w+\.py", word) or re.fullmatch(r"\w+/", word)
]
VALUES = [(name, code_words(row[2])[0]) for row in table(ARCHITECTURE, "Value") for name in code_words(row[0])]


@pytest.mark.parametrize(("page", "name"), FILES, ids=[f"{page.name}-{name}" for page, name in FILES])
def test_a_file_that_is_named_is_there(page: Path, name: str) -> None:
    base = ROOT if name.startswith(("benchmarks/", "tests/")) else PACKAGE
    assert (base / name).exists()


@pytest.mark.parametrize(("name", "place"), VALUES)
def test_a_value_is_defined_where_the_table_says(name: str, place: str) -> None:
    files = [PACKAGE / place] if place.endswith(".py") else sorted((PACKAGE / place).glob("*.py"))
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    assert re.search(rf"^(class {name}\b|{name} = )", text, flags=re.MULTILINE)


def test_the_rooms_of_the_map_are_there() -> None:
    rooms = re.findall(r"(\w+)/", "\n".join(line[:16] for line in blocks(ARCHITECTURE)[0].text.splitlines()[1:]))
    assert len(rooms) > 8
    assert [room for room in rooms if not (PACKAGE / room).is_dir()] == []


@pytest.mark.parametrize("page", PAGES[1:], ids=[page.stem for page in PAGES[1:]])
def test_a_decision_has_the_same_four_parts(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# {page.stem[:4]}: ")
    assert re.findall(r"^## (.+)$", text, flags=re.MULTILINE) == [
        "Problem",
        "Choice",
        "What we gave up",
        "How we will know",
    ]
