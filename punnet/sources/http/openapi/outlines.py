"""The operations of a document, with what can be said of them before any schema is read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from punnet.catalog.words import split_words, to_camel
from punnet.sources.http.openapi.choose import Candidate
from punnet.sources.http.openapi.documents import Documents, Json, Part, Unresolved, as_list, as_object, as_text
from punnet.sources.http.openapi.notes import Notes, Place
from punnet.sources.http.openapi.servers import first_server

_METHODS = ("get", "put", "post", "delete", "patch")
_MUTE_METHODS = ("head", "options", "trace")
_PATH_PARAMETER = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """An operation, and the path item that it stands in."""

    method: str
    path: str
    operation: Part
    path_item: Part
    operation_id: str | None
    name: str
    """Unique: the operationId, else made from method and path."""
    tags: tuple[str, ...]
    server: str | None
    """Its own, or its path item's."""

    @property
    def place(self) -> Place:
        """`GET /orders/{id}`."""
        return Place(f"{self.method} {self.path}")

    @property
    def candidate(self) -> Candidate:
        """What it can be chosen by."""
        names = (self.name,) if self.operation_id is None else (self.name, self.operation_id)
        return Candidate(path=self.path, tags=self.tags, names=names)


def read_outlines(documents: Documents, notes: Notes) -> list[Outline]:
    """All operations, in the document's order."""
    found = [
        outline
        for path, item in as_object(documents.service.get("paths")).items()
        if not path.startswith("x-")
        for outline in _read_path(path, item, documents, notes)
    ]
    return _make_unique(found)


def _read_path(path: str, item: object, documents: Documents, notes: Notes) -> Iterator[Outline]:
    place = Place(path)
    try:
        path_item = documents.resolve(Part(item, documents.root))
    except Unresolved as unresolved:
        notes.add(place, unresolved.reason)
        return
    if not path.startswith("/"):
        notes.add(place, "is a path that does not begin with a slash")
        return
    if not isinstance(path_item.value, dict):
        notes.add(place, "is no path item")
        return
    for method in _METHODS:
        operation = path_item.value.get(method)
        if isinstance(operation, dict):
            yield _outline(method, path, Part(operation, path_item.document), path_item)
        elif operation is not None:
            notes.add(Place(f"{method.upper()} {path}"), "is no operation")
    for method in _MUTE_METHODS:
        if method in path_item.value:
            notes.add(Place(f"{method.upper()} {path}"), "has a method that answers no data")


def _outline(method: str, path: str, operation: Part, path_item: Part) -> Outline:
    value = as_object(operation.value)
    operation_id = as_text(value.get("operationId"))
    return Outline(
        method=method.upper(),
        path=path,
        operation=operation,
        path_item=path_item,
        operation_id=operation_id,
        name=operation_id or made_name(method, path),
        tags=tuple(tag for tag in as_list(value.get("tags")) if isinstance(tag, str)),
        server=first_server(value, operation.document) or first_server(as_object(path_item.value), path_item.document),
    )


def made_name(method: str, path: str) -> str:
    """`GET /orders/{id}/items` gives `getOrdersByIdItems`, and `GET /` `getRoot`."""
    by = _PATH_PARAMETER.sub(lambda match: f" by {match[1]} ", path).strip("/ ")
    return to_camel([method.lower(), *(split_words(by) or ("root",))])


def path_parameters(path: str) -> tuple[str, ...]:
    """The names in braces, each once."""
    return tuple(dict.fromkeys(_PATH_PARAMETER.findall(path)))


def _make_unique(outlines: list[Outline]) -> list[Outline]:
    """Give operations that share a name one each, made from their own method and path.

    None of them keeps the shared name, so that a further one renames nothing.
    """
    shared = {name for name, count in Counter(outline.name for outline in outlines).items() if count > 1}
    taken = {outline.name for outline in outlines}
    unique: list[Outline] = []
    for outline in outlines:
        if outline.name in shared:
            made = made_name(outline.method, outline.path)
            stem = f"{outline.operation_id}_{made}" if outline.operation_id else made
            outline = replace(outline, name=_first_free(stem, taken if outline.operation_id else taken - shared))
            taken.add(outline.name)
        unique.append(outline)
    return unique


def _first_free(stem: str, taken: set[str] | frozenset[str]) -> str:
    name, turn = stem, 1
    while name in taken:
        turn += 1
        name = f"{stem}{turn}"
    return name


def is_deprecated(operation: Json) -> bool:
    """Whether the document advises against an operation."""
    return operation.get("deprecated") is True


def comment_of(operation: Json) -> str | None:
    """The summary, and below it the description where it says more."""
    summary, description = as_text(operation.get("summary")), as_text(operation.get("description"))
    if summary is None or description is None or description.startswith(summary):
        return description or summary
    return f"{summary}\n\n{description}"
