-- $1: the oids of the columns' types. Answers those types and all that they are built from.
with recursive
    needed (oid) as (
        select pg_catalog.unnest($1::pg_catalog.oid[])
        union
        select part.oid
        from needed
        join pg_catalog.pg_type as type on type.oid = needed.oid
        cross join lateral (
            select type.typbasetype as oid
            where type.typtype = 'd'
            union all
            select type.typelem
            where type.typelem <> 0
            union all
            select range.rngsubtype
            from pg_catalog.pg_range as range
            where range.rngtypid = type.oid
            union all
            select range.rngtypid
            from pg_catalog.pg_range as range
            where range.rngmultitypid = type.oid
            union all
            select attribute.atttypid
            from pg_catalog.pg_attribute as attribute
            where type.typtype = 'c'
                and attribute.attrelid = type.typrelid
                and attribute.attnum > 0
                and not attribute.attisdropped
        ) as part
    )
select
    type.oid,
    namespace.nspname::pg_catalog.text as namespace,
    type.typname::pg_catalog.text as name,
    case
        when type.typtype = 'd' then 'domain'
        when type.typtype = 'e' then 'enum'
        when type.typtype = 'c' then 'composite'
        when type.typtype = 'r' then 'range'
        when type.typtype = 'm' then 'multirange'
        when element.oid is not null then 'array'
        else 'base'
    end as kind,
    case
        when type.typtype = 'd' then type.typbasetype
        when type.typtype = 'r' then range.rngsubtype
        when type.typtype = 'm' then multirange.rngtypid
        else element.oid
    end as element,
    type.typtypmod >= 0 as narrows_element,
    type.typnotnull as never_null,
    enum.labels,
    composite.attribute_names,
    composite.attribute_types,
    composite.narrowed_attributes,
    description.description as comment
from needed
join pg_catalog.pg_type as type on type.oid = needed.oid
join pg_catalog.pg_namespace as namespace on namespace.oid = type.typnamespace
-- Some base types have a typelem as well (name, point, int2vector): an array is what its element calls so.
left join pg_catalog.pg_type as element on element.oid = type.typelem and element.typarray = type.oid
left join pg_catalog.pg_range as range on range.rngtypid = type.oid
left join pg_catalog.pg_range as multirange on multirange.rngmultitypid = type.oid
-- Postgres comments on its own types too; those words are for its manual, not for the team's API.
left join pg_catalog.pg_description as description
    on namespace.nspname <> 'pg_catalog'
    and description.classoid = 'pg_catalog.pg_type'::pg_catalog.regclass
    and description.objoid = type.oid
    and description.objsubid = 0
left join lateral (
    select pg_catalog.array_agg(enum.enumlabel::pg_catalog.text order by enum.enumsortorder) as labels
    from pg_catalog.pg_enum as enum
    where enum.enumtypid = type.oid
) as enum on type.typtype = 'e'
left join lateral (
    select
        pg_catalog.array_agg(attribute.attname::pg_catalog.text order by attribute.attnum) as attribute_names,
        pg_catalog.array_agg(attribute.atttypid order by attribute.attnum) as attribute_types,
        pg_catalog.array_agg(attribute.attname::pg_catalog.text)
            filter (where attribute.atttypmod >= 0) as narrowed_attributes
    from pg_catalog.pg_attribute as attribute
    where attribute.attrelid = type.typrelid and attribute.attnum > 0 and not attribute.attisdropped
) as composite on type.typtype = 'c'
