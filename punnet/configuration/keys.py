"""Which keys a configuration knows, and where."""

from __future__ import annotations

from collections.abc import Mapping
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from punnet.configuration.configuration import Configuration
from punnet.configuration.positions import Location
from punnet.configuration.section import Section


def keys_of(section: type[Section]) -> tuple[str, ...]:
    """The keys of a section, as they are written in TOML."""
    return tuple(str(field.validation_alias or name) for name, field in section.model_fields.items())


def keys_at(location: Location) -> tuple[str, ...]:
    """The keys of the section at a validation error's location, in which the types of sources stand, too."""
    section = _inside(Configuration, location)
    return keys_of(section) if section is not None else ()


def _inside(annotation: Any, location: Location) -> type[Section] | None:
    annotation = _plain(annotation)
    if not location:
        return annotation if isinstance(annotation, type) and issubclass(annotation, Section) else None
    part, *rest = location
    return _inside(_child(annotation, part), tuple(rest))


def _child(annotation: Any, part: str | int) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, Section):
        fields = annotation.model_fields
        names = dict(zip(keys_of(annotation), fields, strict=True))
        return fields[names[str(part)]].annotation if part in names else None
    members = get_args(annotation)
    if get_origin(annotation) is Mapping:
        return members[1]
    if get_origin(annotation) is tuple:
        return members[0]
    # A union that is left is one of sources, told apart by their type.
    return next((each for each in members if each.model_fields["type"].default == part), None)


def _plain(annotation: Any) -> Any:
    """Take off what says nothing about keys: extras, and `None` beside a section."""
    if get_origin(annotation) is Annotated:
        return _plain(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        members = [each for each in get_args(annotation) if each is not type(None)]
        return _plain(members[0]) if len(members) == 1 else annotation
    return annotation
