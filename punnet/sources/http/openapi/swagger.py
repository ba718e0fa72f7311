"""Swagger 2.0's words for parameters, bodies and answers, said in those of OpenAPI 3.0.

Our own, for no kept library does it offline: the one converter on PyPI sends the document to somebody's server.
Schemas are almost the same in both, and stay where they are, so that references need no rewriting.
"""

from __future__ import annotations

from collections.abc import Sequence

from punnet.sources.http.openapi.documents import Json, Part, as_list, as_object, as_text

_STYLES = {
    "csv": ("form", False),
    "ssv": ("spaceDelimited", False),
    "pipes": ("pipeDelimited", False),
    "multi": ("form", True),
}
_NOT_SCHEMA = frozenset({"name", "in", "description", "required", "collectionFormat", "allowEmptyValue"})


def media_types(operation: Json, service: Json, word: str) -> list[str]:
    """What an operation `consumes` or `produces`, else what the whole service does."""
    own = operation.get(word, service.get(word))
    return [media_type for media_type in as_list(own) if isinstance(media_type, str)]


def parameter(old: Part) -> Part:
    """A parameter in path, query or header."""
    value = as_object(old.value)
    separator = as_text(value.get("collectionFormat")) or "csv"
    new: dict[str, object] = {name: value[name] for name in ("name", "in", "description", "required") if name in value}
    new["schema"] = _schema(value)
    if value.get("type") == "array":
        style, explode = _STYLES.get(separator, (separator, False))
        is_simple = value.get("in") in ("path", "header")
        new |= {"style": "simple" if is_simple and style == "form" else style, "explode": explode}
    return Part(new, old.document)


def _schema(value: Json) -> Json:
    return {name: word for name, word in value.items() if name not in _NOT_SCHEMA}


def body(parameters: Sequence[Part], consumes: Sequence[str]) -> Part | None:
    """The request body that parameters in `body` or `formData` make together."""
    for part in parameters:
        value = as_object(part.value)
        if value.get("in") == "body":
            accepted = consumes or ["application/json"]
            content = {media_type: {"schema": value.get("schema", {})} for media_type in accepted}
            words = {name: value[name] for name in ("description", "required") if name in value}
            return Part({**words, "content": content}, part.document)
    fields = [part for part in parameters if as_object(part.value).get("in") == "formData"]
    return _form(fields, consumes) if fields else None


def _form(fields: Sequence[Part], consumes: Sequence[str]) -> Part:
    values = [as_object(part.value) for part in fields]
    named = [(name, value) for value in values if isinstance(name := value.get("name"), str)]
    required = [name for name, value in named if value.get("required") is True]
    has_file = any(value.get("type") == "file" for _, value in named)
    schema = {
        "type": "object",
        "properties": {name: {**_schema(value), "description": value.get("description")} for name, value in named},
        "required": required,
    }
    encoding = {name: _encoding(value) for name, value in named if value.get("type") == "array"}
    usual = ["multipart/form-data" if has_file else "application/x-www-form-urlencoded"]
    content = {media_type: {"schema": schema, "encoding": encoding} for media_type in consumes or usual}
    return Part({"required": bool(required), "content": content}, fields[0].document)


def _encoding(value: Json) -> Json:
    style, explode = _STYLES.get(as_text(value.get("collectionFormat")) or "csv", ("form", False))
    return {"style": style, "explode": explode}


def response(old: Part, produces: Sequence[str]) -> Part:
    """An answer, which has a body if it has a schema."""
    value = as_object(old.value)
    if "schema" not in value:
        return Part({}, old.document)
    content = {media_type: {"schema": value["schema"]} for media_type in produces or ["application/json"]}
    return Part({"content": content}, old.document)
