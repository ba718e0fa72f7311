"""The fields of an operation, collected and merged by the rules of the specification.

graphql-core's own collector does it, so that a plan sees exactly what the executor would.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
)
from graphql.execution.collect_fields import (
    FieldDetails,
    FragmentDetails,
    GroupedFieldSet,
    collect_fields,
    collect_subfields,
)
from graphql.execution.values import VariableValues, get_argument_values

from punnet.planning.errors import NotPlannable


@dataclass(frozen=True, slots=True)
class Selected:
    """One field of an object type, under one response key."""

    key: str
    name: str
    definition: GraphQLField | None
    """None for `__typename`."""
    details: tuple[FieldDetails, ...]


@dataclass(slots=True)
class Size:
    """How much a plan has been asked for so far."""

    objects: int = 0
    fields: int = 0


@dataclass(frozen=True, slots=True)
class Selection:
    """An operation whose fields can be collected, under given variables."""

    schema: GraphQLSchema
    operation: OperationDefinitionNode
    fragments: Mapping[str, FragmentDetails]
    variables: VariableValues
    size: Size = field(default_factory=Size, repr=False, compare=False)
    """Counts what a plan takes of it."""

    def root(self, root_type: GraphQLObjectType) -> Iterator[Selected]:
        """The fields of the operation's root."""
        collected = collect_fields(self.schema, dict(self.fragments), self.variables, root_type, self.operation)
        return _selected(collected.grouped_field_set, root_type)

    def below(self, details: tuple[FieldDetails, ...], object_type: GraphQLObjectType) -> Iterator[Selected]:
        """The fields selected on an object of this type, below these fields."""
        collected = collect_subfields(
            self.schema, dict(self.fragments), self.variables, self.operation, object_type, list(details)
        )
        return _selected(collected.grouped_field_set, object_type)

    def conditions(self, details: tuple[FieldDetails, ...]) -> set[str]:
        """The names of the types on which the selections below these fields depend."""
        names: set[str] = set()
        seen: set[str] = set()
        sets = [detail.node.selection_set for detail in details if detail.node.selection_set is not None]
        while sets:
            for node in sets.pop().selections:
                fragment = self._fragment(node, seen)
                if fragment is not None:
                    names |= set() if fragment.type_condition is None else {fragment.type_condition.name.value}
                    sets.append(fragment.selection_set)
        return names

    def _fragment(self, node: SelectionNode, seen: set[str]) -> InlineFragmentNode | FragmentDefinitionNode | None:
        """The fragment that a selection is; None for a field, and for a spread that has been seen."""
        if isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
            seen.add(node.name.value)
            return self.fragments[node.name.value].definition
        return node if isinstance(node, InlineFragmentNode) else None

    def arguments(self, selected: Selected) -> dict[str, Any]:
        """The coerced arguments of a field."""
        if selected.definition is None:
            return {}
        return get_argument_values(selected.definition, selected.details[0].node, self.variables)


def _selected(grouped: GroupedFieldSet, object_type: GraphQLObjectType) -> Iterator[Selected]:
    for key, details in grouped.items():
        name = details[0].node.name.value
        definition = None if name == "__typename" else object_type.fields.get(name)
        if definition is None and name != "__typename":
            raise NotPlannable(f"'{object_type.name}.{name}' is no field of the schema's own types")
        yield Selected(key, name, definition, tuple(details))


def fragment_details(definitions: Mapping[str, FragmentDefinitionNode]) -> dict[str, FragmentDetails]:
    """The fragments as graphql-core's collector takes them."""
    return {name: FragmentDetails(definition) for name, definition in definitions.items()}
