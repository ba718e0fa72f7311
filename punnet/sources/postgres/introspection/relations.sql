-- $1: the namespaces to look in, or null for all.
with recursive
    extension_member as (
        select depend.classid, depend.objid
        from pg_catalog.pg_depend as depend
        where depend.deptype = 'e'
    ),
    -- Each parent with everything below it: reading a parent reads its partitions and its inheriting tables too.
    family (ancestor, descendant) as (
        select inherits.inhparent, inherits.inhrelid
        from pg_catalog.pg_inherits as inherits
        union
        select family.ancestor, inherits.inhrelid
        from family
        join pg_catalog.pg_inherits as inherits on inherits.inhparent = family.descendant
    ),
    -- Only what holds rows itself, and only where it was ever counted (-1 stands for never).
    counted (oid, row_estimate) as (
        select class.oid, class.reltuples::pg_catalog.int8
        from pg_catalog.pg_class as class
        where class.relkind in ('r', 'm', 'f') and class.reltuples >= 0
    ),
    counted_below (ancestor, row_estimate) as (
        select family.ancestor, pg_catalog.sum(counted.row_estimate)::pg_catalog.int8
        from family
        join counted on counted.oid = family.descendant
        group by family.ancestor
    )
select
    class.oid,
    namespace.nspname::pg_catalog.text as namespace,
    class.relname::pg_catalog.text as name,
    case class.relkind
        when 'r' then 'table'
        when 'p' then 'partitioned table'
        when 'v' then 'view'
        when 'm' then 'materialized view'
        when 'f' then 'foreign table'
    end as kind,
    description.description as comment,
    case
        when counted.oid is null then counted_below.row_estimate
        else counted.row_estimate + coalesce(counted_below.row_estimate, 0)
    end as row_estimate
from pg_catalog.pg_class as class
join pg_catalog.pg_namespace as namespace on namespace.oid = class.relnamespace
left join counted on counted.oid = class.oid
left join counted_below on counted_below.ancestor = class.oid
left join pg_catalog.pg_description as description
    on description.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass
    and description.objoid = class.oid
    and description.objsubid = 0
where class.relkind in ('r', 'p', 'v', 'm', 'f')
    and not class.relispartition
    and class.relpersistence <> 't'
    -- Postgres keeps the prefix pg_ for itself: the catalog, toast tables, temporary tables.
    and not pg_catalog.starts_with(namespace.nspname::pg_catalog.text, 'pg_')
    and namespace.nspname <> 'information_schema'
    and ($1::pg_catalog.text[] is null or namespace.nspname::pg_catalog.text = any ($1))
    and not exists (
        select
        from extension_member as member
        where member.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and member.objid = class.oid
    )
    and not exists (
        select
        from extension_member as member
        where member.classid = 'pg_catalog.pg_namespace'::pg_catalog.regclass and member.objid = namespace.oid
    )
    and pg_catalog.has_schema_privilege(namespace.oid, 'usage')
    and pg_catalog.has_any_column_privilege(class.oid, 'select')
