-- $1: the relations' oids.
select
    attribute.attrelid as relation,
    attribute.attnum as number,
    attribute.attname::pg_catalog.text as name,
    attribute.atttypid as type,
    attribute.atttypmod >= 0 as has_modifier,
    -- Since Postgres 18 a NOT NULL constraint can be NOT VALID: older rows may still hold null.
    attribute.attnotnull and unchecked.conrelid is null as never_null,
    -- A view shows a domain's column as null where an outer join has no row, whatever the domain says.
    class.relkind in ('r', 'p', 'f') as obeys_domain,
    description.description as comment
from pg_catalog.pg_attribute as attribute
join pg_catalog.pg_class as class on class.oid = attribute.attrelid
left join pg_catalog.pg_constraint as unchecked
    on unchecked.conrelid = attribute.attrelid
    and unchecked.contype = 'n'
    and not unchecked.convalidated
    and unchecked.conkey[1] = attribute.attnum
left join pg_catalog.pg_description as description
    on description.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass
    and description.objoid = attribute.attrelid
    and description.objsubid = attribute.attnum
where attribute.attrelid = any ($1::pg_catalog.oid[])
    and attribute.attnum > 0
    and not attribute.attisdropped
    and pg_catalog.has_column_privilege(attribute.attrelid, attribute.attnum, 'select')
order by attribute.attrelid, attribute.attnum
