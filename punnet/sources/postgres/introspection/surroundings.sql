-- One row a relation that is not offered, or of which some columns are not, and one a namespace without such.
with
    of_extension as (
        select depend.classid, depend.objid
        from pg_catalog.pg_depend as depend
        where depend.deptype = 'e'
    ),
    own_namespace as (
        select namespace.oid, namespace.nspname::pg_catalog.text as name
        from pg_catalog.pg_namespace as namespace
        where not pg_catalog.starts_with(namespace.nspname::pg_catalog.text, 'pg_')
            and namespace.nspname <> 'information_schema'
    ),
    relation as (
        select
            class.relnamespace,
            class.relname::pg_catalog.text as name,
            case
                when class.relispartition then 'partition'
                when class.oid in (
                    select member.objid
                    from of_extension as member
                    where member.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                ) then 'extension'
                when class.relnamespace in (
                    select member.objid
                    from of_extension as member
                    where member.classid = 'pg_catalog.pg_namespace'::pg_catalog.regclass
                ) then 'extension'
                when not pg_catalog.has_schema_privilege(class.relnamespace, 'usage') then 'namespace'
                when not pg_catalog.has_any_column_privilege(class.oid, 'select') then 'grant'
            end as why,
            (
                select pg_catalog.count(*)
                from pg_catalog.pg_attribute as attribute
                where attribute.attrelid = class.oid
                    and attribute.attnum > 0
                    and not attribute.attisdropped
                    and not pg_catalog.has_column_privilege(class.oid, attribute.attnum, 'select')
            ) as hidden_columns
        from pg_catalog.pg_class as class
        join own_namespace as namespace on namespace.oid = class.relnamespace
        where class.relkind in ('r', 'p', 'v', 'm', 'f') and class.relpersistence <> 't'
    )
select
    namespace.name as namespace,
    relation.name,
    relation.why,
    relation.hidden_columns
from own_namespace as namespace
left join relation
    on relation.relnamespace = namespace.oid and (relation.why is not null or relation.hidden_columns > 0)
order by 1, 2
