"""What can be wrong with an OpenAPI document as a whole; what is wrong with a part of it is left out instead."""

from __future__ import annotations

from urllib.parse import urlsplit

from punnet.errors import PunnetError


def _shown(location: str) -> str:
    """The location without what may be secret in a URL: user, password and query."""
    parts = urlsplit(location)
    if not parts.netloc:
        return location
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


class DocumentUnreachable(PunnetError):
    """The place that should hold an OpenAPI document cannot be read."""

    code = "HTTP-001"

    def __init__(self, location: str, *, service: str, why: str) -> None:
        super().__init__(
            what=f"cannot read the OpenAPI document '{_shown(location)}': {why}",
            where=f"reading the service '{service}'",
            fix="correct the path or URL of the document, or make it readable",
        )


class DocumentMalformed(PunnetError):
    """A document is neither JSON nor YAML."""

    code = "HTTP-002"

    def __init__(self, location: str, *, service: str, why: str) -> None:
        super().__init__(
            what=f"'{_shown(location)}' is neither JSON nor YAML: {why}",
            where=f"reading the service '{service}'",
            fix="give an OpenAPI document as JSON or YAML, in UTF-8",
        )


class NotOpenApi(PunnetError):
    """A document can be read, and is no OpenAPI document of a version that we know."""

    code = "HTTP-003"

    def __init__(self, location: str, *, service: str, why: str) -> None:
        super().__init__(
            what=f"'{_shown(location)}' is no OpenAPI document: {why}",
            where=f"reading the service '{service}'",
            fix="give a document that begins with `openapi: 3.x` or `swagger: 2.0`",
        )


class NoBaseUrl(PunnetError):
    """A document does not say where its service is."""

    code = "HTTP-004"

    def __init__(self, location: str, *, service: str, why: str) -> None:
        super().__init__(
            what=f"'{_shown(location)}' does not say where the service is: {why}",
            where=f"reading the service '{service}'",
            fix=f'say it in [sources.{service}]: base_url = "https://api.example.com/v1"',
        )


class DocumentTooLarge(PunnetError):
    """A document is larger than we read, or becomes so once its references are followed."""

    code = "HTTP-005"

    def __init__(self, location: str, *, service: str, why: str) -> None:
        super().__init__(
            what=f"'{_shown(location)}' is too large: {why}",
            where=f"reading the service '{service}'",
            fix="choose fewer operations by tag, path or operationId, or split the document",
        )
