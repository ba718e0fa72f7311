"""Which version of federation a subgraph needs, and the `@link` that says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from punnet.catalog.directives import Directive
from punnet.catalog.known_directives import FEDERATION
from punnet.schema.federation.directives import Placed

FEDERATION_URL = "https://specs.apollo.dev/federation/"
_OLDEST = "2.0"


def needed_version(placed: Placed) -> str:
    """The lowest version of federation that knows a directive as it is used here."""
    directive = placed.directive
    known = FEDERATION.get(directive.name)
    if directive.name == "key" and placed.place == "INTERFACE":
        return "2.3"
    if directive.name == "override" and any(name == "label" for name, _ in directive.arguments):
        return "2.7"
    return (known and known.since) or _OLDEST


def minor(version: str) -> int:
    """What is behind the point, to compare versions by."""
    return int(version.partition(".")[2])


def too_new(directives: Iterable[Placed], max_version: str) -> list[str]:
    """What needs a later version than a team's gateway knows, each with its fix."""
    return [
        f"{placed}: '{placed.directive}' needs federation {needed_version(placed)}, and 'federation_version' is "
        f"{max_version}"
        for placed in directives
        if minor(needed_version(placed)) > minor(max_version)
    ]


def print_links(directives: Sequence[Placed], on_schema: Iterable[Directive]) -> str:
    """The extension of the schema that says where its directives come from.

    Args:
        directives: every one in use.
        on_schema: what else stands on the schema.
    """
    version = max((needed_version(placed) for placed in directives), key=minor, default=_OLDEST)
    names = sorted({placed.directive.name for placed in directives} & FEDERATION.keys())
    imports = ", ".join(f'"@{name}"' for name in names)
    link = Directive(
        name="link",
        arguments=(
            ("url", f'"{FEDERATION_URL}v{version}"'),
            *([("import", f"[{imports}]")] if names else []),
        ),
    )
    return "\n  ".join(["extend schema", *map(str, (link, *on_schema))])
