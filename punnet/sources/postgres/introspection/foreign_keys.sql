-- $1: the relations' oids. Only links from one of them to one of them.
select
    link.conrelid as relation,
    link.conname::pg_catalog.text as name,
    link.conkey::pg_catalog.oid[] as numbers,
    link.confrelid as target,
    link.confkey::pg_catalog.oid[] as target_numbers
from pg_catalog.pg_constraint as link
left join pg_catalog.pg_index as target_key on target_key.indexrelid = link.conindid
where link.contype = 'f'
    and link.conrelid = any ($1::pg_catalog.oid[])
    and link.confrelid = any ($1::pg_catalog.oid[])
    -- Each partition, on either side, has a copy of the constraint that was declared.
    and link.conparentid = 0
    -- A temporal foreign key (Postgres 18, PERIOD) means "lies within", not "equals"; its target is an exclusion.
    and target_key.indisexclusion is not true
order by link.conrelid, link.conname
