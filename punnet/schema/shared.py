"""Types that every generated schema shares: Node, PageInfo, Direction, and one filter a scalar."""

from __future__ import annotations

from dataclasses import dataclass

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLEnumValue,
    GraphQLField,
    GraphQLID,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLString,
)

from punnet.access.condition import Operator
from punnet.catalog.scalars import Family
from punnet.planning.meaning import EXTENSION, SHAPING, PageInfoPart, WhereOperator
from punnet.resolvers.rows import resolve_type
from punnet.schema.fields import field_of

_EQUALITY: tuple[Operator, ...] = ("eq", "ne", "in", "notIn")
_ORDER: tuple[Operator, ...] = ("lt", "lte", "gt", "gte")
_TEXT: tuple[Operator, ...] = (
    "contains", "startsWith", "endsWith", "like", "iContains", "iStartsWith", "iEndsWith", "iLike",
)  # fmt: skip
_OPERATORS: dict[Family, tuple[Operator, ...]] = {
    "boolean": ("eq", "ne"),
    "equality": _EQUALITY,
    "ordered": (*_EQUALITY, *_ORDER),
    "text": (*_EQUALITY, *_ORDER, *_TEXT),
    "opaque": (),
}
_DESCRIPTIONS: dict[Operator, str] = {
    "eq": "Equal to.",
    "ne": "Not equal to; null is neither.",
    "in": "Equal to one of these.",
    "notIn": "Equal to none of these; null is neither.",
    "lt": "Less than.",
    "lte": "Less than or equal to.",
    "gt": "Greater than.",
    "gte": "Greater than or equal to.",
    "isNull": "Whether it is null.",
    "contains": "Contains this text; `%` and `_` stand for themselves.",
    "startsWith": "Begins with this text.",
    "endsWith": "Ends with this text.",
    "like": "Matches this pattern: `%` is any text, `_` any character, and a backslash takes their meaning away.",
    "iContains": "As `contains`, whatever the case.",
    "iStartsWith": "As `startsWith`, whatever the case.",
    "iEndsWith": "As `endsWith`, whatever the case.",
    "iLike": "As `like`, whatever the case.",
}


def operator_field(operator: Operator, type_: GraphQLInputType) -> GraphQLInputField:
    """The input field of an operator; lists of values for `in` and `notIn`."""
    taken: GraphQLInputType = type_
    if operator in ("in", "notIn"):
        taken = GraphQLList(GraphQLNonNull(type_))
    if operator == "isNull":
        taken = GraphQLBoolean
    return GraphQLInputField(
        taken, description=_DESCRIPTIONS[operator], extensions={EXTENSION: WhereOperator(operator)}
    )


def filter_type(name: str, family: Family, type_: GraphQLInputType) -> GraphQLInputObjectType:
    """The conditions on a value of one scalar or enum. All that are given must hold."""
    operators: tuple[Operator, ...] = (*_OPERATORS[family], "isNull")
    return GraphQLInputObjectType(
        name,
        {operator: operator_field(operator, type_) for operator in operators},
        description=f"Conditions on a value of type {type_}; all that are given must hold.",
    )


def null_filter_type() -> GraphQLInputObjectType:
    """The condition on a value that cannot be compared."""
    return GraphQLInputObjectType(
        "NullFilter",
        {"isNull": operator_field("isNull", GraphQLBoolean)},
        description="The condition on a value that cannot be compared with another.",
    )


def direction_type() -> GraphQLEnumType:
    """The directions of an ordering."""
    texts = {
        "ASC": "Smallest first, nulls last.",
        "DESC": "Largest first, nulls first.",
        "ASC_NULLS_FIRST": "Smallest first, nulls before them.",
        "ASC_NULLS_LAST": "Smallest first, nulls after them.",
        "DESC_NULLS_FIRST": "Largest first, nulls before them.",
        "DESC_NULLS_LAST": "Largest first, nulls after them.",
    }
    return GraphQLEnumType(
        "Direction",
        {name: GraphQLEnumValue(name, description=text) for name, text in texts.items()},
        description="The direction in which a column orders.",
        extensions=SHAPING,
    )


@dataclass(frozen=True, slots=True)
class NodeInterface:
    """What every type with a global id implements."""

    type: GraphQLInterfaceType
    field: str
    """Its only field, which holds the id."""


def node_interface(field: str) -> NodeInterface:
    """The interface of all that has a global id in this field."""
    node = GraphQLInterfaceType(
        "Node",
        {field: GraphQLField(GraphQLNonNull(GraphQLID), description="The object's id across all types.")},
        resolve_type=resolve_type,
        description="An object that can be fetched again by its id.",
    )
    return NodeInterface(node, field)


def page_info_type() -> GraphQLObjectType:
    """Facts about a page of a connection."""
    boolean, text = GraphQLNonNull(GraphQLBoolean), GraphQLString
    parts = (
        (PageInfoPart("hasNextPage"), boolean, "Whether rows come after this page."),
        (PageInfoPart("hasPreviousPage"), boolean, "Whether the page began after a cursor or an offset."),
        (PageInfoPart("startCursor"), text, "The cursor of the page's first row."),
        (
            PageInfoPart("endCursor"),
            text,
            "The cursor of the page's last row: give it to `after` for the next page.",
        ),
    )
    return GraphQLObjectType(
        "PageInfo",
        {meaning.part: field_of(meaning, type_, description) for meaning, type_, description in parts},
        description="Where a page stands among all rows of its connection.",
    )
