"""What was left out of a service, as one text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from punnet.catalog.endpoints import Endpoint, LeftOut, ServiceCatalog


def report(catalog: ServiceCatalog, *, mutations: bool, places: int = 5) -> str:
    """Sum up what the API does not carry of a service, the most frequent reasons first.

    Args:
        catalog: as it was read, or written by hand.
        mutations: whether operations other than GET are served.
        places: how many are told of each reason; the rest are counted.
    """
    offered = (
        f"{catalog.name}: {_count(len(catalog.endpoints), 'operation')}, {_count(len(catalog.objects), 'object')}, "
        f"{_count(len(catalog.unions), 'union')}, {_count(len(catalog.enums), 'enum')}"
    )
    without_field = tuple(_without_field(catalog.endpoints, mutations=mutations))
    sums = []
    if catalog.left_out:
        sums.append(f"{len(catalog.left_out):,} left out or carried with less than the document says")
    if without_field:
        sums.append(f"{_count(len(without_field), 'operation')} without a field")
    if not sums:
        return f"{offered}; nothing is left out."
    lines = [f"{offered}; {', '.join(sums)}:"]
    groups = _group((*catalog.left_out, *without_field))
    for reason, found in sorted(groups.items(), key=lambda group: (-len(group[1]), group[0])):
        lines.append(f"  {reason} ({len(found):,})")
        lines.append(f"    {_listed(found, places)}")
    return "\n".join(lines)


def _without_field(endpoints: Iterable[Endpoint], *, mutations: bool) -> Iterator[LeftOut]:
    for endpoint in endpoints:
        if endpoint.method != "GET" and not mutations:
            reason = "is no GET, and the source does not say 'mutations = true': only joins can call it"
            yield LeftOut(place=endpoint.id.name, reason=reason)
        elif endpoint.method == "GET" and endpoint.result is None:
            yield LeftOut(place=endpoint.id.name, reason="is a GET whose answer has no result")


def _group(left_out: Iterable[LeftOut]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for one in left_out:
        groups.setdefault(one.reason, []).append(one.place)
    return groups


def _listed(found: list[str], places: int) -> str:
    told = "; ".join(found[:places])
    return told if len(found) <= places else f"{told}; and {len(found) - places:,} more"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
