-- The rows of the sample shop: arithmetic on row numbers, no clock and no chance, so that each load gives the same.

set local timezone to 'UTC';
set local jit to off;

-- A number from 0 to 1000002 that looks accidental and never changes; `salt` tells the uses apart. A plain
-- expression, with one step written three times, since Postgres puts only such functions into the query itself.
create function pg_temp.scatter(n bigint, salt bigint) returns bigint immutable language sql as $$
    select (
        (n * 7919 + salt * 104729) % 1000003 * ((n * 7919 + salt * 104729) % 1000003) % 1000003 * 48271
        + (n * 7919 + salt * 104729) % 1000003
    ) % 1000003
$$;

-- A number from 1 to `size`, small ones far more often: a few products and customers make most of a shop's trade.
create function pg_temp.skewed(n bigint, salt bigint, size bigint) returns int immutable language sql as $$
    select (1 + pg_temp.scatter(n, salt) * pg_temp.scatter(n, salt) * size / 1000006000009)::int
$$;

-- An item of a list, by such an accidental number.
create function pg_temp.pick(items text[], n bigint, salt bigint) returns text immutable language sql as $$
    select items[1 + pg_temp.scatter(n, salt) % cardinality(items)]
$$;

insert into customers (id, public_id, email, full_name, phone, birthday, newsletter, preferences, joined_at)
select
    n,
    md5('customer ' || n)::uuid,
    lower(translate(first || '.' || last, 'ÄÖÜäöüéèëçñłŁøáíóúåšßı'' ', 'AOUaoueeecnlLoaiouassi'))
        || (array['@example.com', '@example.org', '@example.net'])[1 + n % 3],
    first || ' ' || last,
    case when n % 5 <> 0 then '+44 20 7946 0' || lpad((n % 1000)::text, 3, '0') end,
    case when n % 4 <> 1 then date '1948-03-01' + (pg_temp.scatter(n, 1) % 20800)::int end,
    n % 3 <> 0,
    jsonb_build_object(
        'language', (array['en', 'en', 'de', 'fr', 'es', 'nl'])[1 + pg_temp.scatter(n, 2) % 6],
        'currency', 'EUR',
        'diet', (array[null, null, 'vegetarian', 'vegan'])[1 + pg_temp.scatter(n, 3) % 4],
        'delivery', jsonb_build_object('leave_with_neighbour', n % 2 = 0, 'days', jsonb_build_array('Tue', 'Fri'))
    ),
    timestamptz '2021-06-01 07:30:00+00' + n * interval '8 hours' + pg_temp.scatter(n, 4) % 28800 * interval '1 second'
from (
    select n, firsts[1 + (n - 1) % 40] as first, lasts[1 + (41 * ((n - 1) / 40) + (n - 1) % 40) % 50] as last
    from
        generate_series(1, 2000) as n,
        (values (
            array[
                'Amelia', 'Jürgen', 'Zoë', 'Matteo', 'Priya', 'Łukasz', 'Chloé', 'Liam', 'Ingrid', 'José',
                'Fatima', 'Noah', 'Søren', 'Yuki', 'Grace', 'Björn', 'Aoife', 'Tomáš', 'Elena', 'Kwame',
                'Hannah', 'Rafael', 'Mei', 'Oskar', 'Lucía', 'Daniel', 'Nadia', 'Théo', 'Freya', 'Marco',
                'Leila', 'Viktor', 'Sofía', 'Samuel', 'Anneliese', 'Idris', 'Clara', 'Håkon', 'Rosa', 'Arthur'
            ],
            array[
                'Smith', 'Müller', 'O''Brien', 'Rossi', 'Patel', 'Kowalski', 'Dubois', 'Murphy', 'Larsen', 'García',
                'Haddad', 'Jansen', 'Sørensen', 'Tanaka', 'Okafor', 'Lindström', 'D''Souza', 'Novák', 'Popescu', 'Mensah',
                'Weiß', 'Silva', 'Chen', 'Nowak', 'Fernández', 'Cohen', 'Rahman', 'Lefèvre', 'MacLeod', 'Bianchi',
                'Yılmaz', 'Horváth', 'Núñez', 'Johnson', 'Schröder', 'Diallo', 'de Vries', 'Berg', 'Romano', 'Taylor',
                'Fischer', 'Moreau', 'Kelly', 'Ivanova', 'Costa', 'Hughes', 'Jørgensen', 'Keller', 'Peeters', 'Walsh'
            ]
        )) as names (firsts, lasts)
) as people
order by n;

