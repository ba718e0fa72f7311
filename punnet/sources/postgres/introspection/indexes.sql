-- $1: the relations' oids. Complete indexes that are in use, as keys and as ways to read in order.
select
    index.indrelid as relation,
    class.relname::pg_catalog.text as name,
    index.indisprimary as is_primary,
    index.indisunique as is_unique,
    -- That of a partitioned table holds for all partitions, that of a table which others inherit from for itself alone.
    relation.relkind <> 'p' and exists (
        select from pg_catalog.pg_inherits as heir where heir.inhparent = index.indrelid
    ) as leaves_out_heirs,
    method.amname = 'btree' as is_ordered,
    -- What INCLUDE adds stands after the key's own columns. As oid[], whose form the driver knows without asking.
    (index.indkey::pg_catalog.int2[])[0:index.indnkeyatts - 1]::pg_catalog.oid[] as numbers
from pg_catalog.pg_index as index
join pg_catalog.pg_class as class on class.oid = index.indexrelid
join pg_catalog.pg_class as relation on relation.oid = index.indrelid
join pg_catalog.pg_am as method on method.oid = class.relam
where index.indrelid = any ($1::pg_catalog.oid[])
    and index.indisvalid
    and index.indisready
    and index.indislive
    and index.indpred is null
    and index.indexprs is null
order by index.indrelid, class.relname
