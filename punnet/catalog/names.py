"""The GraphQL name of everything in a catalog, by rules that look at raw names alone.

Where two things want one name, the best of them keeps it: lower snake_case before all other spellings,
relations before enums, composites and scalars, the plain namespace before others, then the shorter and the
alphabetically first raw name. Every other one gets a suffix that is a hash of its own raw name. So names do
not depend on the catalog's order, and something new renames something old only where it wants the same name
with a better claim: `order_details`, added beside `OrderDetails`, takes `OrderDetails` over.

A relationship that wants the name of a column takes its long form: beside a column `category`, the foreign
key over `category_id` is `categoryByCategoryId`, and from the other side, beside a column `products`, it is
`productsByCategory`. A to-many gives way to a to-one in the same manner.

A name that is given by hand is used as it is, and what derives from it follows it. Relationships give way to
one; where anything else has it already, that is a clash.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from punnet.catalog.contest import EVERY_SCHEMA, Claim, Clashes, Collision, settle
from punnet.catalog.field_names import FieldNamer, name_column_values, name_members, name_values
from punnet.catalog.given import NONE_GIVEN, GivenNames
from punnet.catalog.relations import Catalog, Key, Relation, RelationId, SourceCatalog
from punnet.catalog.scalars import SCALARS, is_shared
from punnet.catalog.stems import Prefixing, Stem, TypeId, by_columns
from punnet.catalog.types import DataType
from punnet.catalog.words import is_lower_snake, split_words, to_camel, to_pascal

TYPE_SUFFIXES = (
    "Connection", "Edge", "Aggregate", "Group", "GroupKey", "GroupBy", "GroupOrder", "Where", "ListWhere",
    "AggregateWhere", "AggregateOrder", "Order", "Column", "Filter",
    # `WishList` of a table `wish_lists` would make `WishListWhere` once more, beside the one of `wishes`.
    "List",
)  # fmt: skip
"""What the schema appends to a type's name. A type that ends in one gets a trailing underscore, so that no
derived name ever meets the name of a relation, whichever relations there are."""

TYPE_NAMES = frozenset(
    {
        "Query", "Mutation", "Subscription", "Node", "PageInfo", "ID", "Direction", "CountMode", "DateBucket",
        "DateBucketInput", "GeoJSON",
        # what Strawberry makes of Python's own types
        "Time", "Void",
        *SCALARS,
        *(f"{scalar}Range" for scalar in SCALARS),
    }
)  # fmt: skip
"""The names of types that every schema may have."""

_SHARED_TYPES = TYPE_NAMES | {f"{scalar}{suffix}" for scalar in (*SCALARS, "ID", "Null") for suffix in TYPE_SUFFIXES}
"""Those, and what comes with the scalars, which only a given name can meet."""

ROOT_FIELDS = frozenset({"node", "nodes"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationNames:
    """The names that come from one relation."""

    type: str
    collection: str
    lookups: Mapping[str, str]
    """By the name of the key."""
    columns: Mapping[str, str]
    column_values: Mapping[str, str]
    """By column, as values of the enum of columns."""
    to_one: Mapping[str, str]
    """By the name of the foreign key; none for one whose target is not in the catalog."""
    to_many: Mapping[str, str]
    """The field on the target, by the name of this relation's foreign key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Catalog name to GraphQL name. Every look-up raises KeyError for what is not in the catalog."""

    relations: Mapping[RelationId, RelationNames]
    types: Mapping[TypeId, str]
    """Of enums, composites and base types that have a scalar of their own."""
    parts: Mapping[TypeId, Mapping[str, str]]
    """Of enums the values by label, of composites the fields by attribute."""
    collisions: tuple[Collision, ...]
    first_source: str
    clashes: tuple[str, ...] = ()
    """Names that were given to what cannot have them, for something else has."""

    def type_name(self, relation: RelationId) -> str:
        """`Product`."""
        return self.relations[relation].type

    def collection(self, relation: RelationId) -> str:
        """`products`, on Query."""
        return self.relations[relation].collection

    def lookup(self, relation: RelationId, key: str) -> str:
        """`product` for the key that `Relation.primary_key` finds, else `productBySku`; on Query."""
        return self.relations[relation].lookups[key]

    def column(self, relation: RelationId, column: str) -> str:
        """`createdAt`."""
        return self.relations[relation].columns[column]

    def column_value(self, relation: RelationId, column: str) -> str:
        """`CREATED_AT`, in the enum `ProductColumn`."""
        return self.relations[relation].column_values[column]

    def to_one(self, relation: RelationId, foreign_key: str) -> str:
        """`category`, on the relation that bears the foreign key."""
        return self.relations[relation].to_one[foreign_key]

    def to_many(self, child: RelationId, foreign_key: str) -> str:
        """`reviews`, on the target of the child's foreign key."""
        return self.relations[child].to_many[foreign_key]

    def enum_type(self, namespace: str, name: str, *, source: str | None = None) -> str:
        """`OrderStatus`. Without a source, of the first one; so below."""
        return self.types[self._type_id(source, namespace, name)]

    def enum_value(self, namespace: str, name: str, label: str, *, source: str | None = None) -> str:
        """`IN_PROGRESS`."""
        return self.parts[self._type_id(source, namespace, name)][label]

    def composite_type(self, namespace: str, name: str, *, source: str | None = None) -> str:
        """`PostalAddress`."""
        return self.types[self._type_id(source, namespace, name)]

    def composite_field(self, namespace: str, name: str, attribute: str, *, source: str | None = None) -> str:
        """`postCode`."""
        return self.parts[self._type_id(source, namespace, name)][attribute]

    def scalar_type(self, namespace: str, name: str, *, source: str | None = None) -> str:
        """`Tsvector`: of a base type that has a scalar of its own."""
        return self.types[self._type_id(source, namespace, name)]

    def _type_id(self, source: str | None, namespace: str, name: str) -> TypeId:
        return TypeId(source=self.first_source if source is None else source, namespace=namespace, name=name)


