"""A catalog of any size, and the types that a table is yet to get, of their true shape and number.

The generator makes a table's row, connection, edge, filter and order. `FullTypes` adds the list filter, aggregates,
groups and the enum of columns, so that the schema has the size that it is to have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import islice, product
from typing import Any, TypeVar
from unittest.mock import patch

import strawberry
from graphql import (
    GraphQLArgument,
    GraphQLArgumentMap,
    GraphQLBoolean,
    GraphQLDefaultInput,
    GraphQLEnumType,
    GraphQLEnumValue,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInt,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLString,
)

from punnet.catalog.relations import Catalog, Column, ForeignKey, Key, Relation, RelationId, SourceCatalog
from punnet.catalog.scalars import is_comparable
from punnet.catalog.types import DataType
from punnet.planning.meaning import EXTENSION
from punnet.schema import build
from punnet.schema.build import BuiltSchema, OwnCode
from punnet.schema.relations import RelationTypes, Shared

T = TypeVar("T")
COLUMNS = 15
TYPES_OF_A_TABLE = (
    *("", "Connection", "Edge", "Where", "ListWhere", "Order", "Column"),
    *("Aggregate", "AggregateWhere", "AggregateOrder", "Group", "GroupKey", "GroupBy", "GroupOrder"),
)
"""What each type's name ends in."""
SUBJECTS = ("sales", "stock", "billing", "staff", "fleet", "lab", "press", "claim", "guest", "plant")
THINGS = ("order", "line", "payment", "address", "category", "review", "shipment", "visit", "batch", "note")
STAGES = ("draft", "open", "closed", "audit", "import", "export", "daily", "yearly", "partner", "archive")


def base(name: str, scalar: str) -> DataType:
    return DataType(namespace="pg_catalog", name=name, scalar=scalar)


def array(element: DataType) -> DataType:
    return DataType(namespace=element.namespace, name=f"{element.name}[]", kind="array", element=element)


def status(number: int) -> DataType:
    labels = ("new", "in progress", "on hold", "done", "gone")
    return DataType(namespace="public", name=f"status_{number}", kind="enum", labels=labels)


INT, TEXT, MOMENT = base("int4", "Int"), base("text", "String"), base("timestamptz", "DateTime")
PLAIN = {
    "title": TEXT,
    "amount": base("numeric", "Decimal"),
    "created_at": MOMENT,
    "is_active": base("bool", "Boolean"),
    "quantity": INT,
    "external_id": base("uuid", "UUID"),
    "due_on": base("date", "Date"),
    "attributes": base("jsonb", "JSON"),
    "weight": base("float8", "Float"),
    "tags": array(TEXT),
    "file_size": base("int8", "BigInt"),
    "notes": TEXT,
    "updated_at": MOMENT,
    "email_address": TEXT,
}


def big_catalog(tables: int) -> Catalog:
    """Tables of 15 columns with one and a half foreign keys each.

    Each table names the one before it, so that a walk along the links is as deep as the catalog is large; every
    second one names a table somewhere else, and every tenth of those the first table, which all seem to name.
    """
    names = ["_".join(words) for words in islice(product(SUBJECTS, THINGS, STAGES), tables)]
    places = [RelationId(source="main", namespace="public", name=f"{name}_records") for name in names]
    relations = tuple(_table(number, places) for number in range(tables))
    return Catalog(sources=(SourceCatalog(name="main", kind="postgres", version="18.0", relations=relations),))


def _table(number: int, places: list[RelationId]) -> Relation:
    targets = [("previous_id", places[number - 1])]
    if number % 2:
        targets.append(("other_id", places[0 if number % 20 == 1 else number * 7 % len(places)]))
    own = [
        Column(name="id", type=INT, nullable=False),
        Column(name="state", type=status(number % 100), nullable=False),
    ]
    links = [Column(name=name, type=INT, nullable=True) for name, _ in targets]
    plain = [
        Column(name=name, type=type_, nullable=i % 2 == 1, comment=f"The {name} of a record." if i % 3 else None)
        for i, (name, type_) in enumerate(PLAIN.items())
    ]
    return Relation(
        id=places[number],
        kind="table",
        columns=tuple([*own, *links, *plain][:COLUMNS]),
        keys=(Key(name="pkey", columns=("id",), primary=True),),
        foreign_keys=tuple(
            ForeignKey(name=f"{name}_fkey", columns=(name,), target=target, target_columns=("id",))
            for name, target in targets
        ),
        comment=f"Records of kind {number}, kept since the beginning.",
    )


