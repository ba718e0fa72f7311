-- Tables, and views that know no more of themselves than a view does.
create domain po_number as int check (value > 0);

create table customers (
    id int2 primary key,
    name text not null,
    code char(4) unique,
    token uuid unique,
    score int8
);
create table po_header (
    po_no po_number primary key,
    cust_ref int2 references customers,
    total numeric not null
);
create schema reports;
create view reports.sales as
    select cust_ref::int4 as customer_id, sum(total) as total, count(*) as orders from po_header where cust_ref is not null group by cust_ref;
create view reports.lines as
    select po_no::int4 as order_no, n as line_no, n * 10 as quantity from po_header, generate_series(1, 2) as n;
create view reports.deliveries as
    select po_no::int4 as order_no, n as line_no, 'van ' || n as carrier from po_header, generate_series(1, 2) as n;
-- Whatever is said about this one is wrong.
create view reports.doubtful as
    select * from (values (1, 'one'), (2, 'two'), (2, 'two again'), (3, null), (null, 'none')) as v(id, label);

insert into customers values
    (1, 'Ada', 'AA', '11111111-1111-1111-1111-111111111111', 9007199254740993),
    (2, 'Ben', 'BB', '22222222-2222-2222-2222-222222222222', 7),
    (3, 'Cy', null, null, null);
insert into po_header values (10, 1, 5.00), (11, 1, 7.50), (12, 2, 1.25), (13, null, 9);