-- Everybody has a home; the first thousand have a second place, numbered 2000 + customer.
insert into addresses (id, customer_id, label, recipient, street, city, postal_code, country_code, delivery_note)
select
    n,
    customers.id,
    case when n <= 2000 then 'Home' else (array['Work', 'Parents', 'Summer house', 'Allotment'])[1 + n % 4] end,
    customers.full_name,
    case when country in ('GB', 'IE', 'FR') then number || ' ' || street else street || ' ' || number end,
    city,
    case
        when country = 'GB' then postal || ' ' || n % 9 + 1 || chr(65 + n % 8) || chr(80 + n % 11)
        when country = 'IE' then postal || ' ' || chr(65 + n % 8) || n % 900 + 100
        when country = 'NL' then postal || ' ' || chr(65 + n % 8) || chr(80 + n % 11)
        else left(postal, -2) || n % 90 + 10
    end,
    country,
    case
        when n % 7 = 0 then 'Ring twice, the bell says "Meyer & Söhne".'
        when n % 11 = 0 then 'Beware of the goose 🪿'
        when n % 13 = 0 then 'Leave it in the blue box; the neighbour''s dog eats anything.'
    end
from generate_series(1, 3000) as n
join customers on customers.id = case when n <= 2000 then n else n - 2000 end
cross join lateral (
    select *
    from (
        values
            (0, 'Berlin', 'DE', '10115', array['Torstraße', 'Königsallee', 'Am Mühlbach']),
            (1, 'Hamburg', 'DE', '20095', array['Große Bleichen', 'Elbchaussee', 'Fischmarkt']),
            (2, 'München', 'DE', '80331', array['Türkenstraße', 'Isarweg', 'Blumenstraße']),
            (3, 'London', 'GB', 'SE1', array['King''s Road', 'Bermondsey Street', 'Orchard Lane']),
            (4, 'Bristol', 'GB', 'BS1', array['Harbour Way', 'St Michael''s Hill', 'Corn Street']),
            (5, 'Edinburgh', 'GB', 'EH1', array['Rose Street', 'Grassmarket', 'Candlemaker Row']),
            (6, 'Dublin', 'IE', 'D02', array['O''Connell Street', 'Fishamble Street', 'Merrion Row']),
            (7, 'Galway', 'IE', 'H91', array['Quay Street', 'Shop Street', 'St Augustine''s Terrace']),
            (8, 'Paris', 'FR', '75011', array['rue de l''Église', 'boulevard Voltaire', 'passage Brûlon']),
            (9, 'Lyon', 'FR', '69002', array['rue Mercière', 'quai Saint-Antoine', 'place Bellecour']),
            (10, 'Amsterdam', 'NL', '1012', array['Keizersgracht', 'Prinsengracht', 'Tuinstraat']),
            (11, 'Utrecht', 'NL', '3511', array['Oudegracht', 'Domstraat', 'Appelsteeg']),
            (12, 'Wien', 'AT', '1010', array['Mariahilfer Straße', 'Naschmarkt', 'Obere Donaustraße']),
            (13, 'Graz', 'AT', '8010', array['Sporgasse', 'Lendplatz', 'Kürbisweg']),
            (14, 'Zürich', 'CH', '8001', array['Niederdorfstrasse', 'Rämistrasse', 'Limmatquai']),
            (15, 'Madrid', 'ES', '28004', array['Calle de Ávila', 'Gran Vía', 'Calle del Pez']),
            (16, 'Sevilla', 'ES', '41001', array['Calle Sierpes', 'Plaza Nueva', 'Calle Betis']),
            (17, 'Milano', 'IT', '20121', array['Via Brera', 'Corso Como', 'Via dell''Orso']),
            (18, 'Bologna', 'IT', '40121', array['Via Zamboni', 'Via dell''Indipendenza', 'Via Pescherie Vecchie']),
            (19, 'København', 'DK', '1050', array['Nørrebrogade', 'Æblevej', 'Strøget']),
            (20, 'Göteborg', 'SE', '411 10', array['Kungsgatan', 'Haga Nygata', 'Smörgatan']),
            (21, 'Kraków', 'PL', '31-001', array['ulica Floriańska', 'ulica Józefa', 'Rynek Główny']),
            (22, 'Porto', 'PT', '4050', array['Rua das Flores', 'Rua de São João', 'Cais da Ribeira']),
            (23, 'Gent', 'BE', '9000', array['Graslei', 'Koestraat', 'Appelmarkt'])
    ) as places (place, city, country, postal, streets)
    where place = pg_temp.scatter(n, 5) % 24
) as place
cross join lateral (select pg_temp.pick(streets, n, 6) as street, 1 + pg_temp.scatter(n, 7) % 140 as number) as door
order by n;

