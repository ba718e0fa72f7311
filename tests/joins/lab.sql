create type thing_kind as enum ('plain', 'very-odd');

create table things (
    id int primary key,
    big bigint,
    code uuid,
    amount numeric(30, 4),
    ratio double precision,
    day date,
    moment timestamptz,
    flag boolean,
    kind thing_kind,
    text text
);

insert into things values
    (1, 9223372036854775807, 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6', 12345678901234567890.5, 0.1, '2024-02-29',
        '2024-05-01 12:30:00.25+02', true, 'very-odd', 'it''s 100% ü/ö?&=+#'),
    (2, -1, '00000000-0000-0000-0000-000000000000', 1.5000, 1e20, '0001-01-01', '2024-05-01 12:30:00Z', false, 'plain',
        'a b'),
    (3, null, null, null, null, null, null, null, null, null),
    (4, 0, 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6', 0, 3, '2024-02-29', '2024-05-01 12:30:00Z', true, 'plain', E'\t"\\👍');
