"""The catalog of a service, made from its documents without any IO."""

from __future__ import annotations

from dataclasses import dataclass

from punnet.catalog.endpoints import Endpoint, EndpointId, ServiceCatalog
from punnet.sources.http.openapi.choose import Choose
from punnet.sources.http.openapi.documents import Documents, as_object, shorten
from punnet.sources.http.openapi.errors import DocumentTooLarge, NoBaseUrl, NotOpenApi
from punnet.sources.http.openapi.facts import Dialect, Schemas
from punnet.sources.http.openapi.notes import Notes, Place, TooManySteps
from punnet.sources.http.openapi.outlines import Outline, comment_of, is_deprecated, read_outlines
from punnet.sources.http.openapi.parameters import Inexpressible, Parameters
from punnet.sources.http.openapi.reach import reach
from punnet.sources.http.openapi.responses import Responses
from punnet.sources.http.openapi.servers import base_url_of
from punnet.sources.http.openapi.shape_names import ShapeNames, component_names
from punnet.sources.http.openapi.shapes import Shapes


def service_catalog(
    documents: Documents, *, name: str, base_url: str | None = None, choose: Choose | None = None
) -> ServiceCatalog:
    """Read what a service offers.

    Args:
        documents: the one that describes the service, and those that have been loaded for it. Where references
            ask for others, `documents.missing` names them afterwards, and what refers to them is left out.
        name: of the source.
        base_url: of the service; otherwise its document says.
        choose: which operations are wanted; all of them, unless it says.

    Raises:
        NotOpenApi: where the first document is something else.
        NoBaseUrl: where nothing says where the service is.
        DocumentTooLarge: where references multiply it beyond measure.
    """
    dialect = _dialect_of(documents, name)
    notes = Notes()
    try:
        return _read(documents, dialect, notes, name, base_url, choose or Choose())
    except TooManySteps as error:
        why = "its references make more of it than can be read"
        raise DocumentTooLarge(documents.root, service=name, why=why) from error


def _dialect_of(documents: Documents, name: str) -> Dialect:
    root = documents.loaded[documents.root]
    if not isinstance(root, dict):
        raise NotOpenApi(documents.root, service=name, why="it is no object")
    # In YAML an unquoted version is a number.
    swagger, openapi = (str(root.get(word, "")) for word in ("swagger", "openapi"))
    if swagger.startswith("2.0") or swagger == "2":
        return "2.0"
    if openapi == "3" or openapi.startswith("3.0"):
        return "3.0"
    if openapi.startswith("3."):
        return "3.1"
    if not swagger and not openapi:
        raise NotOpenApi(documents.root, service=name, why="it has neither the member `openapi` nor `swagger`")
    version = shorten(openapi or swagger, 40)
    raise NotOpenApi(documents.root, service=name, why=f"it says that its version is {version!r}")


def _read(
    documents: Documents, dialect: Dialect, notes: Notes, name: str, base_url: str | None, choose: Choose
) -> ServiceCatalog:
    everything = read_outlines(documents, notes)
    chosen = [outline for outline in everything if choose.keeps(outline.candidate)]
    own_base = base_url_of(documents, dialect, [outline.server for outline in chosen if outline.server])
    base = base_url or own_base
    if base is None:
        raise NoBaseUrl(documents.root, service=name, why="no server in it has an absolute address")
    if not everything:
        notes.add(Place("the document"), "has no operations")
    schemas = Schemas(documents=documents, dialect=dialect, notes=notes)
    shapes = Shapes(schemas=schemas, names=ShapeNames(components=component_names(documents)), notes=notes)
    reader = _Reader(
        source=name,
        own_base=own_base,
        parameters=Parameters(documents=documents, shapes=shapes, notes=notes),
        responses=Responses(documents, shapes),
    )
    endpoints: list[Endpoint] = []
    for outline in chosen:
        try:
            endpoints.append(reader.endpoint(outline))
        except Inexpressible as inexpressible:
            notes.add(outline.place, inexpressible.reason)
    shapes.finish()
    reached = reach(tuple(endpoints), shapes.objects, shapes.unions)
    idle = choose.idle(outline.candidate for outline in everything)
    return ServiceCatalog(
        name=name,
        base_url=base.rstrip("/"),
        endpoints=reached.endpoints,
        objects=reached.objects,
        unions=reached.unions,
        enums=reached.enums,
        left_out=(*idle, *notes.of({shape.name for shape in reached.objects})),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Makes endpoints."""

    source: str
    own_base: str | None
    """What the document says of the service's place, whatever it is configured to be."""
    parameters: Parameters
    responses: Responses

    def endpoint(self, outline: Outline) -> Endpoint:
        """Read one operation, or raise Inexpressible."""
        path = self._path(outline)
        parameters = self.parameters.read(outline)
        answer = self.responses.read(outline)
        operation = as_object(outline.operation.value)
        return Endpoint(
            id=EndpointId(source=self.source, name=outline.name),
            method=outline.method,
            path=path,
            parameters=parameters,
            result=answer.shape,
            media_type=answer.media_type,
            tags=outline.tags,
            deprecated=is_deprecated(operation),
            comment=comment_of(operation),
        )

    def _path(self, outline: Outline) -> str:
        """The path below the service's base URL, where the operation has a server of its own."""
        if outline.server is None or outline.server == self.own_base:
            return outline.path
        # The service's credentials are for its own server, so that no operation may carry them to another.
        if self.own_base is None or not outline.server.startswith(f"{self.own_base}/"):
            raise Inexpressible(f"is served elsewhere, at {shorten(outline.server)}: make that a source of its own")
        return outline.server.removeprefix(self.own_base) + outline.path
