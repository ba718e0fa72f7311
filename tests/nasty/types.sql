-- Types that values.py has values of: over each other, and badly named.

create schema if not exists "Other Space";

create type mood as enum ('happy', 'so-so', 'SAD', 'it''s "complicated"', 'back\slash', 'ünïcode 🙂', '');
create type "Other Space"."weird::type ""quoted"" {}" as enum ('a::b', '{}', '$1', '%s');

create type spot as (x float8, y numeric, label text);
create type "Odd Pair" as ("First One" int[], second mood, "inner" spot, "at" timestamptz, "text" text);
create type crowd as (spots spot[], names text[], span int4range);

create domain positive as int check (value > 0);
create domain very_positive as positive check (value > 10);
create domain email as text check (value ~ '@');
create domain moods as mood[];
create domain a_spot as spot;
create domain price as numeric(10, 2);
create domain document as jsonb;

create type floatrange as range (subtype = float8);
create type textrange as range (subtype = text, collation = "C");
create type pricerange as range (subtype = price);
