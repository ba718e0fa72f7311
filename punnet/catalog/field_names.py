"""The names of the fields of relations' types: columns and relationships, by rules and by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from punnet.catalog.contest import EVERY_SCHEMA, Claim, Clashes, Collision, settle
from punnet.catalog.given import GivenNames
from punnet.catalog.relations import ForeignKey, Relation, RelationId
from punnet.catalog.stems import Stem, by_columns
from punnet.catalog.words import is_lower_snake, split_words, to_camel, to_upper

FIELD_NAMES = frozenset({"and", "or", "not", "some", "none", "every", "search", "searchRank", "count"})
"""Names that mean something beside the columns in filters, orderings or aggregates."""
FIELD_SUFFIX = "Aggregate"
"""What filters and orderings append to a to-many's name."""


@dataclass(slots=True)
class FieldNamer:
    """Names the fields of all relations' types, by the relation that bears the column or foreign key."""

    relations: Mapping[RelationId, Relation]
    stems: Mapping[RelationId, Stem]
    node_id: str | None
    given: GivenNames
    collisions: list[Collision]
    clashes: Clashes
    columns: dict[RelationId, dict[str, str]] = field(default_factory=dict)
    to_one: dict[RelationId, dict[str, str]] = field(default_factory=dict)
    to_many: dict[RelationId, dict[str, str]] = field(default_factory=dict)

    def name_all(self) -> None:
        """Fill `columns`, `to_one` and `to_many`."""
        inbound: dict[RelationId, list[tuple[RelationId, ForeignKey]]] = {each: [] for each in self.relations}
        for relation in self.relations.values():
            self.to_one[relation.id], self.to_many[relation.id] = {}, {}
            for foreign_key in relation.foreign_keys:
                if foreign_key.target in inbound and foreign_key.way_back != "none":
                    called = self._as_called(foreign_key, relation.id)
                    inbound[foreign_key.target].append((relation.id, called))
        for relation in self.relations.values():
            outbound = [
                self._as_called(foreign_key, relation.id)
                for foreign_key in relation.foreign_keys
                if foreign_key.target in inbound
            ]
            self._name_relation(relation, outbound, inbound[relation.id])

    def _as_called(self, foreign_key: ForeignKey, relation: RelationId) -> ForeignKey:
        """The foreign key over columns by their given names, which its relationships' names derive from."""
        return replace(
            foreign_key,
            columns=self.given.called(relation, foreign_key.columns),
            target_columns=self.given.called(foreign_key.target, foreign_key.target_columns),
        )

    def _name_relation(
        self, relation: Relation, outbound: Sequence[ForeignKey], inbound: Sequence[tuple[RelationId, ForeignKey]]
    ) -> None:
        columns = self.columns[relation.id] = self._name_columns(relation)
        taken = self._reserved() | {name: raw for raw, name in columns.items()}
        self._give_relationships(relation.id, outbound, inbound, taken)
        self._name_to_one(relation.id, outbound, taken)
        # Relationships through junction tables will be settled after these, so that they rename none of them.
        self._name_to_many(relation.id, inbound, taken)
        self._find_aggregates(relation.id, inbound)

    def _reserved(self) -> dict[str, str]:
        return dict.fromkeys(FIELD_NAMES if self.node_id is None else {*FIELD_NAMES, self.node_id}, EVERY_SCHEMA)

    def _name_columns(self, relation: Relation) -> dict[str, str]:
        place, own = self.stems[relation.id].raw, self.given.columns.get(relation.id, {})
        unnamed = [column.name for column in relation.columns if column.name not in own]
        names = name_members(place, unnamed, self.node_id, self.collisions)
        taken = self._reserved() | {name: raw for raw, name in names.items()}
        for raw, name in own.items():
            self.clashes.take(place, raw, name, taken)
        return {column.name: own.get(column.name) or names[column.name] for column in relation.columns}

    def _give_relationships(
        self,
        relation: RelationId,
        outbound: Sequence[ForeignKey],
        inbound: Sequence[tuple[RelationId, ForeignKey]],
        taken: dict[str, str],
    ) -> None:
        """Give relationships the names that were chosen for them, before any other is named."""
        place = self.stems[relation].raw
        for foreign_key, name in _chosen(outbound, self.given.to_one.get(relation, {})):
            self.clashes.take(place, _foreign_key_raw(foreign_key), name, taken)
            self.to_one[relation][foreign_key.name] = name
        for child, each in inbound:
            for foreign_key, name in _chosen([each], self.given.to_many.get(child, {})):
                thing = f"{self.stems[child].raw} {_foreign_key_raw(foreign_key)}"
                self.clashes.take(place, thing, name, taken)
                self.to_many[child][foreign_key.name] = name

    def _name_to_one(self, relation: RelationId, outbound: Sequence[ForeignKey], taken: dict[str, str]) -> None:
        named = self.to_one[relation]
        unnamed = [foreign_key for foreign_key in outbound if foreign_key.name not in named]
        claims = [_to_one_claim(each, self.stems[each.target], self.node_id) for each in unnamed]
        names = settle(self.stems[relation].raw, claims, self.collisions, taken=taken)
        taken |= {name: claim.raw for name, claim in zip(names, claims, strict=True)}
        named |= {each.name: name for each, name in zip(unnamed, names, strict=True)}

    def _name_to_many(
        self, relation: RelationId, inbound: Sequence[tuple[RelationId, ForeignKey]], taken: Mapping[str, str]
    ) -> None:
        unnamed = [(child, each) for child, each in inbound if each.name not in self.to_many[child]]
        own = self.stems[relation]
        claims = [_to_many_claim(each, self.stems[child], own, self.node_id) for child, each in unnamed]
        names = settle(own.raw, claims, self.collisions, taken=taken)
        for (child, foreign_key), name in zip(unnamed, names, strict=True):
            self.to_many[child][foreign_key.name] = name

    def _find_aggregates(self, relation: RelationId, inbound: Sequence[tuple[RelationId, ForeignKey]]) -> None:
        """Find the given names that filters and orders have beside a to-many."""
        derived = {f"{self.to_many[child][each.name]}{FIELD_SUFFIX}" for child, each in inbound}
        chosen = {
            **self.given.columns.get(relation, {}),
            **self.given.to_one.get(relation, {}),
            **{each.name: self.given.to_many.get(child, {}).get(each.name, "") for child, each in inbound},
        }
        for thing, name in chosen.items():
            if name in derived:
                why = f"it comes with '{name.removesuffix(FIELD_SUFFIX)}'"
                self.clashes.add(f"{self.stems[relation].raw} {thing}", name, why)


