select convert_to((select '{"n":'||json_scalar("t0"."name")::text||'}' as j from "public"."products" as t0 where "t0"."id" = $1::int4), 'UTF8')
;
select convert_to((select '{"n":'||json_scalar("t0"."name")::text||'}' as j from "public"."products" as t0 where "t0"."sku" = $1::text), 'UTF8')
