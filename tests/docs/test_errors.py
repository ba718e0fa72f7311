"""Every error has a code of its own, and every code a page."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from punnet.errors import PunnetError
from tests.docs.pages import ROOT, table
from tests.faults.waiting import LONGEST_S

FOLDER = ROOT / "docs/errors"
INDEX = FOLDER / "index.md"
PREFIXES = {
    "errors": "API",
    "catalog": "CATALOG",
    "planning": "PLAN",
    "sources": "SOURCE",
    "sources.http": "HTTP",
    "loaders": "LOADERS",
    "execution": "EXEC",
    "configuration": "CONFIG",
    "schema": "SCHEMA",
    "server": "SERVER",
    "demo": "DEMO",
    "cli": "CLI",
}
"""What the codes of each room begin with."""


def all_errors() -> list[type[PunnetError]]:
    """The errors that somebody can meet: those of the modules behind the commands and the public API."""
    modules = reached_modules()
    for module in modules:
        importlib.import_module(module)
    return sorted((error for error in below(PunnetError) if error.__module__ in modules), key=lambda error: error.code)


def reached_modules() -> set[str]:
    """Asked in a process of its own: in this one, other tests have imported what they like."""
    program = "import sys, punnet, punnet.cli; print(*(name for name in sys.modules if name.startswith('punnet.')))"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=LONGEST_S)
    return set(run.stdout.split())


def below(error: type[PunnetError]) -> set[type[PunnetError]]:
    return {each for child in error.__subclasses__() for each in (child, *below(child))}


ERRORS = all_errors()


def page_of(error: type[PunnetError]) -> Path:
    return FOLDER / f"{error.code}.md"


def prefix_of(error: type[PunnetError]) -> str:
    """The prefix of the smallest room that the error's module is in."""
    module = error.__module__.removeprefix("punnet.")
    return PREFIXES[max((room for room in PREFIXES if f"{module}.".startswith(f"{room}.")), key=len)]


def test_every_error_has_a_code_of_its_own() -> None:
    codes = [error.code for error in ERRORS]
    assert len(codes) == len(set(codes))
    assert all("code" in vars(error) for error in ERRORS)


@pytest.mark.parametrize("error", ERRORS)
def test_a_code_begins_with_its_room(error: type[PunnetError]) -> None:
    assert re.fullmatch(rf"{prefix_of(error)}-\d{{3}}", error.code)


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert sorted(page.stem for page in FOLDER.glob("*.md") if page != INDEX) == [error.code for error in ERRORS]


@pytest.mark.parametrize("error", ERRORS)
def test_a_page_says_what_why_and_how_to_fix_it(error: type[PunnetError]) -> None:
    text = page_of(error).read_text(encoding="utf-8")
    assert text.startswith(f"# {error.code}: ")
    assert f"`{error.__name__}`" in text
    assert re.findall(r"^## (.+)$", text, flags=re.MULTILINE) == ["What it is", "Why", "How to fix it"]


@pytest.mark.parametrize("error", [error for error in ERRORS if error.is_public])
def test_a_page_says_which_code_a_client_sees(error: type[PunnetError]) -> None:
    assert f"A client sees the code `{error.client_code.value}`." in page_of(error).read_text(encoding="utf-8")


def test_the_index_has_every_code_in_order() -> None:
    rows = table(INDEX, "Code")
    assert [row[0] for row in rows] == [f"[{error.code}]({error.code}.md)" for error in ERRORS]


@pytest.mark.parametrize("error", ERRORS)
def test_the_index_has_the_title_of_the_page(error: type[PunnetError]) -> None:
    title = page_of(error).read_text(encoding="utf-8").splitlines()[0].partition(": ")[2]
    [shown] = [row[1] for row in table(INDEX, "Code") if row[0].startswith(f"[{error.code}]")]
    assert shown.lower() == title.lower()
