"""The machine's clocks: what time went by, and whose CPU it was."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """Seconds: of the wall, and of CPU: of this program's ended children, of everything, and taken away by the host."""

    wall: float
    children: float
    busy: float
    steal: float

    def __sub__(self, other: Clocks) -> Clocks:
        return Clocks(
            wall=self.wall - other.wall,
            children=self.children - other.children,
            busy=self.busy - other.busy,
            steal=self.steal - other.steal,
        )


def clocks() -> Clocks:
    times, (busy, steal) = os.times(), machine_busy()
    children = times.children_user + times.children_system
    return Clocks(wall=time.monotonic(), children=children, busy=busy, steal=steal)


def machine_busy() -> tuple[float, float]:
    fields = [int(x) for x in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]]
    user, nice, system, _idle, _iowait, irq, softirq, steal = fields[:8]
    tick = os.sysconf("SC_CLK_TCK")
    return (user + nice + system + irq + softirq) / tick, steal / tick
