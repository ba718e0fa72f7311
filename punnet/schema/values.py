"""The types of columns: scalars, enums, composites, ranges and lists of them, each made once."""

from __future__ import annotations

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLEnumValue,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLNullableOutputType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
)

from punnet.catalog.names import Names
from punnet.catalog.scalars import Family, is_comparable, scalar_named
from punnet.catalog.types import DataType
from punnet.planning.meaning import PartOf
from punnet.schema.fields import field_of
from punnet.schema.scalars import scalar_type
from punnet.schema.shared import filter_type, null_filter_type


class ValueTypes:
    """GraphQL types by data type, shared by all sources."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._outputs: dict[str, GraphQLNamedType] = {}
        self._filters: dict[str, GraphQLInputObjectType] = {}
        self._null_filter = null_filter_type()

    def output(self, data_type: DataType, source: str) -> GraphQLNullableOutputType:
        """The nullable output type."""
        base = data_type.base()
        match base.kind:
            case "array" | "multirange" if base.element is not None:
                return GraphQLList(self.output(base.element, source))
            case "enum":
                return self._enum(base, source)
            case "composite":
                return self._composite(base, source)
            case "range":
                return self._range(base, source)
            case _:
                return self.scalar(self._scalar_name(base, source))

    def filter(self, data_type: DataType, source: str) -> GraphQLInputObjectType:
        """The filter on a column."""
        base = data_type.base()
        if base.kind == "enum":
            enum = self._enum(base, source)
            return self._filter(f"{enum.name}Filter", "equality", enum)
        if base.kind != "base":
            return self._null_filter
        scalar = self.scalar(self._scalar_name(base, source))
        family = scalar_named(scalar.name).family
        if family == "opaque":
            return self._null_filter
        return self._filter(f"{scalar.name}Filter", family, scalar)

    def input(self, data_type: DataType, source: str) -> GraphQLScalarType | GraphQLEnumType | None:
        """The type of an argument that holds a value of a key; None where a key cannot be given."""
        base = data_type.base()
        if base.kind == "enum":
            return self._enum(base, source)
        if base.kind != "base" or not is_comparable(base):
            return None
        return self.scalar(self._scalar_name(base, source))

    def scalar(self, name: str) -> GraphQLScalarType:
        """The scalar of that name."""
        made = self._outputs.get(name) or self._outputs.setdefault(name, scalar_type(name))
        if not isinstance(made, GraphQLScalarType):
            raise TypeError(f"'{name}' is no scalar")
        return made

    def _scalar_name(self, data_type: DataType, source: str) -> str:
        return data_type.scalar or self._names.scalar_type(data_type.namespace, data_type.name, source=source)

    def _filter(self, name: str, family: Family, type_: GraphQLScalarType | GraphQLEnumType) -> GraphQLInputObjectType:
        if name not in self._filters:
            self._filters[name] = filter_type(name, family, type_)
        return self._filters[name]

    def _enum(self, data_type: DataType, source: str) -> GraphQLEnumType:
        name = self._names.enum_type(data_type.namespace, data_type.name, source=source)
        made = self._outputs.get(name)
        if isinstance(made, GraphQLEnumType):
            return made
        values = {
            self._names.enum_value(data_type.namespace, data_type.name, label, source=source): GraphQLEnumValue(label)
            for label in data_type.labels
        }
        enum = GraphQLEnumType(name, values, description=data_type.comment)
        self._outputs[name] = enum
        return enum

    def _composite(self, data_type: DataType, source: str) -> GraphQLObjectType:
        name = self._names.composite_type(data_type.namespace, data_type.name, source=source)
        made = self._outputs.get(name)
        if isinstance(made, GraphQLObjectType):
            return made
        fields = {
            self._names.composite_field(
                data_type.namespace, data_type.name, attribute.name, source=source
            ): _part_field(attribute.name, self.output(attribute.type, source))
            for attribute in data_type.attributes
        }
        composite = GraphQLObjectType(name, fields, description=data_type.comment)
        self._outputs[name] = composite
        return composite

    def _range(self, data_type: DataType, source: str) -> GraphQLObjectType:
        if data_type.element is None:
            raise TypeError(f"range type {data_type.name} has no subtype")
        bound = self.output(data_type.element, source)
        name = f"{bound}Range"
        made = self._outputs.get(name)
        if isinstance(made, GraphQLObjectType):
            return made
        flag = GraphQLNonNull(GraphQLBoolean)
        made = GraphQLObjectType(
            name,
            {
                "start": _part_field("start", bound, "The lower bound; null where there is none."),
                "end": _part_field("end", bound, "The upper bound; null where there is none."),
                "startInclusive": _part_field("startInclusive", flag, "Whether the lower bound is within."),
                "endInclusive": _part_field("endInclusive", flag, "Whether the upper bound is within."),
                "isEmpty": _part_field("isEmpty", flag, "Whether nothing is within."),
            },
            description=f"All values of type {bound} between two bounds.",
        )
        self._outputs[name] = made
        return made


def _part_field(part: str, type_: GraphQLOutputType, description: str | None = None) -> GraphQLField:
    return field_of(PartOf(part), type_, description)
