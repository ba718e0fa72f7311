"""What a database holds for a role, in words for who runs Punnet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from punnet.catalog.relations import SourceCatalog
from punnet.catalog.surroundings import HiddenRelation, Surroundings
from punnet.configuration.sources import PostgresConfiguration


def unreadable(source: PostgresConfiguration, found: SourceCatalog, around: Surroundings) -> str | None:
    """A line of what the role may not read of what would be served otherwise, or None where there is nothing."""
    served = {str(relation.id) for relation in found.relations}
    relations = len(_ungranted(source, around))
    columns = sum(number for name, number in around.hidden_columns.items() if name in served)
    said = [
        f"{number} {word if number == 1 else words}"
        for number, word, words in ((relations, "table or view", "tables or views"), (columns, "column", "columns"))
        if number
    ]
    if not said:
        return None
    is_or_are = "is" if relations + columns == 1 else "are"
    return f"{' and '.join(said)} that the role '{around.role}' may not read {is_or_are} left out"


def looked_into(source: PostgresConfiguration, around: Surroundings) -> str:
    """Where tables and views were looked for."""
    namespaces = source.namespaces or around.namespaces
    shown = (
        f"the namespaces {', '.join(namespaces)}" if len(namespaces) > 1 else f"the namespace {', '.join(namespaces)}"
    )
    return f"database '{around.database}' as role '{around.role}', in {shown if namespaces else 'no namespace'}"


def why_nothing(source: PostgresConfiguration, around: Surroundings, *, names_database: bool) -> str:
    """What to do where a database offers nothing that is chosen, by the most likely cause."""
    ungranted = _ungranted(source, around)
    if ungranted:
        namespace, role = ungranted[0].namespace, around.role
        return (
            f"the role may read none of {len(ungranted)} tables and views there: "
            f'grant usage on schema {namespace} to "{role}"; '
            f'grant select on all tables in schema {namespace} to "{role}"'
        )
    if not names_database:
        return "the URL names no database, so that the one of the user's name was taken: write it at the URL's end"
    if source.include != ("*",) or source.exclude:
        return "'include' and 'exclude' leave nothing of it, or it is empty: create a table or view, or choose others"
    return "it has no table or view yet: create one, or correct the database's name in the URL"


def _ungranted(source: PostgresConfiguration, around: Surroundings) -> Sequence[HiddenRelation]:
    return list(_chosen(source, [each for each in around.hidden if each.why in ("namespace", "grant")]))


def _chosen(source: PostgresConfiguration, relations: Sequence[HiddenRelation]) -> Iterator[HiddenRelation]:
    for each in relations:
        if (source.namespaces is None or each.namespace in source.namespaces) and source.serves(
            each.namespace, each.name
        ):
            yield each
