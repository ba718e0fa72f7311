"""The parameters of an operation: those of its path item, overridden by its own, and the request body."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import get_args

from punnet.catalog.endpoints import (
    EndpointParameter,
    ListShape,
    MemberEncoding,
    NamedShape,
    ParameterPlace,
    ParameterStyle,
    ScalarShape,
)
from punnet.sources.http.openapi import swagger
from punnet.sources.http.openapi.documents import (
    Documents,
    Json,
    Part,
    Unresolved,
    as_list,
    as_object,
    as_text,
    shorten,
)
from punnet.sources.http.openapi.media import is_definite, listed, pick_form, pick_json
from punnet.sources.http.openapi.notes import Notes, Place
from punnet.sources.http.openapi.outlines import Outline, path_parameters
from punnet.sources.http.openapi.shape_names import Words, referred_name
from punnet.sources.http.openapi.shapes import JSON, STRING, Shapes

_STYLES: dict[ParameterPlace, tuple[ParameterStyle, ...]] = {
    "path": ("simple", "label", "matrix"),
    "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
    "header": ("simple",),
    "cookie": ("form",),
}
"""By place; the first is the one that holds where a document names none."""

_HEADERS_OF_OURS = frozenset({"accept", "content-type", "authorization"})
"""By the specification, what a document says of these headers as parameters is to be ignored."""


class Inexpressible(Exception):
    """An operation cannot be called or understood. Never leaves this package: it is left out."""

    def __init__(self, reason: str) -> None:
        """Tell why, as the rest of a sentence about the operation."""
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class _Found:
    """A parameter of the document, its references followed."""

    part: Part
    name: str
    place: str
    component: str | None
    """What the document calls it, where it stands apart from the operations."""


@dataclass(slots=True)
class Parameters:
    """Reads the parameters of a service's operations."""

    documents: Documents
    shapes: Shapes
    notes: Notes
    _upgraded: dict[int, tuple[Part, Part]] = field(default_factory=dict)
    """Swagger's parameters by identity, each upgraded once, so that those that share it share its shape."""

    def read(self, outline: Outline) -> tuple[EndpointParameter, ...]:
        """All parameters of an operation, its body last.

        Raises:
            Inexpressible: where one that is required cannot be given.
        """
        merged = {(one.name, one.place): one for one in self._listed(outline.path_item, outline)}
        merged |= {(one.name, one.place): one for one in self._listed(outline.operation, outline)}
        parameters = [self._parameter(one, outline) for one in merged.values() if one.place in _STYLES]
        known = [one for one in parameters if one is not None and self._is_in_path(one, outline)]
        body = self._body(outline, list(merged.values()))
        return (*known, *self._undeclared(known, outline), *([body] if body else []))

    def _listed(self, holder: Part, outline: Outline) -> Iterator[_Found]:
        for listed_parameter in as_list(as_object(holder.value).get("parameters")):
            given = Part(listed_parameter, holder.document)
            try:
                part = self.documents.resolve(given)
            except Unresolved as unresolved:
                # Whether it was required is not known: a call without it might do anything.
                raise Inexpressible(f"has a parameter that {unresolved.reason}") from None
            name, place = (as_object(part.value).get(word) for word in ("name", "in"))
            if isinstance(name, str) and isinstance(place, str) and name:
                component = referred_name(str(as_object(given.value)["$ref"])) if part is not given else None
                yield _Found(part, name, place, component)
            else:
                self.notes.add(outline.place, "has a parameter without a name or place")

    def _is_in_path(self, parameter: EndpointParameter, outline: Outline) -> bool:
        if parameter.place != "path" or parameter.name in path_parameters(outline.path):
            return True
        self.notes.add(_place_of(parameter.name, outline), "left out, since its path does not hold it")
        return False

    def _undeclared(self, known: list[EndpointParameter], outline: Outline) -> Iterator[EndpointParameter]:
        declared = {parameter.name for parameter in known if parameter.place == "path"}
        for name in path_parameters(outline.path):
            if name not in declared:
                self.notes.add(_place_of(name, outline), "taken for a text, since its path holds it undeclared")
                yield EndpointParameter(name=name, place="path", shape=STRING, required=True, style="simple")

    def _parameter(self, found: _Found, outline: Outline) -> EndpointParameter | None:
        if found.place == "header" and found.name.lower() in _HEADERS_OF_OURS:
            return None
        part = self._upgrade(found.part)
        value = as_object(part.value)
        is_required = value.get("required") is True or found.place == "path"
        try:
            return self._read_one(found, part, is_required, outline)
        except Inexpressible as inexpressible:
            place = _place_of(found.name, outline)
            if is_required:
                raise Inexpressible(f"has a required parameter that {inexpressible.reason}") from None
            self.notes.add(place, f"left out, since it {inexpressible.reason}")
            return None

    def _upgrade(self, part: Part) -> Part:
        if self.shapes.schemas.dialect != "2.0":
            return part
        return self._upgraded.setdefault(id(part.value), (part, swagger.parameter(part)))[1]

    def _read_one(self, found: _Found, part: Part, is_required: bool, outline: Outline) -> EndpointParameter:
        value = as_object(part.value)
        where = _parameter_place(found.place)
        content = as_object(value.get("content"))
        style: ParameterStyle = "json" if content else _style_of(value, where)
        if content:
            media_type = pick_json(content)
            if media_type is None:
                raise Inexpressible(f"is written as {listed(list(content))}")
            schema = as_object(content[media_type]).get("schema", True)
        else:
            schema = value.get("schema")
        words: Words = (found.component,) if found.component else (outline.name, found.name)
        typed = None
        if schema is not None:
            typed = self.shapes.shape((Part(schema, part.document),), words, _place_of(found.name, outline))
            if typed.shape is None:
                raise Inexpressible("is binary content")
        explode = value.get("explode")
        return EndpointParameter(
            name=found.name,
            place=where,
            shape=typed.shape if typed and typed.shape else STRING,
            required=is_required,
            style=style,
            explode=explode if isinstance(explode, bool) and not content else style in ("form", "deepObject"),
            comment=as_text(value.get("description")) or (typed.comment if typed else None),
        )

    def _body(self, outline: Outline, merged: list[_Found]) -> EndpointParameter | None:
        try:
            part, component = self._find_body(outline, merged)
        except Unresolved as unresolved:
            raise Inexpressible(f"has a body that {unresolved.reason}") from None
        if part is None or not as_object(as_object(part.value).get("content")):
            return None
        words = (component or outline.name, "Request")
        try:
            return self._read_body(part, words, outline)
        except Inexpressible as inexpressible:
            if as_object(part.value).get("required") is True:
                raise
            self.notes.add(outline.place.then("body"), f"left out, since it {inexpressible.reason}")
            return None

    def _find_body(self, outline: Outline, merged: list[_Found]) -> tuple[Part | None, str | None]:
        value = as_object(outline.operation.value)
        if self.shapes.schemas.dialect == "2.0":
            consumes = swagger.media_types(value, self.documents.service, "consumes")
            return swagger.body([one.part for one in merged], consumes), None
        if "requestBody" not in value:
            return None, None
        given = Part(value["requestBody"], outline.operation.document)
        part = self.documents.resolve(given)
        return part, referred_name(str(as_object(given.value)["$ref"])) if part is not given else None

    def _read_body(self, part: Part, words: Words, outline: Outline) -> EndpointParameter:
        value = as_object(part.value)
        content = as_object(value["content"])
        as_json, as_form = pick_json(content), pick_form(content)
        # A form comes before "anything": that is what the document has been precise about.
        if as_form is not None and (as_json is None or not is_definite(as_json)):
            media_type, style = as_form, _FORM_STYLE
        elif as_json is not None:
            media_type, style = as_json, _JSON_STYLE
        else:
            raise Inexpressible(f"takes only {listed(list(content))}")
        media = as_object(content[media_type])
        place = outline.place.then("body")
        typed = self.shapes.shape((Part(media.get("schema", True), part.document),), words, place)
        shape = typed.shape
        if shape is None:
            raise Inexpressible("takes binary content")
        if style == _FORM_STYLE and (
            isinstance(shape, ListShape) or (isinstance(shape, ScalarShape) and shape != JSON)
        ):
            raise Inexpressible("takes a form that is no object")
        return EndpointParameter(
            name="body",
            place="body",
            shape=shape,
            required=value.get("required") is True,
            style=style,
            media_type=media_type if is_definite(media_type) else "application/json",
            encodings=tuple(_encodings(media)) if style == _FORM_STYLE and isinstance(shape, NamedShape) else (),
            comment=as_text(value.get("description")) or typed.comment,
        )


