"""CPU time to hold against a limit on any machine: as the one on which the limits were set would take it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

WORK_S = 0.2
"""What `work` takes on the machine on which the limits were set."""


@dataclass(slots=True)
class Taken:
    """What a block took, known when it has ended."""

    seconds: float = 0.0


@contextmanager
def cpu_time() -> Iterator[Taken]:
    """Measure the CPU time of a block, in seconds of the machine on which the limits were set."""
    taken = Taken()
    before = slowness()
    start = time.process_time()
    yield taken
    own = time.process_time() - start
    taken.seconds = own / max(before, slowness())


def slowness() -> float:
    """How many times as long as there everything takes here and now, 1 if it is not longer.

    The machine may be another one, or others may use its processors, too: a fixed piece of work is timed.
    """
    start = time.process_time()
    work()
    return max(1.0, (time.process_time() - start) / WORK_S)


def work() -> int:
    """Something like what is measured: many small objects, strings, and dictionaries of them."""
    made = {f"key {number}": (number, str(number)) for number in range(300_000)}
    return len(sorted(made.items(), key=lambda item: item[1][1]))
