"""What a schema says, once its references are followed and its `allOf` is merged.

Only one level deep: members, elements and choices stay parts of their documents, for they may lead back here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from punnet.sources.http.openapi.documents import (
    MAX_HOPS,
    Documents,
    Json,
    Part,
    Unresolved,
    as_list,
    as_object,
    as_text,
    reference_of,
    shorten,
)
from punnet.sources.http.openapi.notes import Notes

Dialect = Literal["2.0", "3.0", "3.1"]

TYPES = frozenset({"string", "integer", "number", "boolean", "object", "array", "file"})
"""`file` is Swagger 2.0's word for binary content."""

_ANNOTATIONS = frozenset(
    {
        "title", "description", "summary", "default", "example", "examples", "deprecated", "readOnly", "writeOnly",
        "nullable", "externalDocs", "xml", "$comment", "$id", "$schema", "$anchor", "$defs", "definitions",
    }
)  # fmt: skip
"""Keywords that do not narrow what a value may be."""
_MAX_DEPTH = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What stands behind the references around a schema, and what was said on the way."""

    parts: tuple[Part, ...]
    """A value must satisfy each of them. Most often one."""
    reference: str | None = None
    """The last reference that was followed."""
    comment: str | None = None
    null: bool = False
    read_only: bool = False
    write_only: bool = False

    @property
    def key(self) -> tuple[int, ...]:
        """The identity of the parts: the documents hold each schema once, and outlive the reading."""
        return tuple(id(part.value) for part in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One `oneOf` or `anyOf`."""

    members: tuple[Part, ...]
    discriminator: str | None
    mapping: tuple[tuple[str, str], ...]
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a schema says of a value."""

    types: frozenset[str] | None = None
    """None where it says nothing; null is not among them."""
    null: bool | None = None
    """Whether null is allowed; None where it says nothing."""
    format: str | None = None
    is_textual: bool = False
    """Whether it limits the length or the letters of a text."""
    values: tuple[object, ...] | None = None
    """Of an enum or const, without null."""
    members: Mapping[str, tuple[Part, ...]] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    elements: tuple[Part, ...] = ()
    has_other_members: bool = False
    """Whether members of any name have a schema."""
    is_map: bool = False
    choices: tuple[Choice, ...] = ()
    comment: str | None = None
    read_only: bool = False
    write_only: bool = False
    conflict: str | None = None
    """Why no value, or none that we could tell, satisfies it."""

    @property
    def says_nothing(self) -> bool:
        """Whether it tells no more than which members there must be."""
        is_typed = self.types is not None or self.values is not None or self.null is not None or self.conflict
        return not (is_typed or self.members or self.elements or self.choices or self.is_map or self.format)


@dataclass(slots=True)
class Schemas:
    """Reads schemas of a service's documents."""

    documents: Documents
    dialect: Dialect
    notes: Notes
    _facts: dict[int, tuple[Part, Facts]] = field(default_factory=dict)
    """By identity; the parts are kept so that identities stay taken."""
    _siblings: dict[int, Part] = field(default_factory=dict)
    _busy: set[int] = field(default_factory=set)

    def open(self, part: Part) -> Opened:
        """Look behind references, and behind an `allOf` that holds nothing but one.

        Raises:
            Unresolved: where a reference leads nowhere.
        """
        found = Opened(parts=(part,))
        beside: list[Part] = []
        for _ in range(MAX_HOPS):
            value = part.value
            reference = reference_of(value)
            if reference is not None:
                sibling = self._sibling(part)
                beside.extend([sibling] if sibling else [])
                found = replace(_annotated(found, as_object(value)), reference=reference)
                part = self.documents.follow(reference, part.document)
            elif (inner := self._only_part(part)) is not None:
                found = _annotated(found, as_object(value))
                for entry in as_list(as_object(value)["allOf"]):
                    found = found if entry is inner.value else _annotated(found, as_object(entry))
                part = inner
            elif found.reference is None and not beside and found.parts[0].value is part.value:
                return found
            else:
                return replace(found, parts=(*beside, part))
        raise Unresolved("has references that lead through too many others, or in a circle")

    def _sibling(self, part: Part) -> Part | None:
        """What stands beside a reference and narrows it; before 3.1 such words mean nothing."""
        if self.dialect != "3.1":
            return None
        key = id(part.value)
        if key not in self._siblings:
            rest = {name: value for name, value in as_object(part.value).items() if name != "$ref"}
            self._siblings[key] = Part(rest if _is_narrowing(rest) else None, part.document)
        sibling = self._siblings[key]
        return None if sibling.value is None else sibling

    def _only_part(self, part: Part) -> Part | None:
        value = part.value
        if not isinstance(value, dict) or "allOf" not in value or _is_narrowing(value, beside=("allOf", "type")):
            return None
        narrowing = [entry for entry in as_list(value["allOf"]) if _is_narrowing(as_object(entry))]
        return Part(narrowing[0], part.document) if len(narrowing) == 1 else None

    def facts(self, parts: tuple[Part, ...], *, depth: int = 0) -> Facts:
        """Merge what several schemas say of one value, those inside their `allOf` among them."""
        found = self._facts_of(parts[0], depth)
        for part in parts[1:]:
            found = both(found, self._facts_of(part, depth))
            self.notes.spend(1 + len(found.members))
        return found

    def _facts_of(self, part: Part, depth: int) -> Facts:
        key = id(part.value)
        known = self._facts.get(key)
        if known is not None and isinstance(part.value, dict):
            return known[1]
        if key in self._busy:
            # A schema that must satisfy itself says nothing new by that.
            return Facts()
        if depth > _MAX_DEPTH:
            return Facts(conflict="is nested too deeply")
        self._busy.add(key)
        try:
            found = self._read(part, depth)
        finally:
            self._busy.discard(key)
        self.notes.spend(1 + len(found.members))
        self._facts[key] = (part, found)
        return found

    def _read(self, part: Part, depth: int) -> Facts:
        if part.value is True:
            return Facts()
        if not isinstance(part.value, dict):
            return Facts(conflict="allows no value" if part.value is False else "is no schema")
        found = _own_facts(part.value, part.document)
        inherited: Facts | None = None
        for entry in as_list(part.value.get("allOf")):
            one = self._entry_facts(Part(entry, part.document), depth)
            inherited = one if inherited is None else both(inherited, one)
            self.notes.spend(1 + len(inherited.members))
        return found if inherited is None else _extend(inherited, found)

    def _entry_facts(self, entry: Part, depth: int) -> Facts:
        try:
            opened = self.open(entry)
        except Unresolved as unresolved:
            return Facts(conflict=unresolved.reason)
        facts = self.facts(opened.parts, depth=depth + 1)
        return replace(facts, null=True) if opened.null else facts


