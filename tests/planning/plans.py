"""The plans of single operations on one database."""

from __future__ import annotations

from typing import Any

from punnet.planning.plan import Plan
from tests.engines import Ways
from tests.plans import compiled


def plan_of(ways: Ways, query: str, variables: dict[str, Any]) -> Plan:
    """The plan of a document's only operation, before the rules."""
    return compiled(ways.built.graphql, query, variables)[0]


def coerced_of(ways: Ways, query: str, variables: dict[str, Any]) -> dict[str, Any]:
    """The variables of a document's only operation, as its plan takes them."""
    return compiled(ways.built.graphql, query, variables)[1]
