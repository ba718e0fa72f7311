"""The names of shapes: a component's own, else made from where the shape stands."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from punnet.catalog.words import split_words, to_pascal
from punnet.sources.http.openapi.documents import Documents, Part, Unresolved, as_object, reference_of

Words = tuple[str, ...]
"""Raw names that lead to a shape: of the operation or object that it stands in, of the member, `Item`."""

_MAX_LENGTH = 100
_SECTIONS = frozenset({"schemas", "definitions", "$defs", "parameters", "responses", "requestBodies", "headers"})
_KEYWORDS = frozenset({"properties", "items", "allOf", "oneOf", "anyOf", "additionalProperties", "schema", "content"})
_SUFFIXES = (".json", ".yaml", ".yml", ".schema", ".openapi", ".oas")


@dataclass(slots=True)
class ShapeNames:
    """Gives each shape of a service a name that no other has."""

    components: dict[int, str]
    """By the identity of the schema: these names are taken from the start."""
    _used: set[str] = field(default_factory=set)
    _turns: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._used.update(self.components.values())

    def claim(self, identity: tuple[int, ...], reference: str | None, wanted: Words) -> str:
        """Name a shape, once.

        Args:
            identity: of the schemas that it is made from.
            reference: how one came to it, if by a reference.
            wanted: what to call it where it has no name of its own.
        """
        if len(identity) == 1 and identity[0] in self.components:
            return self.components[identity[0]]
        return self._unique(self.own_name(identity, reference) or made_name(wanted))

    def own_name(self, identity: tuple[int, ...], reference: str | None) -> str | None:
        """What its document calls a shape; None for one that stands within another, or is made of several."""
        if len(identity) != 1:
            return None
        return self.components.get(identity[0]) or (referred_name(reference) if reference else None)

    def _unique(self, name: str) -> str:
        unique = name
        while unique in self._used:
            self._turns[name] = self._turns.get(name, 1) + 1
            unique = f"{name}{self._turns[name]}"
        self._used.add(unique)
        return unique


def component_names(documents: Documents) -> dict[int, str]:
    """The names that the root document gives to schemas, by their identity."""
    service = documents.service
    schemas = as_object(as_object(service.get("components")).get("schemas")) or as_object(service.get("definitions"))
    named = {id(schema): name for name, schema in schemas.items() if isinstance(schema, dict) and name}
    for name, schema in schemas.items():
        if reference_of(schema) is not None and name:
            target = _loaded_target(documents, Part(schema, documents.root))
            if target is not None and isinstance(target.value, dict):
                named.setdefault(id(target.value), name)
    return named


def _loaded_target(documents: Documents, part: Part) -> Part | None:
    # Looking for a name is no reason to load a document.
    asked = dict(documents.missing)
    try:
        return documents.resolve(part)
    except Unresolved:
        return None
    finally:
        documents.missing.clear()
        documents.missing.update(asked)


def made_name(words: Iterable[str]) -> str:
    """`getOrder`, `Response` give `GetOrderResponse`; of a name that becomes too long, the end is hashed."""
    name = to_pascal([word for raw in words for word in split_words(raw)])
    if len(name) <= _MAX_LENGTH:
        return name
    digest = hashlib.blake2s(name.encode(errors="backslashreplace"), digest_size=4).hexdigest()
    return f"{name[:_MAX_LENGTH]}_{digest}"


def referred_name(reference: str) -> str | None:
    """The name in a reference: of a component, of what stands below one, or of a file that is one schema."""
    url, _, fragment = reference.partition("#")
    tokens = [unquote(token).replace("~1", "/").replace("~0", "~") for token in fragment.split("/")[1:]]
    if not tokens:
        return _file_name(url)
    if tokens[0] == "paths":
        return None
    places = [index for index, token in enumerate(tokens[:-1]) if token in _SECTIONS]
    rest = tokens[places[-1] + 1 :] if places else tokens
    telling = list(_telling(rest))
    if not telling:
        return None
    return telling[0] if len(telling) == 1 else made_name(telling)


def _telling(tokens: list[str]) -> Iterator[str]:
    for index, token in enumerate(tokens):
        if index == 0 or not (token in _KEYWORDS or token.isdecimal()):
            yield token


def _file_name(url: str) -> str | None:
    try:
        name = unquote(urlsplit(url).path).rsplit("/", 1)[-1]
    except ValueError:
        return None
    while name.lower().endswith(_SUFFIXES):
        name = name.rsplit(".", 1)[0]
    return name or None
