-- Relationships and keys whose shape in the API is a team's choice.
create type level as enum ('low', 'very high');
create table makers (id int8 primary key, level level not null unique, name text not null);
create table products (
    id int primary key,
    sku text,
    package text,
    maker_id int references makers,
    node_id text,
    unique (sku, package),
    unique (maker_id, sku)
);
create table reviews (
    id int primary key,
    product_id int references products,
    stars int not null,
    -- No foreign key: whoever wrote a review may be gone.
    author_id int
);
create table authors (id int primary key, maker_level level references makers (level));
create table audits (product_id int not null unique references products, note text not null);
create view offers as
    select * from (values (1, 'small', 5.0::numeric), (2, 'small', 6.0), (2, 'large', 7.0), (2, 'large', 8.0)) as v(product_id, size, price);


insert into makers values (1, 'low', 'Acme'), (2, 'very high', 'Zenith');
insert into products values
    (1, 'bolt', 'box', 1, 'n1'), (2, 'bolt', 'bag', 2, null), (3, 'nut', null, null, null), (4, null, null, 1, null);
insert into reviews values (10, 1, 5, 1), (11, 1, 3, 7), (12, 1, 4, null), (13, 2, 1, 2), (14, null, 2, 1);
insert into authors values (1, 'low'), (2, 'very high'), (3, null);
insert into audits values (1, 'fine'), (2, 'late');