create temporary table shelves on commit drop as
select *
from (
    values
        (1, 'Fruit & vegetables', 'BER', 'Berries', 'food', 3.2, 0.25, 'Sold in punnets, picked the same morning.',
            array['Strawberries', 'Raspberries', 'Blueberries', 'Blackberries', 'Gooseberries', 'Redcurrants', 'Blackcurrants', 'Cloudberries'],
            array['Hand-picked', 'Organic', 'Wild', 'Frozen', 'Giant']),
        (2, 'Fruit & vegetables', 'APL', 'Apples & pears', 'food', 2.4, 1.0, 'Old varieties and new ones, by the kilo.',
            array['Braeburn Apples', 'Cox''s Orange Pippins', 'Boskoop Apples', 'Williams Pears', 'Conference Pears', 'Pink Lady Apples', 'Russets', 'Nashi Pears'],
            array['Orchard', 'Organic', 'Windfall', 'Late-Harvest', 'Grandma''s']),
        (3, 'Fruit & vegetables', 'CIT', 'Citrus', 'food', 2.8, 1.0, 'Unwaxed, with their leaves on.',
            array['Lemons', 'Blood Oranges', 'Clementines', 'Limes', 'Grapefruits', 'Bergamots', 'Kumquats', 'Satsumas'],
            array['Sicilian', 'Organic', 'Unwaxed', 'Juicing', 'Little']),
        (4, 'Dairy & eggs', 'CHE', 'Cheese', 'food', 6.9, 0.3, 'From seven dairies, none of them large.',
            array['Gruyère', 'Cheddar', 'Brie', 'Roquefort', 'Manchego', 'Gouda', 'Goat''s Cheese', 'Crème Fraîche'],
            array['Farmhouse', 'Cave-Aged', '"Old Reserve"', 'Raw-Milk', 'Mild']),
        (5, 'Bakery', 'BRE', 'Bread', 'food', 4.1, 0.75, 'Baked at night, delivered before breakfast.',
            array['Sourdough', 'Rye Loaf', 'Baguette', 'Ciabatta', 'Pumpernickel', 'Focaccia', 'Brötchen', 'Spelt Loaf'],
            array['Stone-Baked', 'Wholegrain', 'Seeded', 'Baker''s', 'Half']),
        (6, 'Pantry', 'JAM', 'Jams & honey', 'food', 5.2, 0.45, 'Sweet things in jars.',
            array['Strawberry Jam', 'Orange Marmalade', 'Heather Honey', 'Plum Butter', 'Quince Jelly', 'Acacia Honey', 'Rhubarb Jam', 'Lemon Curd'],
            array['Aunt Ida''s', 'Low-Sugar', 'Small-Batch', 'Wild', 'Breakfast']),
        (7, 'Tea & coffee', 'COF', 'Coffee', 'drink', 9.8, 0.5, 'Roasted on Mondays and Thursdays.',
            array['Espresso Beans', 'Filter Coffee', 'Decaf Beans', 'Café Crème', 'Moka Grind', 'Ethiopian Beans', 'Colombian Beans', 'House Blend'],
            array['Dark-Roast', 'Fairtrade', 'Light-Roast', 'Single-Farm', '"Night Shift"']),
        (8, 'Cookware', 'PAN', 'Pans', 'ware', 39.0, 2.2, 'For a lifetime, if you dry them.',
            array['Frying Pan', 'Saucepan', 'Crêpe Pan', 'Casserole', 'Griddle', 'Wok', 'Sauté Pan', 'Roasting Tin'],
            array['Cast-Iron', 'Copper', 'Steel', 'Enamelled', 'Small']),
        (9, 'For everyone', 'BAS', 'Gift baskets', 'gift', 34.0, 3.5, 'Packed by hand, with a card.',
            array['Breakfast Basket', 'Picnic Basket', 'Cheese Basket', 'Tea Basket', 'Berry Basket', 'Baker''s Basket', 'Thank-You Basket', 'Get-Well Basket'],
            array['Classic', 'Generous', 'Little', 'Organic', 'Midsummer']),
        (10, 'Fruit & vegetables', 'TOM', 'Tomatoes', 'food', 3.6, 0.5, 'Ripened on the vine, never chilled.',
            array['Cherry Tomatoes', 'Oxheart Tomatoes', 'Plum Tomatoes', 'Green Zebras', 'Beef Tomatoes', 'San Marzanos', 'Yellow Pear Tomatoes', 'Cocktail Tomatoes'],
            array['Vine-Ripened', 'Organic', 'Heirloom', 'Greenhouse', 'Sun-Dried']),
        (11, 'Fruit & vegetables', 'ROO', 'Root vegetables', 'food', 1.9, 1.0, 'With soil on, as it keeps them fresh.',
            array['Carrots', 'Beetroot', 'Parsnips', 'New Potatoes', 'Celeriac', 'Radishes', 'Turnips', 'Salsify'],
            array['Bunched', 'Organic', 'Purple', 'Baby', 'Sandy-Soil']),
        (12, 'Fruit & vegetables', 'LEA', 'Leafy greens', 'food', 2.1, 0.3, 'Cut to order.',
            array['Spinach', 'Rocket', 'Kale', 'Lamb''s Lettuce', 'Chard', 'Pak Choi', 'Radicchio', 'Watercress'],
            array['Baby', 'Organic', 'Washed', 'Curly', 'Garden']),
        (13, 'Fruit & vegetables', 'MUS', 'Mushrooms', 'food', 4.4, 0.25, 'Grown in cellars or found in woods.',
            array['Chestnut Mushrooms', 'Chanterelles', 'Oyster Mushrooms', 'Porcini', 'Shiitake', 'King Trumpets', 'Enoki', 'Portobellos'],
            array['Cellar-Grown', 'Organic', 'Forest', 'Dried', 'Sliced']),
        (14, 'Dairy & eggs', 'YOG', 'Yoghurt', 'food', 2.2, 0.5, 'In glasses that we take back.',
            array['Natural Yoghurt', 'Strawberry Yoghurt', 'Skyr', 'Kefir', 'Vanilla Yoghurt', 'Blueberry Yoghurt', 'Labneh', 'Ayran'],
            array['Organic', 'Greek-Style', 'Low-Fat', 'Sheep''s-Milk', 'Family']),
        (15, 'Dairy & eggs', 'EGG', 'Eggs', 'food', 3.1, 0.6, 'From hens with names.',
            array['Hens'' Eggs', 'Duck Eggs', 'Quails'' Eggs', 'Bantam Eggs', 'Goose Eggs', 'Leghorn Eggs', 'Araucana Eggs', 'Maran Eggs'],
            array['Free-Range', 'Organic', 'Pasture', 'Ten', 'Farm']),
        (16, 'Bakery', 'CAK', 'Cakes', 'food', 16.5, 1.2, 'Whole cakes, a day''s notice please.',
            array['Carrot Cake', 'Black Forest Gâteau', 'Lemon Drizzle Cake', 'Cheesecake', 'Apple Strudel', 'Tarte Tatin', 'Victoria Sponge', 'Sachertorte'],
            array['Celebration', 'Vegan', 'Little', 'Gluten-Free', 'Grandma''s']),
        (17, 'Bakery', 'BIS', 'Biscuits', 'food', 3.4, 0.2, 'For the tin, if they get that far.',
            array['Shortbread', 'Oat Biscuits', 'Spekulatius', 'Amaretti', 'Gingerbread', 'Crackers', 'Macarons', 'Cantuccini'],
            array['All-Butter', 'Wholegrain', 'Hand-Cut', 'Sea-Salt', 'Tinned']),
        (18, 'Pantry', 'OIL', 'Olive oil', 'food', 13.9, 0.9, 'First pressing, last harvest.',
            array['Koroneiki Oil', 'Arbequina Oil', 'Picual Oil', 'Taggiasca Oil', 'Lemon Oil', 'Chilli Oil', 'Basil Oil', 'Frantoio Oil'],
            array['Extra-Virgin', 'Organic', 'Unfiltered', 'Early-Harvest', 'Family']),
        (19, 'Pantry', 'PAS', 'Pasta', 'food', 2.9, 0.5, 'Bronze-drawn, slowly dried.',
            array['Spaghetti', 'Orecchiette', 'Pappardelle', 'Fusilli', 'Rigatoni', 'Spätzle', 'Linguine', 'Conchiglie'],
            array['Durum', 'Wholegrain', 'Egg', 'Fresh', 'Spelt']),
        (20, 'Pantry', 'SPI', 'Spices', 'food', 3.8, 0.06, 'Whole or ground, in small tins.',
            array['Smoked Paprika', 'Black Pepper', 'Turmeric', 'Cardamom', 'Cinnamon', 'Cumin', 'Saffron', 'Za''atar'],
            array['Ground', 'Whole', 'Organic', 'Toasted', '"Souk"']),
        (21, 'Pantry', 'CHO', 'Chocolate', 'food', 4.6, 0.1, 'Bean to bar, bar to mouth.',
            array['Milk Chocolate', 'Dark Chocolate', 'Sea-Salt Caramel Bar', 'Hazelnut Bar', 'White Chocolate', 'Orange Thins', 'Drinking Chocolate', 'Truffles'],
            array['Fairtrade', 'Organic', '70 % Cocoa', 'Vegan', 'Midnight']),
        (22, 'Cold drinks', 'JUI', 'Juices', 'drink', 3.9, 1.0, 'Pressed, not made from concentrate.',
            array['Apple Juice', 'Orange Juice', 'Pear Juice', 'Beetroot Juice', 'Cherry Juice', 'Tomato Juice', 'Carrot & Ginger Juice', 'Rhubarb Juice'],
            array['Cloudy', 'Organic', 'Cold-Pressed', 'Single-Orchard', 'Little']),
        (23, 'Cold drinks', 'LEM', 'Lemonades', 'drink', 2.3, 0.5, 'With fizz, without nonsense.',
            array['Lemonade', 'Ginger Beer', 'Elderflower Fizz', 'Rhubarb Soda', 'Tonic Water', 'Cola', 'Cucumber Soda', 'Bitter Orange'],
            array['Cloudy', 'Sugar-Free', 'Old-Fashioned', 'Pink', 'Party']),
        (24, 'Cold drinks', 'CID', 'Cider', 'drink', 4.7, 0.75, 'From orchards, for grown-ups.',
            array['Dry Cider', 'Perry', 'Apple Wine', 'Rosé Cider', 'Scrumpy', 'Ice Cider', 'Keeved Cider', 'Hopped Cider'],
            array['Somerset', 'Normandy', 'Herefordshire', 'Alcohol-Free', 'Vintage']),
        (25, 'Tea & coffee', 'TEA', 'Tea', 'drink', 5.6, 0.1, 'Leaves, not dust.',
            array['Earl Grey', 'Darjeeling', 'Sencha', 'Rooibos', 'Peppermint Tea', 'Lapsang Souchong', 'Chamomile', 'Chai'],
            array['Loose-Leaf', 'Organic', 'First-Flush', 'Evening', 'Tinned']),
        (26, 'Cookware', 'KNI', 'Knives', 'ware', 28.0, 0.2, 'Sharp. Mind your fingers.',
            array['Paring Knife', 'Chef''s Knife', 'Bread Knife', 'Santoku', 'Cheese Knife', 'Oyster Knife', 'Tomato Knife', 'Cleaver'],
            array['Olive-Wood', 'Carbon-Steel', 'Forged', 'Folding', 'Left-Handed']),
        (27, 'Tableware', 'BOW', 'Bowls', 'ware', 14.0, 0.6, 'Thrown by hand, so that no two are alike.',
            array['Soup Bowl', 'Salad Bowl', 'Berry Bowl', 'Ramen Bowl', 'Mixing Bowl', 'Müsli Bowl', 'Fruit Bowl', 'Dip Bowl'],
            array['Stoneware', 'Beech', 'Glazed', 'Speckled', 'Indigo']),
        (28, 'Tableware', 'GLA', 'Glasses', 'ware', 8.0, 0.3, 'Blown from old bottles.',
            array['Water Glass', 'Tumbler', 'Wine Glass', 'Carafe', 'Cider Glass', 'Tea Glass', 'Jam Jar', 'Bell Jar'],
            array['Recycled', 'Green', 'Fluted', 'Tall', 'Bistro']),
        (29, 'For gardeners', 'SEE', 'Seeds', 'gift', 2.6, 0.01, 'Open-pollinated, tested every spring.',
            array['Sunflower Seeds', 'Basil Seeds', 'Radish Seeds', 'Strawberry Seeds', 'Poppy Seeds', 'Squash Seeds', 'Chilli Seeds', 'Bean Seeds'],
            array['Heirloom', 'Organic', 'Beginner''s', 'Balcony', 'Bee-Friendly']),
        (30, 'For everyone', 'GIF', 'Gift cards', 'card', 0.0, null, 'For when you do not know what they like.',
            array['Birthday Card', 'Thank-You Card', 'Christmas Card', 'Wedding Card', 'New Home Card', 'Get-Well Card', 'Farewell Card', 'Just Because Card'],
            array['€10', '€25', '€50', '€100', '€200'])
) as shelf (id, aisle, code, name, kind, base_price, base_weight_kg, description, nouns, qualifiers);

