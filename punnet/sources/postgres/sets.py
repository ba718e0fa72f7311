"""Whether the rows of all parents are read at once, instead of for each parent anew."""

from __future__ import annotations

from punnet.catalog.relations import Relation
from punnet.planning.columns import row_fields
from punnet.planning.read import Connection, Read, Row

_WITH_INDEXES = ("table", "partitioned table", "materialized view")
"""What indexes are known of. A view may well read from a table that has one: of that, Postgres was asked."""
_FEW_ROWS = 500
"""As many are scanned about as fast as they are found by an index."""


def is_scanned(read: Read) -> bool:
    """Whether finding the rows of one parent takes a scan of the relation, and one that is not negligible."""
    relation = read.relation
    if not read.keyed_by:
        return False
    linked = {link.child for link in read.keyed_by}
    if relation.kind not in _WITH_INDEXES:
        return any(linked == set(columns) for columns in relation.scanned_by)
    if relation.row_estimate is not None and relation.row_estimate < _FEW_ROWS:
        return False
    # An index that begins with one of several columns may find a tenth of the relation: the planner knows, we do not.
    begins = any(linked <= set(index.columns[: len(linked)]) for index in relation.indexes)
    return not begins and not _has_unique_within(relation, linked)


def is_set(value: object) -> bool:
    """Whether a connection or a row is scanned, here or below: then one scan for all parents serves it best."""
    match value:
        case Read(output=Connection()):
            return is_scanned(value) or has_sets(value)
        case Read(output=Row()):
            return is_scanned(value) or (is_single(value) and has_sets(value))
        case _:
            return False


def has_sets(read: Read) -> bool:
    """Whether what is right below the read's rows is a set."""
    return any(is_set(field.value) for field in row_fields(read))


def is_single(value: object) -> bool:
    """Whether the read finds at most one row, so that its parent can be joined with it."""
    if not isinstance(value, Read) or not isinstance(value.output, Row):
        return False
    return _has_unique_within(value.relation, {link.child for link in value.keyed_by})


def _has_unique_within(relation: Relation, columns: set[str]) -> bool:
    """Whether some of the columns are unique: not by a key, which may be what a configuration says."""
    return any(index.unique and columns.issuperset(index.columns) for index in relation.indexes)
