"""What an operation answers when all goes well."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from punnet.catalog.endpoints import Shape
from punnet.sources.http.openapi import swagger
from punnet.sources.http.openapi.documents import Documents, Part, Unresolved, as_object
from punnet.sources.http.openapi.media import is_definite, listed, pick_json, pick_text
from punnet.sources.http.openapi.outlines import Outline
from punnet.sources.http.openapi.parameters import Inexpressible
from punnet.sources.http.openapi.shape_names import Words, referred_name
from punnet.sources.http.openapi.shapes import STRING, Shapes

_SUCCESS = re.compile(r"2[0-9][0-9]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The result of an operation."""

    shape: Shape | None
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class Responses:
    """Reads the answers of a service's operations."""

    documents: Documents
    shapes: Shapes

    def read(self, outline: Outline) -> Answer:
        """The body of the first success that has one: of 200 to 299, else of 2XX, else of the default.

        Raises:
            Inexpressible: where bodies come only as what the API cannot carry.
        """
        responses = as_object(as_object(outline.operation.value).get("responses"))
        refused: Inexpressible | None = None
        for code in _codes(list(responses)):
            try:
                answer = self._answer(Part(responses[code], outline.operation.document), outline)
            except Inexpressible as inexpressible:
                refused = refused or inexpressible
            else:
                if answer.shape is not None:
                    return answer
        if refused is not None:
            raise refused
        return Answer(shape=None)

    def _answer(self, given: Part, outline: Outline) -> Answer:
        try:
            part = self.documents.resolve(given)
        except Unresolved as unresolved:
            raise Inexpressible(f"has an answer that {unresolved.reason}") from None
        component = referred_name(str(as_object(given.value)["$ref"])) if part is not given else None
        if self.shapes.schemas.dialect == "2.0":
            operation = as_object(outline.operation.value)
            part = swagger.response(part, swagger.media_types(operation, self.documents.service, "produces"))
        content = as_object(as_object(part.value).get("content"))
        if not content:
            return Answer(shape=None)
        as_json = pick_json(content)
        if as_json is not None:
            schema = Part(as_object(content[as_json]).get("schema", True), part.document)
            words: Words = (component or outline.name, "Response")
            typed = self.shapes.shape((schema,), words, outline.place.then("answer"))
            if typed.shape is None:
                raise Inexpressible("answers binary content")
            return Answer(shape=typed.shape, media_type=as_json if is_definite(as_json) else None)
        as_text = pick_text(content)
        if as_text is None:
            raise Inexpressible(f"answers only {listed(list(content))}")
        return Answer(shape=STRING, media_type=as_text if is_definite(as_text) else None)


def _codes(codes: list[str]) -> Iterator[str]:
    exact = sorted(code for code in codes if _SUCCESS.fullmatch(code))
    ranges = [code for code in codes if code.upper() == "2XX"]
    yield from exact
    yield from ranges
    # Beside a success, the default is what failures look like.
    if not exact and not ranges and "default" in codes:
        yield "default"