-- Departments are 1 to 4, aisles 5 to 14, shelves 15 to 44.
insert into categories (id, parent_id, name, slug, description, position)
select
    id,
    parent_id,
    name,
    trim(both '-' from regexp_replace(lower(name), '[^a-z]+', '-', 'g')),
    description,
    row_number() over (partition by parent_id order by id)
from (
    values
        (1, null, 'Food', 'What grows, what is baked, and what keeps.'),
        (2, null, 'Drinks', 'Cold ones and hot ones.'),
        (3, null, 'Kitchen', 'Tools that make cooking a pleasure.'),
        (4, null, 'Gifts', 'For others, or for yourself; we won''t tell.'),
        (5, 1, 'Fruit & vegetables', 'Whatever is ripe, from growers within a day''s drive.'),
        (6, 1, 'Dairy & eggs', 'Milk in all its shapes, and eggs.'),
        (7, 1, 'Bakery', 'Flour, water, patience.'),
        (8, 1, 'Pantry', 'What a good cupboard holds.'),
        (9, 2, 'Cold drinks', 'Straight from the cellar.'),
        (10, 2, 'Tea & coffee', 'The first cup and the last.'),
        (11, 3, 'Cookware', 'To cook in and to cut with.'),
        (12, 3, 'Tableware', 'To eat from and to drink from.'),
        (13, 4, 'For gardeners', 'For beds, balconies and window sills.'),
        (14, 4, 'For everyone', 'Presents that never go wrong.')
) as branch (id, parent_id, name, description)
order by id;

