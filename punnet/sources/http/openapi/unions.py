"""How the members of a union are told apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from punnet.catalog.endpoints import NamedShape
from punnet.sources.http.openapi.documents import Unresolved
from punnet.sources.http.openapi.facts import Choice, Facts, Opened, Schemas
from punnet.sources.http.openapi.shape_names import ShapeNames
from punnet.sources.http.openapi.typed import Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A member of a choice."""

    typed: Typed
    facts: Facts
    opened: Opened | None
    """None where a reference leads nowhere."""

    @property
    def is_null(self) -> bool:
        """Whether null is all that it allows."""
        facts = self.facts
        if not facts.null or facts.conflict is not None:
            return False
        # `nullable: true` alone, beside a reference, is how some documents of 3.0 say null.
        is_bare = (
            facts.types is None and facts.values is None and not (facts.members or facts.choices or facts.elements)
        )
        return is_bare or facts.types == frozenset() or facts.values == ()

    @property
    def name(self) -> str:
        """Of the object or union."""
        return self.typed.shape.name if isinstance(self.typed.shape, NamedShape) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """By which member of the JSON an object's kind is known."""

    discriminator: str | None
    mapping: tuple[tuple[str, str], ...] = ()
    """(value, name of the shape)."""


def tell_apart(choice: Choice, options: list[Option], schemas: Schemas, names: ShapeNames) -> Telling:
    """Find what tells the members of a union apart.

    That is what the document says; else the first member of the objects that has a fixed text in each of them,
    which no two share. The value of an object is the one that the document maps to it, else its fixed text, else
    the name of its component.
    """
    discriminator = choice.discriminator or _common_mark(options, schemas)
    if discriminator is None:
        return Telling(discriminator=None)
    mapping = dict(_mapped(choice, options, schemas))
    said = set(mapping.values())
    fixed = {option.name: _fixed_texts(option, discriminator, schemas) for option in options}
    shared = {text for text, count in Counter(text for texts in fixed.values() for text in texts).items() if count > 1}
    for option in options:
        if option.name not in said:
            texts = () if shared.intersection(fixed[option.name]) else fixed[option.name]
            for value in texts or _own_name(option, names):
                mapping.setdefault(value, option.name)
    return Telling(discriminator=discriminator, mapping=tuple(mapping.items()))


def _own_name(option: Option, names: ShapeNames) -> tuple[str, ...]:
    own = names.own_name(option.opened.key, option.opened.reference) if option.opened else None
    return () if own is None else (own,)


def _mapped(choice: Choice, options: list[Option], schemas: Schemas) -> Iterator[tuple[str, str]]:
    by_key = {option.opened.key: option.name for option in options if option.opened}
    for value, target in choice.mapping:
        # A target is a component's name or a reference, and nothing says which.
        references = (f"#/components/schemas/{target}", *((target,) if "/" in target or "." in target else ()))
        for reference in references:
            try:
                opened = schemas.open(schemas.documents.follow(reference, choice.document))
            except Unresolved:
                continue
            if opened.key in by_key:
                yield value, by_key[opened.key]
                break


def _common_mark(options: list[Option], schemas: Schemas) -> str | None:
    for name in options[0].facts.members:
        if not _fixed_texts(options[0], name, schemas):
            continue
        texts = [_fixed_texts(option, name, schemas) for option in options]
        everything = [text for one in texts for text in one]
        if all(texts) and len(set(everything)) == len(everything):
            return name
    return None


def _fixed_texts(option: Option, member: str, schemas: Schemas) -> tuple[str, ...]:
    """The few texts that a member of an object may be; none where it may be anything else."""
    parts = option.facts.members.get(member)
    if parts is None:
        return ()
    try:
        opened = tuple(one for part in parts for one in schemas.open(part).parts)
    except Unresolved:
        return ()
    values = schemas.facts(opened).values or ()
    return tuple(value for value in values if isinstance(value, str)) if values else ()
