"""A catalog as a file, so that a server starts without asking its databases again."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from punnet.catalog.relations import Catalog
from punnet.errors import PunnetError

VERSION = 1
"""Of the file's shape, which is that of `relations` and `types`. Raise it with every incompatible change."""


class UnreadableCatalog(PunnetError):
    """A file that should hold a saved catalog cannot be read as one of this version."""

    code = "CATALOG-001"

    def __init__(self, path: Path, *, reason: str) -> None:
        super().__init__(
            what=f"'{path}' is no catalog that this version of Punnet can read: {reason}",
            where="loading a saved catalog",
            fix="save the catalog again with this version of Punnet",
        )


@dataclass(frozen=True, kw_only=True)
class _File:
    punnet_catalog: int
    catalog: Catalog


@dataclass(frozen=True, kw_only=True)
class _Header:
    punnet_catalog: int


_FILE = TypeAdapter(_File)
_HEADER = TypeAdapter(_Header)


def save_catalog(catalog: Catalog, path: Path) -> None:
    """Write a catalog; whoever reads at the same time sees the old file or the new one, whole.

    Raises OSError where the file cannot be written.
    """
    content = _FILE.dump_json(_File(punnet_catalog=VERSION, catalog=catalog), exclude_defaults=True)
    # In the same folder, for only within one file system does a replacement happen at once.
    draft = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}")
    try:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def load_catalog(path: Path) -> Catalog:
    """Read a catalog that `save_catalog` wrote.

    Raises:
        UnreadableCatalog: for a file that is missing, no catalog, or of another version.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableCatalog(path, reason=error.strerror or "it cannot be opened") from error
    try:
        # The version comes first: the rest of another one's file may have any shape.
        version = _HEADER.validate_json(content).punnet_catalog
    except ValidationError as error:
        raise UnreadableCatalog(path, reason="it was not written by Punnet, or not wholly") from error
    if version != VERSION:
        raise UnreadableCatalog(path, reason=f"it has version {version}, not {VERSION}")
    try:
        return _FILE.validate_json(content).catalog
    except ValidationError as error:
        raise UnreadableCatalog(path, reason=f"it is damaged in {error.error_count()} places") from error
