"""What a served database takes until it answers first, and how much memory a worker takes."""

from __future__ import annotations

import pytest

from tests.cli.command import Command, running
from tests.speed import slowness

QUERIES = 300
FIRST_ANSWER_S = 2.0
ATTEMPTS = 3
MEMORY_MB = 120.0

pytestmark = pytest.mark.judge


def test_the_first_answer_takes_less_than_two_seconds_of_cpu(shop_url: str) -> None:
    slow = slowness()
    times = sorted(first_answer_s(shop_url) for _ in range(ATTEMPTS))
    # The best of three, in CPU time: another suite on the same machine is not what is measured.
    assert times[0] / max(slow, slowness()) < FIRST_ANSWER_S, times


def test_a_worker_stays_small_after_some_hundred_queries(shop_url: str) -> None:
    with running("serve", shop_url, "--port", "0") as command:
        for number in range(QUERIES):
            assert "errors" not in command.ask(query(number))
        used = memory_mb(command)
    assert used < MEMORY_MB


def first_answer_s(url: str) -> float:
    with running("serve", url, "--port", "0") as command:
        assert "errors" not in command.ask(query(0))
        taken = [process.cpu_times() for process in command.processes()]
    return float(sum(each.user + each.system for each in taken))


def query(number: int) -> str:
    """One of many shapes, so that documents, plans and statements are kept of all of them."""
    fields = ["id", "name", "sku", "price", "createdAt", "status"]
    chosen = " ".join(fields[: 1 + number % len(fields)])
    return f"{{ p{number}: products(first: {1 + number % 50}) {{ nodes {{ {chosen} category {{ name }} }} }} }}"


def memory_mb(command: Command) -> float:
    return float(command.processes()[0].memory_info().rss) / 1e6
