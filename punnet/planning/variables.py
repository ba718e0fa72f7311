"""Variables as a plan sees them: their shape decides the plan, their leaves stay open.

`{price: {lte: $max}}` makes one plan for every value of `$max`. `{where: $where}` makes one for every set of
fields that the clients' objects have. Null and absence are part of the shape: an operator without a value is
another condition.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLSchema,
    Node,
    OperationDefinitionNode,
    VariableNode,
    Visitor,
    get_named_type,
    get_nullable_type,
    is_input_type,
    type_from_ast,
    visit,
)

from punnet.access.condition import Constant, Items, Operand, Variable
from punnet.planning.meaning import is_shaping

_ABSENT = "absent"
_NULL = "null"
_VALUE = "value"


@dataclass(frozen=True, slots=True)
class VariableShape:
    """How one variable of an operation takes part in its plans."""

    name: str
    type: GraphQLInputType
    is_fixed: bool
    """It decides a directive, so that its very value is part of the shape."""
    is_open: bool
    """Whatever its value, unless that is null, the shape is the same."""

    def of(self, values: Mapping[str, Any]) -> Hashable:
        """The variable's part of the shape of these coerced values."""
        if self.name not in values:
            return _ABSENT
        value = values[self.name]
        # Asked in every request, so without looking through the type where nothing of it matters.
        return _VALUE if self.is_open and value is not None else self._shape(value, self.type)

    def open(self, value: Any) -> Any:
        """The value with `Variable` operands in the place of the leaves that a plan leaves open."""
        return self._open(value, self.type, (self.name,))

    def _shape(self, value: Any, type_: GraphQLInputType) -> Hashable:
        if value is None:
            return _NULL
        if self.is_fixed:
            return repr(value)
        nullable = get_nullable_type(type_)
        named = get_named_type(nullable)
        if isinstance(named, GraphQLEnumType):
            return repr(value) if is_shaping(named) else _VALUE
        if not isinstance(named, GraphQLInputObjectType):
            return _VALUE
        if isinstance(nullable, GraphQLList):
            return tuple(self._shape(item, nullable.of_type) for item in value)
        types = _types_by_key(named)
        return tuple((key, self._shape(item, types[key])) for key, item in value.items())

    def _open(self, value: Any, type_: GraphQLInputType, path: tuple[str | int, ...]) -> Any:
        if value is None or self.is_fixed:
            return value
        nullable = get_nullable_type(type_)
        named = get_named_type(nullable)
        if isinstance(named, GraphQLEnumType):
            return value if is_shaping(named) else Variable(path)
        if not isinstance(named, GraphQLInputObjectType):
            return Variable(path)
        if isinstance(nullable, GraphQLList):
            return [self._open(item, nullable.of_type, (*path, index)) for index, item in enumerate(value)]
        types = _types_by_key(named)
        return {key: self._open(item, types[key], (*path, key)) for key, item in value.items()}


def _types_by_key(input_type: GraphQLInputObjectType) -> dict[str, GraphQLInputType]:
    """The types of an input object's fields, by the keys that they have once coerced."""
    return {field.out_name or name: field.type for name, field in input_type.fields.items()}


def deciding_in_fragments(document: DocumentNode) -> frozenset[str]:
    """The variables that directives in a document's fragments name: the same for all of its operations."""
    return _names_in_directives(each for each in document.definitions if isinstance(each, FragmentDefinitionNode))


def variable_shapes(
    schema: GraphQLSchema, operation: OperationDefinitionNode, in_fragments: Set[str]
) -> tuple[VariableShape, ...]:
    """How each variable of the operation takes part in its plans.

    Args:
        schema: knows the variables' types.
        operation: declares them.
        in_fragments: those that directives in the document's fragments name.
    """
    if not operation.variable_definitions:
        return ()
    in_directives = in_fragments | _names_in_directives([operation])
    shapes: list[VariableShape] = []
    for definition in operation.variable_definitions:
        type_ = type_from_ast(schema, definition.type)
        name = definition.variable.name.value
        if is_input_type(type_):
            is_fixed = name in in_directives
            shapes.append(VariableShape(name, type_, is_fixed, not is_fixed and _is_open(type_)))
    return tuple(shapes)


def _is_open(type_: GraphQLInputType) -> bool:
    """Whether a value of the type is a leaf for plans, or a list of them."""
    named = get_named_type(type_)
    if isinstance(named, GraphQLEnumType):
        return not is_shaping(named)
    return not isinstance(named, GraphQLInputObjectType)


def _names_in_directives(definitions: Iterable[Node]) -> frozenset[str]:
    collector = _DirectiveVariables()
    for definition in definitions:
        visit(definition, collector)
    return frozenset(collector.names)


class _DirectiveVariables(Visitor):
    """Collects the variables that arguments of directives name."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        for argument in node.arguments or ():
            if isinstance(argument.value, VariableNode):
                self.names.add(argument.value.name.value)


def operand(value: Any) -> Operand:
    """A coerced argument, constant or open, as an operand."""
    if isinstance(value, Variable):
        return value
    if isinstance(value, list):
        if any(isinstance(item, Variable) for item in value):
            return Items(tuple(operand(item) for item in value))
        return Constant(tuple(value))
    return Constant(value)
