"""Documents, parsed and validated once, with the plans of their operations."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    parse,
    specified_rules,
    validate,
)
from graphql.execution.collect_fields import FragmentDetails

from punnet.errors import ClientCode
from punnet.execution.bounded import Bounded
from punnet.execution.run import ReadyPlan
from punnet.planning.selection import fragment_details
from punnet.planning.variables import VariableShape, deciding_in_fragments, variable_shapes
from punnet.server.coercion import Coerce, coercer
from punnet.server.finite_floats import FiniteFloats
from punnet.server.refusal import RequestRefused

V = TypeVar("V")

MAX_CHARACTERS = 2_000_000
"""Of all kept documents' texts: a parsed one takes a hundred bytes a character, at worst three hundred."""
LONGEST_KEPT = MAX_CHARACTERS // 20
"""Of one document: a longer one would drive out too many others. Of plans these are the same, with their shapes."""
MAX_INTROSPECTED = 64_000_000
"""Bytes of all kept answers about the schema; one of them can be tens of megabytes."""


@dataclass(frozen=True, slots=True)
class NoPlan:
    """An operation that the resolvers answer, and why."""

    why: str


class Share(Generic[V]):
    """What one operation has in a cache that all operations share."""

    __slots__ = ("_cache", "_heaviest")

    def __init__(self, cache: Bounded[Hashable, V], heaviest: int) -> None:
        self._cache = cache
        self._heaviest = heaviest

    def get(self, key: Hashable) -> V | None:
        """The value, which is then the last one used."""
        return self._cache.get((self, key))

    def put(self, key: Hashable, value: V, weight: int) -> None:
        """Keep the value, unless it would drive out too many others."""
        if weight <= self._heaviest:
            self._cache.put((self, key), value, weight)


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a document, ready to be planned."""

    node: OperationDefinitionNode
    document: DocumentNode
    fragments: Mapping[str, FragmentDetails]
    shapes: tuple[VariableShape, ...]
    coerce: Coerce
    """From a request's variables to coerced ones; raises RequestRefused."""
    length: int
    """Of the document, in characters."""
    plans: Share[ReadyPlan | NoPlan]
    """By role and shape."""
    is_introspection: bool
    """Whether it asks for nothing but the schema itself."""
    introspected: Share[bytes]
    """Its answers, if so."""

    def keep_plan(self, key: Hashable, plan: ReadyPlan | NoPlan) -> None:
        """Keep the plan of a role and shape. A shape can be as long as the variables of a request."""
        weight = plan.weight if isinstance(plan, ReadyPlan) else 0
        self.plans.put(key, plan, max(weight, self.length) + len(repr(key)))


@dataclass(frozen=True, slots=True)
class Document:
    """A valid document."""

    node: DocumentNode
    operations: Mapping[str | None, Operation]
    """By name. A document's only operation is also found under None."""

    def operation(self, name: str | None) -> Operation:
        """The operation to run.

        Raises:
            RequestRefused: there is none of that name, or several and no name.
        """
        found = self.operations.get(name or None)
        if found is not None:
            return found
        if name:
            message = f"Unknown operation named '{name}'."
        else:
            message = "Must provide operation name if query contains multiple operations."
        raise RequestRefused([GraphQLError(message)], ClientCode.GRAPHQL_VALIDATION_FAILED)


def validate_document(schema: GraphQLSchema, document: DocumentNode) -> list[GraphQLError]:
    """What is wrong with a document, by the rules of the specification and our own."""
    return validate(schema, document, _RULES)


_RULES = (*specified_rules, FiniteFloats)


@dataclass(slots=True)
class Documents:
    """A cache of documents of one schema by their text, and of why one was refused."""

    schema: GraphQLSchema
    size: int
    plan_count: int
    validate: Callable[[GraphQLSchema, DocumentNode], list[GraphQLError]] = validate_document
    _documents: Bounded[str, Document | RequestRefused] = field(init=False)
    _plans: Bounded[Hashable, ReadyPlan | NoPlan] = field(init=False)
    _introspected: Bounded[Hashable, bytes] = field(init=False)

    def __post_init__(self) -> None:
        self._documents = Bounded(self.size, MAX_CHARACTERS)
        self._plans = Bounded(self.plan_count, MAX_CHARACTERS)
        self._introspected = Bounded(self.size, MAX_INTROSPECTED)

    def document(self, text: str) -> Document:
        """The document of this text.

        Raises:
            RequestRefused: it cannot be parsed, or it is not valid.
        """
        document = self._documents.get(text)
        if document is None:
            document = self._make(text)
            if len(text) <= LONGEST_KEPT:
                self._documents.put(text, document, len(text))
        if isinstance(document, RequestRefused):
            raise RequestRefused(document.errors, document.code)
        return document

    def _make(self, text: str) -> Document | RequestRefused:
        too_deep = GraphQLError("The document is nested too deeply.")
        try:
            node = parse(text)
        except GraphQLError as error:
            return RequestRefused([error], ClientCode.GRAPHQL_PARSE_FAILED)
        except RecursionError:
            return RequestRefused([too_deep], ClientCode.GRAPHQL_PARSE_FAILED)
        try:
            errors = self.validate(self.schema, node)
        except RecursionError:
            errors = [too_deep]
        if errors:
            return RequestRefused(errors, ClientCode.GRAPHQL_VALIDATION_FAILED)
        return Document(node, self._operations(node, len(text)))

    def _operations(self, document: DocumentNode, length: int) -> dict[str | None, Operation]:
        fragments = fragment_details(
            {
                definition.name.value: definition
                for definition in document.definitions
                if isinstance(definition, FragmentDefinitionNode)
            }
        )
        deciding = deciding_in_fragments(document)
        operations: dict[str | None, Operation] = {
            node.name.value if node.name else None: self._operation(node, document, fragments, deciding, length)
            for node in document.definitions
            if isinstance(node, OperationDefinitionNode)
        }
        if len(operations) == 1:
            operations[None] = next(iter(operations.values()))
        return operations

    def _operation(
        self,
        node: OperationDefinitionNode,
        document: DocumentNode,
        fragments: Mapping[str, FragmentDetails],
        deciding: Set[str],
        length: int,
    ) -> Operation:
        shapes = variable_shapes(self.schema, node, deciding)
        return Operation(
            node=node,
            document=document,
            fragments=fragments,
            shapes=shapes,
            coerce=coercer(self.schema, node, shapes),
            length=length,
            plans=Share(self._plans, LONGEST_KEPT),
            is_introspection=_is_introspection(node),
            introspected=Share(self._introspected, MAX_INTROSPECTED // 2),
        )


def _is_introspection(node: OperationDefinitionNode) -> bool:
    return all(
        isinstance(selection, FieldNode) and selection.name.value in ("__schema", "__type")
        for selection in node.selection_set.selections
    )


def shape_of(operation: Operation, variables: Mapping[str, Any]) -> Hashable:
    """What of the coerced variables decides the operation's plan."""
    return tuple([shape.of(variables) for shape in operation.shapes])
