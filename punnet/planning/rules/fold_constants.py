"""Conditions without the parts that are always true, or never.

`{and: []}`, `{or: []}`, `{id: {in: []}}` and what is made of them is decided here. Postgres would ask `= any('{}')` of
every row of a table; a filter that is plainly false it answers without looking at one.
"""

from __future__ import annotations

from dataclasses import replace

from punnet.access.condition import EVERYTHING, And, Compare, Condition, Constant, Items, Not, Or
from punnet.planning.plan import Plan
from punnet.planning.read import Read
from punnet.planning.rules.every_read import change_reads

NOTHING = Or(())
"""No row."""


def fold_constants(plan: Plan) -> Plan:
    """The plan with the constant parts of its filters decided."""
    return change_reads(plan, folded_read)


def folded_read(read: Read) -> Read:
    """The read with the constant parts of its filter decided.

    Resolvers do so, too: a value that the database would refuse is no error where nothing depends on it.
    """
    where = fold(read.where)
    return read if where == read.where else replace(read, where=where)


def fold(condition: Condition) -> Condition:
    """An equivalent condition without constant parts: true, false and null for the same rows."""
    match condition:
        case And(parts):
            return _joined(And, parts, neutral=EVERYTHING, deciding=NOTHING)
        case Or(parts):
            return _joined(Or, parts, neutral=NOTHING, deciding=EVERYTHING)
        case Not(part):
            return _negated(fold(part))
        case Compare(_, "in", Constant(()) | Items(())):
            # False even for a null: there is nothing that it could have been equal to.
            return NOTHING
        case Compare(_, "notIn", Constant(()) | Items(())):
            return EVERYTHING
        case _:
            return condition


def _joined(
    kind: type[And] | type[Or], parts: tuple[Condition, ...], *, neutral: Condition, deciding: Condition
) -> Condition:
    folded = [part for part in map(fold, parts) if part != neutral]
    # A part that is false decides an `and` whatever the others are, null too.
    if deciding in folded:
        return deciding
    return folded[0] if len(folded) == 1 else kind(tuple(folded))


def _negated(part: Condition) -> Condition:
    if part == EVERYTHING:
        return NOTHING
    return EVERYTHING if part == NOTHING else Not(part)
