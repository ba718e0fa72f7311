"""The GraphQL name of everything in a catalog, by rules that look at raw names alone.

Where two things want one name, the best of them keeps it: lower snake_case before all other spellings,
relations before enums, composites and scalars, the plain namespace before others, then the shorter and the
alphabetically first raw name. Every other one gets a suffix that is a hash of its own raw name. So names do
not depend on the catalog's order, and something new renames something old only where it wants the same name
with a better claim: `order_details`, added beside `OrderDetails`, takes `OrderDetails` over.

A relationship that wants the name of a column takes its long form: beside a column `category`, the foreign
key over `category_id` is `categoryByCategoryId`, and from the other side, beside a column `products`, it is
`productsByCategory`. A to-many gives way to a to-one in the same manner.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from punnet.catalog.contest import Claim, Collision, settle
from punnet.catalog.plurals import plural, singular
from punnet.catalog.relations import Catalog, ForeignKey, Key, Relation, RelationId, SourceCatalog
from punnet.catalog.scalars import SCALARS
from punnet.catalog.types import DataType
from punnet.catalog.words import is_lower_snake, split_words, to_camel, to_pascal, to_upper

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

ROOT_FIELDS = frozenset({"node", "nodes"})
FIELD_NAMES = frozenset({"and", "or", "not", "some", "none", "every", "search", "searchRank", "count"})
"""Names that mean something beside the columns in filters, orderings or aggregates."""
FIELD_SUFFIX = "Aggregate"
"""What filters and orderings append to a to-many's name."""


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


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class TypeId:
    """A data type's place."""

    source: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.namespace}.{self.name}"


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
    node_id: str = "nodeId",
) -> Names:
    """Name everything in a catalog.

    Args:
        catalog: of any size; the order of its relations does not matter, that of its sources does.
        plain_namespaces: by source the namespace whose names bear no prefix, where it is not `public`.
        prefixes: by source what all of its names begin with. Where none is given the first source has no
            prefix and each other its own name.
        node_id: the field of the global id. Where it is `id`, a column that would be `id` is `rowId`.
    """
    prefixing = _Prefixing(catalog, plain_namespaces or {}, prefixes or {})
    relations = {relation.id: relation for source in catalog.sources for relation in source.relations}
    stems = {relation_id: prefixing.stem(relation_id) for relation_id in relations}
    collisions: list[Collision] = []

    data_types = _named_types(catalog)
    type_names = _name_types(prefixing, stems, data_types, collisions)
    root_fields = _name_root_fields(relations.values(), stems, collisions)
    fields = _name_fields(relations, stems, node_id, collisions)
    return Names(
        relations={
            relation_id: RelationNames(
                type=type_names[relation_id],
                collection=root_fields[relation_id, None],
                lookups={key.name: root_fields[relation_id, key.name] for key in relation.keys},
                columns=fields.columns[relation_id],
                column_values=_name_values(str(relation_id), [column.name for column in relation.columns], []),
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
    )


class _Stem(NamedTuple):
    """A relation's words, before anything is contested."""

    one: tuple[str, ...]
    many: tuple[str, ...]
    name: tuple[str, ...]
    """The singular without prefixes: what columns call the relation."""
    raw_name: tuple[str, ...]
    rank: tuple[object, ...]
    raw: str


@dataclass(frozen=True, slots=True)
class _Prefixing:
    """What the prefixes of names depend on."""

    catalog: Catalog
    plain_namespaces: Mapping[str, str]
    prefixes: Mapping[str, str]

    @property
    def first_source(self) -> str:
        return self.catalog.sources[0].name if self.catalog.sources else ""

    def prefix(self, source: str, namespace: str) -> tuple[str, ...]:
        own = self.prefixes.get(source, "" if source == self.first_source else source)
        is_plain = self.is_plain(source, namespace)
        return (split_words(own) if own else ()) + (() if is_plain else split_words(namespace))

    def is_plain(self, source: str, namespace: str) -> bool:
        return namespace in (self.plain_namespaces.get(source, "public"), "pg_catalog")

    def raw(self, place: RelationId | TypeId) -> str:
        return str(place) if place.source == self.first_source else f"{place.source}:{place}"

    def rank(self, place: RelationId | TypeId, kind: str) -> tuple[object, ...]:
        return (
            not is_lower_snake(place.name),
            ("relation", "enum", "composite", "base").index(kind),
            not self.is_plain(place.source, place.namespace),
            len(place.name),
            place.name,
            self.raw(place),
        )

    def stem(self, relation: RelationId) -> _Stem:
        prefix = self.prefix(relation.source, relation.namespace)
        words = split_words(relation.name)
        one, many = _inflect(words)
        # Singular and plural agree: the collection says what it is.
        many = (*many, "list") if one == many else many
        rank = self.rank(relation, "relation")
        return _Stem(prefix + one, prefix + many, one, words, rank, self.raw(relation))


def _inflect(words: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    # The last word that is no number: `logs_2024` holds a log each.
    at = next((i for i in reversed(range(len(words))) if not words[i].isdigit()), None)
    if at is None:
        return words, words
    before, word, after = words[:at], words[at], words[at + 1 :]
    return (*before, singular(word), *after), (*before, plural(word), *after)


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
    if data_type.kind == "base" and data_type.scalar in SCALARS:
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
    prefixing: _Prefixing,
    stems: Mapping[RelationId, _Stem],
    data_types: Mapping[TypeId, DataType],
    collisions: list[Collision],
) -> dict[RelationId | TypeId, str]:
    claims = [Claim((_type_name(stem.one),), stem.rank, stem.raw) for stem in stems.values()]
    for type_id, data_type in data_types.items():
        words = prefixing.prefix(type_id.source, type_id.namespace) + split_words(type_id.name)
        # A composite may be the row type of a relation, with the same raw name.
        raw = f"{data_type.kind} {prefixing.raw(type_id)}"
        claims.append(Claim((_type_name(words),), prefixing.rank(type_id, data_type.kind), raw))
    return dict(zip(chain(stems, data_types), settle("types", claims, collisions), strict=True))


def _type_name(words: Sequence[str]) -> str:
    name = to_pascal(words)
    # `Order` itself is free, for no type has an empty name; `ListWhere` would be derived from `List`.
    is_derived = any(name.endswith(suffix) and name != suffix for suffix in TYPE_SUFFIXES)
    return f"{name}_" if is_derived or name in TYPE_NAMES else name


def _name_root_fields(
    relations: Iterable[Relation], stems: Mapping[RelationId, _Stem], collisions: list[Collision]
) -> dict[tuple[RelationId, str | None], str]:
    """Name the fields of Query, by relation and key; the collection has none."""
    places: list[tuple[RelationId, str | None]] = []
    claims = []
    for relation in relations:
        stem = stems[relation.id]
        places.append((relation.id, None))
        claims.append(Claim((_root_field(stem.many),), (0, *stem.rank), stem.raw))
        for key in relation.keys:
            is_primary = key is relation.primary_key
            words = stem.one if is_primary else _by(stem.one, key.columns)
            rank = (1 if is_primary else 2, *stem.rank, *_key_rank(key))
            places.append((relation.id, key.name))
            claims.append(Claim((_root_field(words),), rank, f"{stem.raw} by {key.name}"))
    return dict(zip(places, settle("query fields", claims, collisions), strict=True))


def _key_rank(key: Key) -> tuple[object, ...]:
    return (not all(map(is_lower_snake, key.columns)), key.name)


def _root_field(words: Sequence[str]) -> str:
    name = to_camel(words)
    return f"{name}_" if name in ROOT_FIELDS else name


def _by(stem: tuple[str, ...], columns: Iterable[str]) -> tuple[str, ...]:
    """`product by sku`, `seat by row and number`."""
    words: list[str] = [*stem]
    for i, column in enumerate(columns):
        words += ("and" if i else "by", *split_words(column))
    return tuple(words)


class _Fields(NamedTuple):
    """The fields of the relations' types, by the relation that bears the column or foreign key."""

    columns: dict[RelationId, dict[str, str]]
    to_one: dict[RelationId, dict[str, str]]
    to_many: dict[RelationId, dict[str, str]]


def _name_fields(
    relations: Mapping[RelationId, Relation],
    stems: Mapping[RelationId, _Stem],
    node_id: str,
    collisions: list[Collision],
) -> _Fields:
    inbound: dict[RelationId, list[tuple[RelationId, ForeignKey]]] = {relation_id: [] for relation_id in relations}
    for relation in relations.values():
        for foreign_key in relation.foreign_keys:
            if foreign_key.target in inbound:
                inbound[foreign_key.target].append((relation.id, foreign_key))

    fields = _Fields({}, {}, {relation_id: {} for relation_id in relations})
    for relation_id, relation in relations.items():
        place = stems[relation_id].raw
        columns = _name_members(place, [column.name for column in relation.columns], node_id, collisions)
        taken = {name: raw for raw, name in columns.items()}
        outbound = [foreign_key for foreign_key in relation.foreign_keys if foreign_key.target in inbound]
        claims = [_to_one_claim(foreign_key, stems[foreign_key.target], node_id) for foreign_key in outbound]
        names = settle(place, claims, collisions, taken=taken)
        taken |= {name: claim.raw for name, claim in zip(names, claims, strict=True)}
        fields.columns[relation_id] = columns
        fields.to_one[relation_id] = {key.name: name for key, name in zip(outbound, names, strict=True)}

        # Relationships through junction tables will be settled after these, so that they rename none of them.
        children = inbound[relation_id]
        claims = [_to_many_claim(key, stems[child], stems[relation_id], node_id) for child, key in children]
        names = settle(place, claims, collisions, taken=taken)
        for (child, foreign_key), name in zip(children, names, strict=True):
            fields.to_many[child][foreign_key.name] = name
    return fields


def _name_members(place: str, raws: Sequence[str], node_id: str, collisions: list[Collision]) -> dict[str, str]:
    claims = [Claim((_field_name(split_words(raw), node_id),), _raw_rank(raw), raw) for raw in raws]
    return dict(zip(raws, settle(place, claims, collisions), strict=True))


def _raw_rank(raw: str) -> tuple[object, ...]:
    return (not is_lower_snake(raw), len(raw), raw)


def _field_name(words: Sequence[str], node_id: str) -> str:
    name = to_camel(words)
    if name == node_id == "id":
        return "rowId"
    is_reserved = name in FIELD_NAMES or name == node_id or (name.endswith(FIELD_SUFFIX) and name != FIELD_SUFFIX)
    return f"{name}_" if is_reserved else name


def _to_one_claim(foreign_key: ForeignKey, target: _Stem, node_id: str) -> Claim:
    long = _field_name(_by(target.one, foreign_key.columns), node_id)
    base = _without_id(foreign_key.columns)
    choices = (long,) if base is None else (_field_name(base, node_id), long)
    rank = (base != target.name, tuple(map(_raw_rank, foreign_key.columns)), target.rank, foreign_key.name)
    return Claim(choices, rank, _foreign_key_raw(foreign_key))


def _to_many_claim(foreign_key: ForeignKey, child: _Stem, parent: _Stem, node_id: str) -> Claim:
    base = _without_id(foreign_key.columns)
    words = _by(child.many, foreign_key.columns) if base is None else (*child.many, "by", *base)
    long = _field_name(words, node_id)
    is_plain = _names_parent(foreign_key, parent)
    choices = (_field_name(child.many, node_id), long) if is_plain else (long,)
    is_own = base in (parent.name, parent.raw_name)
    rank = (not is_own, tuple(map(_raw_rank, foreign_key.columns)), child.rank, foreign_key.name)
    return Claim(choices, rank, f"{child.raw} {_foreign_key_raw(foreign_key)}")


def _foreign_key_raw(foreign_key: ForeignKey) -> str:
    return f"{foreign_key.name} ({', '.join(foreign_key.columns)})"


def _without_id(columns: tuple[str, ...]) -> tuple[str, ...] | None:
    """Take `id` off the words of the only column; None where there are more, or no such end."""
    if len(columns) != 1:
        return None
    words = split_words(columns[0])
    return words[:-1] if len(words) > 1 and words[-1] == "id" else None


def _names_parent(foreign_key: ForeignKey, parent: _Stem) -> bool:
    """Whether each column is `<parent>_id` or bears the name of the key that it points at."""
    own = ((*parent.name, "id"), (*parent.raw_name, "id"))
    return all(
        split_words(column) in (*own, split_words(target))
        for column, target in zip(foreign_key.columns, foreign_key.target_columns, strict=False)
    )


def _name_parts(type_id: TypeId, data_type: DataType, node_id: str, collisions: list[Collision]) -> dict[str, str]:
    if data_type.kind == "composite":
        attributes = [attribute.name for attribute in data_type.attributes]
        return _name_members(str(type_id), attributes, node_id, collisions)
    return _name_values(str(type_id), data_type.labels, collisions)


def _name_values(place: str, raws: Sequence[str], collisions: list[Collision]) -> dict[str, str]:
    claims = [Claim((to_upper(split_words(raw)),), _raw_rank(raw), raw) for raw in raws]
    return dict(zip(raws, settle(place, claims, collisions, mark=str.upper), strict=True))
