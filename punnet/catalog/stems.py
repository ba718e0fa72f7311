"""The words that a relation's names are made of, before anything is contested."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from punnet.catalog.given import GivenNames
from punnet.catalog.plurals import plural, singular
from punnet.catalog.relations import Catalog, RelationId
from punnet.catalog.words import is_lower_snake, split_words


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class TypeId:
    """A data type's place."""

    source: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.namespace}.{self.name}"


class Stem(NamedTuple):
    """A relation's words, before anything is contested."""

    one: tuple[str, ...]
    many: tuple[str, ...]
    called: frozenset[tuple[str, ...]]
    """What columns call the relation: its singular without prefixes, its raw name, and the name given to it."""
    rank: tuple[object, ...]
    raw: str


@dataclass(frozen=True, slots=True)
class Prefixing:
    """What the prefixes of names depend on."""

    catalog: Catalog
    plain_namespaces: Mapping[str, str]
    prefixes: Mapping[str, str]

    @property
    def first_source(self) -> str:
        """The source whose names bear no prefix of their own."""
        return self.catalog.sources[0].name if self.catalog.sources else ""

    def prefix(self, source: str, namespace: str) -> tuple[str, ...]:
        """The words before a name of this namespace."""
        own = self.prefixes.get(source, "" if source == self.first_source else source)
        is_plain = self.is_plain(source, namespace)
        return (split_words(own) if own else ()) + (() if is_plain else split_words(namespace))

    def is_plain(self, source: str, namespace: str) -> bool:
        """Whether the namespace's names bear no prefix."""
        return namespace in (self.plain_namespaces.get(source, "public"), "pg_catalog")

    def raw(self, place: RelationId | TypeId) -> str:
        """What a relation or type is told by."""
        return str(place) if place.source == self.first_source else f"{place.source}:{place}"

    def rank(self, place: RelationId | TypeId, kind: str) -> tuple[object, ...]:
        """How good a claim it has to a name; the lower, the better."""
        return (
            not is_lower_snake(place.name),
            ("relation", "enum", "composite", "base").index(kind),
            not self.is_plain(place.source, place.namespace),
            len(place.name),
            place.name,
            self.raw(place),
        )

    def stem(self, relation: RelationId, given: GivenNames) -> Stem:
        """The words of a relation's names."""
        prefix = self.prefix(relation.source, relation.namespace)
        words = split_words(relation.name)
        one, many = _inflect(words)
        called = {one, words}
        if relation in given.types:
            prefix, one = (), split_words(given.types[relation])
            many = _inflect(one)[1]
            called.add(one)
        # Singular and plural agree: the collection says what it is.
        many = (*many, "list") if one == many else many
        many = prefix + many if relation not in given.collections else split_words(given.collections[relation])
        rank = self.rank(relation, "relation")
        return Stem(prefix + one, many, frozenset(called), rank, self.raw(relation))


def _inflect(words: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    # The last word that is no number: `logs_2024` holds a log each.
    at = next((i for i in reversed(range(len(words))) if not words[i].isdigit()), None)
    if at is None:
        return words, words
    before, word, after = words[:at], words[at], words[at + 1 :]
    return (*before, singular(word), *after), (*before, plural(word), *after)


def by_columns(stem: tuple[str, ...], columns: Iterable[str]) -> tuple[str, ...]:
    """`product by sku`, `seat by row and number`."""
    words: list[str] = [*stem]
    for i, column in enumerate(columns):
        words += ("and" if i else "by", *split_words(column))
    return tuple(words)
