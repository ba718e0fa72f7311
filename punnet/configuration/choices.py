"""Holds what a configuration chooses of a database against what the database has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from punnet.catalog.close_names import closest
from punnet.catalog.surroundings import HiddenRelation, Surroundings
from punnet.configuration.positions import Location
from punnet.configuration.problems import Finding
from punnet.configuration.sources import PostgresConfiguration


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts:
    """What is chosen and not there."""

    problems: Sequence[Finding] = ()
    """What was most likely meant otherwise: something else would be served than the team believes."""
    warnings: Sequence[Finding] = ()
    """What may well be meant for later: a pattern that could match, a namespace that is empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a database has."""

    relations: Sequence[str]
    """As `namespace.table`, those in the chosen namespaces that the role may read."""
    around: Surroundings


def doubts(source: PostgresConfiguration, offer: Offer, *, location: Location) -> Doubts:
    """Find the patterns that match nothing and the namespaces without anything to serve; pure.

    Args:
        source: what is chosen.
        offer: what there is, before `include` and `exclude`.
        location: of the source's table.
    """
    found = [
        *_namespaces(source.namespaces or (), offer),
        *_patterns("include", source, offer),
        *_patterns("exclude", source, offer),
    ]
    placed = [(is_problem, replace(finding, location=(*location, *finding.location))) for is_problem, finding in found]
    return Doubts(
        problems=tuple(finding for is_problem, finding in placed if is_problem),
        warnings=tuple(finding for is_problem, finding in placed if not is_problem),
    )


_Found = Iterator[tuple[bool, Finding]]
"""Whether it is a problem, and what it is."""


# -- namespaces ----------------------------------------------------------------------------------------


def _namespaces(chosen: Sequence[str], offer: Offer) -> _Found:
    for i, namespace in enumerate(chosen):
        if any(name.startswith(f"{namespace}.") for name in offer.relations):
            continue
        hidden = [each for each in offer.around.hidden if each.namespace == namespace]
        yield _namespace(namespace, hidden, offer.around, location=("namespaces", i))


def _namespace(
    namespace: str, hidden: Sequence[HiddenRelation], around: Surroundings, *, location: Location
) -> tuple[bool, Finding]:
    if namespace.startswith("pg_") or namespace == "information_schema":
        return True, Finding(location=location, what="is Postgres's own and never offered", value=namespace)
    if namespace not in around.namespaces:
        what = f"the database '{around.database}' has no such namespace"
        return True, Finding(location=location, what=what, value=namespace, choices=tuple(around.namespaces))
    if not hidden:
        return False, Finding(location=location, what="is a namespace without a table or view", value=namespace)
    what = f"has nothing that could be served: {_reasons(hidden, around)}"
    return True, Finding(location=location, what=what, value=namespace)


# -- patterns ------------------------------------------------------------------------------------------


def _patterns(word: str, source: PostgresConfiguration, offer: Offer) -> _Found:
    patterns = source.include if word == "include" else source.exclude
    for i, pattern in enumerate(patterns):
        # What includes everything chooses nothing.
        if pattern == "*" or any(fnmatchcase(name, pattern) for name in offer.relations):
            continue
        unserved = _why_unserved(pattern, source, offer)
        if unserved is None:
            yield _pattern(pattern, offer, location=(word, i))
        elif word == "include":
            what = f"matches only what is not offered: {unserved}"
            yield True, Finding(location=(word, i), what=what, value=pattern)


def _why_unserved(pattern: str, source: PostgresConfiguration, offer: Offer) -> str | None:
    """Why nothing that it matches would be served in any case, or None where it matches nothing at all."""
    hidden = [each for each in offer.around.hidden if fnmatchcase(str(each), pattern)]
    if hidden:
        return _reasons(hidden, offer.around)
    namespace, dot, _ = pattern.partition(".")
    is_left_out = namespace in offer.around.namespaces and namespace not in (source.namespaces or (namespace,))
    return f"'namespaces' does not have '{namespace}'" if dot and is_left_out else None


def _pattern(pattern: str, offer: Offer, *, location: Location) -> tuple[bool, Finding]:
    if _could_match(pattern, offer.around.namespaces):
        return False, Finding(location=location, what="matches no table or view so far", value=pattern)
    what = "matches no table or view"
    if "." not in pattern:
        what += ", for these are named 'namespace.table'"
    return True, Finding(location=location, what=what, value=pattern, meant=_meant(pattern, offer))


def _could_match(pattern: str, namespaces: Iterable[str]) -> bool:
    """Whether a pattern with wildcards would match a table that a namespace can get."""
    beginning = re.split(r"[*?\[]", pattern, maxsplit=1)[0]
    if beginning == pattern:
        return False
    return any(f"{each}.".startswith(beginning) or beginning.startswith(f"{each}.") for each in namespaces)


def _meant(pattern: str, offer: Offer) -> str | None:
    """The pattern that was most likely meant."""
    own_names = {name: name.partition(".")[2] for name in offer.relations}
    if "." not in pattern:
        named = [name for name, own_name in own_names.items() if fnmatchcase(own_name.lower(), pattern.lower())]
        if named:
            return _with_namespace(pattern, named, own_names)
        if pattern in offer.around.namespaces:
            return f"{pattern}.*"
    close = closest(pattern, offer.relations)
    if close is None:
        close_own = closest(pattern, own_names.values())
        close = next((name for name, own_name in own_names.items() if own_name == close_own), None)
    return close


def _with_namespace(pattern: str, named: Sequence[str], own_names: Mapping[str, str]) -> str:
    """The pattern as it would be written for these relations."""
    first = named[0]
    namespaces = {name.partition(".")[0] for name in named}
    own_name = own_names[first] if own_names[first].lower() == pattern.lower() else pattern
    return f"{first.partition('.')[0] if len(namespaces) == 1 else '*'}.{own_name}"


def _reasons(hidden: Sequence[HiddenRelation], around: Surroundings) -> str:
    said = {
        "partition": "partitions are read through their table",
        "extension": "what belongs to an extension is not",
        "namespace": f"the role '{around.role}' may not use the namespace (grant usage on schema)",
        "grant": f"the role '{around.role}' may not read it (grant select)",
    }
    return ", ".join(said[why] for why in dict.fromkeys(each.why for each in hidden))