@strawberry.type
class Greeting:
    """What a team wrote by hand."""

    text: str


@strawberry.type(name="Query")
class OwnQuery:
    @strawberry.field
    def greeting(self, name: str = "you") -> Greeting:
        return Greeting(text=f"Hello, {name}")


def build_full(tables: int) -> BuiltSchema:
    """The schema of `big_catalog` with a team's own code, with all the types that a table is to have."""
    with patch.object(build, "RelationTypes", partial(FullTypes, AggregateTypes())):
        return build.build_schema(big_catalog(tables), OwnCode(query=OwnQuery))


@dataclass(frozen=True, slots=True)
class Part:
    """What a meaning weighs."""

    name: str
    column: Column | None = None


def output(part: Part, type_: GraphQLOutputType, text: str, args: GraphQLArgumentMap | None = None) -> GraphQLField:
    def resolve(_parent: Any, _info: Any, **_arguments: Any) -> str:
        return part.name

    return GraphQLField(type_, args=args, resolve=resolve, description=text, extensions={EXTENSION: part})


def taken(part: Part, type_: GraphQLInputType, text: str) -> GraphQLInputField:
    return GraphQLInputField(type_, description=text, extensions={EXTENSION: part})


def listed(type_: Any) -> GraphQLList[Any]:
    return GraphQLList(GraphQLNonNull(type_))