def both(first: Facts, second: Facts) -> Facts:
    """What holds of a value of which both hold."""
    types, conflict = _common_types(first.types, second.types)
    values = _common_values(first.values, second.values)
    if first.values and second.values and not values:
        conflict = conflict or "is said to be one of two sets of values that have none in common"
    return Facts(
        types=types,
        null=_common_null(first.null, second.null),
        format=first.format or second.format,
        is_textual=first.is_textual or second.is_textual,
        values=values,
        members=_common_members(first.members, second.members),
        required=first.required | second.required,
        elements=_distinct(first.elements + second.elements),
        has_other_members=first.has_other_members or second.has_other_members,
        is_map=first.is_map or second.is_map,
        choices=first.choices + second.choices,
        comment=first.comment or second.comment,
        read_only=first.read_only or second.read_only,
        write_only=first.write_only or second.write_only,
        conflict=first.conflict or second.conflict or conflict,
    )


def _extend(inherited: Facts, own: Facts) -> Facts:
    merged = both(inherited, own)
    # `nullable` beside an `allOf` loosens what is in it: not to the letter of the specification, but always meant.
    null = True if own.null else merged.null
    return replace(merged, null=null, comment=own.comment or inherited.comment, format=own.format or inherited.format)


def _own_facts(value: Json, document: str) -> Facts:
    types, null, conflict = _read_types(value)
    values, null_value = _read_values(value)
    other = value.get("additionalProperties", value.get("patternProperties"))
    return Facts(
        types=types,
        null=_null_of(value, types, null, values, null_value),
        format=_read_format(value),
        is_textual=any(word in value for word in ("pattern", "minLength", "maxLength")),
        values=values,
        members={
            name: (Part(member, document),)
            for name, member in as_object(value.get("properties")).items()
            if member is not False
        },
        required=frozenset(name for name in as_list(value.get("required")) if isinstance(name, str)),
        elements=() if "prefixItems" in value or "items" not in value else (Part(value["items"], document),),
        has_other_members=bool(as_object(other)),
        is_map=other is not None and other is not False,
        choices=tuple(_read_choices(value, document)),
        comment=as_text(value.get("description")),
        read_only=value.get("readOnly") is True,
        write_only=value.get("writeOnly") is True,
        conflict=conflict,
    )