insert into categories (id, parent_id, name, slug, description, position)
select
    14 + shelves.id,
    aisles.id,
    shelves.name,
    trim(both '-' from regexp_replace(lower(shelves.name), '[^a-z]+', '-', 'g')),
    shelves.description,
    row_number() over (partition by aisles.id order by shelves.id)
from shelves
join categories as aisles on aisles.name = shelves.aisle
order by shelves.id;

-- Forty products a shelf, dealt out in turns, so that the first page shows all sorts.
insert into products (id, category_id, sku, name, description, status, price, stock, weight_kg, tags, attributes, created_at)
select
    id,
    category_id,
    sku,
    name,
    case
        when id % 9 = 0 then null
        when kind = 'food' then pg_temp.pick(array[
            'Tastes the way it did when you were eight.',
            'Our grower says: "Eat them the day they arrive." We agree.',
            'A favourite of the house; Thursdays they are gone by noon.',
            'Simple, honest and rather good with butter.',
            'From a family farm that has never heard of shelf life.',
            'Keeps for a week in the fridge, though it never gets the chance 😋'
        ], id, 21)
        when kind = 'drink' then pg_temp.pick(array[
            'Best served at the temperature of a good cellar.',
            'For mornings that need a little help ☀️',
            'Made by people who say "just one more" and mean it.',
            'Full-bodied, with a hint of the orchard.'
        ], id, 22)
        when kind = 'ware' then pg_temp.pick(array[
            'Made to be used daily and handed down.',
            'Heavier than it looks, and better for it.',
            'From a workshop of three near Thiers; slight differences are part of the charm.',
            'Our cook''s own choice. He won''t lend you his.'
        ], id, 23)
        else pg_temp.pick(array[
            'Comes with a card, written by hand.',
            'For somebody who "has everything" 🎁',
            'Small enough for the letter box, large enough for a smile.'
        ], id, 24)
    end,
    status,
    case
        when kind = 'card' then substr(qualifier, 2)::numeric
        else round(base_price * (85 + 15 * qualifier_no + 7 * noun_no) / 100, 1) - 0.01
    end,
    case
        when status <> 'active' then 0
        when kind = 'card' then 9000000000
        else 3 + pg_temp.scatter(id, 25) % 480
    end,
    round(base_weight_kg * (90 + 5 * noun_no) / 100, 3)::double precision,
    array_remove(
        array[
            case when aisle in ('Fruit & vegetables', 'Dairy & eggs', 'Bakery') then 'fresh' end,
            case when name like '%Organic%' then 'organic' end,
            case when kind in ('gift', 'card') then 'present' end,
            case when id % 4 = 0 then 'seasonal' end,
            case when id % 7 = 0 then 'staff pick' end,
            case when id % 10 = 0 then 'new' end
        ],
        null
    ),
    case kind
        when 'ware' then jsonb_build_object(
            'material', split_part(qualifier, '-', 1),
            'dishwasher_safe', id % 2 = 0,
            'size_cm', jsonb_build_array(12 + id % 19, 12 + id % 19, 3 + id % 11)
        )
        when 'card' then jsonb_build_object('delivered_by', 'email', 'valid_months', 36)
        else jsonb_build_object(
            'origin', case code
                when 'CHO' then 'Côte d''Ivoire'
                when 'TEA' then pg_temp.pick(array['India', 'Japan', 'South Africa'], id, 26)
                when 'COF' then pg_temp.pick(array['Colombia', 'Ethiopia', 'Brazil'], id, 26)
                else pg_temp.pick(array['Germany', 'France', 'Italy', 'Spain', 'Ireland', 'Austria'], id, 26)
            end,
            'organic', name like '%Organic%',
            'allergens', case
                when code in ('CHE', 'YOG') then jsonb_build_array('milk')
                when code = 'EGG' then jsonb_build_array('eggs')
                when code = 'CAK' then jsonb_build_array('gluten', 'eggs', 'milk')
                when code in ('BRE', 'BIS', 'PAS') then jsonb_build_array('gluten')
                else jsonb_build_array()
            end,
            'storage', jsonb_build_object('min_c', 2 + id % 6, 'max_c', 8 + id % 12)
        )
    end,
    timestamptz '2022-01-01 09:00:00+00' + id * interval '14 hours' + pg_temp.scatter(id, 27) % 43200 * interval '1 second'
