"""Representations: how other subgraphs name an object of this one, by its type and one of its keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson

from punnet.catalog.relations import Relation
from punnet.catalog.types import DataType
from punnet.errors import BadUserInput
from punnet.planning.calls import KeyedCall
from punnet.planning.choice import Address, KeyedRows
from punnet.planning.given_values import ValueParser
from punnet.planning.key_values import KeyText, NoSuchKey, key_text_of
from punnet.planning.plain_keys import PlainKey, PlainKeys, texts_of
from punnet.planning.read import Link

TYPENAME = "__typename"


@dataclass(frozen=True, slots=True)
class KeyField:
    """A field of a key, and the column behind it."""

    name: str
    column: str
    type: DataType
    """Of the field; the column's, or one that can be compared with it."""
    enum_names: tuple[tuple[str, str], ...] = ()
    """(the API's name, the label) of each value of an enum."""
    within: str | None = None
    """The field that holds it, where it is one of an object: `variation` of `variation { id }`."""

    def __str__(self) -> str:
        """The field as `@key` has it."""
        return self.name if self.within is None else f"{self.within} {{ {self.name} }}"


@dataclass(frozen=True, slots=True)
class EntityKey:
    """Fields whose values together name one object."""

    fields: tuple[KeyField, ...]

    def __str__(self) -> str:
        """The key as `@key` has it."""
        return " ".join(map(str, self.fields))

    @property
    def is_nested(self) -> bool:
        """Whether a field of it is one of an object."""
        return any(field.within is not None for field in self.fields)

    @property
    def links(self) -> tuple[Link, ...]:
        """What keys a read by it."""
        return tuple(Link(child=field.column, parent=field.column, type=field.type) for field in self.fields)


@dataclass(frozen=True, slots=True)
class RequiredField:
    """A field that joined fields require of other subgraphs: what a representation has goes before what is here."""

    name: str
    own: str
    """The column or member behind it."""
    parse: ValueParser


