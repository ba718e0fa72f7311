"""Types of other subgraphs that ours refer to, or add fields to: what is known of them here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLNonNull,
    GraphQLNullableOutputType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    NamedTypeNode,
    NonNullTypeNode,
    parse_type,
)

from punnet.catalog.close_names import did_you_mean
from punnet.catalog.directives import Directive
from punnet.catalog.entities import Stub
from punnet.catalog.key_fields import key_text, parse_key
from punnet.catalog.scalars import is_shared
from punnet.planning.entities import GivenEntity
from punnet.planning.given_values import value_parser
from punnet.planning.meaning import MemberField
from punnet.schema.federation.directives import add_directives
from punnet.schema.federation.keys import key_directive, key_problem
from punnet.schema.fields import field_of
from punnet.schema.problem import Problem
from punnet.schema.values import ValueTypes

EXTERNAL = Directive(name="external")

TypeNamed = Callable[[str], GraphQLNullableOutputType | None]


class StubType:
    """A type of another subgraph."""

    def __init__(self, stub: Stub) -> None:
        self.name = stub.type
        self.declared = stub
        self._key = parse_key(stub.key)
        self.fields: dict[str, GraphQLOutputType] = {}
        """What is known of it; it can lead to other such types."""
        self.joined: dict[str, GraphQLField] = {}
        """Fields that joins add."""
        self.required: set[str] = set()
        """The fields that these take."""

    @property
    def key(self) -> tuple[str, ...]:
        """The fields of its key."""
        return tuple(field.name for field in self._key)

    @property
    def leaves(self) -> Mapping[str, GraphQLScalarType | GraphQLEnumType | None]:
        """Its fields, with the scalar of each that is a single value."""
        return {name: _single(type_) for name, type_ in self.fields.items()}

    @property
    def external(self) -> frozenset[str]:
        """The fields beside its key: the gateway brings them only where a field requires them."""
        return frozenset(self.fields.keys() - set(self.key))

    @cached_property
    def type(self) -> GraphQLObjectType:
        """The type; its fields are made when the schema first asks for them."""
        return GraphQLObjectType(
            self.name,
            lambda: dict(self._all_fields()),
            description="A type of another subgraph, of which only this is known here.",
        )

    def _all_fields(self) -> Iterator[tuple[str, GraphQLField]]:
        for name, type_ in self.fields.items():
            field = field_of(MemberField(name), type_)
            if name in self.external:
                add_directives(field, EXTERNAL)
            yield name, field
        yield from self.joined.items()

    def add_key(self) -> None:
        """Put its key on the type. Gateways ask only for what has fields that they can get nowhere else."""
        add_directives(self.type, key_directive(key_text(self._key), resolvable=bool(self.joined)))

    def entity(self) -> GivenEntity:
        """How representations of it are answered."""
        return GivenEntity(self.name, self.key, tuple((name, value_parser(each)) for name, each in self.fields.items()))

    def check(self) -> None:
        """See whether the key can be one, and of what use the other fields are; raises Problem."""
        problem = key_problem(self.type, self._key)
        if problem is not None:
            raise Problem(f"the key '{key_text(self._key)}': {problem}")
        for name in self.fields:
            if name in self.key or name in self.required:
                continue
            # Composers take it for a mistake.
            raise Problem(f"'{name}' is not in the key, and no join takes it: leave it out")


def _single(type_: GraphQLOutputType) -> GraphQLScalarType | GraphQLEnumType | None:
    nullable = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
    return nullable if isinstance(nullable, GraphQLScalarType | GraphQLEnumType) else None


def stub_types(
    stubs: Sequence[Stub], values: ValueTypes, taken: Iterable[str]
) -> tuple[dict[str, StubType], list[str]]:
    """The types of other subgraphs.

    Args:
        stubs: what is known of each.
        values: the scalars.
        taken: the names of types that are generated here.

    Returns:
        The types by name, and what is wrong with any of them.
    """
    types = {stub.type: StubType(stub) for stub in stubs}
    problems: list[str] = []
    taken = set(taken)

    def type_named(name: str) -> GraphQLNullableOutputType | None:
        if is_shared(name):
            return values.scalar(name)
        return types[name].type if name in types else None

    for stub in stubs:
        try:
            if stub.type in taken:
                raise Problem("there is a type of this name here already: rename that one, or leave this one out")
            types[stub.type].fields |= {name: _type(text, type_named, types) for name, text in stub.fields}
        except Problem as problem:
            problems.append(f"{stub}: {problem}")
    return types, problems


def _type(text: str, type_named: TypeNamed, stubs: Iterable[str]) -> GraphQLOutputType:
    """The type that a reference such as `String!` names; raises Problem."""
    node = parse_type(text)
    is_required = isinstance(node, NonNullTypeNode)
    named = node.type if isinstance(node, NonNullTypeNode) else node
    if not isinstance(named, NamedTypeNode):
        raise Problem(f"'{text}' is a list, which neither a key nor a join takes: leave it out")
    type_ = type_named(named.name.value)
    if type_ is None:
        name = named.name.value
        raise Problem(f"'{name}' is neither a scalar nor a type of another subgraph{did_you_mean(name, stubs)}")
    return GraphQLNonNull(type_) if is_required else type_
