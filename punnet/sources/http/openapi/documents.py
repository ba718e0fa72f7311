"""The documents that describe one service, and the references between their parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

MAX_HOPS = 50
"""References that lead to references, before we stop following."""

Json = Mapping[str, object]


class Part(NamedTuple):
    """A value within a document."""

    value: object
    document: str
    """The URL that references within it are relative to."""


class Unresolved(Exception):
    """A reference leads nowhere. Never leaves this package: what refers so is left out."""

    def __init__(self, reason: str) -> None:
        """Tell what is wrong with whatever refers so, as the rest of a sentence about it."""
        self.reason = reason
        super().__init__(reason)


def as_object(value: object) -> Json:
    """The members of an object; none of anything else."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[object]:
    """The elements of a list; none of anything else."""
    return value if isinstance(value, list) else []


def as_text(value: object) -> str | None:
    """A text that says something."""
    return value.strip() or None if isinstance(value, str) else None


@dataclass(slots=True)
class Documents:
    """What has been loaded so far. `missing` collects what references ask for beyond that."""

    root: str
    """URL of the document that describes the service."""
    loaded: dict[str, object]
    failed: dict[str, str] = field(default_factory=dict)
    """URL to the reason why it could not be loaded."""
    missing: dict[str, None] = field(default_factory=dict)
    """URLs, in the order in which they were asked for."""
    _targets: dict[tuple[str, str], Part] = field(default_factory=dict)

    @property
    def service(self) -> Json:
        """The root document."""
        return as_object(self.loaded[self.root])

    def resolve(self, part: Part) -> Part:
        """Follow a part's reference, and that one's, to what is none.

        Raises:
            Unresolved: where they lead nowhere, in a circle, or too far.
        """
        for _ in range(MAX_HOPS):
            reference = reference_of(part.value)
            if reference is None:
                return part
            part = self.follow(reference, part.document)
        raise Unresolved("has references that lead through too many others, or in a circle")

    def follow(self, reference: str, document: str, *, depth: int = 0) -> Part:
        """Find what a reference within a document stands for; it may be a reference itself.

        Args:
            reference: as it stands in the document.
            document: the URL of that document.
            depth: how many references are being followed that lead through this one.

        Raises:
            Unresolved: where there is no such thing.
        """
        key = (document, reference)
        target = self._targets.get(key)
        if target is None:
            target = self._targets[key] = self._find(reference, document, depth)
        return target

    def _find(self, reference: str, document: str, depth: int) -> Part:
        try:
            url, fragment = urldefrag(document + reference if reference[:1] == "#" else urljoin(document, reference))
            scheme = urlsplit(url).scheme
        except ValueError:
            raise Unresolved(f"has the malformed reference '{shorten(reference)}'") from None
        part = Part(self._document(url, scheme, document), url)
        if fragment and not fragment.startswith("/"):
            raise Unresolved(f"refers to '{shorten(reference)}', which is no JSON pointer")
        for token in fragment.split("/")[1:]:
            name = unquote(token).replace("~1", "/").replace("~0", "~")
            part = self._step(part, name, reference, depth)
        return part

    def _document(self, url: str, scheme: str, document: str) -> object:
        if url in self.loaded:
            return self.loaded[url]
        if url in self.failed:
            raise Unresolved(f"refers to '{shorten(url)}', which cannot be read: {self.failed[url]}")
        if scheme not in ("file", "http", "https"):
            raise Unresolved(f"refers to '{shorten(url)}', which is neither a file nor a web address")
        # Who writes a document on the web must not reach into the machine that reads it.
        if scheme == "file" and urlsplit(document).scheme != "file":
            raise Unresolved("comes from the web and refers to a local file")
        self.missing[url] = None
        raise Unresolved(f"refers to '{shorten(url)}', which has not been loaded")

    def _step(self, part: Part, name: str, reference: str, depth: int) -> Part:
        for _ in range(MAX_HOPS):
            value = part.value
            if isinstance(value, dict) and name in value:
                return Part(value[name], part.document)
            if isinstance(value, list) and name.isdecimal() and len(name) < 10 and int(name) < len(value):
                return Part(value[int(name)], part.document)
            # Pointers lead through references, although no specification says so.
            inner = reference_of(value)
            if inner is None or depth == MAX_HOPS:
                break
            part = self.follow(inner, part.document, depth=depth + 1)
        raise Unresolved(f"refers to '{shorten(reference)}', where nothing is")


def reference_of(value: object) -> str | None:
    """The target of a `$ref`, if the value is one."""
    reference = value.get("$ref") if isinstance(value, dict) else None
    return reference if isinstance(reference, str) else None


def shorten(text: str, size: int = 120) -> str:
    """Cut what a document says to what a message can hold."""
    return text if len(text) <= size else f"{text[: size - 1]}…"
