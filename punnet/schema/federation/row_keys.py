"""The columns behind a `@key` of rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graphql import GraphQLField, GraphQLObjectType, get_named_type

from punnet.catalog.key_fields import KeyField as WrittenField
from punnet.catalog.relations import Column, Key, Relation
from punnet.planning.entities import EntityKey, KeyField
from punnet.planning.meaning import ColumnField, ToOne, meaning_of
from punnet.schema.relations import RelationTypes, Shared

_ON_TRUST = ("view", "materialized view", "foreign table")
"""Relations of which the database does not say what tells their rows apart."""


class KeyUnresolvable(Exception):
    """Rows cannot be asked for by a key; the text says why."""


@dataclass(frozen=True, slots=True)
class RowKeys:
    """Finds out by which columns the rows of one type are asked for."""

    types: RelationTypes
    shared: Shared

    def of(self, written: Iterable[WrittenField]) -> EntityKey:
        """The key that consists of these fields, which the type has.

        A field that is a row consists of columns that this row has, too: those that point to it.

        Raises:
            KeyUnresolvable: they are no columns, or several rows could be meant.
        """
        fields = self.types.row.fields
        key = EntityKey(tuple(found for each in written for found in self._fields(each, fields)))
        self._check_unique({field.column for field in key.fields})
        return key

    def is_exact(self, column: Column) -> bool:
        """Whether another subgraph can give back a value of the column."""
        # A float that went through another service may have lost a digit.
        is_float = column.type.base().scalar == "Float"
        return not is_float and self.shared.values.input(column.type, self.types.relation.id.source) is not None

    def _fields(self, written: WrittenField, fields: Mapping[str, GraphQLField]) -> list[KeyField]:
        field = fields[written.name]
        match meaning_of(field):
            case ColumnField(column):
                return [self._field(written.name, column, column.name)]
            case ToOne() as relationship:
                target = get_named_type(field.type)
                return [self._nested(written.name, each, target, relationship) for each in written.fields]
            case _:
                raise KeyUnresolvable(f"'{self.types.name}.{written.name}' is neither a column nor a relationship")

    def _nested(self, within: str, written: WrittenField, target: object, relationship: ToOne) -> KeyField:
        if written.fields or not isinstance(target, GraphQLObjectType):
            raise KeyUnresolvable(f"'{within} {{ {written} }}' leads through several relationships, and one will do")
        own = {link.child: link.parent for link in relationship.links}
        meaning = meaning_of(target.fields[written.name])
        if not isinstance(meaning, ColumnField) or meaning.column.name not in own:
            names = self.shared.names
            known = " and ".join(repr(names.column(relationship.relation.id, column)) for column in own)
            raise KeyUnresolvable(f"of '{within}', a '{self.types.name}' itself knows {known}, not '{written.name}'")
        return self._field(written.name, meaning.column, own[meaning.column.name], within)

    def _field(self, name: str, column: Column, own: str, within: str | None = None) -> KeyField:
        if not self.is_exact(column):
            path = name if within is None else f"{within}.{name}"
            raise KeyUnresolvable(f"'{self.types.name}.{path}' is of a type whose values other services may change")
        names, source, base = self.shared.names, self.types.relation.id.source, column.type.base()
        labels = tuple(
            (names.enum_value(base.namespace, base.name, label, source=source), label) for label in base.labels
        )
        return KeyField(name, own, column.type, labels, within)

    def _check_unique(self, columns: set[str]) -> None:
        relation = self.types.relation
        if relation.kind not in _ON_TRUST and not any(columns.issuperset(key.columns) for key in relation.keys):
            raise KeyUnresolvable(
                f"several rows of '{relation.id}' could have these values: {self._known(relation)}; if they tell rows "
                f"apart, say so by 'key' of [sources.{relation.id.source}.relations.\"{relation.id}\"]"
            )

    def _known(self, relation: Relation) -> str:
        keys = ", ".join(f"'{self._text(key)}'" for key in relation.keys)
        return f"its keys are {keys}" if keys else "it has no key"

    def _text(self, key: Key) -> str:
        return " ".join(self.shared.names.column(self.types.relation.id, column) for column in key.columns)
