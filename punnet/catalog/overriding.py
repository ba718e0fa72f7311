"""Puts what a team says about its relations into the catalog, before anything is named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from punnet.catalog.close_names import did_you_mean
from punnet.catalog.given import NONE_GIVEN, GivenNames
from punnet.catalog.overrides import ColumnOverride, LinkEnd, Overrides, RelationOverride, RelationshipOverride
from punnet.catalog.relations import Catalog, Column, ForeignKey, Key, Relation, RelationId
from punnet.catalog.scalars import can_be_compared, can_be_id, is_comparable, with_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Overridden:
    """A catalog as it is said to be."""

    catalog: Catalog
    given: GivenNames
    problems: tuple[str, ...]
    """What is said of things that are not there, or cannot be."""


def apply_overrides(catalog: Catalog, overrides: Overrides) -> Overridden:
    """Put into a catalog what is said about it; what is wrong is left out, and told."""
    if not overrides.relations and not overrides.relationships:
        return Overridden(catalog=catalog, given=NONE_GIVEN, problems=())
    draft = _Draft({each.name: {str(relation.id): relation for relation in each.relations} for each in catalog.sources})
    for relation in overrides.relations:
        draft.change(relation)
    # Afterwards, for a relationship may lead to a key that configuration alone knows.
    for relationship in overrides.relationships:
        draft.link(relationship)
    sources = tuple(
        replace(source, relations=tuple(draft.relations[source.name][str(each.id)] for each in source.relations))
        for source in catalog.sources
    )
    return Overridden(catalog=replace(catalog, sources=sources), given=draft.given(), problems=tuple(draft.problems))


class _Problem(Exception):
    """Something that is said cannot be."""


@dataclass(slots=True)
class _Draft:
    """A catalog that is being changed, with the names that are given to its parts."""

    relations: dict[str, dict[str, Relation]]
    """By source and by `namespace.table`."""
    problems: list[str] = field(default_factory=list)
    types: dict[RelationId, str] = field(default_factory=dict)
    collections: dict[RelationId, str] = field(default_factory=dict)
    columns: dict[RelationId, dict[str, str]] = field(default_factory=dict)
    to_one: dict[RelationId, dict[str, str]] = field(default_factory=dict)
    to_many: dict[RelationId, dict[str, str]] = field(default_factory=dict)
    linked: set[tuple[RelationId, str]] = field(default_factory=set)
    """The foreign keys that a relationship is about already."""

    def given(self) -> GivenNames:
        return GivenNames(
            types=self.types,
            collections=self.collections,
            columns=self.columns,
            to_one=self.to_one,
            to_many=self.to_many,
        )

    def change(self, override: RelationOverride) -> None:
        """Change a relation."""
        try:
            relation = self._relation(override.source, override.relation)
        except _Problem as problem:
            self.problems.append(f"{override}: {problem}")
            return
        if override.name is not None:
            self.types[relation.id] = override.name
        if override.plural is not None:
            self.collections[relation.id] = override.plural
        changed = replace(self._with_columns(relation, override), has_queries=override.queries)
        self.relations[override.source][override.relation] = self._with_key(changed, override)

    def _with_columns(self, relation: Relation, override: RelationOverride) -> Relation:
        changed = dict(relation.column_by_name)
        for each in override.columns:
            try:
                changed[each.column] = _changed(_column(relation, each.column), each)
            except _Problem as problem:
                self.problems.append(f"{override} columns: {problem}")
                continue
            if each.name is not None:
                self.columns.setdefault(relation.id, {})[each.column] = each.name
        return replace(relation, columns=tuple(changed.values()))

    def _with_key(self, relation: Relation, override: RelationOverride) -> Relation:
        problems = list(_key_problems(relation, override.key))
        self.problems += [f"{override} key: {problem}" for problem in problems]
        return _keyed(relation, override.key) if override.key and not problems else relation

    def link(self, override: RelationshipOverride) -> None:
        """Add a link between two relations, or name the one that is there."""
        try:
            start = self._relation(override.source, override.start.relation)
            target = self._relation(override.source, override.target.relation)
            foreign_key = _foreign_key(start, target, override)
            if (start.id, foreign_key.name) in self.linked:
                raise _Problem("a relationship before it links the same columns")
        except _Problem as problem:
            self.problems.append(f"{override}: {problem}")
            return
        self.linked.add((start.id, foreign_key.name))
        said = replace(foreign_key, always=override.non_null, way_back=override.way_back)
        self.relations[override.source][override.start.relation] = _linked(start, said)
        if override.name is not None:
            self.to_one.setdefault(start.id, {})[foreign_key.name] = override.name
        if override.reverse is not None:
            self.to_many.setdefault(start.id, {})[foreign_key.name] = override.reverse

    def _relation(self, source: str, name: str) -> Relation:
        if source not in self.relations:
            raise _Problem(f"there is no database '{source}'{did_you_mean(source, self.relations)}")
        relation = self.relations[source].get(name)
        if relation is None:
            raise _Problem(f"'{source}' has no relation '{name}'{did_you_mean(name, self.relations[source])}")
        return relation


def _column(relation: Relation, name: str) -> Column:
    column = relation.column_by_name.get(name)
    if column is None:
        raise _Problem(f"'{relation.id}' has no column '{name}'{did_you_mean(name, relation.column_by_name)}")
    return column


def _changed(column: Column, override: ColumnOverride) -> Column:
    if override.is_id:
        if not can_be_id(column.type):
            raise _Problem(f"'{column.name}' is {column.type.name}: only whole numbers, uuid and text can be an ID")
        column = replace(column, type=with_ids(column.type))
    return _without_null(column) if override.non_null else column


def _without_null(column: Column) -> Column:
    return replace(column, nullable=False, on_trust=True) if column.nullable else column


# -- keys ----------------------------------------------------------------------------------------------


def _key_problems(relation: Relation, columns: tuple[str, ...]) -> Iterator[str]:
    for name in columns:
        try:
            column = _column(relation, name)
        except _Problem as problem:
            yield str(problem)
            continue
        if not is_comparable(column.type):
            yield f"'{name}' is {column.type.name}, which cannot be compared and so be in no key"


def _keyed(relation: Relation, columns: tuple[str, ...]) -> Relation:
    """The relation with these columns as its primary key, and so without nulls in them."""
    others = [replace(key, primary=False) for key in relation.keys]
    same = next((key for key in others if set(key.columns) == set(columns)), None)
    name = same.name if same is not None else _free_name("key", {key.name for key in others})
    own = Key(name=name, columns=columns, primary=True)
    return replace(
        relation,
        columns=tuple(_without_null(each) if each.name in columns else each for each in relation.columns),
        keys=(own, *(key for key in others if key is not same)),
    )


def _free_name(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    return name


# -- links ---------------------------------------------------------------------------------------------


def _foreign_key(start: Relation, target: Relation, override: RelationshipOverride) -> ForeignKey:
    """The link as a foreign key: the one that is there, else a new one."""
    if len(override.start.columns) != len(override.target.columns):
        raise _Problem("there have to be as many columns on both sides")
    pairs = tuple(zip(_columns(start, override.start), _columns(target, override.target), strict=True))
    for here, there in pairs:
        if not can_be_compared(here.type, there.type):
            raise _Problem(f"'{here.name}' is {here.type.name}, and '{there.name}' is {there.type.name}")
    names = {(here.name, there.name) for here, there in pairs}
    for each in start.foreign_keys:
        if each.target == target.id and set(zip(each.columns, each.target_columns, strict=True)) == names:
            return each
    if not any(set(key.columns) == set(override.target.columns) for key in target.keys):
        raise _Problem(
            f"{override.target} is no key, so that several rows could be meant; "
            f"if it tells rows apart, say so by 'key' of '{target.id}'"
        )
    return ForeignKey(
        name=f"{override.start} to {override.target}",
        columns=override.start.columns,
        target=target.id,
        target_columns=override.target.columns,
    )


def _linked(start: Relation, foreign_key: ForeignKey) -> Relation:
    """The relation with this foreign key, in the place of the one that it has under this name."""
    others = {each.name: each for each in start.foreign_keys}
    return replace(start, foreign_keys=tuple({**others, foreign_key.name: foreign_key}.values()))


def _columns(relation: Relation, end: LinkEnd) -> list[Column]:
    return [_column(relation, name) for name in end.columns]