@dataclass(frozen=True, slots=True)
class RowEntity:
    """An entity that is a row of a relation."""

    name: str
    relation: Relation
    keys: tuple[EntityKey, ...]
    required: tuple[RequiredField, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnEntity:
    """An entity of a team's own code, which takes the representation whole."""

    name: str
    keys: tuple[tuple[str, ...], ...]
    """The fields of each key, without those that lie deeper."""
    resolve: Callable[..., object]
    """From `info` and a representation to the object, or an awaitable of it."""


@dataclass(frozen=True, slots=True)
class GivenEntity:
    """An entity of another subgraph: what a representation has is all that is known of it."""

    name: str
    key: tuple[str, ...]
    members: tuple[tuple[str, ValueParser], ...]
    """(field, what makes the object's member of a client's value)."""


@dataclass(frozen=True, slots=True)
class CalledKey:
    """A key by which a service is asked."""

    fields: tuple[tuple[str, ValueParser], ...]
    """(field, what makes the call's value of a client's), in the order of the call's parameters."""
    call: KeyedCall


@dataclass(frozen=True, slots=True)
class CalledEntity:
    """An entity that is an object of a service."""

    name: str
    keys: tuple[CalledKey, ...]
    required: tuple[RequiredField, ...] = ()


EntityKind = RowEntity | OwnEntity | GivenEntity | CalledEntity

_Read = Callable[[Mapping[str, object]], Address | None]


@dataclass(frozen=True)
class Representations:
    """Tells which object a representation names."""

    types: tuple[EntityKind, ...]

    @cached_property
    def kind_of(self) -> Mapping[str, EntityKind]:
        """The entities by the names of their types."""
        return {each.name: each for each in self.types}

    @cached_property
    def required(self) -> Mapping[str, tuple[RequiredField, ...]]:
        """By type, the fields of which representations may know better than the object's source."""
        kinds = (each for each in self.types if isinstance(each, RowEntity | CalledEntity))
        return {each.name: each.required for each in kinds if each.required}

    def rows_of(self, type_name: str) -> KeyedRows | None:
        """The relation of a type, and its keys; None where its objects are no rows."""
        kind = self.kind_of.get(type_name)
        return (kind.relation, tuple(key.links for key in kind.keys)) if isinstance(kind, RowEntity) else None

    def required_columns(self, type_name: str) -> frozenset[str]:
        """The columns of a type's rows of which representations may know better than the row."""
        return frozenset(each.own for each in self.required.get(type_name, ()))

    def given_of(self, type_name: str, item: object) -> Mapping[str, object]:
        """What a representation of the type knows of such fields, by the column or member behind each.

        Raises:
            BadUserInput: a value that its scalar cannot parse.
        """
        if not isinstance(item, dict):
            return {}
        fields = self.required.get(type_name, ())
        parsed = {each.own: _parsed(type_name, each.name, each.parse, item) for each in fields}
        return {own: value for own, value in parsed.items() if value is not None}

    @cached_property
    def _readers(self) -> Mapping[str, _Read]:
        return {each.name: _reader(each) for each in self.types}

    def plain_keys(self, items: Sequence[Any]) -> PlainKeys | None:
        """The one type and its keys, where all items are representations by one plain value."""
        try:
            [name] = {item[TYPENAME] for item in items}
            plain = self._plain.get(name)
            return None if plain is None else PlainKeys(name, plain.texts([item[plain.field] for item in items]))
        except (KeyError, TypeError, ValueError):
            # It is for the long way to tell what is wrong, if anything is.
            return None

    @cached_property
    def _plain(self) -> Mapping[str, PlainKey]:
        rows = (each for each in self.types if isinstance(each, RowEntity) and not each.required)
        return {each.name: plain for each in rows if (plain := _plain_key(each.keys[0])) is not None}

    def address(self, item: object) -> Address | None:
        """The type and key of a representation; None where no object can have that key.

        The key is the first of its type that the representation has whole; what else it has is left to others.

        Raises:
            BadUserInput: it names no entity, has no whole key, or a value that its scalar cannot parse.
        """
        if not isinstance(item, dict):
            raise BadUserInput(what=f"A representation has to be an object with '{TYPENAME}' and the fields of a key.")
        name = item.get(TYPENAME)
        read = self._readers.get(name) if isinstance(name, str) else None
        if read is None:
            raise BadUserInput(
                what=f"The '{TYPENAME}' of a representation has to name a type that has a '@key' in this subgraph."
            )
        return read(item)


def _plain_key(key: EntityKey) -> PlainKey | None:
    if len(key.fields) != 1 or key.is_nested:
        return None
    [field] = key.fields
    texts = texts_of(field.type)
    return None if texts is None else PlainKey(field.name, texts)


def _reader(kind: EntityKind) -> _Read:
    match kind:
        case RowEntity(name=name, keys=keys):
            return _key_reader(name, keys)
        case OwnEntity(name, own_keys):
            return _presence_reader(name, own_keys)
        case GivenEntity(name, given_key, members):
            return _given_reader(name, given_key, members)
        case CalledEntity(name=name, keys=called_keys):
            return _called_reader(name, called_keys)


def _key_reader(type_name: str, keys: tuple[EntityKey, ...]) -> _Read:
    readers = [(number, _texts_reader(type_name, key)) for number, key in enumerate(keys)]

    def read(representation: Mapping[str, object]) -> Address | None:
        try:
            for number, texts_of in readers:
                texts = texts_of(representation)
                if texts is not None:
                    return type_name, number, texts
        except NoSuchKey:
            return None
        raise _incomplete(type_name, [[str(field) for field in key.fields] for key in keys])

    return read


def _texts_reader(type_name: str, key: EntityKey) -> Callable[[Mapping[str, object]], tuple[str, ...] | None]:
    """What gives the texts of a key that a representation has whole, None where it has not."""
    fields = [(str(field), key_text_of(field.type, dict(field.enum_names))) for field in key.fields]
    values_of = _values_reader(key)
    [name, text], *others = fields

    def one(representation: Mapping[str, object]) -> tuple[str, ...] | None:
        value = representation.get(name)
        if value is None:
            return None
        try:
            return (text(value),)
        except ValueError as error:
            raise _wrong(type_name, name, error) from None

    def several(representation: Mapping[str, object]) -> tuple[str, ...] | None:
        values = values_of(representation)
        if None in values:
            return None
        return tuple(_text(type_name, field, value) for field, value in zip(fields, values, strict=True))

    return several if others or key.is_nested else one


def _values_reader(key: EntityKey) -> Callable[[Mapping[str, object]], list[object]]:
    """What gives the values of a key, None for what a representation has not."""
    paths = [(field.within, field.name) for field in key.fields]

    def plain(representation: Mapping[str, object]) -> list[object]:
        return [representation.get(name) for _, name in paths]

    def nested(representation: Mapping[str, object]) -> list[object]:
        return [_value(representation, within, name) for within, name in paths]

    return nested if key.is_nested else plain


def _value(representation: Mapping[str, object], within: str | None, name: str) -> object:
    holder = representation if within is None else representation.get(within)
    return holder.get(name) if isinstance(holder, dict) else None


def _text(type_name: str, field: tuple[str, KeyText], value: object) -> str:
    name, text = field
    try:
        return text(value)
    except ValueError as error:
        raise _wrong(type_name, name, error) from None


def _wrong(type_name: str, name: str, error: ValueError) -> BadUserInput:
    return BadUserInput(what=f"'{name}' in a representation of '{type_name}' {error}.")


def _presence_reader(type_name: str, keys: tuple[tuple[str, ...], ...]) -> _Read:
    def read(representation: Mapping[str, object]) -> Address | None:
        for number, names in enumerate(keys):
            if all(representation.get(name) is not None for name in names):
                return type_name, number, ()
        raise _incomplete(type_name, keys)

    return read


def _given_reader(type_name: str, key: tuple[str, ...], members: tuple[tuple[str, ValueParser], ...]) -> _Read:
    has_key = _presence_reader(type_name, (key,))

    def read(representation: Mapping[str, object]) -> Address | None:
        has_key(representation)
        parsed = {name: _parsed(type_name, name, parse, representation) for name, parse in members}
        # What has the same members is the same object.
        return type_name, 0, (orjson.dumps(parsed).decode(),)

    return read


def _called_reader(type_name: str, keys: tuple[CalledKey, ...]) -> _Read:
    whole = _presence_reader(type_name, tuple(tuple(name for name, _ in key.fields) for key in keys))

    def read(representation: Mapping[str, object]) -> Address | None:
        address = whole(representation)
        number = 0 if address is None else address[1]
        values = [_parsed(type_name, name, parse, representation) for name, parse in keys[number].fields]
        return type_name, number, (orjson.dumps(values).decode(),)

    return read


def _parsed(type_name: str, name: str, parse: ValueParser, representation: Mapping[str, object]) -> object:
    try:
        return parse(representation.get(name))
    except ValueError as error:
        raise BadUserInput(what=f"'{name}' in a representation of '{type_name}' {error}.") from None


def _incomplete(type_name: str, keys: Sequence[Sequence[str]]) -> BadUserInput:
    wanted = ", or ".join(" and ".join(f"'{name}'" for name in key) for key in keys)
    return BadUserInput(what=f"A representation of '{type_name}' has to have {wanted}.")
