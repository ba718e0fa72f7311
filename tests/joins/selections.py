"""Operations at random over databases and services that are joined."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from graphql import GraphQLField, GraphQLObjectType, GraphQLSchema, GraphQLUnionType, get_named_type
from hypothesis import strategies as st

from punnet.planning.meaning import (
    Collection,
    ConnectionPart,
    JoinedCall,
    JoinedRows,
    MemberField,
    ToMany,
    ToOne,
    meaning_of,
)

DEPTH = 5
_ALIAS = re.compile(r"^\w+: ")
Draw = Callable[[st.SearchStrategy[Any]], Any]

ROOTS = (
    "products(first: 3)", "products(first: 12, offset: 2)", "product(id: 1)", "product(id: 3)", "orders(first: 6)",
    "order(id: 5)", "order(id: 8)", "things", "thing(id: 1)", "thing(id: 3)", "orderLines(first: 5)",
    "categories(first: 30)", "getSupplier(id: 26)", "getSupplier(id: 4)", "getSupplier(id: 15)",
    'getItem(sku: "BER-0001")', "search(limit: 4)", 'listItems(sku: ["a", "b", "CHE-0001"])',
)  # fmt: skip
TO_OTHERS = JoinedCall | JoinedRows
INWARD = ToOne | ToMany | Collection | ConnectionPart | MemberField
PAGES = ("(first: 1)", "(first: 3)", "(first: 2, offset: 1)", "(first: 2, orderBy: {id: DESC})")


@st.composite
def operations(draw: Draw, schema: GraphQLSchema) -> str:
    """A query of one to three roots."""
    return _Writer(draw, schema).operation()


class _Writer:
    def __init__(self, draw: Draw, schema: GraphQLSchema) -> None:
        self._draw = draw
        self._schema = schema
        self._numbers = 0

    def operation(self) -> str:
        query = self._schema.query_type
        assert query is not None
        roots = [self._one(ROOTS) for _ in range(self._draw(st.integers(1, 3)))]
        texts = [self._root(query, root) for root in roots]
        if self._chance(20):
            # One of them once more, under another key.
            texts.append(f"again: {_ALIAS.sub('', self._one(texts))}")
        return "{ " + " ".join(texts) + " }"

    def _root(self, query: GraphQLObjectType, root: str) -> str:
        field = query.fields[root.partition("(")[0]]
        return f"{self._alias()}{root}{self._selection(get_named_type(field.type), DEPTH)}"

    def _selection(self, type_: object, depth: int) -> str:
        if isinstance(type_, GraphQLUnionType):
            parts = [f"... on {each.name} {self._selection(each, depth)}" for each in type_.types]
            return f" {{ {self._alias()}__typename {' '.join(parts)} }}"
        if not isinstance(type_, GraphQLObjectType):
            return ""
        # Mostly on to other sources: that is what is tested.
        names = [name for name in type_.fields if self._weight(type_.fields[name], depth)]
        hops = [name for name in names if isinstance(meaning_of(type_.fields[name]), TO_OTHERS)]
        chosen = [self._one(hops) if hops and self._chance(60) else self._one(names) for _ in range(self._number(1, 3))]
        return " { " + " ".join(self._field(type_, name, depth) for name in chosen) + " }"

    def _weight(self, field: GraphQLField, depth: int) -> bool:
        """Whether the field may be chosen: the end of the way has leaves only."""
        named = get_named_type(field.type)
        is_leaf = not isinstance(named, GraphQLObjectType | GraphQLUnionType)
        is_near = isinstance(meaning_of(field), ConnectionPart | MemberField)
        return is_leaf or (depth > 0 and isinstance(meaning_of(field), TO_OTHERS | INWARD)) or is_near

    def _field(self, type_: GraphQLObjectType, name: str, depth: int) -> str:
        field = type_.fields[name]
        arguments = self._one(PAGES) if "first" in field.args else ""
        if arguments and "id" not in _row_fields(field):
            arguments = PAGES[0]
        is_near = isinstance(meaning_of(field), ConnectionPart)
        below = self._selection(get_named_type(field.type), depth if is_near else depth - 1)
        text = f"{self._alias()}{name}{arguments}{self._directive()}{below}"
        return f"... on {type_.name} {{ {text} }}" if self._chance(10) else text

    def _alias(self) -> str:
        # Always one: what is asked twice under one name would have to be asked alike. Merging has tests of its own.
        self._numbers += 1
        return f"a{self._numbers}: "

    def _directive(self) -> str:
        return self._one((" @skip(if: true)", " @include(if: false)", " @skip(if: false)")) if self._chance(6) else ""

    def _one(self, choices: Sequence[str]) -> str:
        return str(self._draw(st.sampled_from(choices)))

    def _number(self, least: int, most: int) -> int:
        return int(self._draw(st.integers(least, most)))

    def _chance(self, percent: int) -> bool:
        return self._number(0, 99) >= 100 - percent


def _row_fields(field: GraphQLField) -> Sequence[str]:
    """The fields by which pages of a field can be ordered here; none where its pages are of single values."""
    connection = get_named_type(field.type)
    if not isinstance(connection, GraphQLObjectType):
        return ()
    row = get_named_type(connection.fields["nodes"].type)
    assert isinstance(row, GraphQLObjectType)
    return list(row.fields)
