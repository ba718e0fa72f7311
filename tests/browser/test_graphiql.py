"""GraphiQL in a real browser, on the sample shop, with nothing beyond this machine in reach.

Needs `make graphiql`, Debian's chromium, and `npm install` in this folder. SCREENSHOT names a file to
keep the picture in.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.judge

# On one line: at a line's end, the editor indents and closes brackets by itself.
QUERY = (
    "{ products(first: 3) { nodes { name category { name } "
    "reviews(first: 2) { nodes { rating customer { email } } } } } }"
)
START_TIMEOUT_S = 120
BROWSER_TIMEOUT_S = 120


@pytest.fixture(scope="module")
def graphiql_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where `punnet demo` says that GraphiQL is."""
    port = free_port()
    output = tmp_path_factory.mktemp("demo") / "output.txt"
    with (
        output.open("w") as stdout,
        subprocess.Popen(
            [sys.executable, "-m", "punnet", "demo", "--port", str(port)],
            stdout=stdout,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        ) as demo,
    ):
        try:
            wait_until_ready(f"http://127.0.0.1:{port}/readyz", demo, output)
            yield url_in(output.read_text(), port)
        finally:
            demo.send_signal(signal.SIGINT)
            demo.wait(timeout=30)


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


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def wait_until_ready(url: str, demo: subprocess.Popen[bytes], output: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while not is_ready(url):
        if demo.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"punnet demo did not start:\n{output.read_text()}")
        time.sleep(0.1)


def is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError as not_yet:
        not_yet.close()
        return False
    except OSError:
        return False


def url_in(output: str, port: int) -> str:
    found = re.search(rf"http://127\.0\.0\.1:{port}/[\w/-]+", output)
    assert found, f"punnet demo named no GraphiQL:\n{output}"
    return found[0]
