-- Awkward names, keys and links. Few rows, so that whole collections can be asked for.

-- A tree, twice over, and a friend who may be oneself.
create table people (
    id int primary key,
    name text,
    boss_id int references people,
    mentor int references people,
    best_friend_id int unique references people
);
insert into people values
    (1, 'Ada', null, 3, 1), (2, 'Bob "the" Builder', 1, 1, 3), (3, E'tab\t\\', 1, null, 2), (4, '', 2, 2, null), (5, null, 2, 5, null);

-- Composite keys and links, which share a column; the link's columns stand in another order than the key's.
create table floors (
    building text,
    floor int,
    area numeric,
    primary key (building, floor)
);
create table rooms (
    building text not null,
    floor int,
    number int8,
    above int,
    twin_number int8,
    primary key (number, building),
    unique (building, floor, number),
    foreign key (floor, building) references floors (floor, building),
    foreign key (building, above) references floors (building, floor),
    foreign key (twin_number, building) references rooms (number, building)
);
insert into floors values ('', 0, 0.00), ('A "1"', 1, 1.50), ('A "1"', 2, null), (E'\\', 1, 'NaN');
insert into rooms values
    ('', 0, -9223372036854775808, null, null),
    ('A "1"', 1, 9223372036854775807, 2, null),
    ('A "1"', null, 1, 2, 9223372036854775807),
    ('A "1"', 2, 2, null, 1),
    (E'\\', 1, 1, 1, 1);

-- Links between columns of different types, and to a key that is not the primary one and can be null.
create table wares (
    id int8 primary key,
    code text unique,
    serial numeric unique,
    label citext unique
);
create table sales (
    id int2 primary key,
    ware_id int2 references wares,
    code varchar(10) references wares (code),
    serial int references wares (serial),
    label citext references wares (label),
    "Again" int references wares
);
insert into wares values (1, 'a', 1.0, 'Label'), (2, E'b\\', 2.00, 'ÄÖ'), (3, null, null, null);
insert into sales values
    (1, 1, 'a', 1, 'LABEL', 2), (2, 1, E'b\\', 2, 'label', 2), (3, null, null, null, 'äö', null), (4, 3, 'a', null, null, 3);

-- Names with quotes, spaces, braces, dollars, umlauts, of 63 bytes, and those that mean something to GraphQL.
create table "Other Space"."Mixed ""Case"" Täble {}" (
    "Id" int primary key,
    "a column; drop table people; --" text not null,
    "$1" text,
    "{}" int,
    "%s" "Other Space"."weird::type ""quoted"" {}",
    "c0" text, "r" int, "n" int, "k0" int, "t0" int, "q" int, "p0" int, "e0" int[],
    "this_name_is_as_long_as_postgres_lets_it_be_which_is_63_bytes_1" int,
    "this_name_is_as_long_as_postgres_lets_it_be_which_is_63_bytes_2" int,
    "ünï🙂" text,
    "person" int references public.people,
    "Person_Id" int references public.people,
    "self-link" int references "Other Space"."Mixed ""Case"" Täble {}"
);
insert into "Other Space"."Mixed ""Case"" Täble {}" values
    (1, '1', '$1', 1, 'a::b', 'c', 1, 2, 3, 4, 5, 6, '{1,NULL}', 7, 8, '🙂', 1, 2, null),
    (2, '2', null, null, '{}', null, null, null, null, null, null, null, '{}', null, null, null, 2, null, 1),
    (3, '', '', 0, '%s', '', 0, 0, 0, 0, 0, 0, null, 0, 0, '', null, 5, 3);

create table query (
    "nodeId" int primary key,
    "and" text, "or" text, "not" text, "count" int, "search" text, "first" int, "where" text, "edges" int,
    "nodes" int, "true" bool, "null" text, "key" text
);
insert into query values
    (1, 'a', 'b', 'c', 1, 'd', 2, 'e', 3, 4, true, 'null', 'k'),
    (2, null, null, null, null, null, null, null, null, null, null, null, null);

create table nodes (id int primary key, query_id int references query, node_id int references nodes);
insert into nodes values (1, 1, null), (2, 1, 1), (3, null, 1), (4, 2, 4);

-- More columns than a function takes arguments.
do $$ begin
    execute 'create table wide (id int primary key, '
        || (select string_agg(format('column_%s %s', n, (array['int', 'text', 'numeric', 'timestamptz'])[n % 4 + 1]), ', ')
            from generate_series(1, 130) as n) || ')';
end $$;
insert into wide (id, column_4, column_5, column_6, column_7) values (1, 1, 'x', 1.50, '2024-05-01 12:30:00+00'), (2, null, null, null, null);

-- Without keys: rows that are equal are alike in every column, so that their order does not show.
create table keyless (name text, amount numeric);
insert into keyless values ('a', 1), ('b', 1.5), (null, 2), ('d', null), ('', 'NaN'), ('x', 7), ('x', 7);
create view people_view as select id, name, boss_id, upper(name) as loud from people;
create view failing_view as select id, 10 / (id - 3) as share from people;
create materialized view boss_counts as
    select boss_id, count(*) as people, array_agg(id order by id) as ids from people group by boss_id;
create unique index on boss_counts (boss_id);

create table measures (taken date not null, place int not null, reading float8, primary key (place, taken))
    partition by range (taken);
create table measures_2023 partition of measures for values from ('2023-01-01') to ('2024-01-01');
create table measures_2024 partition of measures for values from ('2024-01-01') to ('2025-01-01');
insert into measures values ('2023-05-01', 1, 1e-7), ('2024-05-01', 1, 'NaN'), ('2024-05-02', 2, -0.0), ('2024-05-03', 1, null);

-- A parent whose reading reads its children too.
create table vehicles (id int primary key, wheels int);
create table cars (doors int, primary key (id)) inherits (vehicles);
create table trips (id int primary key, vehicle_id int not null references vehicles);
insert into vehicles values (1, 2), (2, 3);
insert into cars values (7, 4, 3), (8, null, null);
insert into trips values (1, 1), (2, 2);
