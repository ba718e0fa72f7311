"""The resolver of each meaning."""

from __future__ import annotations

from graphql import GraphQLFieldResolver

from punnet.planning.meaning import (
    Collection,
    ColumnField,
    ConnectionPart,
    EdgePart,
    GlobalId,
    JoinedCall,
    JoinedRows,
    Meaning,
    MemberField,
    PageInfoPart,
    PartOf,
    RowByKey,
    RowsById,
    ServiceCall,
    ToMany,
    ToOne,
)
from punnet.resolvers.connections import (
    collection_resolver,
    connection_part_resolver,
    edge_part_resolver,
    page_info_part_resolver,
    to_many_resolver,
)
from punnet.resolvers.joins import (
    joined_call_resolver,
    joined_rows_resolver,
    member_resolver,
    service_call_resolver,
)
from punnet.resolvers.rows import (
    column_resolver,
    part_resolver,
    resolve_global_id,
    row_by_key_resolver,
    rows_by_id_resolver,
    to_one_resolver,
)


def resolver_of(meaning: Meaning) -> GraphQLFieldResolver:
    """The resolver of a field with this meaning."""
    match meaning:
        case ColumnField():
            return column_resolver(meaning)
        case PartOf():
            return part_resolver(meaning)
        case GlobalId():
            return resolve_global_id
        case ToOne():
            return to_one_resolver(meaning)
        case ToMany():
            return to_many_resolver(meaning)
        case Collection():
            return collection_resolver(meaning)
        case RowByKey():
            return row_by_key_resolver(meaning)
        case RowsById():
            return rows_by_id_resolver(meaning)
        case ConnectionPart():
            return connection_part_resolver(meaning)
        case EdgePart():
            return edge_part_resolver(meaning)
        case PageInfoPart():
            return page_info_part_resolver(meaning)
        case ServiceCall():
            return service_call_resolver(meaning)
        case MemberField():
            return member_resolver(meaning)
        case JoinedCall():
            return joined_call_resolver(meaning)
        case JoinedRows():
            return joined_rows_resolver(meaning)
