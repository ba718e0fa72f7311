"""Equal roots asked once: what a client asks twice, under two response keys, has one answer.

Of places in the answer that other sources fill there are then two as well, which share their key, and so are filled at
once. Reads below others are not compared: they run in one statement anyway.
"""

from __future__ import annotations

from dataclasses import replace

from punnet.planning.calls import RootCall
from punnet.planning.plan import Plan, Root, RootValue, SameAs
from punnet.planning.read import Read


def share_reads(plan: Plan) -> Plan:
    """The plan with each root that equals an earlier one answered by that."""
    first: dict[RootValue, int] = {}
    return replace(plan, roots=tuple(_shared(root, number, first) for number, root in enumerate(plan.roots)))


def _shared(root: Root, number: int, first: dict[RootValue, int]) -> Root:
    if not _is_shareable(root.value):
        return root
    same = first.setdefault(root.value, number)
    return root if same == number else Root(root.key, SameAs(same))


def _is_shareable(value: RootValue) -> bool:
    """Whether the value says all that is asked. A choice does not: reads of types that it does not name come later."""
    match value:
        case Read():
            return True
        case RootCall(endpoint):
            # Of others nobody knows whether two calls are one.
            return endpoint.method == "GET"
        case _:
            return False