def _read_types(value: Json) -> tuple[frozenset[str] | None, bool, str | None]:
    """The types, whether null is named among them, and what is wrong with them."""
    raw = value.get("type")
    if raw is None:
        return None, False, None
    named = [raw] if isinstance(raw, str) else [name for name in as_list(raw) if isinstance(name, str)]
    types = frozenset(named) - {"null"}
    unknown = sorted(types - TYPES)
    if unknown or not named:
        return None, False, f"has the unknown type {shorten(', '.join(unknown), 60)!r}" if unknown else None
    return types, "null" in named, None


def _read_values(value: Json) -> tuple[tuple[object, ...] | None, bool]:
    """The values of an enum or const, and whether null is among them."""
    listed = [value["const"]] if "const" in value else as_list(value.get("enum"))
    if not listed:
        return None, False
    return tuple(one for one in listed if one is not None), None in listed


def _null_of(
    value: Json, types: frozenset[str] | None, null: bool, values: tuple[object, ...] | None, null_value: bool
) -> bool | None:
    if null or null_value or value.get("nullable") is True or value.get("x-nullable") is True:
        return True
    return None if types is None and values is None else False


def _read_format(value: Json) -> str | None:
    if value.get("contentEncoding") in ("base64", "BASE64"):
        return "byte"
    if value.get("contentMediaType") == "application/octet-stream":
        return "binary"
    return as_text(value.get("format"))


def _read_choices(value: Json, document: str) -> Iterator[Choice]:
    for word in ("oneOf", "anyOf"):
        members = as_list(value.get(word))
        if members:
            said = as_object(value.get("discriminator"))
            mapping = as_object(said.get("mapping")).items()
            yield Choice(
                members=tuple(Part(member, document) for member in members),
                discriminator=as_text(said.get("propertyName")),
                mapping=tuple((name, target) for name, target in mapping if isinstance(target, str)),
                document=document,
            )


def _is_narrowing(value: Json, *, beside: tuple[str, ...] = ()) -> bool:
    return any(name not in _ANNOTATIONS and name not in beside and not name.startswith("x-") for name in value)


def _annotated(opened: Opened, value: Json) -> Opened:
    null = value.get("nullable") is True or value.get("x-nullable") is True or "null" in as_list(value.get("type"))
    return replace(
        opened,
        comment=opened.comment or as_text(value.get("description")),
        null=opened.null or null,
        read_only=opened.read_only or value.get("readOnly") is True,
        write_only=opened.write_only or value.get("writeOnly") is True,
    )


def _common_types(
    first: frozenset[str] | None, second: frozenset[str] | None
) -> tuple[frozenset[str] | None, str | None]:
    if first is None or second is None:
        return (second if first is None else first), None
    common = _with_integer(first) & _with_integer(second)
    if "number" in common:
        common -= {"integer"}
    if not common and (first or second):
        return frozenset(), f"is said to be both {_either(first)} and {_either(second)}"
    return common, None


def _with_integer(types: frozenset[str]) -> frozenset[str]:
    return types | {"integer"} if "number" in types else types


def _either(types: frozenset[str]) -> str:
    return " or ".join(sorted(types)) or "null"


def _common_values(first: tuple[object, ...] | None, second: tuple[object, ...] | None) -> tuple[object, ...] | None:
    if first is None or second is None:
        return second if first is None else first
    # JSON tells 1 from true, and Python does not.
    known = {(type(value), value) for value in second if isinstance(value, str | int | float)}
    return tuple(value for value in first if isinstance(value, str | int | float) and (type(value), value) in known)


def _common_null(first: bool | None, second: bool | None) -> bool | None:
    if first is None or second is None:
        return second if first is None else first
    return first and second


def _common_members(
    first: Mapping[str, tuple[Part, ...]], second: Mapping[str, tuple[Part, ...]]
) -> Mapping[str, tuple[Part, ...]]:
    if not first or not second:
        return first or second
    merged = dict(first)
    for name, parts in second.items():
        merged[name] = _distinct(merged[name] + parts) if name in merged else parts
    return merged


def _distinct(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    return parts if len(parts) < 2 else tuple({id(part.value): part for part in parts}.values())
