"""The resolver of each meaning."""

from __future__ import annotations

from graphql import GraphQLFieldResolver

from punnet.catalog.relations import Column
from punnet.planning.meaning import (
    Collection,
    ColumnField,
    ConnectionPart,
    EdgePart,
    Entities,
    GlobalId,
    JoinedCall,
    JoinedRows,
    Meaning,
    MemberField,
    PageInfoPart,
    PartOf,
    ReferenceTo,
    RowByKey,
    RowsById,
    ServiceCall,
    Subgraph,
    SubgraphSdl,
    ToMany,
    ToOne,
)
from punnet.resolvers.connections import (
    collection_resolver,
    connection_part_resolver,
    edge_part_resolver,
    page_info_part_resolver,
    row_list_resolver,
    to_many_resolver,
)
from punnet.resolvers.entities import (
    entities_resolver,
    resolve_sdl,
    rows_by_id_resolver,
    subgraph_resolver,
)
from punnet.resolvers.joins import (
    joined_call_resolver,
    joined_rows_resolver,
    joined_values_resolver,
    member_resolver,
    reference_resolver,
    service_call_resolver,
)
from punnet.resolvers.rows import (
    column_resolver,
    part_resolver,
    resolve_global_id,
    row_by_key_resolver,
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
        case ToMany(is_list=True):
            return row_list_resolver(meaning)
        case ToMany():
            return to_many_resolver(meaning)
        case Collection():
            return collection_resolver(meaning)
        case RowByKey():
            return row_by_key_resolver(meaning)
        case RowsById():
            return rows_by_id_resolver(meaning)
        case Entities():
            return entities_resolver(meaning)
        case Subgraph():
            return subgraph_resolver(meaning)
        case SubgraphSdl():
            return resolve_sdl
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
        case JoinedRows(value=Column() as column):
            return joined_values_resolver(meaning, column)
        case JoinedRows():
            return joined_rows_resolver(meaning)
        case ReferenceTo():
            return reference_resolver(meaning)
