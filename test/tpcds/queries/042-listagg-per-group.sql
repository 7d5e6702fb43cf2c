-- LISTAGG in order, distinct and not.
select i_category, listagg(trim(i_size), ',') within group (order by i_item_sk) as sizes, listagg(i_item_sk, ' ') within group (order by i_item_sk) as items
from item
where i_category is not null and i_item_sk <= 60
group by i_category
order by i_category;
