"""Where a service is, as its document says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

from punnet.sources.http.openapi.documents import Documents, Json, as_list, as_object, as_text
from punnet.sources.http.openapi.facts import Dialect

_VARIABLE = re.compile(r"\{([^{}]*)\}")


def base_url_of(documents: Documents, dialect: Dialect, own_servers: Iterable[str]) -> str | None:
    """Find the base URL, without a slash at its end.

    Args:
        documents: the root tells.
        dialect: Swagger 2.0 says it in other words.
        own_servers: of the operations that name one of their own: where the document names none, the one that most
            of them name is the service's.

    Returns:
        None where no server is named by an absolute address, nor by one relative to the document's own.
    """
    service = documents.service
    if dialect == "2.0":
        return _swagger_url(service, documents.root)
    found = first_server(service, documents.root)
    if found is not None:
        return found
    counted = Counter(own_servers).most_common(1)
    if counted:
        return counted[0][0]
    return None if as_list(service.get("servers")) else _absolute("/", documents.root)


def first_server(holder: Json, document: str) -> str | None:
    """The first server that a document, path or operation names by an address that we can use."""
    for server in as_list(holder.get("servers")):
        address = as_text(as_object(server).get("url"))
        if address is not None:
            filled = _fill(address, as_object(as_object(server).get("variables")))
            absolute = None if filled is None else _absolute(filled, document)
            if absolute is not None:
                return absolute
    return None


def _fill(address: str, variables: Json) -> str | None:
    filled = address
    for name in set(_VARIABLE.findall(address)):
        variable = as_object(variables.get(name))
        choices = [variable.get("default"), *as_list(variable.get("enum"))]
        value = next((choice for choice in choices if isinstance(choice, str | int)), None)
        if value is None:
            return None
        filled = filled.replace(f"{{{name}}}", str(value))
    return filled


def _swagger_url(service: Json, document: str) -> str | None:
    base_path = as_text(service.get("basePath")) or "/"
    host = as_text(service.get("host"))
    if host is None:
        return _absolute(base_path, document)
    schemes = [scheme for scheme in as_list(service.get("schemes")) if scheme in ("https", "http")]
    scheme = "https" if "https" in schemes or not schemes else "http"
    return _absolute(f"{scheme}://{host}/{base_path.lstrip('/')}", document)


def _absolute(address: str, document: str) -> str | None:
    try:
        joined = urljoin(document, address)
        parts = urlsplit(joined)
        is_usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return joined.split("#")[0].split("?")[0].rstrip("/") if is_usable else None