from (
    select
        variant * 30 + shelves.id as id,
        14 + shelves.id as category_id,
        shelves.code || '-' || lpad((variant + 1)::text, 4, '0') as sku,
        qualifiers[1 + variant / 8] || ' ' || nouns[1 + variant % 8] as name,
        qualifiers[1 + variant / 8] as qualifier,
        1 + variant / 8 as qualifier_no,
        1 + variant % 8 as noun_no,
        aisle,
        code,
        kind,
        base_price,
        base_weight_kg,
        case
            when variant = 39 and shelves.id % 3 = 0 then 'draft'
            when (variant * 30 + shelves.id) % 53 = 0 then 'discontinued'
            when (variant * 30 + shelves.id) % 41 = 0 then 'sold_out'
            else 'active'
        end::product_status as status
    from shelves, generate_series(0, 39) as variant
) as numbered
order by id;

-- The lines come first, since the orders' totals are their sums. The newest thirty products have not sold yet.
create temporary table lines on commit drop as
select
    n as order_id,
    line_no,
    product_id,
    case when pg_temp.scatter(n * 5 + line_no, 32) % 10 < 6 then 1 else 2 + pg_temp.scatter(n, 33) % 5 end as quantity,
    case when n < 4500 then round(products.price * 0.95, 2) else products.price end as unit_price
