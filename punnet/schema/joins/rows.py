"""Joined fields that rows of a database answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from graphql import GraphQLField, GraphQLList, GraphQLNonNull

from punnet.catalog.close_names import did_you_mean
from punnet.catalog.joins import Join
from punnet.catalog.names import Names
from punnet.catalog.relations import Column
from punnet.catalog.scalars import json_scalar
from punnet.catalog.types import DataType
from punnet.planning.meaning import JoinedRows
from punnet.planning.read import Link
from punnet.schema.fields import field_of
from punnet.schema.joins.keyed_calls import NUMBERS
from punnet.schema.joins.parents import Parent
from punnet.schema.problem import Problem
from punnet.schema.relations import RelationTypes


@dataclass(frozen=True, slots=True)
class RowFields:
    """Makes fields whose values are rows, or a column of them."""

    names: Names
    relations: Iterable[RelationTypes]

    def field(self, join: Join, parent: Parent, source: str, name: str) -> GraphQLField:
        """The field that a root field of a database answers; raises Problem."""
        types, is_list = self._relation(source, name)
        if is_list != join.is_list:
            raise Problem(
                f"'{join.call}' gives {'many rows' if is_list else 'one row'}: "
                f"say 'list = {'true' if is_list else 'false'}'"
            )
        links = tuple(self._links(join, parent, types))
        if not is_list and {link.child for link in links} not in [set(key.columns) for key in types.relation.keys]:
            raise Problem(f"'match' names no key of '{types.relation.id}': more than one row can have these values")
        if join.value:
            return self._value_field(join, types, links)
        meaning = JoinedRows(types.relation, links, is_list)
        comment = types.relation.comment
        if is_list:
            return field_of(meaning, types.connection, comment, types.connection_arguments())
        return field_of(meaning, types.row, comment)

    def _value_field(self, join: Join, types: RelationTypes, links: tuple[Link, ...]) -> GraphQLField:
        column = self._column(types, ".".join(join.value))
        type_ = types.column_type(column)
        meaning = JoinedRows(types.relation, links, join.is_list, column)
        if not join.is_list:
            return field_of(meaning, type_, column.comment)
        arguments = {name: each for name, each in types.connection_arguments().items() if name != "after"}
        element = type_ if column.nullable else GraphQLNonNull(type_)
        return field_of(meaning, GraphQLList(element), column.comment, arguments)

    def _links(self, join: Join, parent: Parent, types: RelationTypes) -> Iterator[Link]:
        for child, value in join.match:
            column = self._column(types, child)
            place = parent.place(value)
            if not _can_name(place.scalar, column.type):
                raise Problem(f"'{value}' is {place.kind}, and the column '{column.name}' is {_named(column.type)}")
            yield Link(child=column.name, parent=place.raw, type=column.type)

    def _column(self, types: RelationTypes, name: str) -> Column:
        relation = types.relation
        by_name = {self.names.column(relation.id, each.name): each for each in relation.columns}
        column = by_name.get(name) or relation.column_by_name.get(name)
        if column is None:
            raise Problem(f"'{relation.id}' has no column '{name}'{did_you_mean(name, by_name)}")
        return column

    def _relation(self, source: str, name: str) -> tuple[RelationTypes, bool]:
        """The relation of a root field, and whether that gives many rows."""
        known: list[str] = []
        for types in self.relations:
            if types.relation.id.source != source:
                continue
            collection = self.names.collection(types.relation.id)
            lookups = [self.names.lookup(types.relation.id, key.name) for key in types.relation.keys]
            known += [collection, *lookups]
            if name == collection:
                return types, True
            if name in lookups:
                return types, False
        raise Problem(f"the source '{source}' has no '{name}'{did_you_mean(name, known)}")


def _can_name(scalar: str | None, data_type: DataType) -> bool:
    """Whether values of the scalar, or of an enum, can be the column's: numbers and texts may stand for each other."""
    base = data_type.base()
    own = json_scalar(base)
    if base.kind == "enum" or scalar is None:
        return base.kind in ("base", "enum") and {scalar, own or None} <= {None, "String"}
    numbers = NUMBERS - {"Float"}
    is_like = scalar == own or (scalar in numbers and own in numbers)
    return base.kind == "base" and (is_like or scalar in ("String", "ID") or own == "String")


def _named(data_type: DataType) -> str:
    return data_type.base().scalar or data_type.name