@dataclass(frozen=True, slots=True)
class AggregateTypes:
    """The types that tables share: one a scalar and purpose."""

    made: dict[str, Any] = field(default_factory=dict)

    def once(self, name: str, make: Callable[[], T]) -> T:
        if name not in self.made:
            self.made[name] = make()
        made: T = self.made[name]
        return made

    def enum(self, name: str, *values: str) -> GraphQLEnumType:
        return self.once(name, lambda: GraphQLEnumType(name, dict.fromkeys(values)))

    def count_mode(self) -> GraphQLEnumType:
        return self.enum("CountMode", "EXACT", "ESTIMATED")

    def bucket(self) -> GraphQLEnumType:
        return self.enum("DateBucket", "HOUR", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR")

    def bucket_input(self) -> GraphQLInputObjectType:
        return self.once(
            "DateBucketInput",
            lambda: GraphQLInputObjectType(
                "DateBucketInput",
                {
                    "bucket": GraphQLInputField(GraphQLNonNull(self.bucket())),
                    "timeZone": GraphQLInputField(GraphQLString),
                },
            ),
        )

    def aggregate(self, of: Any) -> GraphQLObjectType:
        count = GraphQLNonNull(GraphQLInt)
        parts = {"count": count, "countDistinct": count, **dict.fromkeys(AGGREGATES, of)}
        return self.once(
            f"{of}Aggregate",
            lambda: GraphQLObjectType(
                f"{of}Aggregate",
                {name: output(Part(name), type_, f"The {name}.") for name, type_ in parts.items()},
            ),
        )

    def aggregate_where(self, of: Any, filter_: GraphQLInputType) -> GraphQLInputObjectType:
        return self._input(f"{of}AggregateWhere", filter_)

    def aggregate_order(self, of: Any, direction: GraphQLInputType) -> GraphQLInputObjectType:
        return self._input(f"{of}AggregateOrder", direction)

    def _input(self, name: str, type_: GraphQLInputType) -> GraphQLInputObjectType:
        return self.once(
            name,
            lambda: GraphQLInputObjectType(
                name, {part: taken(Part(part), type_, f"On the {part}.") for part in AGGREGATES}
            ),
        )


AGGREGATES = ("min", "max", "sum", "avg", "stddev", "variance")


class FullTypes(RelationTypes):
    """All the types of one relation."""

    others: Mapping[RelationId, FullTypes]

    def __init__(self, aggregates: AggregateTypes, relation: Relation, shared: Shared) -> None:
        super().__init__(relation, shared)
        self._aggregates = aggregates

    def linked(self) -> tuple[GraphQLNamedType, ...]:
        return (*super().linked(), self.where, self.order, self.group_key, self.group_by)

    def _columns(self) -> Iterator[tuple[str, Column, Any]]:
        """The columns that can be compared: name, column, nullable output type."""
        for column in self.relation.columns:
            if is_comparable(column.type):
                name = self._shared.names.column(self.relation.id, column.name)
                yield name, column, self._shared.values.output(column.type, self.relation.id.source)

    def _targets(self) -> Iterator[tuple[str, FullTypes]]:
        for key in self.relation.foreign_keys:
            yield self._shared.names.to_one(self.relation.id, key.name), self.others[key.target]

    def _children(self) -> Iterator[tuple[str, FullTypes]]:
        for child, key in self.referrers:
            yield self._shared.names.to_many(child.id, key.name), self.others[child.id]

    def _connection_fields(self) -> Iterator[tuple[str, GraphQLField]]:
        yield from super()._connection_fields()
        mode = GraphQLArgument(
            GraphQLNonNull(self._aggregates.count_mode()), default=GraphQLDefaultInput(value="EXACT")
        )
        count = GraphQLNonNull(GraphQLInt)
        yield "totalCount", output(Part("totalCount"), count, "How many rows there are.", {"mode": mode})
        yield (
            "aggregate",
            output(Part("aggregate"), GraphQLNonNull(self.aggregate), "Over all rows under `where`."),
        )
        arguments = {
            "by": GraphQLArgument(GraphQLNonNull(listed(self.group_by))),
            "having": GraphQLArgument(self.aggregate_where),
            "orderBy": GraphQLArgument(listed(self.group_order)),
            "first": GraphQLArgument(GraphQLInt),
            "offset": GraphQLArgument(GraphQLInt),
        }
        groups = GraphQLNonNull(listed(self.group))
        yield "groups", output(Part("groups"), groups, "The rows under `where`, in groups.", arguments)

    def _where_fields(self) -> Iterator[tuple[str, GraphQLInputField]]:
        yield from super()._where_fields()
        yield "search", taken(Part("search"), GraphQLString, "Found by these words.")
        for name, target in self._targets():
            yield name, taken(Part(name), target.where, f"Conditions on the {target.name}.")
        for name, child in self._children():
            yield name, taken(Part(name), child.list_where, f"Conditions on the {child.name} rows.")
            text = f"Conditions on the {child.name} rows together."
            yield f"{name}Aggregate", taken(Part(name), child.aggregate_where, text)

    def connection_arguments(self) -> GraphQLArgumentMap:
        arguments = super().connection_arguments()
        more = {
            "distinctOn": GraphQLArgument(listed(self.column), description="One row for each of their values."),
            "last": GraphQLArgument(GraphQLInt, description="At most so many rows, from the end."),
            "before": GraphQLArgument(GraphQLString, description="Only rows before this cursor."),
        }
        return {**arguments, **more}

    def _input(
        self,
        suffix: str,
        fields: Callable[[], Iterator[tuple[str, GraphQLInputField]]],
        *,
        one_of: bool = False,
    ) -> GraphQLInputObjectType:
        return GraphQLInputObjectType(
            f"{self.name}{suffix}",
            lambda: dict(fields()),
            is_one_of=one_of,
            description=f"{suffix} of {self.name}.",
        )

    def _output(self, suffix: str, fields: Callable[[], Iterator[tuple[str, GraphQLField]]]) -> GraphQLObjectType:
        return GraphQLObjectType(
            f"{self.name}{suffix}", lambda: dict(fields()), description=f"{suffix} of {self.name} rows."
        )

    @cached_property
    def order(self) -> GraphQLInputObjectType:
        return self._input("Order", self._order_fields, one_of=True)

    def _order_fields(self) -> Iterator[tuple[str, GraphQLInputField]]:
        for name, column, _ in self._columns():
            yield name, taken(Part(name, column), self._shared.direction, f"By {name}.")
        for name, target in self._targets():
            yield name, taken(Part(name), target.order, f"By the {target.name}.")
        for name, child in self._children():
            yield (
                f"{name}Aggregate",
                taken(Part(name), child.aggregate_order, f"By the {child.name} rows together."),
            )
        yield "searchRank", taken(Part("searchRank"), self._shared.direction, "By how well it was found.")

    @cached_property
    def list_where(self) -> GraphQLInputObjectType:
        return self._input("ListWhere", self._list_where_fields)

    def _list_where_fields(self) -> Iterator[tuple[str, GraphQLInputField]]:
        for quantifier in ("some", "every", "none"):
            yield quantifier, taken(Part(quantifier), self.where, f"Holds for {quantifier}.")

    @cached_property
    def column(self) -> GraphQLEnumType:
        names, place = self._shared.names, self.relation.id
        values = {
            names.column_value(place, each.name): GraphQLEnumValue(each.name, description=each.comment)
            for each in self.relation.columns
        }
        return GraphQLEnumType(f"{self.name}Column", values, description=f"The columns of {self.name}.")

    @cached_property
    def aggregate(self) -> GraphQLObjectType:
        return self._output("Aggregate", self._aggregate_fields)

    def _aggregate_fields(self) -> Iterator[tuple[str, GraphQLField]]:
        yield "count", output(Part("count"), GraphQLNonNull(GraphQLInt), "How many rows.")
        for name, column, type_ in self._columns():
            shared = self._aggregates.aggregate(type_)
            yield name, output(Part(name, column), GraphQLNonNull(shared), f"Of {name}.")

    @cached_property
    def aggregate_where(self) -> GraphQLInputObjectType:
        return self._input("AggregateWhere", self._aggregate_where_fields)

    def _aggregate_where_fields(self) -> Iterator[tuple[str, GraphQLInputField]]:
        filter_of, source = self._shared.values.filter, self.relation.id.source
        yield "count", taken(Part("count"), filter_of(INT, source), "How many rows.")
        for name, column, type_ in self._columns():
            shared = self._aggregates.aggregate_where(type_, filter_of(column.type, source))
            yield name, taken(Part(name, column), shared, f"On {name}.")

    @cached_property
    def aggregate_order(self) -> GraphQLInputObjectType:
        return self._input("AggregateOrder", self._aggregate_order_fields, one_of=True)

    def _aggregate_order_fields(self) -> Iterator[tuple[str, GraphQLInputField]]:
        yield "count", taken(Part("count"), self._shared.direction, "How many rows.")
        for name, column, type_ in self._columns():
            shared = self._aggregates.aggregate_order(type_, self._shared.direction)
            yield name, taken(Part(name, column), shared, f"By {name}.")

    @cached_property
    def group(self) -> GraphQLObjectType:
        return self._output("Group", self._group_fields)

    def _group_fields(self) -> Iterator[tuple[str, GraphQLField]]:
        yield "key", output(Part("key"), GraphQLNonNull(self.group_key), "What its rows have in common.")
        yield "aggregate", output(Part("aggregate"), GraphQLNonNull(self.aggregate), "Over its rows.")

    @cached_property
    def group_key(self) -> GraphQLObjectType:
        return self._output("GroupKey", self._group_key_fields)

    def _group_key_fields(self) -> Iterator[tuple[str, GraphQLField]]:
        for name, column, type_ in self._columns():
            is_moment = column.type.scalar in ("DateTime", "Date")
            arguments = {"bucket": GraphQLArgument(self._aggregates.bucket())} if is_moment else None
            yield name, output(Part(name, column), type_, f"The {name}.", arguments)
        for name, target in self._targets():
            yield name, output(Part(name), target.group_key, f"The {target.name}.")

    @cached_property
    def group_by(self) -> GraphQLInputObjectType:
        return self._input("GroupBy", self._group_by_fields, one_of=True)

    def _group_by_fields(self) -> Iterator[tuple[str, GraphQLInputField]]:
        for name, column, _ in self._columns():
            is_moment = column.type.scalar in ("DateTime", "Date")
            type_: GraphQLInputType = self._aggregates.bucket_input() if is_moment else GraphQLBoolean
            yield name, taken(Part(name, column), type_, f"By {name}.")
        for name, target in self._targets():
            yield name, taken(Part(name), target.group_by, f"By the {target.name}.")

    @cached_property
    def group_order(self) -> GraphQLInputObjectType:
        return self._input("GroupOrder", self._group_order_fields, one_of=True)

    def _group_order_fields(self) -> Iterator[tuple[str, GraphQLInputField]]:
        for name, column, _ in self._columns():
            yield name, taken(Part(name, column), self._shared.direction, f"By {name}.")
        yield "aggregate", taken(Part("aggregate"), self.aggregate_order, "By the rows together.")
