select convert_to((select '{"nodes":['||coalesce(string_agg("p0"."c0", ','), '')||']}' from (select '{"id":'||"t0"."id"::text||',"category":'||coalesce((select '{"name":'||json_scalar("t1"."name")::text||'}' as j from "public"."categories" as t1 where "t1"."id" = "t0"."category_id"), 'null')||'}' as c0 from (select "t0"."id", "t0"."category_id" from "public"."products" as t0 where "t0"."id" = any($1::int4[]) order by "t0"."id" limit $2::int8) as t0) as p0), 'UTF8')
;
select convert_to((select '{"nodes":['||coalesce(string_agg("p0"."c0", ','), '')||']}' from (select '{"id":'||"t0"."id"::text||'}' as c0 from (select "t0"."id" from "public"."products" as t0 where "t0"."id" = any($1::int4[]) order by "t0"."id" limit $2::int8) as t0) as p0), 'UTF8')
;
select convert_to((select '{"sku":'||json_scalar("t0"."sku")::text||'}' as j from "public"."products" as t0 where "t0"."id" = $1::int4), 'UTF8')
;
select convert_to((select '{"id":'||json_scalar("t0"."sku")::text||'}' as j from "public"."products" as t0 where "t0"."id" = $1::int4), 'UTF8')
