"""The shapes that schemas describe."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from punnet.catalog.endpoints import (
    Direction,
    EnumShape,
    ListShape,
    NamedShape,
    ObjectShape,
    Property,
    ScalarShape,
    Shape,
    UnionShape,
)
from punnet.sources.http.openapi.documents import Part, Unresolved
from punnet.sources.http.openapi.facts import Choice, Facts, Opened, Schemas, both
from punnet.sources.http.openapi.formats import TEXT_SCALARS, scalar_of
from punnet.sources.http.openapi.notes import Notes, Place
from punnet.sources.http.openapi.shape_names import ShapeNames, Words
from punnet.sources.http.openapi.typed import Typed
from punnet.sources.http.openapi.unions import Option, tell_apart

JSON = ScalarShape(scalar="JSON")
STRING = ScalarShape(scalar="String")

MAX_DEPTH = 24
"""Lists within lists and choices within choices; objects within objects have no limit."""

_BINARY = "is binary content"


@dataclass(slots=True)
class Shapes:
    """Makes shapes of schemas, each once. Objects come as names at once, and get their members by `finish()`."""

    schemas: Schemas
    names: ShapeNames
    notes: Notes
    objects: dict[str, ObjectShape] = field(default_factory=dict)
    unions: dict[str, UnionShape] = field(default_factory=dict)
    _made: dict[tuple[int, ...], tuple[tuple[Part, ...], Typed]] = field(default_factory=dict)
    """By identity; the parts are kept so that identities stay taken."""
    _busy: set[tuple[int, ...]] = field(default_factory=set)
    _waiting: deque[tuple[str, Facts]] = field(default_factory=deque)

    def shape(self, parts: tuple[Part, ...], wanted: Words, place: Place) -> Typed:
        """The shape of a value that satisfies all schemas given.

        Args:
            parts: one or more schemas.
            wanted: the words of its name where it has none of its own.
            place: where to tell what is left out.
        """
        try:
            opened = self._open(parts)
        except Unresolved as unresolved:
            return self._give_up(place, unresolved.reason)
        typed = self._shape_of(opened, wanted, place)
        if opened.comment is None and not (opened.null or opened.read_only or opened.write_only):
            return typed
        return replace(
            typed,
            null=typed.null or opened.null,
            direction=_direction(opened.read_only, opened.write_only) if typed.direction == "both" else typed.direction,
            comment=opened.comment or typed.comment,
        )

    def finish(self) -> None:
        """Give every object its members, those that are found on the way among them."""
        while self._waiting:
            name, facts = self._waiting.popleft()
            properties = tuple(self._properties(name, facts))
            self.objects[name] = ObjectShape(name=name, properties=properties, comment=facts.comment)

    def _open(self, parts: tuple[Part, ...]) -> Opened:
        opened = self.schemas.open(parts[0])
        for part in parts[1:]:
            other = self.schemas.open(part)
            opened = Opened(
                parts=tuple({id(one.value): one for one in opened.parts + other.parts}.values()),
                reference=opened.reference or other.reference,
                comment=opened.comment or other.comment,
                null=opened.null and other.null,
                read_only=opened.read_only or other.read_only,
                write_only=opened.write_only or other.write_only,
            )
        return opened

    def _shape_of(self, opened: Opened, wanted: Words, place: Place) -> Typed:
        key = opened.key
        made = self._made.get(key)
        if made is not None and all(isinstance(part.value, dict) for part in opened.parts):
            return made[1]
        if key in self._busy:
            return Typed(shape=JSON, is_loop=True)
        if len(self._busy) > MAX_DEPTH:
            return self._give_up(place, "is nested too deeply")
        self._busy.add(key)
        own_name = self.names.own_name(key, opened.reference)
        wanted = wanted if own_name is None else (own_name,)
        try:
            facts = self.schemas.facts(opened.parts)
            typed = self._convert(facts, opened, wanted, place)
        finally:
            self._busy.discard(key)
        typed = replace(
            typed,
            null=typed.null or bool(facts.null),
            direction=_direction(facts.read_only, facts.write_only),
            comment=typed.comment or (None if isinstance(typed.shape, NamedShape) else facts.comment),
        )
        self._made[key] = (opened.parts, typed)
        return typed

    def _give_up(self, place: Place, reason: str) -> Typed:
        self.notes.add(place, f"carried as JSON, since it {reason}")
        return Typed(shape=JSON)

    def _convert(self, facts: Facts, opened: Opened, wanted: Words, place: Place) -> Typed:
        if facts.conflict is not None:
            return self._give_up(place, facts.conflict)
        choices = [choice for choice in facts.choices if self._tells_shapes(choice)]
        if not choices:
            return self._convert_plain(facts, opened, wanted, place)
        base = replace(facts, choices=())
        if len(choices) == 1:
            return self._convert_choice(choices[0], base, opened, wanted, place)
        if not base.members:
            return self._give_up(place, "has several choices at once")
        self.notes.add(place, "only its common members are kept, since it has several choices at once")
        return self._convert_plain(base, opened, wanted, place)

    def _tells_shapes(self, choice: Choice) -> bool:
        """Whether a choice is between shapes, and not between sets of members that must be there."""
        for member in choice.members:
            try:
                opened = self.schemas.open(member)
            except Unresolved:
                return True
            if opened.null or not self.schemas.facts(opened.parts).says_nothing:
                return True
        return False

    def _convert_plain(self, facts: Facts, opened: Opened, wanted: Words, place: Place) -> Typed:
        types = _types_of(facts)
        if facts.values is not None and (facts.values or not types):
            return self._convert_values(facts.values, types, opened, wanted, place, facts.comment)
        if not types:
            return Typed(shape=JSON, null=types is not None)
        if types == {"integer", "number"}:
            return Typed(shape=ScalarShape(scalar="Float"))
        if len(types) > 1:
            return self._give_up(place, f"may be of the types {', '.join(sorted(types))}")
        (only,) = types
        if only == "object":
            return self._convert_object(facts, opened, wanted)
        if only == "array":
            return self._convert_list(facts, wanted, place)
        scalar = scalar_of(only, facts.format)
        return Typed(shape=None if scalar is None else ScalarShape(scalar=scalar))

    def _convert_values(
        self,
        values: tuple[object, ...],
        types: frozenset[str] | None,
        opened: Opened,
        wanted: Words,
        place: Place,
        comment: str | None,
    ) -> Typed:
        texts = _texts(values, types)
        if texts:
            has_own_name = self.names.own_name(opened.key, opened.reference) is not None
            if len(texts) > 1 or has_own_name:
                name = self.names.claim(opened.key, opened.reference, wanted)
                # What is said of an enum within an object is said of the member.
                return Typed(shape=EnumShape(name=name, values=texts, comment=comment if has_own_name else None))
            # An enum of one value would give each object that bears such a mark a type of its own, and GraphQL
            # forbids to ask for one field that has a different type in each member of a union.
            return Typed(shape=STRING, comment=f"Always `{texts[0]}`.")
        kinds = {type(value) for value in values}
        if kinds == {bool}:
            return Typed(shape=ScalarShape(scalar="Boolean"))
        if kinds == {int}:
            is_small = all(isinstance(value, int) and -(2**31) <= value < 2**31 for value in values)
            return Typed(shape=ScalarShape(scalar="Int" if is_small else "BigInt"))
        if kinds and kinds <= {int, float}:
            return Typed(shape=ScalarShape(scalar="Float"))
        if not kinds:
            return Typed(shape=JSON, null=True)
        return self._give_up(place, "is an enum of values of several types")

    def _convert_object(self, facts: Facts, opened: Opened, wanted: Words) -> Typed:
        if not facts.members:
            return Typed(shape=JSON)
        name = self.names.claim(opened.key, opened.reference, wanted)
        if facts.has_other_members:
            self.notes.add(Place(name, name), "its members beyond the named ones are left out")
        self._waiting.append((name, facts))
        return Typed(shape=NamedShape(name=name))

    def _properties(self, owner: str, facts: Facts) -> Iterable[Property]:
        for name, parts in facts.members.items():
            place = Place(f"{owner}.{name}", owner)
            typed = self.shape(parts, (owner, name), place)
            if typed.shape is None:
                self.notes.add(place, f"left out, since it {_BINARY}")
                continue
            yield Property(
                name=name,
                shape=typed.shape,
                required=name in facts.required,
                nullable=typed.null,
                direction=typed.direction,
                comment=typed.comment,
            )

    def _convert_list(self, facts: Facts, wanted: Words, place: Place) -> Typed:
        if not facts.elements:
            return Typed(shape=ListShape(element=JSON, nullable_elements=True))
        typed = self.shape(facts.elements, (*wanted, "Item"), place)
        if typed.is_loop:
            self._give_up(place, "leads back to itself without an object between")
        if typed.shape is None:
            return Typed(shape=None)
        return Typed(shape=ListShape(element=typed.shape, nullable_elements=typed.null))

    def _convert_choice(self, choice: Choice, base: Facts, opened: Opened, wanted: Words, place: Place) -> Typed:
        texts, null = self._fixed_texts(choice)
        if texts:
            types = frozenset({"string"})
            typed = self._convert_values(texts, types, opened, wanted, place, base.comment)
            return replace(typed, null=null)
        everything = [
            self._option(member, number, base, wanted, place) for number, member in enumerate(choice.members, 1)
        ]
        null = any(option.typed.null for option in everything)
        options = [option for option in everything if not (option.is_null or option.typed.is_loop)]
        shapes = list(dict.fromkeys(option.typed.shape for option in options))
        if not shapes:
            return Typed(shape=JSON, null=null)
        if len(shapes) == 1:
            comment = options[0].typed.comment if len(options) == 1 else None
            return Typed(shape=shapes[0], null=null, comment=comment)
        if all(isinstance(shape, NamedShape) for shape in shapes):
            return Typed(shape=self._make_union(choice, options, opened, wanted, base.comment), null=null)
        if base.members:
            self.notes.add(place, "only its common members are kept, since its choices are not all objects")
            return replace(self._convert_object(base, opened, wanted), null=null)
        merged = _merge_values(shapes)
        if merged is not None:
            return Typed(shape=merged, null=null)
        return replace(self._give_up(place, "may be of several shapes that are not all objects"), null=null)

    def _option(self, member: Part, number: int, base: Facts, wanted: Words, place: Place) -> Option:
        try:
            opened = self.schemas.open(member)
        except Unresolved as unresolved:
            return Option(typed=self._give_up(place, unresolved.reason), facts=Facts(), opened=None)
        facts = self.schemas.facts(opened.parts)
        title = member.value.get("title") if isinstance(member.value, dict) else None
        own_words = (*wanted, title if isinstance(title, str) and title else f"Option{number}")
        if base.types in (None, frozenset({"object"})) and not base.members and base.values is None:
            typed = self._shape_of(opened, own_words, place)
            return Option(typed=replace(typed, null=typed.null or opened.null), facts=facts, opened=opened)
        combined = both(base, replace(facts, types=facts.types or base.types))
        self.notes.spend(1 + len(combined.members))
        if facts.choices or combined.conflict:
            reason = combined.conflict or "has choices within choices"
            return Option(typed=self._give_up(place, reason), facts=facts, opened=opened)
        own_name = self.names.own_name(opened.key, opened.reference)
        own_words = own_words if own_name is None else (*wanted, own_name)
        typed = self._convert_plain(combined, Opened(parts=()), own_words, place)
        return Option(typed=replace(typed, null=bool(facts.null)), facts=combined, opened=opened)

    def _make_union(
        self, choice: Choice, options: list[Option], opened: Opened, wanted: Words, comment: str | None
    ) -> NamedShape:
        name = self.names.claim(opened.key, opened.reference, wanted)
        members: dict[str, None] = {}
        for option in options:
            inner = self.unions.get(option.name)
            members.update(dict.fromkeys(inner.members if inner else (option.name,)))
        telling = tell_apart(choice, options, self.schemas, self.names)
        self.unions[name] = UnionShape(
            name=name,
            members=tuple(members),
            discriminator=telling.discriminator,
            mapping=tuple((value, member) for value, member in telling.mapping if member in members),
            comment=comment,
        )
        return NamedShape(name=name)

    def _fixed_texts(self, choice: Choice) -> tuple[tuple[str, ...], bool]:
        """All texts of a choice between fixed texts, and whether null is one of its members."""
        texts: dict[str, None] = {}
        null = False
        for member in choice.members:
            try:
                opened = self.schemas.open(member)
            except Unresolved:
                return (), False
            facts = self.schemas.facts(opened.parts)
            null = null or opened.null or bool(facts.null)
            if not Option(typed=Typed(shape=JSON), facts=facts, opened=opened).is_null:
                known = _texts(facts.values or (), facts.types)
                if not known or facts.conflict or facts.choices:
                    return (), False
                texts.update(dict.fromkeys(known))
        return tuple(texts), null


def _merge_values(shapes: list[Shape | None]) -> Shape | None:
    """One shape for a choice between values: String for texts, Float for numbers, None where there is none."""
    enums = [shape for shape in shapes if isinstance(shape, EnumShape)]
    scalars = {shape.scalar for shape in shapes if isinstance(shape, ScalarShape)}
    if len(scalars) + len(enums) < len(shapes):
        return None
    if scalars <= TEXT_SCALARS:
        return STRING
    return ScalarShape(scalar="Float") if scalars == {"Int", "Float"} and not enums else None


def _types_of(facts: Facts) -> frozenset[str] | None:
    """The types, those included that the other words give away."""
    if facts.types is not None:
        return facts.types
    if facts.members or facts.is_map:
        return frozenset({"object"})
    if facts.elements:
        return frozenset({"array"})
    is_text = facts.is_textual or (facts.format is not None and scalar_of("string", facts.format) != "String")
    return frozenset({"string"}) if is_text else None


def _texts(values: tuple[object, ...], types: frozenset[str] | None) -> tuple[str, ...]:
    """The values as texts, each once; none if they are not meant as texts."""
    if types is not None and types == {"string"}:
        # Numbers and `true` in an enum of texts have only lost their quotes.
        known = [_as_text(value) for value in values if isinstance(value, str | int | float)]
    else:
        known = [value for value in values if isinstance(value, str)]
    return tuple(dict.fromkeys(known)) if len(known) == len(values) else ()


def _as_text(value: str | float) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _direction(read_only: bool, write_only: bool) -> Direction:
    if read_only == write_only:
        return "both"
    return "output" if read_only else "input"
