"""Links lead somewhere, and every page can be found."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT, anchors, links, prose

LINKS = [(page, link) for page in PAGES for link in links(page)]
INTERNAL = [(page, link) for page, link in LINKS if not re.match(r"https?:", link)]


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize(("page", "link"), INTERNAL, ids=[f"{named(page)}-{link}" for page, link in INTERNAL])
def test_a_link_leads_somewhere(page: Path, link: str) -> None:
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    assert target.is_file()
    assert not anchor or anchor in anchors(target)


def test_every_page_is_linked_from_another() -> None:
    linked = {(page.parent / link.partition("#")[0]).resolve() for page, link in INTERNAL if not link.startswith("#")}
    assert [
        named(page)
        for page in PAGES
        if page not in linked and page.name not in ("README.md", "CHANGELOG.md", "index.md")
    ] == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_a_page_has_one_title(page: Path) -> None:
    assert len(re.findall(r"^# ", prose(page), flags=re.MULTILINE)) == 1


def test_a_link_to_nowhere_is_found_out(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# A *title*: 1\n\n[there](#a-title-1) [nowhere](gone.md#x)\n", encoding="utf-8")
    assert links(page) == ["#a-title-1", "gone.md#x"]
    assert anchors(page) == {"a-title-1"}
