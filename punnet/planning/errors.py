"""Errors of planning."""

from __future__ import annotations

from punnet.errors import PunnetError


class NotPlannable(PunnetError):
    """A selection that has no compiled plan: the way of the resolvers answers it."""

    code = "PLAN-001"

    def __init__(self, what: str) -> None:
        super().__init__(what=what, where="planning an operation", fix="let the resolvers answer it")