def name_catalog(
    catalog: Catalog,
    *,
    plain_namespaces: Mapping[str, str] | None = None,
    prefixes: Mapping[str, str] | None = None,
    node_id: str | None = "nodeId",
    given: GivenNames = NONE_GIVEN,
) -> Names:
    """Name everything in a catalog.

    Args:
        catalog: of any size; the order of its relations does not matter, that of its sources does.
        plain_namespaces: by source the namespace whose names bear no prefix, where it is not `public`.
        prefixes: by source what all of its names begin with. Where none is given the first source has no
            prefix and each other its own name.
        node_id: the field of the global id. Where it is `id`, a column that would be `id` is `rowId`. None: there are
            no global ids.
        given: names that are chosen by hand.
    """
    prefixing = Prefixing(catalog, plain_namespaces or {}, prefixes or {})
    relations = {relation.id: relation for source in catalog.sources for relation in source.relations}
    stems = {relation_id: prefixing.stem(relation_id, given) for relation_id in relations}
    collisions: list[Collision] = []
    clashes = Clashes()

    data_types = _named_types(catalog)
    type_names = _name_types(prefixing, stems, data_types, given, collisions, clashes)
    root_fields = _name_root_fields(relations.values(), stems, given, collisions, clashes)
    fields = FieldNamer(relations, stems, node_id, given, collisions, clashes)
    fields.name_all()
    return Names(
        relations={
            relation_id: RelationNames(
                type=type_names[relation_id],
                collection=root_fields[relation_id, None],
                lookups={key.name: root_fields[relation_id, key.name] for key in relation.keys},
                columns=fields.columns[relation_id],
                column_values=name_column_values(relation, given),
                to_one=fields.to_one[relation_id],
                to_many=fields.to_many[relation_id],
            )
            for relation_id, relation in relations.items()
        },
        types={type_id: type_names[type_id] for type_id in data_types},
        parts={
            type_id: _name_parts(type_id, data_type, node_id, collisions)
            for type_id, data_type in data_types.items()
            if data_type.kind != "base"
        },
        collisions=tuple(sorted(collisions, key=lambda collision: (collision.place, collision.wanted))),
        first_source=prefixing.first_source,
        clashes=tuple(clashes.found),
    )


def _named_types(catalog: Catalog) -> dict[TypeId, DataType]:
    """Find the enums, composites and unshared base types that the columns use, whole or in parts."""
    found: dict[TypeId, DataType] = {}
    for source in catalog.sources:
        for data_type in _column_types(source):
            _collect_types(source.name, data_type, found)
    return found


def _column_types(source: SourceCatalog) -> Iterator[DataType]:
    return (column.type for relation in source.relations for column in relation.columns)


def _collect_types(source: str, data_type: DataType, found: dict[TypeId, DataType]) -> None:
    if data_type.kind == "base" and is_shared(data_type.scalar):
        return
    if data_type.kind in ("enum", "composite", "base"):
        type_id = TypeId(source=source, namespace=data_type.namespace, name=data_type.name)
        if type_id in found:
            return
        found[type_id] = data_type
    if data_type.element is not None:
        _collect_types(source, data_type.element, found)
    for attribute in data_type.attributes:
        _collect_types(source, attribute.type, found)


