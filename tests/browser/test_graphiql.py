"""GraphiQL in a real browser, on the sample shop, with nothing beyond this machine in reach.

Needs `make graphiql`, Debian's chromium, and `npm install` in this folder. SCREENSHOT names a file to
keep the picture in.
"""

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import running
from tests.faults.waiting import wait_until

pytestmark = pytest.mark.judge

# On one line: at a line's end, the editor indents and closes brackets by itself.
QUERY = (
    "{ orders(first: 1) { nodes { status shipment { carrier order { total } } } } "
    "products(first: 3) { nodes { name inventory { onHand warehouse } } } }"
)
BROWSER_TIMEOUT_S = 600


@pytest.fixture(scope="module")
def graphiql_url() -> Iterator[str]:
    """Where `punnet demo` says that GraphiQL is."""
    with running("demo", "--port", "0") as demo:
        wait_until(lambda: demo.readiness().status_code == 200)
        yield demo.url
        demo.end(signal.SIGINT)


@pytest.fixture(scope="module")
def seen(graphiql_url: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a person saw who opened GraphiQL, ran the query, and looked a type up."""
    screenshot = os.environ.get("SCREENSHOT") or str(tmp_path_factory.mktemp("picture") / "graphiql.png")
    arguments = ["--url", graphiql_url, "--query", QUERY, "--type", "Product"]
    visit = subprocess.run(
        ["node", "graphiql.mjs", *arguments, "--screenshot", os.path.abspath(screenshot)],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        timeout=BROWSER_TIMEOUT_S,
    )
    assert visit.returncode == 0, visit.stderr
    report: dict[str, Any] = json.loads(visit.stdout)
    return {**report, "screenshot": Path(screenshot)}


def test_the_page_is_punnets_and_says_how_to_begin(seen: dict[str, Any]) -> None:
    assert seen["title"] == "Punnet"
    assert "Ctrl-Enter" in seen["welcome"]


def test_a_typed_query_is_answered_with_rows(seen: dict[str, Any]) -> None:
    assert "errors" not in seen["response"]
    assert len(seen["response"]["data"]["products"]["nodes"]) == 3


def test_what_services_say_stands_beside_the_rows(seen: dict[str, Any]) -> None:
    data = seen["response"]["data"]
    assert data["orders"]["nodes"][0]["shipment"]["order"]["total"]
    assert all(product["inventory"]["warehouse"] for product in data["products"]["nodes"])


def test_the_rows_are_shown(seen: dict[str, Any]) -> None:
    name = seen["response"]["data"]["products"]["nodes"][0]["name"]
    assert name in seen["shown"]


def test_the_documentation_describes_a_type(seen: dict[str, Any]) -> None:
    assert re.search(r"\w+ \w+", seen["description"])


def test_nothing_beyond_this_machine_is_asked(seen: dict[str, Any]) -> None:
    assert seen["foreignRequests"] == []


def test_nothing_fails_or_is_forbidden(seen: dict[str, Any]) -> None:
    assert (seen["failedRequests"], seen["violations"], seen["errors"]) == ([], [], [])


def test_the_picture_is_a_png_of_1280_by_800(seen: dict[str, Any]) -> None:
    header = seen["screenshot"].read_bytes()[:24]
    assert header[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(header[16:20]), int.from_bytes(header[20:24])) == (1280, 800)
