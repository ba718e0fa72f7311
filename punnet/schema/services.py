"""The types of one HTTP service, and its fields of Query and Mutation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLEnumValue,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLNullableOutputType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLUnionType,
)

from punnet.catalog.endpoints import (
    Endpoint,
    EndpointParameter,
    EnumShape,
    ListShape,
    NamedShape,
    ObjectShape,
    Property,
    ScalarShape,
    ServiceCatalog,
    Shape,
    UnionShape,
)
from punnet.catalog.service_names import ServiceNames
from punnet.planning.meaning import MemberField, ServiceCall
from punnet.resolvers.joins import union_type_resolver
from punnet.schema.fields import field_of
from punnet.schema.values import ValueTypes

_Named = GraphQLObjectType | GraphQLUnionType | GraphQLEnumType | GraphQLScalarType


class ServiceTypes:
    """GraphQL types by shape. Their fields are made when the schema first asks for them."""

    def __init__(self, service: ServiceCatalog, names: ServiceNames, values: ValueTypes) -> None:
        self.service = service
        self.names = names
        self._values = values
        self._objects = {shape.name: shape for shape in service.objects}
        self._outputs: dict[str, _Named] = {}
        self._inputs: dict[str, GraphQLInputObjectType] = {}
        self._made: list[GraphQLNamedType] = []
        self.joined: dict[str, dict[str, GraphQLField]] = {}
        """Fields that joins add, by the object's type."""

    @cached_property
    def shape_by_type(self) -> Mapping[str, ObjectShape]:
        """The objects by the names of their types."""
        return {self.names.types[name]: shape for name, shape in self._objects.items()}

    @cached_property
    def endpoint_by_name(self) -> Mapping[str, Endpoint]:
        """The operations by their own names."""
        return {endpoint.id.name: endpoint for endpoint in self.service.endpoints}

    def member_shapes(self, shape: Shape) -> Mapping[str, Shape]:
        """The members of an object by name; none for anything else."""
        named = self._objects.get(shape.name) if isinstance(shape, NamedShape) else None
        return {} if named is None else {member.name: member.shape for member in named.properties}

    def output(self, shape: Shape) -> GraphQLNullableOutputType:
        """The nullable type of a result."""
        match shape:
            case ScalarShape():
                return self._values.scalar(shape.scalar)
            case ListShape():
                element = self.output(shape.element)
                return GraphQLList(element if shape.nullable_elements else GraphQLNonNull(element))
            case EnumShape():
                return self._named(shape.name, lambda: self._enum(shape))
            case NamedShape():
                return self._named(shape.name, lambda: self._object_or_union(shape.name))

    def _named(self, name: str, make: Callable[[], _Named]) -> _Named:
        if name not in self._outputs:
            self._outputs[name] = make()
            self._made.append(self._outputs[name])
        return self._outputs[name]

    def _enum(self, shape: EnumShape) -> GraphQLEnumType:
        values = {self.names.members[shape.name][value]: GraphQLEnumValue(value) for value in shape.values}
        return GraphQLEnumType(self.names.types[shape.name], values, description=shape.comment)

    def _object_or_union(self, name: str) -> GraphQLObjectType | GraphQLUnionType | GraphQLScalarType:
        shape = self._objects.get(name)
        if shape is not None:
            # GraphQL has no objects without fields.
            return self._object(shape) if shape.output_properties else self._values.scalar("JSON")
        union = next(union for union in self.service.unions if union.name == name)
        has_fields = all(self._objects[member].output_properties for member in union.members)
        return self._union(union) if has_fields else self._values.scalar("JSON")

    def _object(self, shape: ObjectShape) -> GraphQLObjectType:
        type_name = self.names.types[shape.name]
        return GraphQLObjectType(type_name, lambda: dict(self._fields(shape, type_name)), description=shape.comment)

    def _fields(self, shape: ObjectShape, type_name: str) -> Iterator[tuple[str, GraphQLField]]:
        for member in shape.output_properties:
            name = self.names.members[shape.name][member.name]
            yield name, field_of(MemberField(member.name, self.service.name), self._member_type(member), member.comment)
        yield from self.joined.get(type_name, {}).items()

    def _member_type(self, member: Property) -> GraphQLNullableOutputType | GraphQLNonNull[Any]:
        type_ = self.output(member.shape)
        return GraphQLNonNull(type_) if member.required and not member.nullable else type_

    def _union(self, shape: UnionShape) -> GraphQLUnionType:
        types = {name: self.names.types[name] for name in shape.members}
        of_value = types | {value: types[name] for value, name in shape.mapping if name in types}
        required = [
            (types[name], frozenset(each.name for each in self._objects[name].output_properties if each.required))
            for name in shape.members
        ]
        members = [self.output(NamedShape(name=name)) for name in shape.members]
        return GraphQLUnionType(
            self.names.types[shape.name],
            [member for member in members if isinstance(member, GraphQLObjectType)],
            resolve_type=union_type_resolver(of_value, shape.discriminator, required),
            description=shape.comment,
        )

    def input(self, shape: Shape) -> GraphQLInputType:
        """The nullable type of an argument. What no input can express, such as a union, is JSON."""
        match shape:
            case ScalarShape():
                return self._values.scalar(shape.scalar)
            case ListShape():
                element = self.input(shape.element)
                return GraphQLList(element if shape.nullable_elements else GraphQLNonNull(element))
            case EnumShape():
                type_ = self.output(shape)
                return type_ if isinstance(type_, GraphQLEnumType) else self._values.scalar("String")
            case NamedShape():
                named = self._objects.get(shape.name)
                has_fields = named is not None and bool(named.input_properties)
                return self._input_object(named) if named is not None and has_fields else self._values.scalar("JSON")

    def _input_object(self, shape: ObjectShape) -> GraphQLInputObjectType:
        if shape.name not in self._inputs:
            names = self.names.members[shape.name]
            self._inputs[shape.name] = GraphQLInputObjectType(
                self.names.inputs[shape.name],
                lambda: {
                    names[member.name]: GraphQLInputField(
                        _required(self.input(member.shape), is_required=member.required and not member.nullable),
                        description=member.comment,
                        out_name=member.name,
                    )
                    for member in shape.input_properties
                },
                description=shape.comment,
            )
            self._made.append(self._inputs[shape.name])
        return self._inputs[shape.name]

    def linked(self) -> Sequence[GraphQLNamedType]:
        """Every type that the fields made so far lead to.

        A schema that is not given them finds them by recursion, which a long row of objects exhausts.
        """
        for type_ in self._made:
            if isinstance(type_, GraphQLObjectType | GraphQLInputObjectType):
                # Its fields are made by looking at them, and their types go to the end of the list.
                _ = type_.fields
        return self._made

    def operation_fields(self, *, of_queries: bool) -> dict[str, GraphQLField]:
        """The fields of Query, or of Mutation: GETs that give something, or whatever has another method."""
        return {
            self.names.operations[endpoint.id.name]: self._operation_field(endpoint)
            for endpoint in self.service.endpoints
            if (endpoint.method == "GET") is of_queries and (endpoint.result is not None or not of_queries)
        }

    def _operation_field(self, endpoint: Endpoint) -> GraphQLField:
        names = self.names.arguments[endpoint.id.name]
        arguments = {names[parameter.name]: self._argument(parameter) for parameter in endpoint.parameters}
        meaning = ServiceCall(endpoint, tuple((names[each.name], each.name) for each in endpoint.parameters))
        # GraphQL has no fields without a value: whether it is done is the least that can be said.
        type_ = self.output(endpoint.result or ScalarShape(scalar="Boolean"))
        field = field_of(meaning, type_, endpoint.comment, arguments)
        if endpoint.deprecated:
            field.deprecation_reason = "The service has deprecated it."
        return field

    def _argument(self, parameter: EndpointParameter) -> GraphQLArgument:
        type_ = _required(self.input(parameter.shape), is_required=parameter.required)
        return GraphQLArgument(type_, description=parameter.comment)


def _required(type_: GraphQLInputType, *, is_required: bool) -> GraphQLInputType:
    return GraphQLNonNull(type_) if is_required and not isinstance(type_, GraphQLNonNull) else type_