from (
    select n, line_no, pg_temp.skewed(n * 5 + line_no, 31, 1170) as product_id
    from generate_series(1, 9000) as n, generate_series(1, (array[1, 2, 1, 3, 2, 1, 4, 2, 4])[1 + n % 9]) as line_no
) as chosen
join products on products.id = product_id;

-- shipped_at and the sample upstream service follow the same rule: an order has left the house if its number is
-- at most 8880 and no multiple of 17.
insert into orders (id, customer_id, billing_address_id, shipping_address_id, status, total, note, placed_at, shipped_at)
select
    n,
    customer_id,
    customer_id,
    case when customer_id <= 1000 and n % 3 = 0 then 2000 + customer_id else customer_id end,
    case
        when n % 17 = 0 then 'cancelled'
        when n > 8960 then 'pending'
        when n > 8920 then 'paid'
        when n > 8880 then 'packed'
        when n > 8800 then 'shipped'
        when n % 23 = 0 then 'returned'
        else 'delivered'
    end::order_status,
    totals.total,
    case
        when n % 29 = 0 then 'Please add a card: "Happy birthday, Opa! 🎂"'
        when n % 37 = 0 then 'No plastic, please – danke schön!'
        when n % 43 = 0 then E'First line of the card: You''re the best.\nSecond line: Love, Zoë'
    end,
    placed_at,
    case when n <= 8880 and n % 17 <> 0 then placed_at + (20 + n % 53) * interval '1 hour' end
from (
    select
        n,
        pg_temp.skewed(n, 34, 2000) as customer_id,
        timestamptz '2024-01-01 06:00:00+00' + n * interval '116 minutes' + pg_temp.scatter(n, 35) % 3600 * interval '1 second'
            as placed_at
    from generate_series(1, 9000) as n
) as placed
join (select order_id, sum(quantity * unit_price) as total from lines group by order_id) as totals on totals.order_id = n
order by n;

insert into order_lines (order_id, line_no, product_id, quantity, unit_price)
select order_id, line_no, product_id, quantity, unit_price
from lines
order by order_id, line_no;

-- One payment an order, with a failed attempt before some; cancelled orders are those that nobody could pay for.
insert into payments (id, order_id, method, amount, succeeded, reference, details, attempted_at)
select
    row_number() over (order by attempt, order_id),
    order_id,
    method,
    total,
    succeeded,
    'PAY-' || upper(left(md5(order_id || '/' || attempt), 12)),
    case
        when not succeeded then jsonb_build_object(
            'declined', pg_temp.pick(array['insufficient_funds', 'expired', 'limit_reached'], order_id, 42)
        )
        when method = 'card' then jsonb_build_object(
            'brand', pg_temp.pick(array['Visa', 'Mastercard', 'Girocard'], order_id, 43),
            'last_digits', lpad((order_id * 37 % 10000)::text, 4, '0')
        )
    end,
    placed_at + attempt * interval '3 minutes'
from (
    select
        orders.id as order_id,
        attempt,
        attempt = 2 as succeeded,
        total,
        placed_at,
        (enum_range(null::payment_method))[pg_temp.skewed(orders.id, 41, 5)] as method
    from orders, generate_series(1, 2) as attempt
    where case attempt when 1 then status = 'cancelled' or orders.id % 12 = 0 else status not in ('cancelled', 'pending') end
) as attempts
order by 1;

