-- LIKE with escapes, ILIKE, NOT LIKE, over both kinds of text.
select count(case when i_item_desc like '%customers%' then 1 end) as a, count(case when i_item_desc ilike '%CUSTOMERS%' then 1 end) as b,
       count(case when i_brand like '%#_%' then 1 end) as c, count(case when i_item_desc not like '%the%' then 1 end) as d,
       count(case when i_product_name like 'ought%' then 1 end) as e, count(case when i_item_desc like '_o%s%.%' then 1 end) as f
from item;
