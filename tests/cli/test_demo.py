from __future__ import annotations

import re
import signal
from pathlib import Path

import psutil
import pytest

from tests.cli.command import TRACEBACK, Command, are_gone, get, running, words_of
from tests.faults.waiting import wait_until

QUESTION = "{ products(first: 3) { nodes { name category { name } reviews(first: 2) { nodes { rating } } } } }"

JOINS = """{
  products(first: 50) { nodes { sku inventory { onHand warehouse restockedOn } } }
  orders(first: 1) { nodes { id shipment { carrier eta order { id total } } } }
}"""


@pytest.fixture
def open_directory(server_directory: Path) -> Path:
    """The demo's directory for temporary files, which root's Postgres can enter, too."""
    server_directory.chmod(0o755)
    return server_directory


def test_ctrl_c_leaves_nothing(open_directory: Path) -> None:
    with running("demo", "--port", "0", TMPDIR=str(open_directory)) as command:
        assert len(command.ask(QUESTION)["data"]["products"]["nodes"]) == 3
        assert get(upstream_url(command)).status_code == 200
        processes = with_postgres(command)
        assert command.end(signal.SIGINT) == 0
        wait_until(lambda: are_gone(processes))
        assert list(open_directory.iterdir()) == []
        assert TRACEBACK not in command.output


def test_the_demo_joins_its_shop_and_its_warehouse(open_directory: Path) -> None:
    with running("demo", "--port", "0", TMPDIR=str(open_directory)) as command:
        asked = re.search(r"Ask for example: (.*)", wait_until(lambda: command.url and command.output))
        assert asked is not None
        example = command.ask(asked[1])["data"]["products"]["nodes"]
        assert example[0]["inventory"] == {"onHand": 192, "warehouse": "Leipzig"}
        answer = command.ask(JOINS)
        assert "errors" not in answer
        [order] = answer["data"]["orders"]["nodes"]
        assert order["shipment"]["order"]["id"] == order["id"]
        stats = get(upstream_url(command).replace("/openapi.json", "/stats")).json()
        # The 3 products of the example went in one call, and the 50 of the other operation in another.
        assert stats["inventory_batches"] == 2
        assert stats["inventory_keys"] == 53
        assert (stats["inventory_single"], stats["shipments"]) == (0, 1)


@pytest.mark.judge
def test_sigterm_leaves_nothing(open_directory: Path) -> None:
    with running("demo", "--port", "0", TMPDIR=str(open_directory)) as command:
        command.ask(QUESTION)
        processes = with_postgres(command)
        assert command.end(signal.SIGTERM) == 0
        wait_until(lambda: are_gone(processes))
        assert list(open_directory.iterdir()) == []


@pytest.mark.judge
def test_a_demo_that_is_killed_leaves_no_postgres(open_directory: Path) -> None:
    with running("demo", "--port", "0", TMPDIR=str(open_directory)) as command:
        command.ask(QUESTION)
        processes = with_postgres(command)
        command.end(signal.SIGKILL)
        wait_until(lambda: are_gone(processes))
        assert list(open_directory.glob("*/*")) == []


@pytest.mark.judge
def test_ctrl_c_while_it_starts_leaves_nothing(open_directory: Path) -> None:
    with running("demo", "--port", "0", TMPDIR=str(open_directory)) as command:
        wait_until(lambda: "Filling the sample shop" in command.output)
        processes = with_postgres(command)
        assert command.end(signal.SIGINT) == 0
        wait_until(lambda: are_gone(processes))
        assert list(open_directory.iterdir()) == []
        assert TRACEBACK not in command.output


def with_postgres(command: Command) -> list[psutil.Process]:
    """All processes of the demo, among them a Postgres server (as root, another user's)."""
    processes = command.processes()
    assert any(Path(word).name == "postgres" for process in processes for word in words_of(process)[:1])
    return processes


def upstream_url(command: Command) -> str:
    [line] = [line for line in command.output.splitlines() if "/openapi.json" in line]
    return line.split()[-1]
