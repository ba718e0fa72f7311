"""Fields whose objects are of the types that the request names."""

from __future__ import annotations

from dataclasses import dataclass, replace

from graphql import GraphQLObjectType

from punnet.planning.calls import CallHop, Projection
from punnet.planning.choice import Choice
from punnet.planning.compile.projections import object_projection
from punnet.planning.compile.rows import RowCompiler
from punnet.planning.entities import CalledEntity, GivenEntity, Representations
from punnet.planning.errors import NotPlannable
from punnet.planning.ids import GlobalIds
from punnet.planning.plannable import count_object
from punnet.planning.read import Field, HopKey, Read, Row
from punnet.planning.selection import Selected, Size
from punnet.planning.variables import operand


@dataclass(frozen=True, slots=True)
class ChoiceCompiler:
    """Makes the choice of one field."""

    rows: RowCompiler
    selected: Selected

    def choice(self, addressing: GlobalIds | Representations, items: object, *, is_list: bool) -> Choice:
        """The choice among rows.

        Args:
            addressing: finds the type and key of an item.
            items: the field's argument: one item, or a list of them.
            is_list: whether the field gives a list.
        """

        def read_of_other(type_name: str) -> Read | None:
            return self._read_of_other(addressing, type_name)

        named = ((name, self._read(addressing, name)) for name in sorted(self._types_named()))
        reads = tuple((name, read) for name, read in named if read is not None)
        return Choice(reads, addressing, operand(items), is_list, read_of_other)

    def entities(self, representations: Representations, items: object) -> Choice:
        """The choice with what representations name beside rows, or know better than they."""
        return replace(
            self.choice(representations, items, is_list=True),
            given=tuple(
                (each.name, *self._object(each.name)) for each in representations.types if isinstance(each, GivenEntity)
            ),
            called=tuple(
                (each.name, tuple(CallHop(key.call, *self._object(each.name)) for key in each.keys))
                for each in representations.types
                if isinstance(each, CalledEntity)
            ),
            required=frozenset(representations.required),
            given_of=representations.given_of,
        )

    def _read_of_other(self, addressing: GlobalIds | Representations, type_name: str) -> Read | None:
        """The read of a type that no fragment names, when the plan is long made.

        Raises:
            NotPlannable: it is not a plan's to make, or leads to other sources: the plan has no place for those.
        """
        # It counts for itself: what the requests before have named is none of this one's.
        selection = replace(self.rows.selection, size=Size())
        later = replace(self, rows=replace(self.rows, selection=selection, hops={}))
        read = later._read(addressing, type_name)
        if later.rows.hops:
            raise NotPlannable(f"'{type_name}' leads to other sources, and no fragment names it")
        return read

    def _read(self, addressing: GlobalIds | Representations, type_name: str) -> Read | None:
        rows = addressing.rows_of(type_name)
        if rows is None:
            return None
        count_object(self.rows.selection)
        relation, (keyed_by, *or_by) = rows
        required = addressing.required_columns(type_name)
        fields = self.rows.fields(self.selected, self._object_type(type_name))
        return Read(
            relation=relation,
            policy=self.rows.policy_of(relation),
            output=Row(tuple(_opened(each, required) for each in fields)),
            keyed_by=keyed_by,
            or_by=tuple(or_by),
        )

    def _object(self, name: str) -> tuple[GraphQLObjectType, Projection]:
        object_type = self._object_type(name)
        return object_type, object_projection(self.rows.selection, self.selected, object_type, self.rows.hop)

    def _object_type(self, name: str) -> GraphQLObjectType:
        object_type = self.rows.selection.schema.type_map[name]
        if not isinstance(object_type, GraphQLObjectType):
            raise NotPlannable(f"'{name}' is no object type")
        return object_type

    def _types_named(self) -> set[str]:
        """The types that fragments name themselves: of all others little is asked, and there may be thousands."""
        types = self.rows.selection.schema.type_map
        conditions = self.rows.selection.conditions(self.selected.details)
        return {name for name in conditions if isinstance(types[name], GraphQLObjectType)}


def _opened(field: Field, columns: frozenset[str]) -> Field:
    """The field, to be filled with what a representation has where its key is of these columns."""
    if not isinstance(field.value, HopKey) or columns.isdisjoint(field.value.columns):
        return field
    return replace(field, value=replace(field.value, is_open=True))
