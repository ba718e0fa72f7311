select convert_to((select '{"nodes":['||coalesce(string_agg("p0"."c0", ','), '')||']}' from (select '{"id":'||"t0"."id"::text||'}' as c0 from (select "t0"."id" from "public"."products" as t0 order by "t0"."id" limit '2'::int8) as t0) as p0), 'UTF8')
;
select convert_to((select '{"nodes":['||coalesce(string_agg("p0"."c0", ','), '')||']}' from (select '{"id":'||"t0"."id"::text||'}' as c0 from "public"."products" as t0 where "t0"."id" <= $1::int4 order by "t0"."id") as p0), 'UTF8')
;
select convert_to((select '{"nodes":['||coalesce(string_agg("p0"."c0", ','), '')||']}' from (select '{"reviews":'||(select '{"totalCount":'||(select count(*) from "public"."reviews" as t2 where false and "t2"."customer_id" = "t0"."id")::text||'}')||'}' as c0 from (select "t0"."id" from "public"."customers" as t0 order by "t0"."id" limit '1'::int8) as t0) as p0), 'UTF8')
