"""What was left out of a service, as one text."""

from __future__ import annotations

from collections.abc import Iterable

from punnet.catalog.endpoints import LeftOut, ServiceCatalog


def report(catalog: ServiceCatalog, *, places: int = 5) -> str:
    """Sum up what the API does not carry of a service, the most frequent reasons first.

    Args:
        catalog: as it was read.
        places: how many are told of each reason; the rest are counted.
    """
    offered = (
        f"{catalog.name}: {_count(len(catalog.endpoints), 'operation')}, {_count(len(catalog.objects), 'object')}, "
        f"{_count(len(catalog.unions), 'union')}, {_count(len(catalog.enums), 'enum')}"
    )
    if not catalog.left_out:
        return f"{offered}; nothing is left out."
    groups = _group(catalog.left_out)
    lines = [f"{offered}; {len(catalog.left_out):,} left out or carried with less than the document says:"]
    for reason, found in sorted(groups.items(), key=lambda group: (-len(group[1]), group[0])):
        lines.append(f"  {reason} ({len(found):,})")
        lines.append(f"    {_listed(found, places)}")
    return "\n".join(lines)


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
