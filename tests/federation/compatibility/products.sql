-- The data of the compatibility suite's subgraph "products", as a team would keep it in a database.

create table users (
    email text primary key,
    name text,
    total_products_created int,
    years_of_employment int not null
);

-- How many products a year so many products in so many years are.
create table pace (
    products int,
    years int,
    products_per_year int not null,
    primary key (products, years)
);

create table product_variations (id text primary key);

create type product_dimension as (size text, weight double precision, unit text);

create table products (
    id text primary key,
    sku text,
    package text,
    variation_id text references product_variations,
    dimensions product_dimension,
    created_by_id text references users,
    notes text,
    unique (sku, package),
    unique (sku, variation_id)
);

create table case_studies (
    case_number text primary key,
    description text
);

create table product_research (
    study_id text primary key references case_studies,
    product_id text not null references products,
    outcome text
);
create index on product_research (product_id, study_id);

create table inventories (id text primary key);

create table deprecated_products (
    sku text,
    package text,
    reason text,
    created_by_id text references users,
    inventory_id text references inventories,
    primary key (sku, package)
);
create index on deprecated_products (inventory_id, sku, package);

-- The years are out of date: the subgraph "users" knows better, and the gateway tells.
insert into users values ('support@apollographql.com', 'Jane Smith', 1337, 7);
insert into pace
select products, years, products / years from generate_series(0, 2000) as products, generate_series(1, 20) as years;
insert into product_variations values ('OSS'), ('platform');
insert into products values
    ('apollo-federation', 'federation', '@apollo/federation', 'OSS', ('small', 1, 'kg'), 'support@apollographql.com', null),
    ('apollo-studio', 'studio', '', 'platform', ('small', 1, 'kg'), 'support@apollographql.com', null);
insert into case_studies values ('1234', 'Federation Study'), ('1235', 'Studio Study');
insert into product_research values ('1234', 'apollo-federation', null), ('1235', 'apollo-studio', null);
insert into inventories values ('apollo-oss');
insert into deprecated_products values
    ('apollo-federation-v1', '@apollo/federation-v1', 'Migrate to Federation V2', 'support@apollographql.com', 'apollo-oss');
