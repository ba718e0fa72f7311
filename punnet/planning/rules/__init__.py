"""Rewrites of plans, one a file: each takes a plan and gives one that answers the same with less work."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from punnet.planning.plan import Plan
from punnet.planning.rules.fold_constants import fold_constants
from punnet.planning.rules.know_empty import know_empty
from punnet.planning.rules.share_reads import share_reads

Rule = Callable[[Plan], Plan]

RULES: Sequence[Rule] = (fold_constants, know_empty, share_reads)
"""In the order in which they are applied."""


def rewrite(plan: Plan, rules: Sequence[Rule] = RULES) -> Plan:
    """The plan after all rules."""
    for rule in rules:
        plan = rule(plan)
    return plan
