"""Loads the documents of a service, from files and from the web."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from punnet.catalog.endpoints import ServiceCatalog
from punnet.errors import PunnetError
from punnet.sources.errors import SourceFailed, SourceTimeout
from punnet.sources.http.openapi.choose import Choose
from punnet.sources.http.openapi.documents import Documents
from punnet.sources.http.openapi.errors import DocumentMalformed, DocumentTooLarge, DocumentUnreachable
from punnet.sources.http.openapi.parse import MAX_BYTES, Malformed, TooLarge, parse_document
from punnet.sources.http.openapi.service import service_catalog
from punnet.sources.http.transport.errors import AnswerMalformed, ConnectFailed, ConnectionLost

Fetch = Callable[[str], Awaitable[bytes]]

MAX_DOCUMENTS = 2_000
_AT_ONCE = 16


async def read_service(
    location: str | Path, *, name: str, base_url: str | None = None, choose: Choose | None = None, fetch: Fetch
) -> ServiceCatalog:
    """Read the OpenAPI document of a service, and those that the chosen operations refer to.

    The event loop stays free: reading and parsing happen in a thread.

    Args:
        location: a path, or a URL of the scheme http, https or file.
        name: of the source.
        base_url: of the service; otherwise the document says.
        choose: which operations are wanted; all of them, unless it says.
        fetch: gets what is at a URL of the scheme http or https, and raises OSError or PunnetError where it
            cannot. It is given whatever URLs the documents name, so which hosts may be asked, and what follows
            from redirects, is its own to decide.

    Raises:
        DocumentUnreachable: where the first document cannot be had; a further one leaves out what refers to it.
        SourceFailed, SourceTimeout: as `fetch` raises them for the first document, with where it was looked for.
        DocumentMalformed: where it is neither JSON nor YAML.
        NotOpenApi: where it is something else.
        NoBaseUrl: where nothing says where the service is.
        DocumentTooLarge: where there is more than we read.
    """
    root = _url_of(location)
    documents = Documents(root=root, loaded={root: await _load_root(root, name, fetch)})
    while True:
        # What is missing shows only when what refers to it is read, so each round starts anew and sees further.
        catalog = await asyncio.to_thread(
            service_catalog, documents, name=name, base_url=base_url, choose=choose or Choose()
        )
        missing = list(documents.missing)
        if not missing:
            return catalog
        documents.missing.clear()
        if len(documents.loaded) + len(documents.failed) + len(missing) > MAX_DOCUMENTS:
            raise DocumentTooLarge(root, service=name, why=f"it refers to more than {MAX_DOCUMENTS:,} documents")
        await _load_others(missing, documents, fetch)


def _url_of(location: str | Path) -> str:
    if isinstance(location, str) and location.lower().startswith(("http://", "https://", "file://")):
        return location.partition("#")[0]
    return Path(location).absolute().as_uri()


async def _load_root(url: str, name: str, fetch: Fetch) -> object:
    try:
        return await _load(url, fetch)
    except (SourceFailed, SourceTimeout) as error:
        raise _of_document(error, url) from error
    except OSError as error:
        raise DocumentUnreachable(url, service=name, why=_why(error)) from error
    except Malformed as error:
        raise DocumentMalformed(url, service=name, why=str(error)) from error
    except TooLarge as error:
        raise DocumentTooLarge(url, service=name, why=str(error)) from error


def _of_document(error: SourceFailed | SourceTimeout, url: str) -> SourceFailed | SourceTimeout:
    """Say whose trouble it is: the document's server need not be the service's, nor has it operations."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    port = "" if re.search(r":[0-9]+$", host) else f":{443 if parts.scheme == 'https' else 80}"
    told = error.during(f"reading its OpenAPI document from {host}{port}")
    if isinstance(error, ConnectFailed | ConnectionLost | AnswerMalformed):
        told.fix = "correct the source's url, or start what serves the document there"
    return told


async def _load_others(urls: list[str], documents: Documents, fetch: Fetch) -> None:
    turn = asyncio.Semaphore(_AT_ONCE)

    async def load(url: str) -> None:
        async with turn:
            try:
                documents.loaded[url] = await _load(url, fetch)
            except OSError as error:
                documents.failed[url] = _why(error)
            except PunnetError as error:
                documents.failed[url] = error.what
            except (Malformed, TooLarge) as error:
                documents.failed[url] = str(error)

    async with asyncio.TaskGroup() as group:
        for url in urls:
            group.create_task(load(url))


async def _load(url: str, fetch: Fetch) -> object:
    if urlsplit(url).scheme == "file":
        return await asyncio.to_thread(lambda: parse_document(_read_file(url)))
    content = await fetch(url)
    return await asyncio.to_thread(parse_document, content)


def _read_file(url: str) -> bytes:
    path = Path(unquote(urlsplit(url).path))
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except ValueError as error:
        raise OSError(f"the path {str(path)!r} is malformed") from error


def _why(error: OSError) -> str:
    return error.strerror or str(error) or type(error).__name__