def _chosen(foreign_keys: Iterable[ForeignKey], names: Mapping[str, str]) -> Iterator[tuple[ForeignKey, str]]:
    return ((each, names[each.name]) for each in foreign_keys if each.name in names)


def name_members(place: str, raws: Sequence[str], node_id: str | None, collisions: list[Collision]) -> dict[str, str]:
    """Name columns, or the attributes of a composite, by their raw names."""
    claims = [Claim((_field_name(split_words(raw), node_id),), _raw_rank(raw), raw) for raw in raws]
    return dict(zip(raws, settle(place, claims, collisions), strict=True))


def _raw_rank(raw: str) -> tuple[object, ...]:
    return (not is_lower_snake(raw), len(raw), raw)


def _field_name(words: Sequence[str], node_id: str | None) -> str:
    name = to_camel(words)
    if name == node_id == "id":
        return "rowId"
    is_reserved = name in FIELD_NAMES or name == node_id or (name.endswith(FIELD_SUFFIX) and name != FIELD_SUFFIX)
    return f"{name}_" if is_reserved else name


def _to_one_claim(foreign_key: ForeignKey, target: Stem, node_id: str | None) -> Claim:
    long = _field_name(by_columns(target.one, foreign_key.columns), node_id)
    base = _without_id(foreign_key.columns)
    choices = (long,) if base is None else (_field_name(base, node_id), long)
    rank = (base not in target.called, tuple(map(_raw_rank, foreign_key.columns)), target.rank, foreign_key.name)
    return Claim(choices, rank, _foreign_key_raw(foreign_key))


def _to_many_claim(foreign_key: ForeignKey, child: Stem, parent: Stem, node_id: str | None) -> Claim:
    base = _without_id(foreign_key.columns)
    words = by_columns(child.many, foreign_key.columns) if base is None else (*child.many, "by", *base)
    long = _field_name(words, node_id)
    is_plain = _names_parent(foreign_key, parent)
    choices = (_field_name(child.many, node_id), long) if is_plain else (long,)
    is_own = base in parent.called
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


def _names_parent(foreign_key: ForeignKey, parent: Stem) -> bool:
    """Whether each column is `<parent>_id` or bears the name of the key that it points at."""
    own = {(*words, "id") for words in parent.called}
    return all(
        split_words(column) in {*own, split_words(target)}
        for column, target in zip(foreign_key.columns, foreign_key.target_columns, strict=False)
    )


def name_column_values(relation: Relation, given: GivenNames) -> dict[str, str]:
    """Name the values of the enum of columns; one that gives way to another is told of where the fields are."""
    raws = [column.name for column in relation.columns]
    claims = [
        Claim((to_upper(split_words(called)),), _raw_rank(raw), raw)
        for raw, called in zip(raws, given.called(relation.id, tuple(raws)), strict=True)
    ]
    return dict(zip(raws, settle(str(relation.id), claims, [], mark=str.upper), strict=True))


def name_values(place: str, raws: Sequence[str], collisions: list[Collision]) -> dict[str, str]:
    """Name the values of an enum by their labels."""
    claims = [Claim((to_upper(split_words(raw)),), _raw_rank(raw), raw) for raw in raws]
    return dict(zip(raws, settle(place, claims, collisions, mark=str.upper), strict=True))