def _name_types(
    prefixing: Prefixing,
    stems: Mapping[RelationId, Stem],
    data_types: Mapping[TypeId, DataType],
    given: GivenNames,
    collisions: list[Collision],
    clashes: Clashes,
) -> dict[RelationId | TypeId, str]:
    unnamed = [relation_id for relation_id in stems if relation_id not in given.types]
    claims = [Claim((_type_name(stems[each].one),), stems[each].rank, stems[each].raw) for each in unnamed]
    for type_id, data_type in data_types.items():
        words = prefixing.prefix(type_id.source, type_id.namespace) + split_words(type_id.name)
        # A composite may be the row type of a relation, with the same raw name.
        raw = f"{data_type.kind} {prefixing.raw(type_id)}"
        claims.append(Claim((_type_name(words),), prefixing.rank(type_id, data_type.kind), raw))
    names: dict[RelationId | TypeId, str] = dict(
        zip(chain(unnamed, data_types), settle("types", claims, collisions), strict=True)
    )
    names |= {relation_id: given.types[relation_id] for relation_id in stems if relation_id in given.types}
    if given.types:
        _find_type_clashes(names, prefixing, given, clashes)
    return names


def _find_type_clashes(
    names: Mapping[RelationId | TypeId, str], prefixing: Prefixing, given: GivenNames, clashes: Clashes
) -> None:
    """Find the given names that are, or lead to, the name of something else's type."""
    own: dict[str, RelationId | TypeId] = {}
    for place, name in sorted(names.items(), key=lambda item: item[0] in given.types):
        suffixes = TYPE_SUFFIXES if isinstance(place, RelationId) else ("Filter",)
        for derived in (name, *(f"{name}{suffix}" for suffix in suffixes)):
            other = own.setdefault(derived, place)
            taken = prefixing.raw(other) if other != place else EVERY_SCHEMA if derived in _SHARED_TYPES else None
            if taken is not None and place in given.types:
                clashes.add(prefixing.raw(place), name, f"'{derived}' is a type of {_quoted(taken)}")
                break


def _quoted(owner: str) -> str:
    return owner if owner == EVERY_SCHEMA else f"'{owner}'"


def _type_name(words: Sequence[str]) -> str:
    name = to_pascal(words)
    # `Order` itself is free, for no type has an empty name; `ListWhere` would be derived from `List`.
    is_derived = any(name.endswith(suffix) and name != suffix for suffix in TYPE_SUFFIXES)
    return f"{name}_" if is_derived or name in TYPE_NAMES else name


def _name_root_fields(
    relations: Iterable[Relation],
    stems: Mapping[RelationId, Stem],
    given: GivenNames,
    collisions: list[Collision],
    clashes: Clashes,
) -> dict[tuple[RelationId, str | None], str]:
    """Name the fields of Query, by relation and key; the collection has none."""
    places: list[tuple[RelationId, str | None]] = []
    claims = []
    for relation in relations:
        stem = stems[relation.id]
        if relation.id not in given.collections:
            places.append((relation.id, None))
            claims.append(Claim((_root_field(stem.many),), (0, *stem.rank), stem.raw))
        for key in relation.keys:
            is_primary = key is relation.primary_key
            words = stem.one if is_primary else by_columns(stem.one, given.called(relation.id, key.columns))
            rank = (1 if is_primary else 2, *stem.rank, *_key_rank(key))
            places.append((relation.id, key.name))
            claims.append(Claim((_root_field(words),), rank, f"{stem.raw} by {key.name}"))
    names = dict(zip(places, settle("query fields", claims, collisions), strict=True))
    taken = {name: claim.raw for name, claim in zip(names.values(), claims, strict=True)}
    taken |= dict.fromkeys(ROOT_FIELDS, EVERY_SCHEMA)
    for relation_id, name in given.collections.items():
        clashes.take(stems[relation_id].raw, stems[relation_id].raw, name, taken)
        names[relation_id, None] = name
    return names


def _key_rank(key: Key) -> tuple[object, ...]:
    return (not all(map(is_lower_snake, key.columns)), key.name)


def _root_field(words: Sequence[str]) -> str:
    name = to_camel(words)
    return f"{name}_" if name in ROOT_FIELDS else name


def _name_parts(
    type_id: TypeId, data_type: DataType, node_id: str | None, collisions: list[Collision]
) -> dict[str, str]:
    if data_type.kind == "composite":
        attributes = [attribute.name for attribute in data_type.attributes]
        return name_members(str(type_id), attributes, node_id, collisions)
    return name_values(str(type_id), data_type.labels, collisions)