-- Six thousand of the customers who got a product have something to say about it.
insert into reviews (id, product_id, customer_id, rating, title, body, helpful_votes, created_at)
select
    n,
    product_id,
    customer_id,
    rating,
    case
        when rating = 5 then pg_temp.pick(array[
            'Wonderful', 'Again and again', 'As good as it gets', 'A small miracle ✨', 'Five stars, no question',
            'Exactly right', 'Köstlich!', '"Best in town", says my mother', 'Love it ❤️', 'Can''t fault it'
        ], n, 51)
        when rating = 4 then pg_temp.pick(array[
            'Very good', 'Nearly perfect', 'Happy with it', 'Good, if a little dear', 'Would buy again', 'Solid choice 👍', 'Très bien'
        ], n, 52)
        when rating = 3 then pg_temp.pick(array[
            'All right', 'It''s fine', 'Neither here nor there', 'So-so', 'Good one week, dull the next'
        ], n, 53)
        else pg_temp.pick(array[
            'Not for me', 'Disappointing', 'Expected more', 'Hmm … no', 'Arrived late 😕', '"Premium"? Hardly'
        ], n, 54)
    end,
    case
        when n % 8 = 0 then null
        when rating >= 4 then pg_temp.pick(array[
            'My third order of ' || name || ', and it won''t be the last.',
            'I bought ' || name || ' as a present and ended up keeping it.',
            'Recommended by a neighbour, and she was right.',
            'You can tell that somebody cares.',
            'Bigger than I thought – größer als erwartet!',
            'The whole family approves, even the fussy one.',
            'I had given up on finding one like this.',
            'Came well packed, in paper, without a scrap of plastic.'
        ], n, 55) || ' ' || pg_temp.pick(array[
            'Delivered a day early, too.',
            'Worth every cent.',
            'The note from the packer ("Enjoy!") made my day.',
            'Already told my colleagues.',
            'Please never change it.',
            'Thank you 🙏',
            'Only the box could be a little smaller.',
            'See you next week.'
        ], n, 56)
        when rating = 3 then pg_temp.pick(array[
            name || ' is decent, but I have had better.',
            'Does what it says, no more.',
            'The first one was lovely, the second was not.',
            'Nice enough; the picture promised more.'
        ], n, 57) || ' ' || pg_temp.pick(array[
            'I may give it another try.',
            'Fair for the price.',
            'Customer service was kind about it.',
            'Three stars for the effort.'
        ], n, 58)
        else pg_temp.pick(array[
            'I really wanted to like ' || name || '.',
            'Not what the description says.',
            'The parcel had been opened, and it wasn''t me.',
            'Looked tired when it came.'
        ], n, 59) || ' ' || pg_temp.pick(array[
            'The refund came quickly, to be fair.',
            'My dog disagrees and gives it five stars 🐕',
            'Won''t order it again.',
            'Perhaps I was unlucky.'
        ], n, 60)
    end,
    pg_temp.skewed(n, 61, 40) - 1,
    shipped_at + (72 + n % 400) * interval '1 hour'
from (
    select
        row_number() over (order by shipped_at, product_id, customer_id) as n,
        product_id,
        customer_id,
        products.name,
        shipped_at,
        (array[5, 5, 5, 4, 5, 4, 3, 5, 4, 2, 5, 5, 4, 1, 5, 3, 4, 5, 2, 3])[
            1 + pg_temp.scatter(product_id * 2000 + customer_id, 62) % 20
        ] as rating
    from (
        select product_id, customer_id, min(shipped_at) as shipped_at
        from lines
        join orders on orders.id = lines.order_id
        where orders.status = 'delivered'
        group by product_id, customer_id
        order by pg_temp.scatter(product_id * 2000 + customer_id, 63), product_id, customer_id
        limit 6000
    ) as bought
    join products on products.id = product_id
) as written
order by n;

-- The next row that somebody adds gets the next number.
select setval(pg_get_serial_sequence('customers', 'id'), max(id)) from customers;
select setval(pg_get_serial_sequence('addresses', 'id'), max(id)) from addresses;
select setval(pg_get_serial_sequence('categories', 'id'), max(id)) from categories;
select setval(pg_get_serial_sequence('products', 'id'), max(id)) from products;
select setval(pg_get_serial_sequence('orders', 'id'), max(id)) from orders;
select setval(pg_get_serial_sequence('payments', 'id'), max(id)) from payments;
select setval(pg_get_serial_sequence('reviews', 'id'), max(id)) from reviews;

refresh materialized view monthly_revenue;
analyze customers, addresses, categories, products, orders, order_lines, payments, reviews, monthly_revenue;
