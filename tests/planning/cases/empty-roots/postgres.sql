select convert_to((select '{"pageInfo":{"hasPreviousPage":'||($1::int8 > 0)::text||'}}'), 'UTF8')
;
select convert_to((select '{"nodes":['||coalesce(string_agg("p0"."c0", ','), '')||']}' from (select '{"id":'||"t0"."id"::text||'}' as c0 from "public"."reviews" as t0 where false and ("t0"."id") > ($1::text::int4) order by "t0"."id") as p0), 'UTF8')