_FORM_STYLE: ParameterStyle = "urlencoded"
_JSON_STYLE: ParameterStyle = "json"
_STYLE_NAMES: tuple[ParameterStyle, ...] = get_args(ParameterStyle)


def _encodings(media: Json) -> Iterator[MemberEncoding]:
    for name, encoding in as_object(media.get("encoding")).items():
        said = as_object(encoding)
        style: ParameterStyle = next((style for style in _STYLE_NAMES if style == said.get("style")), "form")
        if plain := as_text(said.get("contentType")):
            style = "json" if "style" not in said and pick_json([plain]) else style
        explode = said.get("explode")
        is_exploded = explode if isinstance(explode, bool) else style in ("form", "deepObject")
        if (style, is_exploded) != ("form", True):
            yield MemberEncoding(name=name, style=style, explode=is_exploded)


def _parameter_place(raw: str) -> ParameterPlace:
    return next(place for place in _STYLES if place == raw)


def _style_of(value: Json, place: ParameterPlace) -> ParameterStyle:
    raw = value.get("style", _STYLES[place][0])
    for style in _STYLES[place]:
        if style == raw:
            return style
    raise Inexpressible(f"has the style {shorten(str(raw), 40)!r}, which is none of a {place} parameter")


def _place_of(name: str, outline: Outline) -> Place:
    return outline.place.then(f"parameter '{shorten(name, 60)}'")
