-- Text that a collation holds for equal though its bytes differ.
create collation ignoring_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
create table words (word text collate ignoring_case primary key, root text collate ignoring_case references words);
insert into words values ('Straße', null), ('éa', 'ÉA'), ('b', 'STRAßE'), ('c', 'B');
