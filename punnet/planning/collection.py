"""The read of a field that gives rows of a relation, by the field's arguments."""

from __future__ import annotations

from typing import Any

from punnet.access.condition import And, Compare, Condition
from punnet.access.policy import Policy
from punnet.catalog.relations import Relation
from punnet.planning.arguments import plan_order, plan_page, plan_where
from punnet.planning.read import Link, Output, Read
from punnet.planning.selection import Selected
from punnet.planning.variables import operand


def connection_read(
    selected: Selected,
    relation: Relation,
    arguments: dict[str, Any],
    links: tuple[Link, ...],
    *,
    policy: Policy,
    output: Output,
) -> Read:
    """The read of a connection field with these arguments."""
    definitions = {} if selected.definition is None else selected.definition.args
    order = plan_order(definitions, arguments, relation)
    return Read(
        relation=relation,
        policy=policy,
        output=output,
        where=plan_where(definitions, arguments),
        order=order,
        page=plan_page(arguments, order),
        keyed_by=links,
    )


def row_condition(by: tuple[tuple[str, str], ...], arguments: dict[str, Any]) -> Condition:
    """The condition that a row has the key given in the arguments."""
    return And(tuple(Compare(column, "eq", operand(arguments[name])) for name, column in by))
