"""Small plans made by hand."""

from __future__ import annotations

from dataclasses import replace

from punnet.access.condition import EVERYTHING, Compare, Condition, Constant
from punnet.access.policy import UNRESTRICTED
from punnet.catalog.relations import Column, Key, Relation, RelationId
from punnet.catalog.types import DataType
from punnet.planning.plan import Plan, Root, RootValue
from punnet.planning.read import WHOLE, ColumnValue, Connection, ConnectionField, Field, Nodes, Output, Page, Read, Row

INT4 = DataType(namespace="pg_catalog", name="int4", scalar="Int")
ID = Column(name="id", type=INT4, nullable=False)
THINGS = Relation(id=RelationId(source="main", namespace="public", name="things"), kind="table", columns=(ID,))
KEYED_THINGS = replace(THINGS, keys=(Key(name="things_pkey", columns=("id",), primary=True),))
JUST_IDS = (Field(key="id", value=ColumnValue(ID)),)


def connection(*fields: ConnectionField, where: Condition = EVERYTHING, page: Page = WHOLE) -> Read:
    """The read of a page; without fields, of its nodes' ids."""
    output = Connection(fields or (ConnectionField("nodes", Nodes(JUST_IDS)),))
    return replace(_read(output, where), page=page)


def row(where: Condition = EVERYTHING) -> Read:
    """The read of one row's id."""
    return _read(Row(JUST_IDS), where)


def id_is(value: object) -> Condition:
    return Compare("id", "eq", Constant(value))


def plan_with(**roots: RootValue) -> Plan:
    return Plan(tuple(Root(key, value) for key, value in roots.items()))


def values_of(plan: Plan) -> list[RootValue]:
    return [root.value for root in plan.roots]


def _read(output: Output, where: Condition) -> Read:
    return Read(relation=THINGS, policy=UNRESTRICTED, output=output, where=where)
