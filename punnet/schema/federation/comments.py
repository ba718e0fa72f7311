"""Directives that stand in the comments of relations and columns, each on a line of its own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from punnet.catalog.directives import Directive, FieldDirectives, TypeDirectives, parse_directives
from punnet.catalog.known_directives import FEDERATION
from punnet.catalog.names import Names
from punnet.catalog.relations import Catalog, Column, Relation, RelationId
from punnet.catalog.scalars import is_comparable


@dataclass(frozen=True, slots=True, kw_only=True)
class Commented:
    """The directives in the comments of one relation."""

    relation: RelationId
    directives: tuple[Directive, ...] = ()
    columns: tuple[tuple[str, tuple[Directive, ...]], ...] = ()
    """Those of its columns, by their names."""


def split_comment(comment: str | None, known: Collection[str]) -> tuple[str | None, tuple[Directive, ...]]:
    """Take the directives out of a comment.

    Args:
        comment: what the database has.
        known: the names of the directives that there are. A line with any other is text: other tools have
            marks of their own.

    Returns:
        What is left to describe the thing, and the directives in their order.
    """
    if comment is None or "@" not in comment:
        return comment, ()
    directives: list[Directive] = []
    text: list[str] = []
    for line in comment.splitlines():
        found = _directives_in(line, known)
        directives += found
        text += [] if found else [line]
    if not directives:
        return comment, ()
    return "\n".join(text).strip() or None, tuple(directives)


def _directives_in(line: str, known: Collection[str]) -> tuple[Directive, ...]:
    if not line.lstrip().startswith("@"):
        return ()
    try:
        directives = parse_directives(line)
    except ValueError:
        return ()
    return directives if all(directive.name in known for directive in directives) else ()


def take_directives(catalog: Catalog, known: Collection[str]) -> tuple[Catalog, tuple[Commented, ...]]:
    """Take the directives out of all comments: the catalog without them, and what they were."""
    commented: list[Commented] = []

    def without(relation: Relation) -> Relation:
        comment, directives = split_comment(relation.comment, known)
        columns = [_without(column, known) for column in relation.columns]
        of_columns = tuple((column.name, found) for column, found in columns if found)
        if not directives and not of_columns:
            return relation
        commented.append(Commented(relation=relation.id, directives=directives, columns=of_columns))
        return replace(relation, comment=comment, columns=tuple(column for column, _ in columns))

    sources = tuple(
        replace(source, relations=tuple(without(relation) for relation in source.relations))
        for source in catalog.sources
    )
    return (replace(catalog, sources=sources), tuple(commented)) if commented else (catalog, ())


def _without(column: Column, known: Collection[str]) -> tuple[Column, tuple[Directive, ...]]:
    comment, directives = split_comment(column.comment, known)
    return (replace(column, comment=comment) if directives else column), directives


def on_types(commented: Iterable[Commented], catalog: Catalog, names: Names) -> Iterator[TypeDirectives]:
    """The directives of comments, by the names that types and fields have in the API.

    Args:
        commented: what the comments say.
        catalog: what is served; a relation or column that is not there has no directives either.
        names: by which it is served.
    """
    for each in commented:
        relation = catalog.relation_by_id.get(each.relation)
        if relation is None or not relation.columns:
            continue
        by_name = relation.column_by_name
        served = [(by_name[name], found) for name, found in each.columns if name in by_name]
        compared = [(column, found) for column, found in served if is_comparable(column.type)]
        name = names.type_name(relation.id)
        yield TypeDirectives(type=name, directives=each.directives, fields=_fields(relation, served, names))
        yield TypeDirectives(type=f"{name}Where", fields=_fields(relation, _of_inputs(served), names))
        if compared:
            yield TypeDirectives(type=f"{name}Order", fields=_fields(relation, _of_inputs(compared), names))


_OnColumns: TypeAlias = Sequence[tuple[Column, tuple[Directive, ...]]]
_INPUT_FIELD = "INPUT_FIELD_DEFINITION"
_OF_INPUTS = ("inaccessible", "tag")
"""What holds for a column wherever it is named: one that is not to be seen is not to be guessed by filters either."""


def _fields(relation: Relation, columns: _OnColumns, names: Names) -> tuple[FieldDirectives, ...]:
    return tuple(
        FieldDirectives(field=names.column(relation.id, column.name), directives=directives)
        for column, directives in columns
    )


def _of_inputs(columns: _OnColumns) -> _OnColumns:
    return [(column, tuple(filter(_is_of_inputs, found))) for column, found in columns]


def _is_of_inputs(directive: Directive) -> bool:
    # One that is wrong is told of where it was written, and nowhere else.
    return directive.name in _OF_INPUTS and not FEDERATION[directive.name].problem_of(directive, _INPUT_FIELD)
